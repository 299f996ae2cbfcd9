"""The record types of activities."""

from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.utils import timezone

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.organisation.office import setting
from unionoffice.records.pickers import used_before
from unionoffice.records.types import (
    Evidence,
    Filter,
    Group,
    OnDay,
    Pictured,
    RecordType,
    RowAction,
    register,
)

from . import actions, merging, queries, rules
from .choices import State
from .duplicates import likely_duplicates
from .models import Activity


def campaigns(user: User) -> Iterator[tuple[str, str]]:
    """The campaigns of the activities the user sees."""
    rows = access.rows(user, Activity).exclude(campaign="")
    for name in rows.order_by("-campaign").values_list("campaign", flat=True).distinct():
        yield name, name


def campaign_names(user: User) -> list[str]:
    """What the office has set, then what else was used."""
    used = [name for name, _ in campaigns(user)]
    return list(dict.fromkeys([*setting("activities.campaigns"), *used]))


def lacking(user: User) -> Iterable[tuple[str, str]]:
    return (("evidence", "缺签到表和照片"),)


ACTIVITIES = register(
    RecordType(
        model=Activity,
        slug="activities",
        columns=("title", "kind", "starts_on", "union", "state", "sessions", "came", "theme"),
        tones={"state": {State.PLANNED: "info", State.CANCELLED: ""}},
        search=("title", "theme", "venue", "external_organisers"),
        search_hint="活动名称、拼音、首字母、主题、地点",
        filters=(
            "union",
            "kind",
            "state",
            "starts_on",
            "topic",
            Filter("campaign", "活动批次", campaigns, lambda name: Q(campaign=name)),
            "fund_source",
            Filter("lacks", "材料", lacking, lambda value: queries.without_evidence()),
        ),
        form=(
            Group(
                "活动",
                (
                    "title",
                    "kind",
                    "theme",
                    "topic",
                    "union",
                    "co_organisers",
                    "external_organisers",
                    "campaign",
                ),
            ),
            Group("时间地点", ("starts_on", "ends_on", "sessions", "venue", "route", "audience")),
            Group(
                "举办情况", ("state", "signed_up", "came", "participants", "cancelled_on", "cancel_reason")
            ),
            Group("经费和成效", ("cost", "fund_source", "answered", "satisfied", "link", "note")),
            Group("招聘会", ("partners", "posts", "visitors", "hires")),
        ),
        import_key=(("union", "title", "starts_on"),),
        aliases={
            "title": ("名称", "活动主题名称", "项目", "标题", "活动标题"),
            "union": ("主办单位", "主办", "承办工会", "工会", "举办单位", "单位"),
            "co_organisers": ("联合主办", "协办工会"),
            "external_organisers": ("联办", "协办单位"),
            "kind": ("类型", "活动类别"),
            "starts_on": ("日期", "活动日期", "时间", "活动时间", "活动开始时间", "开始时间"),
            "ends_on": ("活动结束时间", "结束时间"),
            "venue": ("活动地点",),
            "note": ("活动内容", "内容", "简要情况", "活动简况"),
            "came": ("参加人数", "参与人次", "人次"),
            "cost": ("经费", "支出", "金额"),
        },
        ordering=("-starts_on", "-pk"),
        note=lambda activity: f"{activity.starts_on} {activity.union}",
        calendar=(OnDay("starts_on"),),
        rules=(
            rules.day_fits_state,
            rules.cancelled_is_not_held,
            rules.has_theme,
            rules.attendance_is_plausible,
            rules.parts_are_parts,
            rules.not_its_own_partner,
        ),
        chair_may=frozenset(
            {
                access.VIEW,
                access.ADD,
                access.CHANGE,
                access.IMPORT,
                access.EXPORT,
                access.HISTORY,
                access.TAKE_BACK,
            }
        ),
        holds_money=True,
        evidence=(
            Evidence(queries.PHOTO, "照片"),
            Evidence(queries.SIGN_IN, "签到表", required=True),
            Evidence("plan", "方案"),
            Evidence("notice", "通知"),
            Evidence("receipt", "票据"),
            Evidence("news", "报道"),
            Evidence("other", "其他"),
        ),
        pictured=Pictured(queries.PHOTO, "starts_on", lambda activity: activity.title, Q(state=State.HELD)),
        steps=(
            RowAction(
                "hold",
                "登记已举办",
                actions.HeldForm,
                actions.hold,
                shown=lambda activity: activity.state == State.PLANNED,
                initial=lambda activity: {"on": activity.starts_on, "sessions": activity.sessions},
            ),
            RowAction(
                "cancel",
                "取消活动",
                actions.CancelForm,
                actions.cancel,
                shown=lambda activity: activity.state == State.PLANNED,
                tone="danger",
            ),
            RowAction(
                merging.MERGE,
                "合并为一项",
                actions.MergeForm,
                merging.merge,
                shown=merging.may_be_merged,
                needs=merging.MERGE,
                help="同一项活动由两家工会各登记了一条的，另一条并入这一条：主办工会列为联合主办，材料一并移过来。",
            ),
        ),
        duplicates=likely_duplicates,
        quick=(
            "union",
            "title",
            "kind",
            "came",
            "theme",
            "starts_on",
            "venue",
            Group(
                "更多",
                ("state", "ends_on", "sessions", "signed_up", "campaign", "cost", "fund_source", "note"),
            ),
        ),
        initial=lambda user: {"starts_on": timezone.localdate()},
        suggests={
            "campaign": campaign_names,
            "theme": used_before(Activity, "theme"),
            "venue": used_before(Activity, "venue"),
        },
        help="办一次活动记一条；几家工会一起办的也只记一条，填上联合主办工会。",
        icon="activity",
    )
)
