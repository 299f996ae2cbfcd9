"""数据透视: a measure cut by rows and columns, every cell with the list behind it.

Margins are asked for, not added: persons of two kinds may be the same ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from unionoffice import facts
from unionoffice.facts import Dimension, Fact, FactValue, Measure, Names, Scope
from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.types import registry

from .dashboard import shown
from .reading import may_open

FEW = 3  # persons of a private ledger whom a smaller number could give away
FEWER, KEPT_BACK = "少于3", "—"
TOTAL = "合计"
MOST_LINES = 300


@dataclass(frozen=True)
class Cell:
    """A number as it shows; no address where there is nothing, or where the number is hidden."""

    text: str
    url: str = ""
    number: Decimal | None = None


BLANK = Cell("")


@dataclass(frozen=True)
class Line:
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Pivot:
    """A table: heads over the columns of numbers, a line for each value of the rows, the last one the whole."""

    fact: Fact
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    is_cut: bool  # more lines than a page shows


def measures_for(user: User) -> list[Measure]:
    """The measures whose lists the user may open, and that count something."""
    counted = (measure for measure in facts.registry.measures() if not isinstance(measure.measure, Names))
    return [measure for measure in counted if may_open(measure.key, user)]


def dimensions_for(user: User, measure: Measure) -> list[Dimension]:
    """The ways this user may cut a measure: none by what they may not read."""
    record_type = registry[measure.slug]
    return [d for d in measure.dimensions.values() if record_type.may_read(user, d.key)]


def pivot(fact: Fact, rows: str, columns: str, scope: Scope, user: User, *, compare: bool = False) -> Pivot:
    """The table; without columns one number a line, beside that of the year before where `compare` asks for it."""
    if columns and columns != rows:
        return _crossed(fact, rows, columns, scope, user)
    now = _by(fact, [rows], scope) if rows else {}
    whole = facts.compute([fact.key], scope)[fact.key]
    heads, found = [fact.unit], [(now, whole)]
    if compare:
        earlier = scope.before()
        before = _by(fact, [rows], earlier) if rows else {}
        heads, found = (
            [f"本期（{fact.unit}）", f"上年同期（{fact.unit}）"],
            [
                (now, whole),
                (before, facts.compute([fact.key], earlier)[fact.key]),
            ],
        )
    values = list(dict.fromkeys(value for cells, _ in found for value in cells))
    titles = _titles(fact, rows, (value for (value,) in values)) if rows else {}
    lines = [Line(titles[key[0]], tuple(_cell(cells.get(key)) for cells, _ in found)) for key in values]
    lines.append(Line(TOTAL if rows else fact.label, tuple(_cell(total) for _, total in found)))
    return _finished(fact, heads, lines, user)


def _crossed(fact: Fact, rows: str, columns: str, scope: Scope, user: User) -> Pivot:
    inner = _by(fact, [rows, columns], scope)
    down, across = _by(fact, [rows], scope), _by(fact, [columns], scope)
    whole = facts.compute([fact.key], scope)[fact.key]
    names = _titles(fact, columns, (value for (value,) in across))
    titles = _titles(fact, rows, (value for (value,) in down))
    lines = [
        Line(
            titles[row],
            (*(_cell(inner.get((row, column))) for (column,) in across), _cell(margin)),
        )
        for (row,), margin in down.items()
    ]
    lines.append(Line(TOTAL, (*map(_cell, across.values()), _cell(whole))))
    return _finished(fact, [*(names[column] for (column,) in across), TOTAL], lines, user)


def _by(fact: Fact, names: list[str], scope: Scope) -> dict[tuple[str, ...], FactValue]:
    """The figures of a breakdown, in the order in which the first dimension lists its values."""
    cells = facts.registry.breakdown(fact, names, scope)
    found = {tuple(cell.cut[name] for name in names): cell.found for cell in cells}
    dimension = _measure(fact).dimensions[names[0]]
    if not dimension.options:
        return found
    places = {value: place for place, (value, _) in enumerate(dimension.options())}
    return dict(sorted(found.items(), key=lambda item: places.get(item[0][0], len(places))))


def _titles(fact: Fact, name: str, values: Iterable[str]) -> Mapping[str, str]:
    return _measure(fact).dimensions[name].labels(values)


def _measure(fact: Fact) -> Measure:
    measure = fact if isinstance(fact, Measure) else fact.of
    assert measure is not None
    return measure


def _cell(found: FactValue | None) -> Cell:
    if found is None or not found.records:
        return BLANK
    return Cell(shown(found), found.url, Decimal(found.value or 0))


def _finished(fact: Fact, heads: Iterable[str], lines: list[Line], user: User) -> Pivot:
    record_type = registry[fact.slug]
    if record_type.discreet is not None and not access.may_read_sensitive(user, record_type):
        lines = hidden(lines)
    return Pivot(fact, tuple(heads), (*lines[:-1][: MOST_LINES - 1], lines[-1]), len(lines) > MOST_LINES)


def hidden(lines: list[Line]) -> list[Line]:
    """The lines without numbers below FEW; where one alone is missing from a line or column that has a total, the next
    smallest goes too, since the total would give the first away."""
    grid = [list(line.cells) for line in lines]
    for row in grid:
        for place, cell in enumerate(row):
            if cell.number is not None and 0 < cell.number < FEW:
                row[place] = Cell(FEWER)
    while place := _given_away(grid):
        grid[place[0]][place[1]] = Cell(KEPT_BACK)
    return [replace(line, cells=tuple(row)) for line, row in zip(lines, grid, strict=True)]


def _given_away(grid: list[list[Cell]]) -> tuple[int, int] | None:
    """The smallest number to keep back beside one that stands alone; None where no total gives one away."""
    for series in _series(grid):
        kept_back = [at for at in series if grid[at[0]][at[1]].text in (FEWER, KEPT_BACK)]
        known = [at for at in series if grid[at[0]][at[1]].number]
        if len(kept_back) == 1 and known:
            return min(known, key=lambda at: grid[at[0]][at[1]].number or 0)
    return None


def _series(grid: list[list[Cell]]) -> list[list[tuple[int, int]]]:
    """The places of each column and each line, totals left out."""
    height, width = len(grid) - 1, len(grid[0])
    columns = [[(row, place) for row in range(height)] for place in range(width)]
    rows = [[(row, place) for place in range(width - 1)] for row in range(len(grid))] if width > 2 else []
    return columns + rows
