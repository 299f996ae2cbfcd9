"""Some rows of a sheet on their way through an import, held column by column."""

from collections.abc import Iterable, Sequence
from typing import Any

from unionoffice.sheets.cells import Cell

from .findings import REFUSED, Finding, Verdict


class Chunk:
    """Rows of a sheet.

    numbers  the sheet's row numbers
    kept     row index -> its cells as the file has them (after repairs), of rows found odd when cleaned
    values   column key -> cleaned values, None for blank; relations as primary keys
    hashes   column key -> keyed hashes of the values, for encrypted columns that are found by one
    masked   column key -> row index -> masked cell, which stands for the stored number
    pks      primary key of the existing row, None for a new one
    found_by row index -> the key by which it was found, where that is not the first one
    stored   field name -> stored value per row (None for new rows)
    final    field name -> value as it would stand after saving
    changes  row index -> field name -> stored value, for existing rows that differ
    outcome  new, update, skip or invalid per row
    """

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        size = len(numbers)
        self.kept: dict[int, dict[str, Cell]] = {}
        self.values: dict[str, list[Any]] = {}
        self.hashes: dict[str, list[bytes | None]] = {}
        self.masked: dict[str, dict[int, str]] = {}
        self.pks: list[int | None] = [None] * size
        self.found_by: dict[int, tuple[str, ...]] = {}
        self.stored: dict[str, list[Any]] = {}
        self.final: dict[str, list[Any]] = {}
        self.changes: dict[int, dict[str, Any]] = {}
        self.outcome: list[str] = [""] * size
        self.findings: dict[int, list[Finding]] = {}
        self.refused: set[int] = set()

    @classmethod
    def joined(cls, parts: Sequence["Chunk"]) -> "Chunk":
        """Cleaned chunks as one, in their order; what they held is moved, not copied."""
        whole = cls([number for part in parts for number in part.numbers])
        first = 0
        for part in parts:
            for key in list(part.values):
                whole.values.setdefault(key, []).extend(part.values.pop(key))
            for key, cells in part.masked.items():
                whole.masked.setdefault(key, {}).update(
                    {first + index: cell for index, cell in cells.items()}
                )
            whole.kept.update({first + index: cells for index, cells in part.kept.items()})
            whole.findings.update({first + index: found for index, found in part.findings.items()})
            whole.refused.update(first + index for index in part.refused)
            first += len(part)
        for index in whole.refused:
            whole.outcome[index] = REFUSED
        return whole

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

    def column(self, key: str) -> Sequence[Any]:
        """Cleaned values of a column, None throughout where the file has no such column."""
        return self.values.get(key) or [None] * len(self)

    def sought(self, key: str) -> Sequence[Any]:
        """What stored rows are compared with: the values, of encrypted numbers their hashes."""
        return self.hashes.get(key) or self.column(key)

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
