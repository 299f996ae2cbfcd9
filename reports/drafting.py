"""From an order (year, kind, union) to a Summary: reads settings, computes facts, assembles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from unionoffice import facts
from unionoffice.facts import Scope
from unionoffice.organisation import access
from unionoffice.organisation.models import Union
from unionoffice.organisation.office import SETTINGS, settings_on

from . import wording
from .assemble import Setting, assemble
from .figures import Values
from .outline import Document
from .outlines import DOCUMENTS, Kind
from .summary import Numbering, Summary

FIRST_YEAR = 2000
# Words a sentence may use beside facts: those of the settings, and those of the order.
OFFICE_WORDS = {
    "office": "office.name",
    "upper": "county.office_name",
    "town": "town.short_name",
    "county": "county.short_name",
    "app": "app.name",
}


class CannotDraft(ValueError):
    """The order cannot be met; the message is one Chinese line for the person who asked."""


@dataclass(frozen=True)
class Order:
    """What to write: summary, next year's plan or both; of the town or of one union and those below it.

    today     no figure looks past it; it also dates the document
    for_upper addressed to the upper union (主送机关)
    """

    year: int
    today: date
    kind: Kind = "summary"
    union: Union | None = None
    numbering: Numbering = "official"
    for_upper: bool = False

    @property
    def is_running(self) -> bool:
        """Whether the year is not over yet, so that it compares with the same days of the last."""
        return self.today < date(self.year, 12, 31)


WORDS: dict[str, Callable[[Order, Scope], str]] = {
    "year": lambda order, scope: f"{order.year}年",
    "next_year": lambda order, scope: f"{order.year + 1}年",
    "throughout": lambda order, scope: "今年以来" if order.is_running else "全年",
    "org_day": lambda order, scope: wording.as_of(scope.day("organisation")),
    "mediation_day": lambda order, scope: wording.as_of(scope.day("mediation")),
    "year_end_day": lambda order, scope: wording.as_of(scope.day("year_end")),
    "anniversary": lambda order, scope: str(order.year - 1949),
}


def draft(order: Order) -> Summary:
    """The document as a draft. CannotDraft for a year that has not begun or has nothing to tell."""
    if not FIRST_YEAR <= order.year <= order.today.year:
        raise CannotDraft(f"{order.year}年不能编写，请选择{FIRST_YEAR}年至{order.today.year}年")
    document = DOCUMENTS["union" if order.union else "town", order.kind]
    scope = _scope(order)
    office = _office(order)
    setting = Setting(
        words=office | {word: make(order, scope) for word, make in WORDS.items()},
        labels={word: SETTINGS[key].label for word, key in OFFICE_WORDS.items()},
        signed_on=order.today,
        addressee=office["upper"] if order.for_upper else "",
        numbering=order.numbering,
    )
    summary = assemble(document, _values(document, scope, order), setting)
    if summary.is_empty:
        raise CannotDraft(f"{order.year}年还没有可以写入的记录")
    return summary


def _scope(order: Order) -> Scope:
    """The year up to today, so that a year still running is compared with the same months of the last."""
    unions = access.subtree(order.union.pk) if order.union else None
    scope = facts.year_scope(order.year, unions, order.today)
    return scope.at(end=min(scope.end, order.today))


def _values(document: Document, scope: Scope, order: Order) -> Values:
    return Values(
        now=facts.compute(document.fact_keys(), scope),
        before=facts.compute(document.compared_keys(), scope.before()),
        against="上年同期" if order.is_running else "上年",
    )


def _office(order: Order) -> dict[str, str]:
    """Names of the office as they stand in texts; a union's own document bears its own name."""
    values = settings_on(tuple(OFFICE_WORDS.values()), order.today)
    names = {word: values[key] for word, key in OFFICE_WORDS.items()}
    if order.union:
        names |= {"upper": names["office"], "office": order.union.name}
    return names
