"""The record types of activities."""

from unionoffice.organisation import access
from unionoffice.records.types import Evidence, Group, RecordType, RowAction, register

from . import actions, rules
from .choices import State
from .models import Activity

register(
    RecordType(
        model=Activity,
        slug="activities",
        columns=("title", "kind", "starts_on", "union", "state", "sessions", "came", "theme"),
        search=("title", "theme", "venue", "external_organisers"),
        filters=("union", "kind", "state", "starts_on", "topic", "campaign", "fund_source"),
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
            "title": ("名称", "活动主题名称", "项目"),
            "union": ("主办单位", "主办", "承办工会", "工会"),
            "co_organisers": ("联合主办", "协办工会"),
            "external_organisers": ("联办", "协办单位"),
            "kind": ("类型", "活动类别"),
            "starts_on": ("日期", "活动日期", "时间", "活动时间"),
            "came": ("参加人数", "参与人次", "人次"),
            "cost": ("经费", "支出", "金额"),
        },
        ordering=("-starts_on", "-pk"),
        rules=(
            rules.planned_or_past,
            rules.cancelled_with_reason,
            rules.has_theme,
            rules.attendance_is_plausible,
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
            Evidence("photo", "照片"),
            Evidence("sign_in", "签到表", required=True),
            Evidence("plan", "方案"),
            Evidence("notice", "通知"),
            Evidence("receipt", "票据"),
            Evidence("news", "报道"),
            Evidence("other", "其他"),
        ),
        steps=(
            RowAction(
                "hold",
                "登记已举办",
                actions.HeldForm,
                actions.hold,
                shown=lambda activity: activity.state == State.PLANNED,
            ),
            RowAction(
                "cancel",
                "取消活动",
                actions.CancelForm,
                actions.cancel,
                shown=lambda activity: activity.state == State.PLANNED,
                tone="danger",
            ),
        ),
        quick=("union", "title", "kind", "starts_on", "came", "theme", "venue"),
        help="办一次活动记一条；几家工会一起办的也只记一条，填上联合主办工会。",
        icon="activity",
    )
)
