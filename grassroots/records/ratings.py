"""Star ratings."""

from unionoffice.organisation import access
from unionoffice.records.rules import not_in_future
from unionoffice.records.types import Evidence, Group, OnDay, RecordType, register

from ..choices import RatingKind
from ..models import StarRating
from ..rules import ratings as rules
from ..steps.ratings import RATING_STEPS, latest_rating
from . import filters

register(
    RecordType(
        model=StarRating,
        slug="stars",
        icon="star",
        help="星级的评定、复评、降级和摘牌各一条；现行星级由最近一次决定。",
        tones={"kind": {RatingKind.DOWNGRADE: "warn", RatingKind.REVOKE: "bad"}},
        search=("union.name", "union.short_name", "document_no"),
        columns=(
            "union",
            "level",
            "kind",
            "awarded_on",
            "period_from",
            "period_to",
            "award_body",
            "visited_on",
        ),
        ordering=("-awarded_on", "-pk"),
        calendar=(OnDay("awarded_on", "评定"), OnDay("period_to", "到期")),
        filters=(filters.RATING_STATE, "level", "kind", "union", "awarded_on", "visited_on", "period_to"),
        form=(
            Group("评定", ("union", "kind", "level", "awarded_on", "award_body", "document_no")),
            Group("有效期和考评", ("period_from", "period_to", "visited_on", "score", "note")),
        ),
        not_in_bulk=frozenset({"union", "level", "kind"}),
        import_key=(("union", "kind", "awarded_on"),),
        aliases={
            "union": ("工会名称", "基层工会名称"),
            "level": ("星级等级", "评定星级", "等级"),
            "kind": ("类型", "评定类别"),
            "award_body": ("授予单位", "认定单位", "颁发单位"),
            "awarded_on": ("评定时间", "授牌日期", "认定日期", "授予日期"),
            "visited_on": ("走访日期", "考评日期"),
            "period_from": ("有效期开始", "起始日期"),
            "period_to": ("有效期结束", "有效期至", "到期日期"),
            "score": ("评分", "分数"),
        },
        rules=(
            rules.level_and_period,
            rules.one_rating_a_period,
            rules.follows_a_rating,
            not_in_future("awarded_on", "visited_on"),
        ),
        chair_may=frozenset({access.VIEW, access.EXPORT, access.HISTORY}),
        evidence=(
            Evidence("application", "申报表"),
            Evidence("score", "评分表"),
            Evidence("decision", "认定文件", required=True),
            Evidence("photo", "走访照片"),
        ),
        steps=RATING_STEPS,
        links=(latest_rating,),
    )
)
