"""What a cell of an uploaded sheet can hold, and the one way to say no to a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A formula that failed in the sheet; `code` is what the clerk sees there, e.g. `#N/A`."""

    code: str

    def __str__(self) -> str:
        return self.code


# An empty cell is "". Numbers stay what the file holds: an ID number stored as a number is a float here,
# and its lost digits can be told from the text that kept them.
Cell = str | int | float | bool | date | datetime | time | timedelta | ErrorCell
Row = list[Cell]


class SheetRefused(ValueError):
    """A file that is not read; `code` is for programs, `message` is one Chinese line for the clerk."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def column_letters(index: int) -> str:
    """The name of a column counted from 0: 0 is A, 25 is Z, 26 is AA. ValueError for one before A."""
    if index < 0:
        raise ValueError(f"no column {index}")
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The position of a column, counted from 0, from its name (A, Z, AA)."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def without_zeros(row: Row) -> Row:
    """The row without zero characters in its texts, which no database takes."""
    return [value.replace("\0", "") if type(value) is str and "\0" in value else value for value in row]


def text_width(text: str) -> int:
    """How many half-width letters a text takes up; a Chinese character takes two."""
    return sum(2 if ord(letter) > 255 else 1 for letter in text)


def is_blank(value: Cell) -> bool:
    """Whether the cell shows nothing."""
    return isinstance(value, str) and not value.strip()


def row_text(row: Iterable[Cell], longest: int = 60) -> str:
    """What a row shows, in one line; of a long one the beginning."""
    texts = (f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell) for cell in row)
    shown = " ".join(" ".join(text.split()) for text in texts if text.strip())
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def is_blank_row(row: Iterable[Cell]) -> bool:
    """Whether the row shows nothing."""
    return all(map(is_blank, row))
