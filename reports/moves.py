"""What became of a final document's figures: which moved since, by which acts and by whom."""

from collections.abc import Iterator
from dataclasses import dataclass

from unionoffice import facts
from unionoffice.facts import Fact, Scope
from unionoffice.records.models import Act, Change

from .figures import exact
from .finalising import as_text
from .models import FrozenFigure, Report
from .storing import scope_in

ACTS_SHOWN = 5


@dataclass(frozen=True)
class Move:
    """A figure whose records say something else now. acts: those that touched its rows, latest first.

    gone: the fact is no longer offered by any area, so it cannot be asked again.
    """

    figure: FrozenFigure
    now: str
    added: int
    removed: int
    acts: tuple[Act, ...]
    more_acts: int
    gone: bool = False


def moved_figures(report: Report) -> list[Move]:
    """Figures of a final report that the records now give otherwise, in the order of the text."""
    scope = scope_in(report.frozen)
    frozen = list(report.figures.all())
    now = {}
    for compared, asked in ((False, scope), (True, scope.before())):
        keys = [f.key for f in frozen if f.compared == compared and facts.registry.get(f.key)]
        for key, value in facts.compute(keys, asked).items():
            now[key, compared] = value
    return list(_moves(report, frozen, now))


def _moves(
    report: Report, frozen: list[FrozenFigure], now: dict[tuple[str, bool], facts.FactValue]
) -> Iterator[Move]:
    for figure in frozen:
        found = now.get((figure.key, figure.compared))
        if found is None:
            yield Move(figure, "", 0, 0, (), 0, gone=True)
        elif as_text(found.value) != figure.counted:
            yield _move(report, figure, found.fact, found.scope, "" if found.value is None else exact(found))


def _move(report: Report, figure: FrozenFigure, fact: Fact, scope: Scope, now: str) -> Move:
    before, after = set(figure.record_ids), set(fact.rows(scope).values_list("pk", flat=True))
    # Rows that came or went tell the most; where none did, a row that stayed was changed.
    rows = before ^ after or before
    acts = (
        Act.objects.filter(
            pk__in=Change.objects.filter(
                table=fact.model._meta.db_table, row__in=rows, act__at__gt=report.finalised_at
            ).values("act")
        )
        .select_related("user")
        .order_by("-at")
    )
    found = list(acts)
    return Move(
        figure,
        now,
        len(after - before),
        len(before - after),
        tuple(found[:ACTS_SHOWN]),
        max(len(found) - ACTS_SHOWN, 0),
    )
