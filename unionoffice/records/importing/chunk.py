"""Some rows of a sheet on their way through an import, held column by column."""

from collections.abc import Iterable, Sequence
from typing import Any

from unionoffice.sheets.cells import Cell

from .findings import REFUSED, Finding, Verdict


class Chunk:
    """Rows of a sheet.

    numbers  the sheet's row numbers
    cells    column key -> cells as the file has them (after repairs)
    values   column key -> cleaned values, None for blank; relations as primary keys
    masked   column key -> row index -> masked cell, which stands for the stored number
    pks      primary key of the existing row, None for a new one
    found_by row index -> the key by which it was found, where that is not the first one
    stored   field name -> stored value per row (None for new rows)
    final    field name -> value as it would stand after saving
    changes  row index -> field name -> stored value, for existing rows that differ
    outcome  new, update, skip or invalid per row
    """

    def __init__(self, numbers: Sequence[int], cells: dict[str, list[Cell]]) -> None:
        self.numbers, self.cells = numbers, cells
        size = len(numbers)
        self.values: dict[str, list[Any]] = {}
        self.masked: dict[str, dict[int, str]] = {}
        self.pks: list[int | None] = [None] * size
        self.found_by: dict[int, tuple[str, ...]] = {}
        self.stored: dict[str, list[Any]] = {}
        self.final: dict[str, list[Any]] = {}
        self.changes: dict[int, dict[str, Any]] = {}
        self.outcome: list[str] = [""] * size
        self.findings: dict[int, list[Finding]] = {}
        self.refused: set[int] = set()

    def __len__(self) -> int:
        return len(self.numbers)

    def find(self, index: int, key: str, verdict: Verdict, code: str, message: str) -> None:
        """Note something about a cell; a refusal refuses the row."""
        self.findings.setdefault(index, []).append(Finding(self.numbers[index], key, verdict, code, message))
        if verdict == "refused":
            self.refused.add(index)
            self.outcome[index] = REFUSED

    def refuse(self, index: int, key: str, code: str, message: str) -> None:
        self.find(index, key, "refused", code, message)

    def alive(self) -> list[int]:
        """Indexes of rows not refused so far."""
        if not self.refused:
            return list(range(len(self)))
        return [index for index in range(len(self)) if index not in self.refused]

    def column(self, key: str) -> Sequence[Any]:
        """Cleaned values of a column, None throughout where the file has no such column."""
        return self.values.get(key) or [None] * len(self)

    def has_finding(self, index: int, key: str) -> bool:
        return any(found.key == key for found in self.findings.get(index, ()))


def picked(column: Sequence[Any], indexes: Sequence[int]) -> list[Any]:
    """The values at these indexes."""
    return [column[index] for index in indexes]


def filled(*columns: Sequence[Any]) -> Iterable[bool]:
    """Per row whether all of these columns hold something."""
    if len(columns) == 1:
        return (value is not None and value != "" for value in columns[0])
    return (None not in row and "" not in row for row in zip(*columns, strict=True))
