"""Columns matched by hand: what a file offers where its headings are not known, or mean something else."""

from collections.abc import Mapping
from dataclasses import dataclass

from unionoffice.sheets.cells import Row, column_letters, is_blank, is_blank_row, row_text
from unionoffice.sheets.headers import IGNORED, Names, find_header, header_key
from unionoffice.sheets.reading import HEAD_ROWS, Book

from ..resources import resource_for
from ..types import RecordType
from .workbook import Chosen

SAMPLES = 3


@dataclass(frozen=True)
class OfferedColumn:
    """A column of the sheet: where it is, its heading, its first cells, and the field it is taken for ("" for none)."""

    place: int
    letters: str
    heading: str
    samples: list[str]
    key: str


@dataclass(frozen=True)
class Offer:
    """The sheets to choose from, the rows that may be the headings (number, text), and the columns below one of them."""

    sheets: list[str]
    sheet: str
    rows: list[tuple[int, str]]
    row: int
    columns: list[OfferedColumn]


def has_table(book: Book) -> bool:
    """Whether some sheet has a row of several cells and another row below it, so that columns can be matched."""
    return any(_table_row(sheet.head()) for sheet in book.sheets)


def _table_row(rows: list[Row]) -> int:
    """The number of the row that looks most like headings: the fullest with something below; 0 for none."""
    filled = [sum(not is_blank(cell) for cell in row) for row in rows]
    fit = [n for n, count in enumerate(filled) if count > 1 and any(filled[n + 1 :])]
    return max(fit, key=lambda n: (filled[n], -n)) + 1 if fit else 0


def offer(book: Book, kind: RecordType, chosen: Chosen | None, sheet_name: str = "", row: int = 0) -> Offer:
    """What may be chosen of a file; `sheet_name` and `row` are those just asked for."""
    usable = [sheet for sheet in book.sheets if _table_row(sheet.head())] or book.sheets
    wanted = sheet_name or (chosen.sheet if chosen else "")
    sheet = next((sheet for sheet in usable if sheet.name == wanted), usable[0])
    kept: Mapping[int, str] = {}
    if chosen and sheet.name == chosen.sheet and row in (0, chosen.row):
        row, kept = chosen.row, chosen.columns
    rows = sheet.head(HEAD_ROWS + SAMPLES)
    names = resource_for(kind).names()
    known = find_header(rows, names)
    if not 0 < row <= len(rows):
        row = known.row if known else _table_row(rows) or 1
    if not kept and known and row == known.row:
        kept = known.columns
    numbered = [
        (n, row_text(cells)) for n, cells in enumerate(rows[:HEAD_ROWS], 1) if not is_blank_row(cells)
    ]
    return Offer(
        [one.name for one in usable],
        sheet.name,
        numbered,
        row,
        _columns(rows, row, kept or _guess(rows, row, names)),
    )


def _guess(rows: list[Row], row: int, names: Mapping[str, str]) -> dict[int, str]:
    """Headings of the row that are known, each field once."""
    known, found = Names(names), {}
    for place, cell in enumerate(rows[row - 1]):
        key = known.find(str(cell)) if not is_blank(cell) else None
        if key is not None and key not in found.values():
            found[place] = key
    return found


def _columns(rows: list[Row], row: int, keys: Mapping[int, str]) -> list[OfferedColumn]:
    below = rows[row : row + SAMPLES]
    width = max((len(cells) for cells in (rows[row - 1], *below)), default=0)
    found = []
    for place in range(width):
        heading = row_text(rows[row - 1][place : place + 1])
        samples = [text for cells in below if (text := row_text(cells[place : place + 1]))]
        if (heading or samples) and header_key(heading) not in IGNORED:
            found.append(OfferedColumn(place, column_letters(place), heading, samples, keys.get(place, "")))
    return found
