"""Terms and the steps of re-elections."""

from unionoffice.organisation import access
from unionoffice.records.rules import not_in_future
from unionoffice.records.types import Evidence, Group, OnDay, RecordType, Related, register

from .. import columns
from ..models import CommitteeTerm, ReelectionStep
from ..rules import terms as rules
from ..steps.terms import TERM_STEPS, next_term
from . import filters

VIEWED = frozenset({access.VIEW, access.EXPORT, access.HISTORY})

register(
    RecordType(
        model=CommitteeTerm,
        slug="terms",
        icon="refresh",
        help="每一届委员会一条：选举、批复、届满日期和到会情况；换届从这里逐步办理。",
        search=("union.name", "union.short_name", "approval_no"),
        columns=(
            "label",
            "years",
            "elected_on",
            "ends_on",
            "days_left",
            "stage",
            "approved_on",
            "seats",
            "postponed_until",
        ),
        annotations={"days_left": columns.term_days_left(), "stage": columns.stage_label()},
        titles={"days_left": "距届满（天）", "stage": "进度"},
        summary=("ends_on", "days_left", "stage"),
        ordering=("-elected_on", "pk"),
        calendar=(OnDay("elected_on", "选举"), OnDay("ends_on", "届满")),
        filters=(filters.TERM, "union", "union.kind", "years", "elected_on", "approved_on", "ends_on"),
        form=(
            Group("届次", ("union", "number", "years", "elected_on", "approved_on", "approval_no")),
            Group("选举", ("seats", "candidates", "due", "present", "has_relatives")),
            Group("延期和提前结束", ("postponed_until", "postponement_no", "ended_on", "note")),
        ),
        not_in_bulk=frozenset({"union", "number", "elected_on"}),
        import_key=(("union", "number"),),
        aliases={
            "union": ("工会名称", "基层工会名称", "所属工会"),
            "number": ("第几届", "届数", "届别"),
            "years": ("任期年限", "任期（年）", "每届任期"),
            "elected_on": ("选举时间", "任期开始日期", "任期起", "换届日期", "本届选举日期", "换届时间"),
            "approved_on": ("批复时间", "批准日期"),
            "approval_no": ("文号", "批准文号"),
            "seats": ("委员人数", "委员数", "委员会人数"),
            "candidates": ("候选人人数",),
            "due": ("应到会人数", "应到会员人数"),
            "present": ("实到会人数", "实到会员人数"),
        },
        rules=(
            rules.term_length,
            rules.postponement,
            rules.no_overlap,
            rules.election,
            rules.term_of_union,
            not_in_future("elected_on", "approved_on"),
        ),
        chair_may=VIEWED,
        evidence=(
            Evidence("request", "换届请示", required=True),
            Evidence("candidates", "候选人名单", required=True),
            Evidence("minutes", "会议记录", required=True),
            Evidence("ballots", "选票汇总", required=True),
            Evidence("report", "选举结果报告", required=True),
            Evidence("approval", "批复", required=True),
            Evidence("roster", "新一届干部名册"),
        ),
        related=(
            Related("reelection-steps", "term", "换届步骤", ("kind", "on", "document_no", "note")),
            Related("posts", "term", "本届干部", ("name", "post", "started_on", "ended_on")),
        ),
        steps=TERM_STEPS,
        links=(next_term,),
        note=lambda term: f"任期至{term.ends_on}" if term.ends_on else "筹备中",
    )
)

register(
    RecordType(
        model=ReelectionStep,
        slug="reelection-steps",
        in_menu=False,
        icon="list-check",
        help="换届每一步的日期和文号，在届次页面逐步办理后列在这里。",
        search=("term.label", "document_no"),
        columns=("term", "kind", "on", "document_no", "note"),
        filters=("kind", "on", "term.union"),
        form=("term", "kind", "on", "document_no", "note"),
        import_key=(("term", "kind"),),
        ordering=("-on", "-kind", "pk"),
        rules=(rules.step_order, not_in_future("on")),
        chair_may=VIEWED,
    )
)
