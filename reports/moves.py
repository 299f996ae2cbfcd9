"""What became of a final document's figures: which moved since, by which acts and by whom."""

from collections.abc import Iterator
from dataclasses import dataclass

from unionoffice import facts
from unionoffice.facts import FactValue
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
    came, went: of a list, the names that are new and those no longer there.
    """

    figure: FrozenFigure
    now: str
    added: int
    removed: int
    acts: tuple[Act, ...]
    more_acts: int
    gone: bool = False
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


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
    report: Report, frozen: list[FrozenFigure], now: dict[tuple[str, bool], FactValue]
) -> Iterator[Move]:
    for figure in frozen:
        found = now.get((figure.key, figure.compared))
        if found is None:
            yield Move(figure, "", 0, 0, (), 0, gone=True)
        elif as_text(found.value) != figure.counted:
            yield _move(report, figure, found)


def _move(report: Report, figure: FrozenFigure, value: FactValue) -> Move:
    fact = value.fact
    before, after = set(figure.record_ids), set(fact.rows(value.scope).values_list("pk", flat=True))
    told, names = figure.counted.splitlines(), value.value if isinstance(value.value, tuple) else None
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
        "" if value.value is None else exact(value),
        len(after - before),
        len(before - after),
        tuple(found[:ACTS_SHOWN]),
        max(len(found) - ACTS_SHOWN, 0),
        came=() if names is None else tuple(name for name in names if name not in told),
        went=() if names is None else tuple(name for name in told if name not in names),
    )
