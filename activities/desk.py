"""What activities put on the desk."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.desk import (
    Reminder,
    Shortcut,
    of_list,
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
    """Planned activities whose day has passed; a single one leads whoever may take it to the step itself."""
    today = timezone.localdate()
    if access.may(user, access.CHANGE, ACTIVITIES):
        rows = access.kept(user, access.rows(user, Activity)).filter(queries.overdue(today))
        found = list(rows.values_list("pk", "title", "starts_on")[:2])
        if len(found) == 1:
            pk, title, starts_on = found[0]
            url = ACTIVITIES.url("step", pk, step="hold")
            text = f"原定{starts_on}，办了的登记参加人次，没办的取消。"
            yield Reminder(f"“{title}”办了吗？", text, url, "warn")
            return
    query = f"state={State.PLANNED}&starts_on_to={today - timedelta(days=1)}{_kept(user)}"
    text = "办了的登记参加人次，没办的取消；“计划中”的不计入已举办。"
    yield from of_list(user, ACTIVITIES, query, "{count}项计划的活动已过日期", "warn", text=text)


@register_reminders
def unproved_activities(user: User) -> Iterator[Reminder]:
    """Activities of this year with an attendance that nothing proves yet."""
    query = f"lacks=evidence&starts_on_from={timezone.localdate().replace(month=1, day=1)}{_kept(user)}"
    text = "参加人次要有签到表或照片为证。"
    yield from of_list(user, ACTIVITIES, query, "今年{count}项活动缺签到表和照片", "info", text=text)


def _kept(user: User) -> str:
    """The part of the address that leaves out joint activities another union keeps."""
    return "" if access.sees_whole_town(user) else f"&union={user.union_id}"


@register_shortcuts
def log_activity(user: User) -> Iterator[Shortcut]:
    if access.may(user, access.ADD, ACTIVITIES):
        page = "new" if access.sees_whole_town(user) else "quick"
        yield Shortcut("记活动", ACTIVITIES.url(page), ACTIVITIES.icon, is_frequent=True)
