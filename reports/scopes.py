"""Scopes cut into months."""

from collections.abc import Iterator
from datetime import date, timedelta

from unionoffice.facts import Scope


def months(scope: Scope) -> Iterator[Scope]:
    """The scope cut at the ends of months, every stock asked for the last day of its month."""
    start = scope.start
    while start <= scope.end:
        after = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        end = min(after - timedelta(days=1), scope.end)
        yield scope.at(start=start, end=end, as_of=end, as_ofs=())
        start = after
