"""Data quality: what does not stand right in the records, found over everything. Work areas register their checks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from unionoffice.organisation import access
from unionoffice.organisation.models import Record, User

from .types import RecordType, registry


@dataclass(frozen=True)
class Finding:
    """One record that does not stand right. kind: the key of the check; message: one Chinese line, no personal numbers."""

    kind: str
    record: Record
    message: str


@dataclass(frozen=True)
class Check:
    """One question asked of all records.

    rows     unions (None: the whole town) -> the records at fault, in the order to show them
    message  what is wrong with one of them
    about    one line: why it matters and what to do
    action   label and address of the page that puts one right, where that is not the record's own page
    """

    key: str
    title: str
    rows: Callable[[frozenset[int] | None], QuerySet]
    message: Callable[[Record], str]
    about: str = ""
    action: Callable[[Record], tuple[str, str]] | None = None

    def findings(self, unions: frozenset[int] | None = None) -> Iterator[Finding]:
        for record in self.rows(unions).iterator(chunk_size=2000):
            yield Finding(self.key, record, self.message(record))

    @cached_property
    def model(self) -> type[Record]:
        """Found once: the menu of every page asks for it."""
        return self.rows(frozenset()).model

    def kind(self) -> RecordType:
        """The record type it is about. LookupError when the model has no declaration."""
        found = registry.of(self.model)
        if found is None:
            raise LookupError(f"{self.key} checks {self.model.__name__}, which has no declaration")
        return found


_checks: dict[str, Check] = {}


def register(*checks: Check) -> None:
    for check in checks:
        if check.key in _checks:
            raise ValueError(f"quality check {check.key} is declared twice")
        _checks[check.key] = check


def checks() -> Iterable[Check]:
    """All checks in the order of their registration."""
    return _checks.values()


def find(key: str) -> Check | None:
    return _checks.get(key)


def checks_for(user: User) -> list[Check]:
    """The checks over record types that the user may see."""
    return [check for check in checks() if access.may(user, access.VIEW, check.kind())]
