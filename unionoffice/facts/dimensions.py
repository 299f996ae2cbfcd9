"""How a measure may be cut. Dimensions come from the fields of the rows by themselves; others are declared as paths.

A dimension gives three things that agree: what rows are grouped by, the condition of one value, and what a value is
called. A row without a value has the value `none`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Any, Literal

from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Case, Field, ForeignKey, Model, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import Exact, IsNull

from unionoffice.organisation.models import Union

from .scopes import Scope

NONE, YES, NO = "none", "yes", "no"
UNKNOWN = "未填"
Sort = Literal["choice", "flag", "union", "text", "period"]


class BadCut(ValueError):
    """A value that a dimension does not have; the message is one English line."""


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """One way to cut.

    key         field name, path (`unit.category`) or a name of its own (`star`)
    grouped     scope -> what rows are grouped by; None where a row may have several values and counts under each
    where       (scope, typed values) -> condition of the rows that have one of them; None among them: no value
    options     value and label of every value, where they are known; None for open ones (campaigns, unions)
    parse       the value as it is stored; BadCut for one that is none
    write       the value as keys write it, from what the database gave for a group
    called      what a value of an open dimension is called
    recall      the value of an open dimension that is called so; None for none
    """

    key: str
    label: str
    sort: Sort
    grouped: Callable[[Scope], str | Combinable] | None
    where: Callable[[Scope, list[Any]], Q]
    options: Callable[[], Iterable[tuple[str, str]]] | None = None
    parse: Callable[[str], Any] = str
    write: Callable[[Any], str] = str
    called: Callable[[Iterable[str]], dict[str, str]] | None = None
    recall: Callable[[str], str | None] = str

    def condition(self, scope: Scope, values: Iterable[str]) -> Q:
        """The rows that have one of these values."""
        return self.where(scope, [None if value == NONE else self.parse(value) for value in values])

    def check(self, value: str) -> None:
        """BadCut unless the dimension has this value."""
        if value == NONE:
            return
        known = [key for key, _ in self.options()] if self.options else None
        if known is not None and value not in known:
            raise BadCut(f"{self.key} has no value {value}; it has {', '.join(known[:8])}")
        self.parse(value)

    def labels(self, values: Iterable[str]) -> dict[str, str]:
        """What these values are called."""
        asked = list(values)
        if self.called:
            known = self.called([value for value in asked if value != NONE])
        else:
            known = dict(self.options()) if self.options else {}
        return {value: UNKNOWN if value == NONE else known.get(value, value) for value in asked}

    def value_of(self, stored: Any) -> str:
        """A value as keys write it, from what the database gave for a group."""
        return NONE if stored in (None, "") else self.write(stored)


def _union_names(values: Iterable[str]) -> dict[str, str]:
    numbers = [int(value) for value in values if value.isdecimal()]
    rows = Union.objects.filter(pk__in=numbers).values_list("pk", "short_name", "name")
    return {str(pk): short or name for pk, short, name in rows}


def _among(lookup: str, *, blank: bool) -> Callable[[Scope, list[Any]], Q]:
    """Rows whose field holds one of the values; None stands for an empty field."""

    def where(scope: Scope, values: list[Any]) -> Q:
        named = [value for value in values if value is not None]
        found = Q(**{f"{lookup}__in": named})
        if len(named) == len(values):
            return found
        return found | Q(**{f"{lookup}__isnull": True}) | (Q(**{lookup: ""}) if blank else Q())

    return where


def _flag(text: str) -> bool:
    if text not in (YES, NO):
        raise BadCut(f"{text} is neither {YES} nor {NO}")
    return text == YES


def _yes_or_no(value: bool) -> str:
    return YES if value else NO


def _number(text: str) -> int:
    if not text.isdecimal():
        raise BadCut(f"{text} is no number")
    return int(text)


def of_field(field: Field, path: str, label: str = "") -> Dimension | None:
    """The dimension that a field gives; None for one that only text and numbers fill."""
    lookup, label = path.replace(".", "__"), label or str(field.verbose_name)
    if isinstance(field, BooleanField):
        return Dimension(
            key=path,
            label=label,
            sort="flag",
            grouped=lambda scope: lookup,
            where=_among(lookup, blank=False),
            options=lambda: ((YES, "是"), (NO, "否")),
            parse=_flag,
            write=_yes_or_no,
        )
    if field.choices:
        return Dimension(
            key=path,
            label=label,
            sort="choice",
            grouped=lambda scope: lookup,
            where=_among(lookup, blank=field.empty_strings_allowed),
            options=lambda: [(str(value), str(words)) for value, words in field.flatchoices],
            parse=lambda text: field.to_python(text),
        )
    if isinstance(field, ForeignKey) and field.related_model is Union:
        return Dimension(
            key=path,
            label=label,
            sort="union",
            grouped=lambda scope: f"{lookup}_id" if "__" not in lookup else lookup,
            where=_among(lookup, blank=False),
            parse=_number,
            called=_union_names,
        )
    return None


def text(path: str, label: str) -> Dimension:
    """A dimension of whatever texts a field holds: a campaign, a partner."""
    lookup = path.replace(".", "__")
    return Dimension(
        key=path, label=label, sort="text", grouped=lambda scope: lookup, where=_among(lookup, blank=True)
    )


def field_at(model: type[Model], path: str) -> Field:
    """The field at the end of a dotted path. FieldDoesNotExist for none."""
    *way, last = path.split(".")
    for part in way:
        relation = model._meta.get_field(part)
        if relation.related_model is None:
            raise FieldDoesNotExist(f"{model.__name__} has no field {path}")
        model = relation.related_model
    return model._meta.get_field(last)


def along(model: type[Model], path: str, label: str = "") -> Dimension:
    """The dimension of a declared path. FieldDoesNotExist where it leads nowhere, TypeError where nothing can be cut."""
    dimension = of_field(field_at(model, path), path, label)
    if dimension is None:
        raise TypeError(f"{model.__name__}.{path} holds no choice, flag or union")
    return dimension


@cache
def of_model(model: type[Model]) -> Mapping[str, Dimension]:
    """The dimensions that the fields of a model give by themselves."""
    made = (
        of_field(field, field.name)
        for field in model._meta.get_fields()
        if isinstance(field, Field) and field.concrete and not field.many_to_many
    )
    return {dimension.key: dimension for dimension in made if dimension}


def computed(
    key: str,
    label: str,
    grouped: Callable[[Scope], Combinable],
    options: Iterable[tuple[Any, str]],
    where: Callable[[Scope, list[Any]], Q] | None = None,
) -> Dimension:
    """A dimension that must be looked up (a union's star level on the day): an expression with known values.

    where  the same as a condition, where the database answers one faster than the expression for each row"""
    known = {str(value): (value, words) for value, words in options}

    def compared(scope: Scope, values: list[Any]) -> Q:
        expression = grouped(scope)
        conditions = [
            Q(IsNull(expression, True) if value is None else Exact(expression, Value(value)))
            for value in values
        ]
        return reduce(or_, conditions)

    return Dimension(
        key=key,
        label=label,
        sort="choice",
        grouped=grouped,
        where=where or compared,
        options=lambda: [(value, words) for value, (_, words) in known.items()],
        parse=lambda text: known[text][0],
    )


def condition(key: str, label: str, holds: Callable[[Scope], Q]) -> Dimension:
    """A dimension that a condition gives: whether it holds on the day, or in the period, that is asked for."""

    def grouped(scope: Scope) -> Combinable:
        return Case(When(holds(scope), then=Value(True)), default=Value(False))

    def where(scope: Scope, values: list[Any]) -> Q:
        conditions = [holds(scope) if value else Q(Exact(grouped(scope), Value(False))) for value in values]
        return reduce(or_, conditions)

    return Dimension(
        key=key,
        label=label,
        sort="flag",
        grouped=grouped,
        where=where,
        options=lambda: ((YES, "是"), (NO, "否")),
        parse=_flag,
        write=_yes_or_no,
    )
