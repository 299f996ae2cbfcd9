"""Rules of star ratings and confirmations: V09, the order of ratings, the names of periods."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from unionoffice.records.rules import Batch, Problem, refused, warned

from ..choices import PERIODIC_RATINGS, RatingKind, StarLevel
from ..models import StarRating
from .spans import Span, clashes, grouped, kept

PERIOD = re.compile(r"20\d\d(上半年|下半年|第[一二三四]季度|年(1[0-2]|[1-9])月|年度)")


def level_and_period(batch: Batch) -> Iterator[Problem]:
    """V09: level 1 to 5; a period, where the letter of the rating names one, with both its days and in their order."""
    for index, (level, start, end) in batch.rows("level", "period_from", "period_to"):
        if level is not None and level not in StarLevel.values:
            yield refused(index, "level", "star-level", "星级只能是一至五星级")
        if start and end and start > end:
            yield refused(index, "period_to", "period-ends-before-start", f"有效期止早于有效期起{start}")
        elif (start is None) != (end is None):
            missing = "period_from" if start is None else "period_to"
            yield refused(index, missing, "half-a-period", "有效期起止应同时填写；文件没有写明有效期的都不填")


def one_rating_a_period(batch: Batch) -> Iterator[Problem]:
    """V09: no two ratings of one union for one period; overlapping periods are to be looked at."""

    def spans() -> Iterator[tuple[int, Span]]:
        for index, (union, kind, start, end) in batch.rows("union", "kind", "period_from", "period_to"):
            if union and kind in PERIODIC_RATINGS and start and end:
                yield union, Span(start, end, end, index)
        stored = StarRating.objects.filter(union__in=batch.column("union"), kind__in=PERIODIC_RATINGS)
        for union, start, end in kept(stored, batch).values_list("union", "period_from", "period_to"):
            if start and end:
                yield union, Span(start, end, end)

    of_union = grouped(spans())
    same = {
        span.index
        for found in of_union.values()
        for span in found
        if sum((one.start, one.end) == (span.start, span.end) for one in found) > 1
    }
    for index in sorted(index for index in same if index is not None):
        yield refused(index, "period_from", "rated-twice", "该工会这一有效期的星级已经评定")
    for span, other in clashes(of_union):
        if span.index not in same:
            yield warned(
                span.index,
                "period_from",
                "periods-overlap",
                f"与{other.start}至{other.end}的评定有效期重叠，请核对",
            )


def follows_a_rating(batch: Batch) -> Iterator[Problem]:
    """A re-review or revocation should have stars to act on; a downgrade must, and leads to fewer."""
    known: dict[int, list[tuple[date, str, int, int | None]]] = defaultdict(list)
    stored = kept(StarRating.objects.filter(union__in=batch.column("union")), batch)
    for union, day, kind, level in stored.values_list("union", "awarded_on", "kind", "level"):
        known[union].append((day, kind, level, None))
    for index, (union, day, kind, level) in batch.rows("union", "awarded_on", "kind", "level"):
        if union and day and kind and level:
            known[union].append((day, kind, level, index))
    for ratings in known.values():
        ratings.sort(key=lambda rating: rating[0])
        current = 0
        for _, kind, level, index in ratings:
            if index is not None:
                yield from _against(index, kind, level, current)
            current = 0 if kind == RatingKind.REVOKE else level


def _against(index: int, kind: str, level: int, current: int) -> Iterator[Problem]:
    label = RatingKind(kind).label
    if kind == RatingKind.NEW:
        return
    if not current and kind == RatingKind.DOWNGRADE:
        yield refused(
            index, "kind", "no-stars-to-lower", "该工会此前没有有效星级，无从降级；请先登记原来的评定"
        )
    elif not current:
        yield warned(index, "kind", "no-stars-before", f"该工会此前没有有效星级，无从{label}")
    elif kind == RatingKind.DOWNGRADE and level >= current:
        yield refused(index, "level", "no-downgrade", f"现为{StarLevel(current).label}，降级应降到更低的星级")
    elif kind == RatingKind.REVOKE and level != current:
        yield refused(
            index, "level", "revokes-other-level", f"现为{StarLevel(current).label}，摘牌应填被摘的星级"
        )


def period_named(batch: Batch) -> Iterator[Problem]:
    """A confirmation names its period as the office does."""
    for index, (period,) in batch.rows("period"):
        if period and not PERIOD.fullmatch(period):
            yield refused(
                index, "period", "period-name", "确认期请写成2026上半年、2026第一季度、2026年3月或2026年度"
            )
