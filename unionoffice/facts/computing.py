"""The registry of figures, and their computation: all counts and sums over one table are one statement."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from django.db.models import F

from unionoffice.organisation.models import Record

from .dimensions import BadCut, Dimension
from .keys import BadKey, split
from .measures import Fact, Measure, Names, People, Rate, Text, Value
from .scopes import Scope


@dataclass(frozen=True)
class Counted:
    """Of what a number of people is made: persons counted one by one, groups, those in groups, and those of them whom an
    earlier group of the same figure had counted."""

    single: int
    groups: int
    in_groups: int
    again: int

    @property
    def total(self) -> int:
        return self.single + self.in_groups - self.again


@dataclass(frozen=True)
class FactValue:
    """A computed figure. value: int, Decimal yuan, names, text, per cent as Decimal; None where there is none.

    warning  why there is no value, or what is missing from it
    people   of what a number of people is made
    """

    fact: Fact
    scope: Scope
    value: Value
    records: int
    numerator: int | Decimal | None = None
    denominator: int | Decimal | None = None
    warning: str = ""
    people: Counted | None = None

    @property
    def url(self) -> str:
        return self.fact.url(self.scope)

    @property
    def is_empty(self) -> bool:
        return not self.value


@dataclass(frozen=True)
class Cell:
    """One group of a breakdown: the value of each dimension as keys write it, and the figure of that cut."""

    cut: Mapping[str, str]
    found: FactValue


class Facts:
    """The registry: measures, named figures and formulas by key. A key with a cut is found without being registered."""

    def __init__(self) -> None:
        self._by_key: dict[str, Fact] = {}

    def register(self, *facts: Fact) -> None:
        for fact in facts:
            if fact.key in self._by_key:
                raise ValueError(f"fact {fact.key} is declared twice")
            self._by_key[fact.key] = fact

    def __iter__(self) -> Iterator[Fact]:
        """The measures, named figures and formulas, in the order of their registration."""
        return iter(self._by_key.values())

    def measures(self) -> list[Measure]:
        return [fact for fact in self if isinstance(fact, Measure)]

    def __getitem__(self, key: str) -> Fact:
        """The figure of a key. KeyError, saying what is wrong, for one that nobody offers."""
        found = self._by_key.get(key)
        return found if found is not None else self._made(key)

    def get(self, key: str) -> Fact | None:
        """The figure of a key; None for one that nobody offers (any more)."""
        try:
            return self[key]
        except KeyError:
            return None

    def _made(self, key: str) -> Fact:
        try:
            name, cut = split(key)
            measure = self._by_key.get(name)
            if not cut or measure is None:
                raise BadKey(f"{name} is no figure that is offered")
            if not isinstance(measure, Measure):
                raise BadKey(f"{name} is no measure: it cannot be cut")
            return measure.figure(dict(cut))
        except (BadKey, BadCut) as error:
            raise KeyError(str(error)) from error

    def holds_on_a_day(self, fact: Fact) -> bool:
        """Whether a figure holds on the as-of day, not over the period; a rate does if its numerator does."""
        counted = self.get(fact.measure.numerator) if isinstance(fact.measure, Rate) else fact
        return counted is not None and (counted.kind in ("stock", "total") or counted.on_day)

    def compute(self, keys: Iterable[str], scope: Scope) -> dict[str, FactValue]:
        """Values of these figures, each at the as-of day of its slot. One statement per record type for all counts and
        sums, one for each list or text. KeyError for a key nobody offers."""
        return self.compute_each(keys, [scope])[0]

    def compute_each(self, keys: Iterable[str], scopes: Iterable[Scope]) -> list[dict[str, FactValue]]:
        """The same for several scopes of the same unions (months of a year): as many statements as for one."""
        asked = list(scopes)
        wanted = {key: self[key] for key in keys}
        for fact in list(wanted.values()):
            if isinstance(fact.measure, Rate):
                for part in (fact.measure.numerator, fact.measure.denominator):
                    wanted.setdefault(part, self[part])
        answers = _measure_rows(wanted, asked)
        for scope, values in zip(asked, answers, strict=True):
            for key, fact in wanted.items():
                if isinstance(fact.measure, Names | Text):
                    values[key] = _measure_text(fact, scope.for_slot(fact.slot))
            for key, fact in wanted.items():
                if isinstance(fact.measure, Rate):
                    values[key] = _measure_rate(fact, scope.for_slot(fact.slot), values)
        return [{key: values[key] for key in wanted} for values in answers]

    def breakdown(self, fact: Fact, by: Iterable[str], scope: Scope) -> list[Cell]:
        """A measure, or a cut of one, by one or more dimensions: one statement, a cell for each group that has rows.

        BadKey for a figure that cannot be cut so."""
        measure = fact if isinstance(fact, Measure) else fact.of
        if measure is None or isinstance(fact.measure, Names | Text | Rate):
            raise BadKey(f"{fact.key} is no measure that can be cut")
        names = list(by)
        if missing := [name for name in names if name not in measure.dimensions]:
            raise BadKey(
                f"{measure.key} cannot be cut by {missing[0]}; it can by {', '.join(sorted(measure.dimensions))}"
            )
        dimensions = [measure.dimensions[name] for name in names]
        if all(dimension.grouped for dimension in dimensions):
            return list(_grouped(fact, measure, dimensions, scope))
        return self._asked_each(fact, measure, dimensions, scope)

    def _asked_each(self, fact: Fact, measure: Measure, by: list[Dimension], scope: Scope) -> list[Cell]:
        """Every combination of known values, each asked for by itself: a row may count under several."""
        known = [[value for value, _ in dimension.options()] if dimension.options else [] for dimension in by]
        cuts = [dict(zip((d.key for d in by), values, strict=True)) for values in product(*known)]
        figures = {measure.figure(dict(fact.cut) | cut).key: cut for cut in cuts}
        found = self.compute(figures, scope)
        return [Cell(cut, found[key]) for key, cut in figures.items() if found[key].records]


def _grouped(fact: Fact, measure: Measure, by: list[Dimension], scope: Scope) -> Iterator[Cell]:
    scope = scope.for_slot(fact.slot)
    given = {f"group_{number}": dimension.grouped(scope) for number, dimension in enumerate(by)}
    groups = {name: F(group) if isinstance(group, str) else group for name, group in given.items()}
    rows = fact.counted(scope).order_by().values(**groups)
    found = list(rows.annotate(**fact.aggregates(scope, grouped=groups)).order_by(*groups))
    cuts = [{d.key: d.value_of(row[name]) for d, name in zip(by, groups, strict=True)} for row in found]
    called = {d.key: d.labels(dict.fromkeys(cut[d.key] for cut in cuts)) for d in by}
    called |= {
        name: measure.dimensions[name].labels(values) for name, values in fact.cut if name not in called
    }
    for row, cut in zip(found, cuts, strict=True):
        narrowed = measure.figure(dict(fact.cut) | cut, called=called)
        yield Cell(cut, _measured(narrowed, scope, row))


def _measured(fact: Fact, scope: Scope, found: Mapping[str, Any]) -> FactValue:
    """The figure of what one statement answered to its aggregates."""
    if not isinstance(fact.measure, People):
        records = found["records"]
        return FactValue(fact, scope, _number(fact, found.get("value", records)), records)
    people = Counted(found["single"], found["groups"], found["in_groups"] or 0, found["again"] or 0)
    size = fact.model._meta.get_field(fact.measure.size).verbose_name
    warning = f"{found['unsaid']}条集体记录没有填“{size}”，没有计入" if found["unsaid"] else ""
    return FactValue(fact, scope, people.total, people.single + people.groups, warning=warning, people=people)


def _number(fact: Fact, value: Any) -> int | Decimal:
    return Decimal(value or 0).quantize(Decimal("0.01")) if fact.is_money else value or 0


def _measure_rows(wanted: Mapping[str, Fact], scopes: list[Scope]) -> list[dict[str, FactValue]]:
    answers: list[dict[str, FactValue]] = [{} for _ in scopes]
    by_model: dict[type[Record], list[tuple[str, Fact]]] = {}
    for key, fact in wanted.items():
        if not isinstance(fact.measure, Names | Text | Rate):
            by_model.setdefault(fact.model, []).append((key, fact))
    for model, counted in by_model.items():
        asked = [
            (values, key, fact, scope.for_slot(fact.slot))
            for values, scope in zip(answers, scopes, strict=True)
            for key, fact in counted
        ]
        parts = [fact.aggregates(scope, fact.where(scope)) for _, _, fact, scope in asked]
        row = (
            model.objects.all()
            .within(scopes[0].unions)
            .aggregate(**{f"{name}_{n}": part for n, each in enumerate(parts) for name, part in each.items()})
        )
        for n, (values, key, fact, scope) in enumerate(asked):
            values[key] = _measured(fact, scope, {name: row[f"{name}_{n}"] for name in parts[n]})
    return answers


def _measure_text(fact: Fact, scope: Scope) -> FactValue:
    rows = fact.rows(scope)
    if isinstance(fact.measure, Text):
        text = fact.measure.make(rows, scope)
        return FactValue(fact, scope, text or None, rows.count() if text else 0)
    assert isinstance(fact.measure, Names)
    cells = list(rows.order_by(*fact.measure.order, "pk").values_list(fact.measure.field, flat=True))
    names = tuple(dict.fromkeys(str(name) for name in cells if name not in (None, "")))
    return FactValue(fact, scope, names, len(cells))


def _measure_rate(fact: Fact, scope: Scope, values: Mapping[str, FactValue]) -> FactValue:
    assert isinstance(fact.measure, Rate)
    above, below = values[fact.measure.numerator], values[fact.measure.denominator]
    numerator, denominator = above.value or 0, below.value or 0
    value, warning = None, ""
    if not denominator:
        warning = f"分母“{below.fact.label}”为零，无法计算"
    elif numerator > denominator and not fact.measure.may_pass:
        warning = f"“{above.fact.label}”大于“{below.fact.label}”，比率超过100%，请核对"
    else:
        value = (Decimal(numerator) * 100 / Decimal(denominator)).quantize(Decimal("0.1"))
    return FactValue(fact, scope, value, above.records, numerator, denominator, warning)


registry = Facts()
register = registry.register
compute = registry.compute
