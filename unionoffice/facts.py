"""Facts: the figures and lists that work areas offer. Desks, charts, plans and documents use facts and nothing else.

A fact names the rows it counts (`model`, `where`) and how it measures them, so that a list of exactly those rows can
always be shown, and the facts of one record type are computed in one query.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.expressions import Combinable, OrderBy
from django.urls import reverse
from django.utils.http import urlencode

from unionoffice.organisation.models import Record
from unionoffice.organisation.office import day_in, settings_on

Kind = Literal["stock", "flow", "total", "rate", "list", "text"]
AsOf = Literal["end", "organisation", "mediation", "year_end"]
Value = int | Decimal | tuple[str, ...] | str | None


@dataclass(frozen=True)
class Scope:
    """What a figure is asked for: a period (both days included), the as-of day of stocks, the unions (None: whole town).

    as_ofs holds the days of the slots that have one of their own (organisation, mediation, year_end).
    """

    start: date
    end: date
    as_of: date
    unions: frozenset[int] | None = None
    as_ofs: tuple[tuple[str, date], ...] = ()

    @property
    def year(self) -> int:
        return self.end.year

    def at(self, **changes: Any) -> "Scope":
        return replace(self, **changes)

    def day(self, slot: AsOf) -> date:
        """The as-of day of a slot."""
        return dict(self.as_ofs).get(slot, self.as_of)

    def for_slot(self, slot: AsOf) -> "Scope":
        return self.at(as_of=self.day(slot))

    def before(self) -> "Scope":
        """The same scope one year earlier (29 February becomes the 28th)."""
        return Scope(
            _year_earlier(self.start),
            _year_earlier(self.end),
            _year_earlier(self.as_of),
            self.unions,
            tuple((slot, _year_earlier(day)) for slot, day in self.as_ofs),
        )


def _year_earlier(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year - 1)


def year_scope(year: int, unions: frozenset[int] | None = None, today: date | None = None) -> Scope:
    """The scope of an annual summary: 1 January to 31 December, slots by the office's settings.

    A stock is never asked for a day after `today` when one is given: the year may still be running.
    """
    last = date(year, 12, 31)
    days = settings_on(("asof.organisation", "asof.mediation"), last)
    slots = {
        "end": last,
        "organisation": day_in(year, days["asof.organisation"]),
        "mediation": day_in(year, days["asof.mediation"]),
        "year_end": last,
    }
    if today is not None:
        slots = {slot: min(day, max(today, date(year, 1, 1))) for slot, day in slots.items()}
    return Scope(date(year, 1, 1), last, slots["end"], unions, tuple(sorted(slots.items())))


@dataclass(frozen=True)
class Total:
    """Measure: the sum of a column over the rows."""

    field: str


@dataclass(frozen=True)
class Names:
    """Measure: what stands in a column of the rows (or an expression gives), each once, in the given order."""

    field: str | Combinable
    order: tuple[str | OrderBy, ...] = ()


@dataclass(frozen=True)
class Rate:
    """Measure: one fact over another, with the formula in words. Empty base or above 100 % is no number but a warning."""

    numerator: str
    denominator: str
    formula: str


@dataclass(frozen=True)
class Text:
    """Measure: a text made from the rows."""

    make: Callable[[QuerySet, Scope], str]


ROWS = "rows"  # measure: the number of rows


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One figure or list.

    key         `area.thing.measure`; never changes once a report used it
    definition  口径, in words
    unit        counter printed behind it: 名, 人次, 家, 个, 起, 场, 元, 份, %, ...
    kind        stock (in force on a day), flow (in a period), total (since the beginning), rate, list, text
    model       the record type whose rows it counts; `slug` the list that shows them
    where       scope -> condition on those rows; conditions over many-valued relations use subqueries
    measure     ROWS, Total, Names, Rate or Text
    slot        which as-of day a stock takes in a document
    on_day      of a list: whether it holds on a day, as a stock does, or tells of a period
    """

    key: str
    label: str
    definition: str
    unit: str
    kind: Kind
    model: type[Record]
    slug: str
    where: Callable[[Scope], Q]
    measure: str | Total | Names | Rate | Text = ROWS
    slot: AsOf = "end"
    on_day: bool = False
    is_money: bool = False

    def rows(self, scope: Scope) -> QuerySet:
        """The rows behind the figure."""
        return self.model.objects.all().within(scope.unions).filter(self.where(scope))

    def url(self, scope: Scope) -> str:
        """Address of the list with exactly these rows."""
        query = {"fact": self.key, "from": scope.start, "to": scope.end, "as_of": scope.as_of}
        if scope.unions is not None:
            query["unions"] = ",".join(map(str, sorted(scope.unions)))
        return reverse("records:list", kwargs={"slug": self.slug}) + "?" + urlencode(query)


@dataclass(frozen=True)
class FactValue:
    """A computed fact. value: int, Decimal yuan, names, text, per cent as Decimal; None where there is none."""

    fact: Fact
    scope: Scope
    value: Value
    records: int
    numerator: int | Decimal | None = None
    denominator: int | Decimal | None = None
    warning: str = ""

    @property
    def url(self) -> str:
        return self.fact.url(self.scope)

    @property
    def is_empty(self) -> bool:
        return not self.value


class Facts:
    """The registry of facts, and their computation."""

    def __init__(self) -> None:
        self._by_key: dict[str, Fact] = {}

    def register(self, *facts: Fact) -> None:
        for fact in facts:
            if fact.key in self._by_key:
                raise ValueError(f"fact {fact.key} is declared twice")
            self._by_key[fact.key] = fact

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._by_key.values())

    def __getitem__(self, key: str) -> Fact:
        return self._by_key[key]

    def get(self, key: str) -> Fact | None:
        return self._by_key.get(key)

    def holds_on_a_day(self, fact: Fact) -> bool:
        """Whether a fact holds on the as-of day, not over the period; a rate does if its numerator does."""
        counted = self.get(fact.measure.numerator) if isinstance(fact.measure, Rate) else fact
        return counted is not None and (counted.kind in ("stock", "total") or counted.on_day)

    def compute(self, keys: Iterable[str], scope: Scope) -> dict[str, FactValue]:
        """Values of these facts, each at the as-of day of its slot. One query per record type for all counts and sums,
        one for each list or text. KeyError for a key nobody offers."""
        wanted = {key: self._by_key[key] for key in keys}
        for fact in list(wanted.values()):
            if isinstance(fact.measure, Rate):
                for part in (fact.measure.numerator, fact.measure.denominator):
                    wanted.setdefault(part, self._by_key[part])
        values = dict(_measure_rows(wanted.values(), scope))
        for fact in wanted.values():
            if isinstance(fact.measure, Names | Text):
                values[fact.key] = _measure_text(fact, scope.for_slot(fact.slot))
        for fact in wanted.values():
            if isinstance(fact.measure, Rate):
                values[fact.key] = _measure_rate(fact, scope.for_slot(fact.slot), values)
        return {key: values[key] for key in wanted}


def _measure_rows(wanted: Iterable[Fact], scope: Scope) -> Iterator[tuple[str, FactValue]]:
    by_model: dict[type[Record], list[Fact]] = {}
    for fact in wanted:
        if fact.measure == ROWS or isinstance(fact.measure, Total):
            by_model.setdefault(fact.model, []).append(fact)
    for model, found in by_model.items():
        parts: dict[str, Any] = {}
        for number, fact in enumerate(found):
            where = fact.where(scope.for_slot(fact.slot))
            parts[f"count_{number}"] = Count("pk", filter=where)
            if isinstance(fact.measure, Total):
                parts[f"sum_{number}"] = Sum(fact.measure.field, filter=where)
        answer = model.objects.all().within(scope.unions).aggregate(**parts)
        for number, fact in enumerate(found):
            count = answer[f"count_{number}"]
            value = count if fact.measure == ROWS else (answer[f"sum_{number}"] or 0)
            if fact.is_money:
                value = Decimal(value).quantize(Decimal("0.01"))
            yield fact.key, FactValue(fact, scope.for_slot(fact.slot), value, count)


def _measure_text(fact: Fact, scope: Scope) -> FactValue:
    rows = fact.rows(scope)
    if isinstance(fact.measure, Text):
        text = fact.measure.make(rows, scope)
        return FactValue(fact, scope, text or None, rows.count() if text else 0)
    assert isinstance(fact.measure, Names)
    found = rows.order_by(*fact.measure.order, "pk").values_list(fact.measure.field, flat=True)
    cells = list(found)
    names = tuple(dict.fromkeys(str(name) for name in cells if name not in (None, "")))
    return FactValue(fact, scope, names, len(cells))


def _measure_rate(fact: Fact, scope: Scope, values: Mapping[str, FactValue]) -> FactValue:
    assert isinstance(fact.measure, Rate)
    above, below = values[fact.measure.numerator], values[fact.measure.denominator]
    numerator, denominator = above.value or 0, below.value or 0
    value, warning = None, ""
    if not denominator:
        warning = f"分母“{below.fact.label}”为零，无法计算"
    elif numerator > denominator:
        warning = f"“{above.fact.label}”大于“{below.fact.label}”，比率超过100%，请核对"
    else:
        value = (Decimal(numerator) * 100 / Decimal(denominator)).quantize(Decimal("0.1"))
    return FactValue(fact, scope, value, above.records, numerator, denominator, warning)


registry = Facts()
register = registry.register
compute = registry.compute
