"""Rules of coverage: V04, one link at a time, within the lives of union and unit."""

from collections.abc import Iterator

from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Coverage, Union, Unit
from unionoffice.records.rules import Batch, Problem, refused

from .spans import Span, clashes, grouped, kept


def _rows(batch: Batch) -> Iterator[tuple[int, int, Span]]:
    """(union, unit, span) of the rows of the batch and of every stored row that touches their unions or units."""
    for index, (union, unit, started_on, ended_on) in batch.rows("union", "unit", "started_on", "ended_on"):
        if union and unit and started_on:
            yield union, unit, Span(started_on, ended_on, unit, index)
    unions, units = batch.column("union"), batch.column("unit")
    stored = Coverage.objects.filter(union__in=unions) | Coverage.objects.filter(unit__in=units)
    for union, unit, started_on, ended_on in kept(stored, batch).values_list(
        "union", "unit", "started_on", "ended_on"
    ):
        yield union, unit, Span(started_on, ended_on, unit)


def one_single_union(batch: Batch) -> Iterator[Problem]:
    """V04: a single union has one unit, a unit one single union; and no link twice at a time (domain §1.1)."""
    rows = list(_rows(batch))
    unions = {union for union, _, _ in rows}
    singles = dict(Union.objects.filter(pk__in=unions, kind=UnionKind.SINGLE).values_list("pk", "name"))
    ends = dict(Union.objects.filter(pk__in=singles).values_list("pk", "dissolved_on"))
    twice = {span.index for span, _ in clashes(grouped(((union, unit), span) for union, unit, span in rows))}
    for index in sorted(twice):
        yield refused(index, "started_on", "coverage-twice", "该工会在这段时间已经涵盖该单位")
    units = dict(Unit.objects.filter(pk__in={unit for _, unit, _ in rows}).values_list("pk", "name"))
    single_rows = [(union, unit, _until(span, ends[union])) for union, unit, span in rows if union in singles]
    for span, other in clashes(grouped((union, span) for union, _, span in single_rows)):
        if span.index not in twice:
            yield refused(
                span.index,
                "unit",
                "single-union-full",
                f"单独基层工会只能有1个单位，该工会已涵盖“{units.get(other.other, '另一单位')}”",
            )
    by_unit = grouped(
        (unit, Span(span.start, span.end, union, span.index)) for union, unit, span in single_rows
    )
    for span, other in clashes(by_unit):
        if span.other != other.other:
            yield refused(
                span.index,
                "unit",
                "unit-has-union",
                f"该单位已有单独基层工会“{singles[other.other]}”，不能再建",
            )


def _until(span: Span, ended: object) -> Span:
    """The span, cut off where its union ended."""
    end = min((day for day in (span.end, ended) if day is not None), default=None)
    return Span(span.start, end, span.other, span.index)


def within_lives(batch: Batch) -> Iterator[Problem]:
    """A link begins when the union is there, and neither outlives the other's end."""
    unions = {row.pk: row for row in Union.objects.filter(pk__in=batch.column("union"))}
    units = {row.pk: row for row in Unit.objects.filter(pk__in=batch.column("unit"))}
    for index, (union_pk, unit_pk, start, end) in batch.rows("union", "unit", "started_on", "ended_on"):
        union, unit = unions.get(union_pk), units.get(unit_pk)
        if union is None or unit is None or start is None:
            continue
        if union.kind == UnionKind.GROUP:
            yield refused(index, "union", "group-covers", "工会小组是工会的一部分，不单独涵盖单位")
        if union.founded_on and start < union.founded_on:
            yield refused(
                index, "started_on", "coverage-before-founding", f"早于工会建会日期{union.founded_on}，请核对"
            )
        for day, word in ((union.dissolved_on, "工会已于{}撤销"), (unit.closed_on, "单位已于{}注销")):
            if day is not None and (end is None or end > day):
                yield refused(
                    index, "ended_on", "coverage-after-end", f"{word.format(day)}，终止日期不能晚于这一天"
                )
