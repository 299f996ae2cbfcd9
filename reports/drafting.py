"""From an order (period, kind, union, the office's wording) to a Summary: reads settings, computes facts, assembles."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from unionoffice import facts
from unionoffice.facts import FactValue, Scope
from unionoffice.organisation import access
from unionoffice.organisation.models import Union
from unionoffice.organisation.office import SETTINGS, settings_on

from . import announcing, reckoning, wording
from .assemble import Setting, assemble
from .editing import Edits, arrange
from .figures import Values, brief
from .outline import Document, Sentence
from .outlines import DOCUMENTS, Kind
from .periods import Period
from .summary import Issue, Numbering, Summary

FIRST_YEAR = 2000
# Words a sentence may use beside facts: those of the settings, and those of the order.
OFFICE_WORDS = {
    "office": "office.name",
    "upper": "county.office_name",
    "town": "town.short_name",
    "county": "county.short_name",
    "app": "app.name",
}
SLOTS: dict[str, str] = {
    "organisation": "组织数据截止日",
    "mediation": "调解数据截止日",
    "year_end": "星级等年末数据截止日",
    "end": "其他数据截止日",
}


class CannotDraft(ValueError):
    """The order cannot be met; the message is one Chinese line for the person who asked."""


@dataclass(frozen=True)
class Override:
    """A figure typed over that of the records, and why."""

    value: int | Decimal | tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Order:
    """What to write: summary, next year's plan or both; of the town or of one union and those below it.

    today     no figure looks past it; it also dates the document unless signed_on is given
    title     instead of the standard one
    for_upper addressed to the upper union (主送机关)
    days      own as-of days by slot (see SLOTS)
    tables    attachments beside the figures (see tables.TABLES), and charts (see charts.CHARTS)
    photos    files to show as the last attachment, each with its caption
    issue     number, red head and 版记 of a numbered document
    """

    period: Period
    today: date
    kind: Kind = "summary"
    title: str = ""
    union: Union | None = None
    numbering: Numbering = "official"
    for_upper: bool = False
    signed_on: date | None = None
    days: tuple[tuple[str, date], ...] = ()
    tables: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    photos: tuple[tuple[int, str], ...] = ()
    issue: Issue | None = None
    edits: Edits = field(default_factory=Edits)
    overrides: Mapping[str, Override] = field(default_factory=dict)

    @property
    def year(self) -> int:
        return self.period.year

    @property
    def is_running(self) -> bool:
        """Whether the period is not over yet, so that it compares with the same days of the last year."""
        return self.today < self.period.end

    @property
    def tells_plan(self) -> bool:
        """Whether it reckons up the plan of its year, if there was one."""
        return self.period.kind == "year" and self.kind != "plan"

    @property
    def against(self) -> str:
        return "上年同期" if self.is_running or self.period.kind != "year" else "上年"


def _throughout_beside_totals(order: Order, scope: Scope) -> str:
    """The period of what came and went; where the totals of the paragraph end on another day, both days."""
    said, day = order.period.throughout(order.today), scope.day("organisation")
    if day == scope.end:
        return said
    called = wording.month_day if day.year == scope.end.year else wording.full_day
    return f"{said}（至{wording.month_day(scope.end)}，总数截至{called(day)}）"


WORDS: dict[str, Callable[[Order, Scope], str]] = {
    "year": lambda order, scope: f"{order.year}年",
    "next_year": lambda order, scope: f"{order.year + 1}年",
    "period": lambda order, scope: order.period.name,
    "title_period": lambda order, scope: order.period.title,
    "throughout": lambda order, scope: order.period.throughout(order.today),
    "org_throughout": lambda order, scope: _throughout_beside_totals(order, scope),
    "org_day": lambda order, scope: wording.as_of(scope.day("organisation")),
    "mediation_day": lambda order, scope: wording.as_of(scope.day("mediation")),
    "year_end_day": lambda order, scope: wording.as_of(scope.day("year_end")),
    "anniversary": lambda order, scope: str(order.year - 1949),
}
WORD_LABELS = {
    "year": "年度",
    "next_year": "下一年度",
    "period": "时期",
    "title_period": "标题时期",
    "throughout": "全年或今年以来",
    "org_throughout": "全年或今年以来（总数截止日不同的，注明两个日期）",
    "org_day": "组织数据截止日",
    "mediation_day": "调解数据截止日",
    "year_end_day": "年末数据截止日",
    "anniversary": "建国周年数",
} | reckoning.LABELS


@dataclass(frozen=True)
class Draft:
    """A document on its way: the outline with the office's wording, the values of its facts, its words."""

    order: Order
    document: Document
    scope: Scope
    values: Values
    setting: Setting

    @cached_property
    def summary(self) -> Summary:
        """The text as values."""
        written = replace(assemble(self.document, self.values, self.setting), issue=self.order.issue)
        title = self.order.title
        return replace(written, phrases=(title,)) if title and title != written.title else written

    @cached_property
    def everything(self) -> Document:
        """The outline with what the office left out."""
        return arrange(standard(self.order), self.order.edits, everything=True)


def draft(order: Order) -> Summary:
    """The document as a draft. CannotDraft for a period that has not begun or has nothing to tell."""
    summary = prepare(order).summary
    if summary.is_empty:
        raise CannotDraft(f"{order.period.name}还没有可以写入的记录")
    return summary


def prepare(order: Order, sentences: Iterable[Sentence] = (), *, everything: bool = False) -> Draft:
    """Everything a document needs, computed; with the figures of further sentences, and of those left out.

    CannotDraft for a period that cannot be written about."""
    demand_possible(order)
    document = arrange(standard(order), order.edits)
    wanted = arrange(standard(order), order.edits, everything=True) if everything else document
    keys, compared = wanted.fact_keys(), wanted.compared_keys()
    for variant in (variant for sentence in sentences for variant in sentence.variants):
        keys, compared = keys | set(variant.fact_keys()), compared | set(variant.compared_keys())
    scope, planned = scope_of(order), reckoning.items_of(order.year, order.union) if order.tells_plan else []
    keys |= {item.key for item in planned if facts.registry.get(item.key)}
    values = _values(keys, compared, scope, order)
    words = words_of(order, scope) | reckoning.counts(planned, values.now, scope)
    setting = Setting(
        words=words,
        labels={word: SETTINGS[key].label for word, key in OFFICE_WORDS.items()} | WORD_LABELS,
        signed_on=order.signed_on or order.today,
        addressee=words["upper"] if order.for_upper else "",
        numbering=order.numbering,
    )
    return Draft(order, document, scope, values, setting)


def standard(order: Order) -> Document:
    """The outline in its standard wording; a year's summary ends with what became of its plan, a plan with its targets."""
    document = DOCUMENTS["union" if order.union else "town", order.kind]
    if order.tells_plan:
        document = reckoning.with_plan(document, order.year, order.union, order.today)
    if order.kind != "summary":
        document = announcing.with_targets(document, order.year + 1, order.union)
    return document


def demand_possible(order: Order) -> None:
    """CannotDraft for a period nothing can be said about."""
    period = order.period
    if not FIRST_YEAR <= period.start.year <= period.end.year <= order.today.year:
        raise CannotDraft(f"{order.year}年不能编写，请选择{FIRST_YEAR}年至{order.today.year}年")
    if period.start > order.today:
        raise CannotDraft(f"{period.name}还没有开始，不能编写")
    if order.kind != "summary" and period.kind != "year":
        raise CannotDraft("工作计划按年度编写，请选择全年")


def scope_of(order: Order) -> Scope:
    """The period up to today, so that one still running is compared with the same days of the last year."""
    unions = access.subtree(order.union.pk) if order.union else None
    period = order.period
    last = min(period.end, order.today)
    if period.kind == "year":
        scope = facts.year_scope(order.year, unions, order.today).at(end=last)
    else:
        scope = Scope(period.start, last, last, unions, tuple((slot, last) for slot in sorted(SLOTS)))
    if not order.days:
        return scope
    days = dict(scope.as_ofs) | {slot: min(day, order.today) for slot, day in order.days}
    return scope.at(as_of=days["end"], as_ofs=tuple(sorted(days.items())))


def _values(keys: Iterable[str], compared: Iterable[str], scope: Scope, order: Order) -> Values:
    now = facts.compute(keys, scope)
    typed = {key: override for key, override in order.overrides.items() if key in now}
    return Values(
        now=now | {key: _typed_over(now[key], override) for key, override in typed.items()},
        before=facts.compute(compared, scope.before()),
        against=order.against,
        notes={key: _note(now[key], override) for key, override in typed.items()},
        counted={key: now[key] for key in typed},
    )


def _typed_over(found: FactValue, override: Override) -> FactValue:
    return replace(found, value=override.value, numerator=None, denominator=None, warning="")


def _note(found: FactValue, override: Override) -> str:
    counted = "没有数据" if found.value is None else brief(found) or "没有记录"
    return f"人工填写，台账为{counted}；原因：{override.reason}"


def words_of(order: Order, scope: Scope) -> dict[str, str]:
    """Names and days as they stand in texts, by word."""
    made = {word: make(order, scope) for word, make in WORDS.items()}
    return _office(order) | made | dict.fromkeys(reckoning.LABELS, "")


def _office(order: Order) -> dict[str, str]:
    """Names of the office as they stand in texts; a union's own document bears its own name."""
    values = settings_on(tuple(OFFICE_WORDS.values()), order.today)
    names = {word: values[key] for word, key in OFFICE_WORDS.items()}
    if order.union:
        names |= {"upper": names["office"], "office": order.union.name}
    return names
