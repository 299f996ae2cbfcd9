"""Filters of a list: each is a part of the address, shows as a chip, and becomes a condition on the rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django import forms
from django.db.models import BooleanField, DateField, DecimalField, Field, ForeignKey, IntegerField, Q
from django.http import QueryDict

from unionoffice.organisation import access
from unionoffice.organisation.models import Union, User
from unionoffice.values import Refused, clean_day

from .cells import naming_path, plain
from .pickers import PickerField
from .types import Filter, RecordType

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


@dataclass
class ListFilter:
    """One filter as the list template shows it."""

    key: str
    title: str
    where: Q | None = None
    active: bool = False
    options: list[Option] = field(default_factory=list)
    fields: list[forms.BoundField] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    problem: str = ""


def without(params: QueryDict, *names: str) -> QueryDict:
    """The address without these parts (and back on the first page)."""
    rest = params.copy()
    for name in (*names, "page"):
        rest.pop(name, None)
    return rest


def address(params: QueryDict) -> str:
    return "?" + params.urlencode()


def hidden(params: QueryDict, *names: str) -> list[tuple[str, str]]:
    """What a form inside the list has to carry on: every other part of the address."""
    rest = without(params, *names)
    return [(name, value) for name in rest for value in rest.getlist(name)]


def list_filters(kind: RecordType, user: User, params: QueryDict) -> list[ListFilter]:
    """Every filter of a type, with what the address has chosen."""
    return [_make(part, kind, user, params) for part in kind.filters]


def _make(part: str | Filter, kind: RecordType, user: User, params: QueryDict) -> ListFilter:
    if isinstance(part, Filter):
        made = ListFilter(part.key, part.title)
        _choose(made, list(part.options(user)), part.where, params)
        return made
    found = kind.resolve(part)
    key, path = part, part.replace(".", "__")
    made = ListFilter(key, kind.heading(part))
    match found:
        case ForeignKey():
            _relation(made, found, path, user, params)
        case BooleanField():
            pairs = [("1", "是"), ("0", "否")] + ([("none", "未填")] if found.null else [])
            known = {"1": Q(**{path: True}), "0": Q(**{path: False}), "none": Q(**{f"{path}__isnull": True})}
            _choose(made, pairs, known.get, params)
        case _ if found is not None and found.choices:
            pairs = [(str(value), str(label)) for value, label in found.flatchoices]
            _choose(made, pairs, lambda value: Q(**{path: found.to_python(value)}), params)
        case DateField() | IntegerField() | DecimalField():
            _range(made, found, path, params)
    return made


def _choose(
    made: ListFilter, pairs: list[tuple[str, str]], where: Callable[[str], Q | None], params: QueryDict
) -> None:
    """Links that switch a value on and off; several values of one filter are alternatives."""
    chosen = [value for value in params.getlist(made.key) if value in dict(pairs)]
    for value, label in pairs:
        rest = without(params, made.key)
        kept = [other for other in chosen if other != value] if value in chosen else [*chosen, value]
        rest.setlist(made.key, kept) if kept else None
        made.options.append(Option(label, address(rest), value in chosen))
        if value in chosen:
            made.chips.append(Chip(f"{made.title}：{label}", address(rest)))
    _set(made, (where(value) for value in chosen))


def _set(made: ListFilter, conditions: Iterable[Q | None]) -> None:
    found = [condition for condition in conditions if condition is not None]
    if found:
        made.where, made.active = found[0], True
        for condition in found[1:]:
            made.where |= condition


def _relation(made: ListFilter, found: ForeignKey, path: str, user: User, params: QueryDict) -> None:
    """A union stands for itself and all below it; any other row for itself."""
    rows = access.narrow(user, found.related_model)
    name = naming_path(found.related_model)
    chosen = {int(value) for value in params.getlist(made.key) if value.isdigit()}
    names = dict(rows.filter(pk__in=chosen).values_list("pk", name))

    def where(pk: int) -> Q:
        return Q(**{f"{path}__in": access.subtree(pk)}) if found.related_model is Union else Q(**{path: pk})

    for pk, label in names.items():
        rest = without(params, made.key)
        rest.setlist(made.key, [str(other) for other in names if other != pk])
        made.chips.append(Chip(f"{made.title}：{label}", address(rest)))
    _set(made, (where(pk) for pk in names))
    # Sorted here, so that a large table is not sorted only to learn that it is large.
    few = list(rows.order_by().values_list("pk", name)[: FEW + 1])
    if len(few) <= FEW:
        for pk, label in sorted(few, key=lambda row: str(row[1])):
            rest = without(params, made.key)
            rest.setlist(made.key, [str(pk)])
            made.options.append(Option(str(label), address(rest), pk in names))
        return
    made.hidden = hidden(params, made.key)
    form = forms.Form(prefix=None)
    form.fields[made.key] = PickerField(queryset=rows, label=made.title, required=False)
    made.fields = [form[made.key]]


def _range(made: ListFilter, found: Field, path: str, params: QueryDict) -> None:
    is_day = isinstance(found, DateField)
    widget = forms.DateInput(attrs={"type": "date"}) if is_day else forms.NumberInput()
    ends = ((f"{made.key}_from", "从", "gte"), (f"{made.key}_to", "到", "lte"))
    form = forms.Form(initial={name: params.get(name) for name, _, _ in ends})
    conditions = Q()
    for name, word, look_up in ends:
        form.fields[name] = forms.CharField(label=word, required=False, widget=widget)
        made.fields.append(form[name])
        text = params.get(name, "")
        if not text:
            continue
        value = _bound(text, is_day)
        if value is None:
            made.problem = f"{made.title}的条件“{text}”无法识别，已忽略。"
            continue
        conditions &= Q(**{f"{path}__{look_up}": value})
        made.chips.append(Chip(f"{made.title}{word}{plain(value)}", address(without(params, name))))
    made.hidden = hidden(params, *(name for name, _, _ in ends))
    if conditions:
        made.where, made.active = conditions, True


def _bound(text: str, is_day: bool) -> date | Decimal | None:
    try:
        return clean_day(text) if is_day else Decimal(text)
    except (Refused, InvalidOperation):
        return None


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
