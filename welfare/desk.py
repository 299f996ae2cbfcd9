"""What welfare puts on the desk."""

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
from .models import CareVisit
from .records import VISITS

register_tiles("welfare.visits.persons", "welfare.visits.season_amount")


@register_reminders
def unsigned_visits(user: User) -> Iterator[Reminder]:
    """Visits of this year that still lack their signature sheet, for those who can add it."""
    if not access.may(user, access.CHANGE, VISITS):
        return
    first = timezone.localdate().replace(month=1, day=1)
    rows = access.rows(user, CareVisit).filter(queries.without_signature(), visited_on__gte=first)
    if count := rows.count():
        url = f"{VISITS.url('list')}?lacks=signature&visited_on_from={first}"
        yield Reminder(f"今年{count}次慰问缺签领表", "现金和实物都要有签领表或签收照片。", url, "info")


@register_shortcuts
def log_visit(user: User) -> Iterator[Shortcut]:
    if access.may(user, access.ADD, VISITS):
        page = "new" if access.sees_whole_town(user) else "quick"
        yield Shortcut("记慰问", VISITS.url(page), VISITS.icon, is_frequent=True)
