"""What a figure is asked for: a period, an as-of day, the unions."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from unionoffice.organisation.office import day_in, settings_on

AsOf = Literal["end", "organisation", "mediation", "year_end"]


@dataclass(frozen=True)
class Scope:
    """What a figure is asked for: a period (both days included), the as-of day of stocks, the unions (None: whole town).

    as_ofs holds the days of the slots that have one of their own (organisation, mediation, year_end).
    """

    start: date
    end: date
    as_of: date
    unions: frozenset[int] | None = None
    as_ofs: tuple[tuple[str, date], ...] = ()

    @property
    def year(self) -> int:
        return self.end.year

    def at(self, **changes: Any) -> "Scope":
        return replace(self, **changes)

    def day(self, slot: AsOf) -> date:
        """The as-of day of a slot."""
        return dict(self.as_ofs).get(slot, self.as_of)

    def for_slot(self, slot: AsOf) -> "Scope":
        return self.at(as_of=self.day(slot))

    def before(self) -> "Scope":
        """The same scope one year earlier (29 February becomes the 28th)."""
        return Scope(
            _year_earlier(self.start),
            _year_earlier(self.end),
            _year_earlier(self.as_of),
            self.unions,
            tuple((slot, _year_earlier(day)) for slot, day in self.as_ofs),
        )


def _year_earlier(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year - 1)


def year_scope(year: int, unions: frozenset[int] | None = None, today: date | None = None) -> Scope:
    """The scope of an annual summary: 1 January to 31 December, slots by the office's settings.

    A stock is never asked for a day after `today` when one is given: the year may still be running.
    """
    last = date(year, 12, 31)
    days = settings_on(("asof.organisation", "asof.mediation"), last)
    slots = {
        "end": last,
        "organisation": day_in(year, days["asof.organisation"]),
        "mediation": day_in(year, days["asof.mediation"]),
        "year_end": last,
    }
    if today is not None:
        slots = {slot: min(day, max(today, date(year, 1, 1))) for slot, day in slots.items()}
    return Scope(date(year, 1, 1), last, slots["end"], unions, tuple(sorted(slots.items())))
