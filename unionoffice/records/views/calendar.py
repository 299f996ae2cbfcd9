"""A month of what the records say was, is or falls due on each day."""

from calendar import Calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from unionoffice.organisation import access
from unionoffice.organisation.models import User

from ..types import OnDay, RecordType, registry

WEEKDAYS = "一二三四五六日"
SHOWN, MOST = 4, 500  # of a day at once, of a kind of day in a month


@dataclass(frozen=True)
class Entry:
    day: date
    title: str
    label: str
    url: str
    icon: str


@dataclass(frozen=True)
class Day:
    """A day of the grid; `others` are folded."""

    on: date
    in_month: bool
    is_today: bool
    entries: tuple[Entry, ...]

    @property
    def shown(self) -> tuple[Entry, ...]:
        return self.entries[:SHOWN]

    @property
    def others(self) -> tuple[Entry, ...]:
        return self.entries[SHOWN:]


def dated_kinds(user: User) -> list[RecordType]:
    """The kinds of record with days in the calendar that the user may see."""
    return [kind for kind in registry if kind.calendar and access.may(user, access.VIEW, kind)]


def may_open(user: User) -> bool:
    return bool(dated_kinds(user))


@require_GET
def month_page(request: HttpRequest) -> HttpResponse:
    """The month of the address, `?month=2026-11`, else the present one; of all kinds of record or of one."""
    user, today = request.user, timezone.localdate()
    asked = request.GET.get("month", "")
    first = _month(asked) or today.replace(day=1)
    if asked and _month(asked) is None:
        messages.warning(request, f"没有“{asked[:20]}”这个月份，显示的是本月。")
    kinds = dated_kinds(user)
    chosen = next((kind for kind in kinds if kind.slug == request.GET.get("kind")), None)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    entries: dict[date, list[Entry]] = {}
    for kind in [chosen] if chosen else kinds:
        for on_day in kind.calendar:
            for entry in _entries(kind, on_day, user, weeks[0][0], weeks[-1][-1]):
                entries.setdefault(entry.day, []).append(entry)
    context: dict[str, Any] = {
        "title": f"{first.year}年{first.month}月",
        "weekdays": WEEKDAYS,
        "weeks": [[_day(on, first, today, entries.get(on, [])) for on in week] for week in weeks],
        "is_empty": not any(entries.get(on) for week in weeks for on in week),
        "kinds": [(kind.title, _address(first, kind), kind is chosen) for kind in kinds],
        "all_url": _address(first, None),
        "chosen": chosen,
        "before_url": _address(first - timedelta(days=1), chosen),
        "after_url": _address(first + timedelta(days=31), chosen),
        "now_url": _address(today, chosen),
    }
    return render(request, "records/calendar.html", context)


def _month(text: str) -> date | None:
    """The first day of 2026-11; None for anything else, and for months without neighbours."""
    year, _, month = text.partition("-")
    if not (year.isdecimal() and month.isdecimal() and len(text) <= 7):
        return None
    if not (1900 <= int(year) <= 2999 and 1 <= int(month) <= 12):
        return None
    return date(int(year), int(month), 1)


def _address(day: date, kind: RecordType | None) -> str:
    return f"?month={day.year}-{day.month:02}" + (f"&kind={kind.slug}" if kind else "")


def _entries(kind: RecordType, on_day: OnDay, user: User, start: date, end: date) -> Iterator[Entry]:
    related = [field.name for field in kind.model._meta.concrete_fields if field.is_relation]
    rows = kind.rows(user).filter(**{f"{on_day.path}__range": (start, end)}).select_related(*related)
    for row in rows.order_by(on_day.path, "pk")[:MOST]:
        url = kind.url("record", row.pk)
        yield Entry(getattr(row, on_day.path), str(row), on_day.label, url, kind.icon)


def _day(on: date, first: date, today: date, entries: list[Entry]) -> Day:
    return Day(on, on.month == first.month, on == today, tuple(entries))
