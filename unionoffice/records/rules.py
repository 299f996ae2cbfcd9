"""Judging rows: rules work on a batch of rows, so that a form (one row) and an import (thousands) run the same ones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils import timezone

from unionoffice.organisation.models import User

Verdict = Literal["refused", "warned"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one row. refused: the row cannot be kept; warned: it can, with a reason."""

    index: int
    field: str
    verdict: Verdict
    code: str
    message: str


@dataclass(frozen=True)
class Batch:
    """Rows to be judged, column by column, as they would stand after saving.

    values  field name -> cleaned value per row (a relation as its primary key; what a file leaves blank is the stored value)
    pks     primary key of the row it would change, None for a new one
    user    who wants to save it; today  the day on which it is judged
    sought  fields by which stored rows were looked for in the whole table: `pks` names every owner of these values
    """

    values: Mapping[str, Sequence[Any]]
    pks: Sequence[int | None]
    user: User | None = None
    today: date = None  # type: ignore[assignment]
    sought: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.today is None:
            object.__setattr__(self, "today", timezone.localdate())

    def __len__(self) -> int:
        return len(self.pks)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def column(self, name: str) -> Sequence[Any]:
        """The values of a field, None for every row where the batch does not carry it."""
        return self.values.get(name) or [None] * len(self.pks)

    def rows(self, *names: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """(index, values of these fields) for every row."""
        return enumerate(zip(*(self.column(name) for name in names), strict=True))


def refused(index: int, field: str, code: str, message: str) -> Problem:
    return Problem(index, field, "refused", code, message)


def warned(index: int, field: str, code: str, message: str) -> Problem:
    return Problem(index, field, "warned", code, message)


def judge(rules: Iterable[Any], batch: Batch) -> list[Problem]:
    """Everything the rules find in a batch, in row order."""
    found = [problem for rule in rules for problem in rule(batch)]
    found.sort(key=lambda problem: problem.index)
    return found


def not_in_future(*names: str) -> Any:
    """A rule: these days may not lie after today (V26)."""

    def rule(batch: Batch) -> Iterator[Problem]:
        for name in names:
            for index, (day,) in batch.rows(name):
                if day is not None and day > batch.today:
                    yield refused(index, name, "date-in-future", f"日期 {day} 晚于今天，请核对")

    return rule
