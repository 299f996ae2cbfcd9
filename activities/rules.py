"""Rules of activities: V24 and V26 (domain, rule list)."""

from collections.abc import Iterator

from unionoffice.organisation.office import SettingKey, declare
from unionoffice.records.rules import Batch, Problem, refused, warned

from .choices import State

declare(
    SettingKey("activities.campaigns", "活动批次名称", "lines", [], "每行一个，如“四季歌·夏送清凉”", "活动")
)


def planned_or_past(batch: Batch) -> Iterator[Problem]:
    """V26: what was held lies not after today; what is planned may."""
    for index, (state, starts_on) in batch.rows("state", "starts_on"):
        if starts_on and starts_on > batch.today and (state or State.HELD) == State.HELD:
            yield refused(index, "starts_on", "activity-in-future", "日期在今天之后，状态请选“计划中”")


def cancelled_with_reason(batch: Batch) -> Iterator[Problem]:
    """A cancelled activity says why; it never counts as held."""
    for index, (state, reason, came) in batch.rows("state", "cancel_reason", "came"):
        if state == State.CANCELLED and not reason:
            yield refused(index, "cancel_reason", "activity-cancel-reason", "取消的活动必须写明取消原因")
        if state == State.CANCELLED and came:
            yield refused(index, "came", "activity-cancelled-came", "已取消的活动不能有参加人次")


def has_theme(batch: Batch) -> Iterator[Problem]:
    """V24: every activity has a theme."""
    for index, (theme,) in batch.rows("theme"):
        if not theme:
            yield warned(index, "theme", "activity-no-theme", "没有填写活动主题")


def attendance_is_plausible(batch: Batch) -> Iterator[Problem]:
    """Persons are not person-times: a sign-in list cannot be longer than the attendance; satisfied not above answered."""
    columns = ("came", "sessions", "participants", "answered", "satisfied", "state")
    for index, (came, sessions, participants, answered, satisfied, state) in batch.rows(*columns):
        if sessions == 0:
            yield refused(index, "sessions", "activity-no-session", "场次至少为1")
        if state == State.HELD and not came:
            yield warned(index, "came", "activity-no-attendance", "没有填写参加人次")
        if came and participants and len(participants) > came:
            yield refused(
                index,
                "came",
                "activity-fewer-than-list",
                f"签到会员{len(participants)}名，多于参加人次{came}",
            )
        if satisfied and (not answered or satisfied > answered):
            yield refused(index, "satisfied", "activity-satisfied", "满意答卷不能多于有效答卷")


def not_its_own_partner(batch: Batch) -> Iterator[Problem]:
    """The organiser is no co-organiser: the activity would stand twice for one union."""
    for index, (union, partners) in batch.rows("union", "co_organisers"):
        if union and partners and union in partners:
            yield refused(index, "co_organisers", "activity-own-partner", "联合主办工会里不用再填主办工会")
