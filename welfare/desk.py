"""What welfare puts on the desk."""

from collections.abc import Iterator

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

from .records import VISITS

register_tiles("welfare.visits.persons", "welfare.visits.season_amount")


@register_reminders
def unsigned_visits(user: User) -> Iterator[Reminder]:
    """Visits of this year that still lack their signature sheet."""
    query = f"lacks=signature&visited_on_from={timezone.localdate().replace(month=1, day=1)}"
    text = "现金和实物都要有签领表或签收照片。"
    yield from of_list(user, VISITS, query, "今年{count}次慰问缺签领表", "info", text=text)


@register_shortcuts
def log_visit(user: User) -> Iterator[Shortcut]:
    if access.may(user, access.ADD, VISITS):
        page = "new" if access.sees_whole_town(user) else "quick"
        yield Shortcut("记慰问", VISITS.url(page), VISITS.icon, is_frequent=True)
