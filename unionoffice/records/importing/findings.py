"""What an import has to say: findings about single cells, counts, and what becomes of each row."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from import_export.results import RowResult

Verdict = Literal["refused", "warned", "corrected"]

NEW, CHANGED = RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE
UNCHANGED, REFUSED = RowResult.IMPORT_TYPE_SKIP, RowResult.IMPORT_TYPE_INVALID
KEPT_ROWS = 20_000
KEPT_CORRECTIONS = 5_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one cell: the sheet's row number, the column's key, the verdict, a code and one Chinese line."""

    row: int
    key: str
    verdict: Verdict
    code: str
    message: str


@dataclass(slots=True)
class KeptRow:
    """A row that somebody has to look at: its cells as the file has them, and what stood before where it differs."""

    outcome: str
    cells: dict[str, Any]
    before: dict[str, str] = field(default_factory=dict)


@dataclass
class Tally:
    """How many rows are new, changed, unchanged, refused; and how many of those kept were corrected or are doubtful."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    corrected: int = 0
    warned: int = 0

    @property
    def written(self) -> int:
        return self.new + self.changed

    def as_dict(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass
class Judgement:
    """Everything an import of one type has to say about a file.

    above, skipped  rows (number, what they show) above the headings, and among or below the records without being one
    unnamed         columns, counted from 0, with content and no heading; last_row: the number of the sheet's last row
    """

    tally: Tally = field(default_factory=Tally)
    findings: list[Finding] = field(default_factory=list)
    kept: dict[int, KeptRow] = field(default_factory=dict)
    counted: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    above: list[tuple[int, str]] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    unnamed: set[int] = field(default_factory=set)
    last_row: int = 0

    def add(self, findings: Iterable[Finding]) -> None:
        """Note findings; of one kind of correction only so many are kept one by one, all are counted."""
        for found in findings:
            kind = (found.verdict, found.code, found.key)
            self.counted[kind] += 1
            if found.verdict != "corrected" or self.counted[kind] <= KEPT_CORRECTIONS:
                self.findings.append(found)

    @property
    def is_full(self) -> bool:
        """Whether as many rows are kept as anybody will look at."""
        return len(self.kept) >= KEPT_ROWS

    def kinds(self) -> list[dict[str, Any]]:
        """Findings by kind, refusals first and the frequent before the rare: verdict, code, key, count, rows."""
        rows: dict[tuple[str, str, str], list[int]] = {}
        for found in self.findings:
            rows.setdefault((found.verdict, found.code, found.key), []).append(found.row)
        order = {"refused": 0, "warned": 1, "corrected": 2}
        kinds = [
            {
                "verdict": kind[0],
                "code": kind[1],
                "key": kind[2],
                "count": self.counted[kind],
                "rows": numbers,
            }
            for kind, numbers in rows.items()
        ]
        return sorted(kinds, key=lambda kind: (order[kind["verdict"]], -kind["count"]))

    def refused_rows(self) -> dict[int, list[str]]:
        """Reasons by row number of every refused row."""
        reasons: dict[int, list[str]] = {}
        for found in self.findings:
            if found.verdict == "refused":
                reasons.setdefault(found.row, []).append(found.message)
        return reasons
