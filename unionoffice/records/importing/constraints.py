"""The table's own constraints, judged over a chunk of rows before the database would refuse the whole import."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import F, Q

from unionoffice.fields import DerivedField

from ..types import RecordType

Values = Mapping[str, Sequence[Any]]
Truth = bool | None  # None is SQL's unknown


def unique_keys(kind: RecordType) -> dict[tuple[str, ...], str]:
    """Sets of the type's fields that no two rows may share, with the message for a violation ("" for the usual one)."""
    own, found = set(kind.fields), {}
    for field in kind.model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            name = field.of if isinstance(field, DerivedField) else field.name
            found[(name,)] = ""
    for constraint in kind.model._meta.constraints:
        plain = (
            isinstance(constraint, models.UniqueConstraint)
            and constraint.fields
            and constraint.condition is None
        )
        if plain:
            standard = constraint.violation_error_message == constraint.default_violation_error_message
            found[tuple(constraint.fields)] = "" if standard else str(constraint.violation_error_message)
    return {names: message for names, message in found.items() if own.issuperset(names)}


def checks(kind: RecordType) -> list[tuple[str, Q, str]]:
    """Check constraints over the type's fields alone: (field to blame, condition, message)."""
    own, found = set(kind.fields), []
    for constraint in kind.model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, Q):
            names = list(dict.fromkeys(_names(constraint.condition)))
            if names and own.issuperset(names):
                found.append((names[-1], constraint.condition, str(constraint.violation_error_message)))
    return found


def _names(condition: Q) -> Iterator[str]:
    for part in condition.children:
        if isinstance(part, Q):
            yield from _names(part)
        elif isinstance(part, tuple):
            yield part[0].partition("__")[0]
            if isinstance(part[1], F):
                yield part[1].name
        else:
            yield ""


def violations(condition: Q, values: Values, count: int) -> list[int]:
    """Indexes of rows for which a condition is false; what this cannot read is left to the database."""
    try:
        return [index for index in range(count) if _holds(condition, values, index) is False]
    except KeyError:
        return []


def _holds(condition: Q, values: Values, index: int) -> Truth:
    truths = [
        _holds(part, values, index) if isinstance(part, Q) else _compare(*part, values, index)
        for part in condition.children
    ]
    if condition.connector == Q.AND:
        truth = False if False in truths else None if None in truths else True
    elif condition.connector == Q.OR:
        truth = True if True in truths else None if None in truths else False
    else:
        raise KeyError(condition.connector)
    return truth if truth is None or not condition.negated else not truth


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda left, right: left == right,
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
    "in": lambda left, right: left in right,
}


def _compare(path: str, right: Any, values: Values, index: int) -> Truth:
    name, _, look_up = path.partition("__")
    left = values[name][index]
    if look_up == "isnull":
        return (left is None) == right
    if isinstance(right, F):
        right = values[right.name][index]
    if left is None or right is None:
        return None
    return COMPARE[look_up or "exact"](left, right)
