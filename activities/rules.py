"""Rules of activities: V24 and V26 (domain, rule list)."""

from collections.abc import Iterator

from unionoffice.organisation.office import SettingKey, declare
from unionoffice.records.rules import Batch, Problem, refused, warned

from .choices import State

declare(
    SettingKey(
        "activities.campaigns",
        "活动批次名称",
        "lines",
        [],
        "每行一个，如“四季歌·夏送清凉”，登记时可以直接选",
        "活动",
    )
)


def day_fits_state(batch: Batch) -> Iterator[Problem]:
    """V26: what was held or cancelled did not happen after today; what is planned lies ahead."""
    for index, (state, starts_on, cancelled_on) in batch.rows("state", "starts_on", "cancelled_on"):
        state = state or State.HELD
        if starts_on and starts_on > batch.today and state == State.HELD:
            yield refused(index, "starts_on", "activity-in-future", "日期在今天之后，状态请选“计划中”")
        if starts_on and starts_on < batch.today and state == State.PLANNED:
            yield warned(index, "state", "activity-overdue", "开始日期已过，请改为已举办或已取消")
        if cancelled_on and cancelled_on > batch.today:
            yield refused(index, "cancelled_on", "date-in-future", f"日期 {cancelled_on} 晚于今天，请核对")


def cancelled_is_not_held(batch: Batch) -> Iterator[Problem]:
    """A cancelled activity says why and has no attendance; only a cancelled one says so."""
    columns = ("state", "cancel_reason", "cancelled_on", "came")
    for index, (state, reason, cancelled_on, came) in batch.rows(*columns):
        if state == State.CANCELLED:
            if not reason:
                yield refused(index, "cancel_reason", "activity-cancel-reason", "取消的活动必须写明取消原因")
            if came:
                yield refused(index, "came", "activity-cancelled-came", "已取消的活动不能有参加人次")
        elif reason or cancelled_on:
            field = "cancel_reason" if reason else "cancelled_on"
            yield refused(index, field, "activity-not-cancelled", "填了取消情况的，状态请选“已取消”")
        elif state == State.PLANNED and came:
            yield refused(index, "came", "activity-planned-came", "计划中的活动还没有参加人次")


def has_theme(batch: Batch) -> Iterator[Problem]:
    """V24: every activity has a theme."""
    for index, (theme,) in batch.rows("theme"):
        if not theme:
            yield warned(index, "theme", "activity-no-theme", "没有填写活动主题")


def attendance_is_plausible(batch: Batch) -> Iterator[Problem]:
    """Persons are not person-times: nobody comes without attendance, a sign-in list is not longer than the attendance."""
    columns = ("came", "sessions", "participants", "state")
    for index, (came, sessions, participants, state) in batch.rows(*columns):
        if sessions == 0:
            yield refused(index, "sessions", "activity-no-session", "场次至少为1")
        if (state or State.HELD) == State.HELD and not came:
            yield warned(index, "came", "activity-no-attendance", "没有填写参加人次")
        elif came and participants and len(participants) > came:
            text = f"签到会员{len(participants)}名，多于参加人次{came}"
            yield refused(index, "came", "activity-fewer-than-list", text)


def parts_are_parts(batch: Batch) -> Iterator[Problem]:
    """Satisfied answers are among the valid ones, hired applicants among those who came."""
    columns = ("answered", "satisfied", "visitors", "hires")
    for index, (answered, satisfied, visitors, hires) in batch.rows(*columns):
        if satisfied and satisfied > (answered or 0):
            yield refused(index, "satisfied", "activity-satisfied", "满意答卷不能多于有效答卷")
        if hires and visitors is not None and hires > visitors:
            yield refused(index, "hires", "activity-hires", "达成录用人数不能多于应聘人次")


def not_its_own_partner(batch: Batch) -> Iterator[Problem]:
    """The organiser is no co-organiser: the activity would stand twice for one union."""
    for index, (union, partners) in batch.rows("union", "co_organisers"):
        if union and partners and union in partners:
            yield refused(index, "co_organisers", "activity-own-partner", "联合主办工会里不用再填主办工会")
