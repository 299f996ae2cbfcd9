"""Scopes cut into months."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from unionoffice import facts
from unionoffice.facts import FactValue, Scope


def months(scope: Scope) -> Iterator[Scope]:
    """The scope cut at the ends of months, every stock asked for the last day of its month."""
    start = scope.start
    while start <= scope.end:
        after = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        end = min(after - timedelta(days=1), scope.end)
        yield scope.at(start=start, end=end, as_of=end, as_ofs=())
        start = after


def month_names(scope: Scope) -> Iterator[str]:
    """What the months of a scope are called: 3月; with the year where there are several."""
    is_one_year = scope.start.year == scope.end.year
    for part in months(scope):
        yield f"{part.start.month}月" if is_one_year else f"{part.start.year}年{part.start.month}月"


def by_month(scope: Scope, keys: Iterable[str]) -> list[tuple[str, dict[str, FactValue]]]:
    """Name and figures of every month."""
    found = facts.registry.compute_each(keys, months(scope))
    return list(zip(month_names(scope), found, strict=True))
