"""A form as a grid: cells with their text, the blanks in it, and the labels beside and above. Plain values only."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from unionoffice.sheets.cells import SheetRefused, column_letters, text_width

GAP = r"[ \t\u3000\xa0_＿]"
# Nothing is tried twice over a gap (*+, ++): a gap of a million blanks is looked through once.
DAY = rf"{GAP}*+\d{{0,4}}{GAP}*+年{GAP}*+\d{{0,2}}{GAP}*+月{GAP}*+\d{{0,2}}{GAP}*+日?"
# What a form asks for in the middle of a text: 填报单位：____, 填表日期： 年 月 日. Behind a word that names what is
# asked for, the answer of last year is a blank too.
ASKS = r"(?:单位|部门|工会|地区|日期|时间|人|员|电话|手机|年度|主席|签字|签名|盖章|公章)[)）]?[ \u3000]*[：:]"
BLANK = re.compile(
    rf"(?<=[：:])(?:{DAY}|{GAP}*+(?=\n|$)|{GAP}{{2,}})"
    rf"|(?<=[：:])[^\s：:]+?(?={GAP}{{2,}}|\n|$)"
    rf"|(?<!{GAP}){GAP}++年{GAP}*+月{GAP}*+日|[_＿]{{2,}}"
)
UNIT = re.compile(r"单位[：:]")
VALUE = re.compile(r"[\d.,，%％\-—/年月日号()（）\s]*")
UNIT_WORDS = {
    "人",
    "名",
    "家",
    "个",
    "元",
    "万元",
    "次",
    "人次",
    "场",
    "份",
    "件",
    "起",
    "户",
    "项",
    "条",
    "%",
    "％",
}
# More than this is no form to fill in: of one sheet, and of all together.
MOST_ROWS, MOST_COLUMNS, MOST_CELLS, MOST_IN_ALL = 1500, 100, 30_000, 60_000
LONGEST_LABEL = 40
# Labels beyond these say nothing more of a cell.
MOST_LABELS = 5


@dataclass(frozen=True, order=True)
class Place:
    """One cell, or (blank > 0) the nth blank within its text; everything else counts from 0."""

    sheet: int
    row: int
    column: int
    blank: int = 0

    @classmethod
    def parse(cls, code: str) -> "Place":
        """The place of a code. ValueError for anything else."""
        parts = [int(part) for part in code.split("-")]
        if len(parts) not in (3, 4) or not all(0 <= part < 100_000 for part in parts):
            raise ValueError(f"no place {code}")
        return cls(*parts)

    @property
    def code(self) -> str:
        return "-".join(map(str, (self.sheet, self.row, self.column, *([self.blank] if self.blank else []))))

    @property
    def name(self) -> str:
        """As spreadsheets call it: C5."""
        return f"{column_letters(self.column)}{self.row + 1}"

    def at(self, row: int, column: int) -> "Place":
        return Place(self.sheet, row, column)


@dataclass(frozen=True)
class Entry:
    """What goes into a place: the text as people read it, the number or day where it is one, and the fact it is."""

    text: str
    number: Decimal | None = None
    key: str = ""
    label: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Cell:
    """A cell at its upper left corner; rows and columns tell how many it spans."""

    row: int
    column: int
    text: str = ""
    rows: int = 1
    columns: int = 1
    is_formula: bool = False
    is_percent: bool = False
    align: str = ""
    is_locked: bool = False

    @cached_property
    def blanks(self) -> tuple[tuple[int, int], ...]:
        """Beginnings and ends of the blanks within the text."""
        if not self.may_fill:
            return ()
        found = (match for match in BLANK.finditer(self.text))
        return tuple(match.span() for match in found if self._asks(match))

    def in_blank(self, number: int, text: str) -> str:
        """A text for one of the blanks, as wide as the blank where more text follows."""
        start, end = self.blanks[number - 1]
        if not self.text[end:].strip():
            return text
        room = text_width(self.text[start:end]) - text_width(text)
        return text + " " * max(room, 2)

    def _asks(self, match: re.Match[str]) -> bool:
        said = match[0].strip(" \t\u3000\xa0_＿")
        if not said or re.fullmatch(DAY, match[0]):
            return True
        before = self.text[max(match.start() - LONGEST_LABEL, 0) : match.start()]
        return bool(re.search(rf"{ASKS}$", before)) and len(said) <= 40

    @property
    def may_fill(self) -> bool:
        """Whether the form leaves the cell to whoever fills it in: neither a formula nor locked by the sheet."""
        return not (self.is_formula or self.is_locked)

    @cached_property
    def is_open(self) -> bool:
        """Whether the cell itself is blank."""
        return self.may_fill and not self.text.strip(" \t\n\u3000\xa0_＿/")

    @cached_property
    def label(self) -> str:
        """The text as a label: without blanks, figures and years; empty for a cell that holds a value."""
        if self.is_formula or VALUE.fullmatch(self.text):
            return ""
        text, last = "", 0
        for start, end in self.blanks:
            text, last = text + self.text[last:start], end
        return plain(text + self.text[last:])


def plain(text: str) -> str:
    """A text without blanks, digits and punctuation, so that 2025年度 and 2026 年度 are the same."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if c.isalnum() and not c.isdigit()).lower()


@dataclass(frozen=True)
class Sheet:
    """A worksheet or a table of a text; `note` is what stands above the table. widths are in parts of the whole."""

    name: str
    cells: dict[tuple[int, int], Cell]
    height: int
    width: int
    widths: tuple[int, ...] = ()
    note: str = ""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    _owners: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    _over: dict[int, list[tuple[Cell, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for corner, cell in self.cells.items():
            for row in range(cell.row, cell.row + cell.rows):
                for column in range(cell.column, cell.column + cell.columns):
                    self._owners[row, column] = corner

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that covers this position."""
        return self.cells.get(self._owners.get((row, column), (-1, -1)))

    @cached_property
    def is_in_wan(self) -> bool:
        """Whether a line of the sheet says that its money is in 万元."""
        return any("万元" in cell.text and UNIT.search(cell.text) for cell in self.cells.values())

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Visible rows with the cells that begin in them."""
        by_row: dict[int, list[Cell]] = {row: [] for row in range(self.height)}
        for corner in sorted(self.cells):
            cell = self.cells[corner]
            if cell.column not in self.hidden_columns:
                by_row[cell.row].append(cell)
        yield from ((row, cells) for row, cells in by_row.items() if row not in self.hidden_rows)

    def across(self, row: int) -> list[Cell]:
        """The cells that cover a row, from left to right."""
        found = (self.at(row, column) for column in range(self.width))
        return list(dict.fromkeys(cell for cell in found if cell is not None))

    def left(self, cell: Cell) -> tuple[Cell, ...]:
        """Label cells to the left, the nearest first."""
        found: dict[tuple[int, int], Cell] = {}
        for column in range(cell.column - 1, -1, -1):
            other = self.at(cell.row, column)
            if other is not None and other.label:
                found[other.row, other.column] = other
                if len(found) == MOST_LABELS:
                    break
        return tuple(found.values())

    def beside(self, cell: Cell) -> list[str]:
        """What stands to the left, the nearest first, without the words for units."""
        texts = (" ".join(c.text.split()) for c in self.left(cell))
        return [text for text in texts if text not in UNIT_WORDS]

    def above(self, cell: Cell) -> tuple[Cell, ...]:
        """Headings above, the nearest first: no title, which spans the whole width, and no label of a blank to its
        right."""
        if cell.column not in self._over:
            self._over[cell.column] = list(self._headings(cell.column))
        return self._over[cell.column][cell.row]

    def _headings(self, column: int) -> Iterator[tuple[Cell, ...]]:
        """For each row the nearest headings over it in a column."""
        found: tuple[Cell, ...] = ()
        for row in range(self.height):
            yield found
            cell = self.at(row, column)
            if cell is None or not cell.label or cell.columns >= max(self.width - 1, 2):
                continue
            right = self.at(row, cell.column + cell.columns)
            if cell not in found and (right is None or not right.is_open):
                found = (cell, *found)[:MOST_LABELS]

    def heading(self, cell: Cell) -> str:
        """The nearest heading above; empty for none."""
        return next((" ".join(c.text.split()) for c in self.above(cell)), "")

    def is_line(self, cell: Cell) -> bool:
        """Whether the cell belongs to the blank lines of a list: headings above, nothing to the left, more below."""
        if self.left(cell) or not self.above(cell):
            return False
        below = self.at(cell.row + cell.rows, cell.column)
        return cell.row > self.above(cell)[0].row + 1 or (below is not None and below.is_open)


@dataclass
class Room:
    """How many cells the sheets of a form may still have; asked before they are laid out in memory."""

    left: int = MOST_IN_ALL

    def take(self, sheet: str, rows: int, columns: int) -> None:
        """SheetRefused for a sheet too large for a form, and for the one with which all are."""
        self.left -= rows * columns
        is_large = rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS
        if is_large or self.left < 0:
            raise SheetRefused(
                "too-many-cells",
                f"{sheet}有 {rows} 行 × {columns} 列，不像要填的报表，请删去多余的行、列和边框"
                if is_large
                else f"到{sheet}为止各表的格子太多，不像要填的报表，请删去不用填的表",
            )


@dataclass(frozen=True)
class Grid:
    """All sheets or tables of a form."""

    sheets: tuple[Sheet, ...]

    def cell(self, place: Place) -> Cell | None:
        """The cell of a place; None where the form has none there, or not that blank."""
        if place.sheet >= len(self.sheets):
            return None
        cell = self.sheets[place.sheet].cells.get((place.row, place.column))
        return None if cell is None or place.blank > len(cell.blanks) else cell

    def cells(self) -> Iterator[tuple[Place, Cell]]:
        for number, sheet in enumerate(self.sheets):
            for _, cells in sheet.rows():
                for cell in cells:
                    yield Place(number, cell.row, cell.column), cell

    def labels(self) -> list[str]:
        """What the form is known by."""
        return sorted(cell.label for _, cell in self.cells() if cell.label)

    def asked(self, place: Place) -> str:
        """What the form asks for at a place, in its own words: 会员总数 · 合计."""
        cell = self.cell(place)
        if cell is None:
            return ""
        if place.blank:
            start = cell.blanks[place.blank - 1][0]
            return re.split(r"[\s_＿]+", cell.text[:start].rstrip("：: "))[-1]
        sheet = self.sheets[place.sheet]
        return " · ".join(filter(None, (*sheet.beside(cell)[:1], sheet.heading(cell))))
