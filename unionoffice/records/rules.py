"""Judging rows: rules work on a batch of rows, so that a form (one row) and an import (thousands) run the same ones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from unionoffice.organisation.models import User

from .steps import AHEAD

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
    since   the day from which changed values of stored rows hold, where an import asks for it
    sought  fields by which stored rows were looked for in the whole table: `pks` names every owner of these values
    """

    values: Mapping[str, Sequence[Any]]
    pks: Sequence[int | None]
    user: User | None = None
    today: date = None  # type: ignore[assignment]
    since: date | None = None
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
    return _not_after(timedelta(), "晚于今天，请核对", names)


def not_far_ahead(*names: str) -> Any:
    """A rule: what takes effect on these days may be noted up to a year before."""
    return _not_after(AHEAD, "在一年以后，请核对年份", names)


def _not_after(ahead: timedelta, said: str, names: tuple[str, ...]) -> Any:
    def rule(batch: Batch) -> Iterator[Problem]:
        for name in names:
            for index, (day,) in batch.rows(name):
                if day is not None and day > batch.today + ahead:
                    yield refused(index, name, "date-in-future", f"日期 {day} {said}")

    return rule


def keeps_name(model: type[Model], number: str) -> Any:
    """A rule: a stored row known by its number is not silently renamed; the number may be another one's, mistyped."""
    named, called = (model._meta.get_field(name).verbose_name for name in (number, "name"))

    def rule(batch: Batch) -> Iterator[Problem]:
        stored = _stored_names(model, [pk for pk in batch.pks if pk is not None])
        renamed = {
            index: batch.pks[index]
            for index, (name,) in batch.rows("name")
            if name and stored.get(batch.pks[index], name) != name
        }
        numbers = dict(model._base_manager.filter(pk__in=renamed.values()).values_list("pk", number))
        given = batch.column(number)
        for index, pk in renamed.items():
            if given[index] and given[index] == numbers[pk]:
                said = f"{named}已属于“{stored[pk]}”，{called}不同；号码填错的请更正，确已改名的请写明原因"
                yield warned(index, "name", "name-differs", said)
            elif given[index] and numbers[pk]:
                said = f"{called}和{named}都与原来登记的“{stored[pk]}”不同；原来的不应被替换时请另行新增"
                yield warned(index, "name", "another-one", said)

    return rule


def _stored_names(model: type[Model], pks: list[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"select id, name from {table} where id = any(%s)", [pks])
        return dict(cursor.fetchall())
