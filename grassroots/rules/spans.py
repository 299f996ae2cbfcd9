"""Stretches of time of stored rows and of the rows of a batch, side by side."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from unionoffice.records.rules import Batch


@dataclass(frozen=True, slots=True)
class Span:
    """From a day until before another; no end while it lasts. index: row of the batch, None for a stored row."""

    start: date
    end: date | None
    other: object = None
    index: int | None = None

    def overlaps(self, span: "Span") -> bool:
        return (self.end is None or self.end > span.start) and (span.end is None or span.end > self.start)


def kept(rows: QuerySet, batch: Batch) -> QuerySet:
    """Stored rows that the batch does not change."""
    return rows.exclude(pk__in=[pk for pk in batch.pks if pk is not None])


def clashes(
    grouped: dict[Hashable, list[Span]],
) -> Iterator[tuple[Span, Span]]:
    """Each span of the batch with the first other one of its group that it overlaps."""
    for spans in grouped.values():
        for span in spans:
            if span.index is None:
                continue
            other = next((one for one in spans if one is not span and one.overlaps(span)), None)
            if other is not None:
                yield span, other


def grouped(pairs: Iterable[tuple[Hashable, Span]]) -> dict[Hashable, list[Span]]:
    """Spans by their group, in order of their start."""
    found: dict[Hashable, list[Span]] = defaultdict(list)
    for key, span in sorted(pairs, key=lambda pair: pair[1].start):
        found[key].append(span)
    return found
