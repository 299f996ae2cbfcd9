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
KEPT_CORRECTIONS = 50_000


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
    """Everything an import of one type has to say about a file."""

    tally: Tally = field(default_factory=Tally)
    findings: list[Finding] = field(default_factory=list)
    kept: dict[int, KeptRow] = field(default_factory=dict)
    corrections: int = 0
    first_row: int = 0
    last_row: int = 0

    def add(self, findings: Iterable[Finding]) -> None:
        """Note findings; of corrections only so many are kept one by one."""
        for found in findings:
            if found.verdict == "corrected":
                self.corrections += 1
                if self.corrections > KEPT_CORRECTIONS:
                    continue
            self.findings.append(found)

    def keep(self, number: int, row: KeptRow) -> None:
        if len(self.kept) < KEPT_ROWS:
            self.kept[number] = row

    def kinds(self) -> list[dict[str, Any]]:
        """Findings by kind, refusals first and the frequent before the rare: verdict, code, key, count, rows."""
        grouped: dict[tuple[str, str, str], list[Finding]] = {}
        for found in self.findings:
            grouped.setdefault((found.verdict, found.code, found.key), []).append(found)
        order = {"refused": 0, "warned": 1, "corrected": 2}
        kinds = [
            {"verdict": verdict, "code": code, "key": key, "count": len(rows), "rows": [r.row for r in rows]}
            for (verdict, code, key), rows in grouped.items()
        ]
        return sorted(kinds, key=lambda kind: (order[kind["verdict"]], -kind["count"]))

    def refused_rows(self) -> dict[int, list[str]]:
        """Reasons by row number of every refused row."""
        reasons: dict[int, list[str]] = {}
        for found in self.findings:
            if found.verdict == "refused":
                reasons.setdefault(found.row, []).append(found.message)
        return reasons

    def per_code(self) -> Counter[str]:
        return Counter(found.code for found in self.findings)
