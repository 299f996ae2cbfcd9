"""A form as pages show it: every cell with what is bound there, what is suggested, or what it was filled with."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from unionoffice.facts import registry
from unionoffice.organisation.models import User
from unionoffice.sheets.cells import column_letters

from . import words
from .binding import column_choices, list_type
from .filling import Filled, Shown
from .grid import Cell, Grid, Place, Sheet
from .matching import Suggestion
from .models import Bound, ReturnBinding, Source

PIXELS = 720  # width of the narrowest grid on a page
ALIGNED = {
    "center": "center",
    "centerContinuous": "center",
    "distribute": "center",
    "right": "end",
    "end": "end",
}


@dataclass(frozen=True)
class Part:
    """A piece of a cell. With a code it can be chosen; state is open, bound, suggested, filled or lacking."""

    text: str
    code: str = ""
    state: str = ""
    about: str = ""
    url: str = ""


@dataclass(frozen=True)
class CellOnPage:
    name: str
    parts: tuple[Part, ...]
    rows: int = 1
    columns: int = 1
    align: str = ""


@dataclass(frozen=True)
class SheetOnPage:
    name: str
    note: str
    widths: tuple[int, ...]
    letters: tuple[str, ...]
    rows: tuple[tuple[int, tuple[CellOnPage, ...]], ...]


Says = Callable[[Place, Cell, str], Part]


def for_binding(
    grid: Grid, bindings: list[ReturnBinding], suggested: Mapping[Place, Suggestion], user: User
) -> list[SheetOnPage]:
    """The form while it is tied: what each cell takes, and what it could take."""

    bound = Bound(bindings)

    def part(place: Place, cell: Cell, text: str) -> Part:
        binding = bound.at(place)
        if binding is not None:
            return Part(name_of(binding, place, user), place.code, "bound", text.strip())
        if place in suggested:
            return Part(f"{suggested[place].label}？", place.code, "suggested")
        return Part(text, place.code, "open" if not text.strip(" \u3000_＿年月日") else "")

    return [_sheet(number, sheet, part) for number, sheet in enumerate(grid.sheets)]


def for_reading(filled: Filled) -> list[SheetOnPage]:
    """The form as it will be handed in."""
    listed: dict[Place, Shown] = {}
    for rows in filled.lists:
        for offset, cells in enumerate(rows.cells[: rows.binding.height]):
            for column, entry in cells.items():
                listed[rows.binding.place.at(rows.binding.row + offset, column)] = Shown(entry)
    lacking = {place: lack.why for lack in filled.lacks for place in (lack.place, *lack.others)}

    def part(place: Place, cell: Cell, text: str) -> Part:
        shown = filled.cells.get(place) or listed.get(place)
        if shown is not None:
            said = shown.entry.text
            said = cell.in_blank(place.blank, said) if place.blank else said
            return Part(said, state="filled", about=shown.about, url=shown.url)
        return Part(text, state="lacking" if place in lacking else "", about=lacking.get(place, ""))

    return [_sheet(number, sheet, part) for number, sheet in enumerate(filled.grid.sheets)]


def name_of(binding: ReturnBinding, place: Place, user: User) -> str:
    """What a binding puts in, as people say it."""
    match binding.source:
        case Source.WORD:
            return words.LABELS.get(binding.key, binding.key)
        case Source.TEXT:
            return f"“{binding.text}”"
        case Source.LIST:
            kind, path = list_type(binding.key), binding.columns.get(str(place.column), "")
            return column_choices(kind, user).get(path, path) if kind else path
    fact = registry.get(binding.key)
    label = fact.label if fact else binding.key
    return f"{label}{'（上年同期）' if binding.of_year_before else ''}{'（万元）' if binding.in_wan else ''}"


def _sheet(number: int, sheet: Sheet, says: Says) -> SheetOnPage:
    shown = [column for column in range(sheet.width) if column not in sheet.hidden_columns]
    widths = [sheet.widths[column] for column in shown]
    unit = PIXELS / max(sum(widths), 1)
    rows = tuple(
        (row + 1, tuple(_cell(Place(number, cell.row, cell.column), sheet, cell, says) for cell in cells))
        for row, cells in sheet.rows()
    )
    return SheetOnPage(
        sheet.name,
        sheet.note,
        tuple(max(round(width * unit), 24) for width in widths),
        tuple(column_letters(column) for column in shown),
        rows,
    )


def _cell(place: Place, sheet: Sheet, cell: Cell, says: Says) -> CellOnPage:
    hidden_rows = sum(row in sheet.hidden_rows for row in range(cell.row, cell.row + cell.rows))
    hidden_columns = sum(c in sheet.hidden_columns for c in range(cell.column, cell.column + cell.columns))
    if cell.is_formula:
        parts: tuple[Part, ...] = (Part("公式", state="formula", about="这一格由表格自己计算"),)
    elif cell.is_locked:
        parts = (Part(cell.text, about="这一格在表里锁定了，不能填"),)
    elif cell.blanks:
        parts = tuple(_pieces(place, cell, says))
    else:
        parts = (says(place, cell, cell.text),)
    return CellOnPage(
        place.name,
        parts,
        cell.rows - hidden_rows,
        cell.columns - hidden_columns,
        ALIGNED.get(cell.align, ""),
    )


def _pieces(place: Place, cell: Cell, says: Says) -> Iterator[Part]:
    """The text of a cell with its blanks; a binding of the cell as a whole takes their place."""
    whole = says(place, cell, cell.text)
    if whole.state in ("bound", "filled"):
        yield whole
        return
    edges = [(0, 0), *cell.blanks, (len(cell.text), len(cell.text))]
    for number, ((start, end), (following, _)) in enumerate(pairwise(edges)):
        if number:
            yield says(replace(place, blank=number), cell, cell.text[start:end])
        if cell.text[end:following]:
            yield Part(cell.text[end:following])
