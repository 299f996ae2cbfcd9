"""Filters of a list: each is a part of the address, shows as a chip, and becomes a condition on the rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from operator import itemgetter

from django import forms
from django.db.models import (
    BooleanField,
    DateField,
    DecimalField,
    Field,
    ForeignKey,
    GeneratedField,
    IntegerField,
    Q,
)
from django.http import QueryDict

from unionoffice.organisation import access
from unionoffice.organisation.models import Union, User
from unionoffice.values import Refused, clean_day

from .cells import naming_path, plain
from .conditions import fields_read
from .models import Act, ActKind, Change
from .pickers import PickerField
from .types import Filter, RecordType

LARGEST = 10**15  # no number of ours is as large; infinity is, and nothing at all is smaller than NaN
ACT = "act"
FEW = 12  # a relation with at most so many rows is offered as links, otherwise by typing


@dataclass(frozen=True)
class Option:
    label: str
    url: str
    active: bool


@dataclass(frozen=True)
class Chip:
    label: str
    remove_url: str


@dataclass(frozen=True)
class Menu:
    """What a filter offers: links that switch a value, or a form to type a value into."""

    options: list[Option] = field(default_factory=list)
    fields: list[forms.BoundField] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)


def without(params: QueryDict, *names: str) -> QueryDict:
    """The address without these parts (and back on the first page)."""
    rest = params.copy()
    for name in (*names, "page"):
        rest.pop(name, None)
    return rest


def ignored(what: str, text: str) -> str:
    return f"{what}的条件“{text[:40]}”无法识别，已忽略。"


def address(params: QueryDict) -> str:
    return "?" + params.urlencode()


def hidden(params: QueryDict, *names: str) -> list[tuple[str, str]]:
    """What a form inside the list has to carry on: every other part of the address."""
    rest = without(params, *names)
    return [(name, value) for name in rest for value in rest.getlist(name)]


class ListFilter:
    """One filter of a list: what the address has chosen of it, and its menu, which is made when it is opened."""

    def __init__(self, key: str, title: str, params: QueryDict) -> None:
        self.key, self.title, self.params = key, title, params
        self.where: Q | None = None
        self.chips: list[Chip] = []
        self.problem = ""

    @property
    def active(self) -> bool:
        return self.where is not None

    def menu(self) -> Menu:
        """Asks the database where the choices are rows."""
        raise NotImplementedError

    def address_with(self, values: list[str]) -> str:
        """The list with these values of this filter in place of the present ones."""
        rest = without(self.params, self.key)
        if values:
            rest.setlist(self.key, values)
        return address(rest)

    def choose(
        self, chosen: Mapping[str, str], where: Callable[[str], Q | None], asked: Iterable[str]
    ) -> None:
        """Conditions and chips of the values chosen, {value: label}; several values are alternatives."""
        if unknown := [value for value in asked if value and value not in chosen]:
            self.problem = ignored(self.title, "、".join(unknown))
        for value, label in chosen.items():
            kept = [other for other in chosen if other != value]
            self.chips.append(Chip(f"{self.title}：{label}", self.address_with(kept)))
            found = where(value)
            if found is not None:
                self.where = found if self.where is None else self.where | found


class ChoiceFilter(ListFilter):
    """Links that switch a value on and off."""

    def __init__(
        self,
        key: str,
        title: str,
        params: QueryDict,
        pairs: Callable[[], Iterable[tuple[str, str]]],
        where: Callable[[str], Q | None],
    ) -> None:
        super().__init__(key, title, params)
        self.pairs = pairs
        asked = params.getlist(key)
        known = dict(pairs()) if asked else {}
        self.chosen = {value: known[value] for value in asked if value in known}
        self.choose(self.chosen, where, asked)

    def menu(self) -> Menu:
        return Menu([self._option(value, label) for value, label in self.pairs()])

    def _option(self, value: str, label: str) -> Option:
        active = value in self.chosen
        kept = [other for other in self.chosen if other != value]
        return Option(label, self.address_with(kept if active else [*kept, value]), active)


class RelationFilter(ListFilter):
    """A union stands for itself and all below it; any other row for itself."""

    def __init__(self, key: str, title: str, params: QueryDict, found: ForeignKey, user: User) -> None:
        super().__init__(key, title, params)
        self.model = found.related_model
        self.rows, self.name = access.narrow(user, self.model), naming_path(self.model)
        asked = params.getlist(key)
        pks = {int(value) for value in asked if value.isdecimal()}
        rows = self.rows.filter(pk__in=pks).values_list("pk", self.name) if pks else ()
        self.chosen = {str(pk): label for pk, label in rows}
        self.choose(self.chosen, self._where, asked)

    def _where(self, value: str) -> Q:
        path = self.key.replace(".", "__")
        return Q(**{f"{path}__in": access.subtree(int(value))}) if self.model is Union else Q(**{path: value})

    def menu(self) -> Menu:
        # Sorted here, so that a large table is not sorted only to learn that it is large.
        few = list(self.rows.order_by().values_list("pk", self.name)[: FEW + 1])
        if len(few) <= FEW:
            rows = sorted(((str(pk), str(label)) for pk, label in few), key=itemgetter(1))
            return Menu([Option(label, self.address_with([pk]), pk in self.chosen) for pk, label in rows])
        form = forms.Form(prefix=None)
        form.fields[self.key] = PickerField(queryset=self.rows, label=self.title, required=False)
        return Menu(fields=[form[self.key]], hidden=hidden(self.params, self.key))


class RangeFilter(ListFilter):
    """From and to of a day or a number."""

    def __init__(self, key: str, title: str, params: QueryDict, found: Field) -> None:
        super().__init__(key, title, params)
        self.is_day = isinstance(found, DateField)
        self.ends = ((f"{key}_from", "从", "gte"), (f"{key}_to", "到", "lte"))
        for name, word, look_up in self.ends:
            text = params.get(name, "")
            if not text:
                continue
            value = _bound(text, self.is_day)
            if value is None:
                self.problem = ignored(title, text)
                continue
            self.where = (self.where or Q()) & Q(**{f"{key.replace('.', '__')}__{look_up}": value})
            self.chips.append(Chip(f"{title}{word}{plain(value)}", address(without(params, name))))

    def menu(self) -> Menu:
        widget = forms.DateInput(attrs={"type": "date"}) if self.is_day else forms.NumberInput()
        form = forms.Form(initial={name: self.params.get(name) for name, _, _ in self.ends})
        for name, word, _ in self.ends:
            form.fields[name] = forms.CharField(label=word, required=False, widget=widget)
        names = [name for name, _, _ in self.ends]
        return Menu(fields=[form[name] for name in names], hidden=hidden(self.params, *names))


class ActFilter(ListFilter):
    """The rows that one import made or changed; the page of its result leads to them."""

    def __init__(self, params: QueryDict, kind: RecordType, user: User) -> None:
        super().__init__(ACT, "导入", params)
        asked = params.get(ACT, "")
        imports = Act.objects.filter(kind=ActKind.IMPORT)
        found = imports.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 10 else None
        if found is None or not access.may_read_act(user, found.user_id):
            self.problem = ignored(self.title, asked)
            return
        written = found.changes.filter(table=kind.model._meta.db_table).exclude(kind=Change.Kind.DELETE)
        self.where = Q(pk__in=written.order_by().values("row"))
        self.label = f"导入：{found.summary}"
        self.chips.append(Chip(self.label, self.address_with([])))

    def menu(self) -> Menu:
        return Menu([Option(self.label, self.address_with([]), True)] if self.active else [])


def list_filters(kind: RecordType, user: User, params: QueryDict) -> list[ListFilter]:
    """Every filter of a type that the user may find rows by, with what the address has chosen."""
    made = (_make(part, kind, user, params) for part in kind.filters if kind.may_read(user, _key(part)))
    act = [ActFilter(params, kind, user)] if ACT in params else []
    return act + [f for f in made if all(kind.may_read(user, path) for path in fields_read(f.where))]


def _key(part: str | Filter) -> str:
    return part.key if isinstance(part, Filter) else part


def _make(part: str | Filter, kind: RecordType, user: User, params: QueryDict) -> ListFilter:
    if isinstance(part, Filter):
        return ChoiceFilter(part.key, part.title, params, partial(part.options, user), part.where)
    found = kind.resolve(part)
    title, path = kind.heading(part), part.replace(".", "__")
    if isinstance(found, GeneratedField):
        found = found.output_field
    match found:
        case ForeignKey():
            return RelationFilter(part, title, params, found, user)
        case BooleanField():
            answers = {"1": True, "0": False, "none": None}
            pairs = [("1", "是"), ("0", "否")] + ([("none", "未填")] if found.null else [])
            return ChoiceFilter(part, title, params, lambda: pairs, lambda value: Q(**{path: answers[value]}))
        case DateField() | IntegerField() | DecimalField() if not found.choices:
            return RangeFilter(part, title, params, found)
        case _ if found is not None and found.choices:
            return ChoiceFilter(
                part,
                title,
                params,
                partial(_choices, found),
                lambda value: Q(**{path: found.to_python(value)}),
            )
    raise TypeError(f"{kind.slug}: nothing is known of filtering by {part}")


def _choices(found: Field) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in found.flatchoices]


def _bound(text: str, is_day: bool) -> date | Decimal | None:
    try:
        found = clean_day(text) if is_day else Decimal(text)
    except (Refused, InvalidOperation):
        return None
    return found if is_day or (found.is_finite() and abs(found) < LARGEST) else None


def iter_chips(filters: Iterable[ListFilter]) -> Iterator[Chip]:
    for found in filters:
        yield from found.chips


def condition(filters: Iterable[ListFilter]) -> Q:
    """All filters together."""
    every = Q()
    for found in filters:
        if found.where is not None:
            every &= found.where
    return every
