"""What can be counted: measures, the figures that cuts of them give, and formulas over figures."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils.http import urlencode

from unionoffice.organisation.models import Record

from . import dimensions
from .dimensions import Dimension
from .keys import BadKey, Cut, cut_of, join
from .periods import periods
from .scopes import AsOf, Scope

Kind = Literal["stock", "flow", "total", "season", "rate", "list", "text"]
IN_PERIOD: tuple[Kind, ...] = (
    "flow",
    "season",
)  # what happened: the figures of the months make that of the year
Value = int | Decimal | tuple[str, ...] | str | None


@dataclass(frozen=True)
class Total:
    """What: the sum of a column over the rows."""

    field: str


@dataclass(frozen=True)
class Distinct:
    """What: how many different values a column has over the rows (persons, units). The row entered first stands
    for each in the list."""

    field: str | Combinable

    @property
    def expression(self) -> Combinable:
        return F(self.field) if isinstance(self.field, str) else self.field


@dataclass(frozen=True)
class People:
    """What: how many people the rows are about: different values of `by`, and of rows about a group as many as they say.

    by        column that is the same in every row about one person
    groups    condition of the rows about a group; each of them is listed
    size      column that says how many people a group has; where it says nothing they are missing, and told
    repeated  column that says how many of them the row in `earlier` was about already; they are deducted where that row
              is counted too
    """

    by: str
    groups: Q
    size: str
    repeated: str
    earlier: str


@dataclass(frozen=True)
class Names:
    """What: what stands in a column of the rows (or an expression gives), each once, in the given order."""

    field: str | Combinable
    order: tuple[str | OrderBy, ...] = ()


@dataclass(frozen=True)
class Rate:
    """What: one figure over another, with the formula in words. An empty base, or above 100 % where that cannot be, is no
    number but a warning.

    may_pass  whether it may pass 100 %: completion of a target may, a share of a whole may not"""

    numerator: str
    denominator: str
    formula: str
    may_pass: bool = False


@dataclass(frozen=True)
class Text:
    """What: a text made from the rows."""

    make: Callable[[QuerySet, Scope], str]


NO_GROUPS: Mapping[str, Combinable] = {}
ROWS = "rows"  # what: the number of rows
What = str | Total | Distinct | People | Names | Rate | Text


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One figure or list.

    key         `area.thing.measure`, or that of a measure with a cut; never changes once a report used it
    definition  口径, in words
    unit        counter printed behind it: 名, 人次, 家, 个, 起, 场, 元, 份, %, ...
    kind        stock (in force on a day), flow (in a period), season (within the campaign's year), total (since the
                beginning), rate, list, text
    model       the record type whose rows it counts; `slug` the list that shows them
    where       scope -> condition on those rows; conditions over many-valued relations use subqueries
    measure     ROWS, Total, Distinct, People, Names, Rate or Text
    slot        which as-of day a stock takes in a document
    on_day      of a list: whether it holds on a day, as a stock does, or tells of a period
    of, cut     the measure it is a cut of, and the cut; None for formulas and texts
    """

    key: str
    label: str
    definition: str
    unit: str
    kind: Kind
    model: type[Record]
    slug: str
    where: Callable[[Scope], Q]
    measure: What = ROWS
    slot: AsOf = "end"
    on_day: bool = False
    is_money: bool = False
    of: "Measure | None" = None
    cut: Cut = ()

    @property
    def adds_up(self) -> bool:
        """Whether the parts of a cut make the whole: persons of two kinds may be the same ones."""
        return self.measure == ROWS or isinstance(self.measure, Total)

    def counted(self, scope: Scope) -> QuerySet:
        """The rows that the figure looks at: of a distinct count more than it lists."""
        return self.model.objects.all().within(scope.unions).filter(self.where(scope))

    def rows(self, scope: Scope) -> QuerySet:
        """The rows behind the figure: as many as it counts, or rows that add up to it."""
        counted = self.counted(scope).order_by()
        match self.measure:
            case Distinct():
                return self.model.objects.filter(pk__in=_first(counted, self.measure.expression))
            case People(by, groups):
                each = Q(pk__in=_first(counted.exclude(groups), F(by)))
                return self.model.objects.filter(each | Q(pk__in=counted.filter(groups).values("pk")))
        return self.counted(scope)

    def aggregates(
        self, scope: Scope, where: Q | None = None, grouped: Mapping[str, Combinable] = NO_GROUPS
    ) -> dict[str, Any]:
        """What one statement asks for it, by name, of the rows that `where` narrows to or of each group: `records`, what
        the value is where it is not their number, and of people what they are made of."""
        match self.measure:
            case Total(column):
                return {"records": Count("pk", filter=where), "value": Sum(column, filter=where)}
            case Distinct():
                return {"records": Count(self.measure.expression, filter=where, distinct=True)}
            case People():
                return self._people(scope, Q() if where is None else where, grouped)
        return {"records": Count("pk", filter=where)}

    def _people(self, scope: Scope, where: Q, grouped: Mapping[str, Combinable]) -> dict[str, Any]:
        assert isinstance(self.measure, People)
        of, groups = self.measure, where & self.measure.groups
        before = self.counted(scope).filter(of.groups, pk=OuterRef(of.earlier))
        before = before.annotate(**grouped)
        for name in grouped:
            both_without = Q(**{f"{name}__isnull": True}) & Q(IsNull(OuterRef(name), True))
            before = before.filter(Q(**{name: OuterRef(name)}) | both_without)
        return {
            "single": Count(of.by, filter=where & ~of.groups, distinct=True),
            "groups": Count("pk", filter=groups),
            "in_groups": Sum(of.size, filter=groups),
            "again": Sum(of.repeated, filter=groups & Q(Exists(before))),
            "unsaid": Count("pk", filter=groups & Q(**{f"{of.size}__isnull": True})),
        }

    def url(self, scope: Scope) -> str:
        """Address of the list with exactly these rows."""
        query = {"fact": self.key, "from": scope.start, "to": scope.end, "as_of": scope.as_of}
        if scope.unions is not None:
            query["unions"] = ",".join(map(str, sorted(scope.unions)))
        return reverse("records:list", kwargs={"slug": self.slug}) + "?" + urlencode(query)


def _first(rows: QuerySet, column: Combinable) -> QuerySet:
    """The id of the row entered first for each value of the column."""
    by_value = rows.annotate(counted=column).values("counted").filter(counted__isnull=False)
    return by_value.annotate(first=Min("pk")).values("first")


@dataclass(frozen=True, kw_only=True)
class Measure(Fact):
    """A figure that may be cut, and its uncut value.

    day      the field whose months, quarters and years cut it; none for a stock
    cut_by   further dimensions: paths from the rows (`member.sex`), or dimensions that are looked up
    labels   what a path is called, where its field's name is not enough
    uncut    fields that look like dimensions but are none
    """

    day: str = ""
    cut_by: tuple[str | Dimension, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    uncut: frozenset[str] = frozenset()

    @cached_property
    def dimensions(self) -> Mapping[str, Dimension]:
        """All ways to cut it, by key."""
        found = {key: made for key, made in dimensions.of_model(self.model).items() if key not in self.uncut}
        for way in self.cut_by:
            made = (
                dimensions.along(self.model, way, self.labels.get(way, "")) if isinstance(way, str) else way
            )
            found[made.key] = made
        return found | (periods(self.day) if self.day else {})

    def figure(
        self,
        values: Mapping[str, str | Iterable[str]],
        *,
        called: Mapping[str, Mapping[str, str]] | None = None,
        **own: Any,
    ) -> Fact:
        """The figure that a cut gives. BadKey or BadCut, one English line, for a dimension or value it does not have.

        Its key, label and definition follow from measure and cut; a named figure has a key and words of its own.
        called: what values are called, by dimension, where that is known already."""
        cut = cut_of(values)
        for name, wanted in cut:
            if name not in self.dimensions:
                raise BadKey(
                    f"{self.key} cannot be cut by {name}; it can by {', '.join(sorted(self.dimensions))}"
                )
            for value in wanted:
                self.dimensions[name].check(value)
        known = called or {name: self.dimensions[name].labels(wanted) for name, wanted in cut}
        words = [
            (self.dimensions[name].label, "或".join(known[name][v] for v in wanted)) for name, wanted in cut
        ]
        limits = "、".join(f"{name}为{values}" for name, values in words)
        parts = {part.name: getattr(self, part.name) for part in fields(Fact)}
        derived = {
            "key": join(self.key, cut),
            "label": f"{self.label}（{'；'.join(f'{name}：{values}' for name, values in words)}）",
            "definition": f"{self.definition}；只计{limits}的",
            "where": lambda scope: self.where(scope) & self._condition(cut, scope),
            "of": self,
            "cut": cut,
        }
        return Fact(**parts | derived | own)

    def _condition(self, cut: Cut, scope: Scope) -> Q:
        found = Q()
        for name, values in cut:
            found &= self.dimensions[name].condition(scope, values)
        return found

    def again(self, key: str, **changes: Any) -> "Measure":
        """Another measure over the same rows: a sum or names instead of their number."""
        return replace(self, key=key, **changes)


def rate(
    key: str, label: str, definition: str, numerator: Fact, denominator: Fact, *, may_pass: bool = False
) -> Fact:
    """The formula of one figure over another in per cent; its list shows the rows of the first."""
    return Fact(
        key=key,
        label=label,
        definition=definition,
        unit="%",
        kind="rate",
        model=numerator.model,
        slug=numerator.slug,
        where=numerator.where,
        measure=Rate(numerator.key, denominator.key, f"{numerator.label}÷{denominator.label}", may_pass),
        slot=numerator.slot,
    )
