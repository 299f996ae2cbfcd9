"""What activities put on the desk."""

from collections.abc import Iterator

from django.utils import timezone

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.desk import (
    Reminder,
    Shortcut,
    register_reminders,
    register_shortcuts,
    register_tiles,
)

from . import queries
from .choices import State
from .models import Activity
from .records import ACTIVITIES

register_tiles("activities.held.count", "activities.attendance.person_times")


@register_reminders
def overdue_activities(user: User) -> Iterator[Reminder]:
    """Planned activities whose day has passed; a single one leads to the step itself."""
    if not access.may(user, access.CHANGE, ACTIVITIES):
        return
    today = timezone.localdate()
    rows = access.kept(user, access.rows(user, Activity)).filter(queries.overdue(today))
    found = list(rows.order_by("starts_on", "pk").values_list("pk", "title", "starts_on"))
    if len(found) == 1:
        pk, title, starts_on = found[0]
        url = ACTIVITIES.url("step", pk, step="hold")
        yield Reminder(
            f"“{title}”办了吗？", f"原定{starts_on}，办了的登记参加人次，没办的取消。", url, "warn"
        )
    elif found:
        url = f"{ACTIVITIES.url('list')}?state={State.PLANNED}&starts_on_to={found[-1][2]}"
        text = "办了的登记参加人次，没办的取消；“计划中”的不计入已举办。"
        yield Reminder(f"{len(found)}项计划的活动已过日期", text, url, "warn")


@register_reminders
def unproved_activities(user: User) -> Iterator[Reminder]:
    """Activities of this year with an attendance that nothing proves yet."""
    if not access.may(user, access.CHANGE, ACTIVITIES):
        return
    first = timezone.localdate().replace(month=1, day=1)
    rows = access.kept(user, access.rows(user, Activity))
    if count := rows.filter(queries.without_evidence(), starts_on__gte=first).count():
        url = f"{ACTIVITIES.url('list')}?lacks=evidence&starts_on_from={first}"
        yield Reminder(f"今年{count}项活动缺签到表和照片", "参加人次要有签到表或照片为证。", url, "info")


@register_shortcuts
def log_activity(user: User) -> Iterator[Shortcut]:
    if access.may(user, access.ADD, ACTIVITIES):
        page = "new" if access.sees_whole_town(user) else "quick"
        yield Shortcut("记活动", ACTIVITIES.url(page), ACTIVITIES.icon, is_frequent=True)
