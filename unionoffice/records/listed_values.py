"""Rows of a record type as values for a table that is not ours: the columns and the masks of an export."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import (
    Case,
    Expression,
    ForeignKey,
    ManyToManyField,
    Q,
    QuerySet,
    TextField,
    When,
)
from django.db.models.functions import Cast

from unionoffice.organisation import access
from unionoffice.organisation.models import User

from .exported_columns import ExportColumn, listed_columns
from .resources import PK
from .types import RecordType, registry

Value = str | Decimal | date | bool
NUMBERS = {"integer", "number", "money"}


def offered_columns(kind: RecordType, user: User) -> dict[str, str]:
    """Headings by path of every column the user may take out: those of the list, of the form, and of the records the
    form names, as far as the user may read them there."""
    paths = [path for path in (*kind.columns, *kind.fields) if kind.may_read(user, path)]
    offered = {path: kind.heading(path) for path in paths}
    for name in kind.fields:
        field = kind.field(name)
        other = registry.of(field.related_model) if isinstance(field, ForeignKey) else None
        if other is None or name not in offered or not access.may(user, access.EXPORT, other):
            continue
        # What a discreet row must not tell of a person, the person's own columns would tell.
        if name in kind.identifying and kind.veiled(user) is not None:
            continue
        for path in other.fields:
            inside = f"{name}.{path}"
            if kind.may_read(user, inside) and not isinstance(other.field(path), ManyToManyField):
                offered.setdefault(inside, f"{kind.heading(name)}：{other.heading(path)}")
    return offered


def values(
    kind: RecordType, paths: Sequence[str], rows: QuerySet, user: User, most: int
) -> Iterator[tuple[Value, ...]]:
    """At most so many rows in the type's order; numbers of people masked, blanks as empty texts.

    Raises PermissionDenied unless the user may export the type, ValueError for a column the user may not read."""
    access.demand(user, access.EXPORT, kind)
    offered = offered_columns(kind, user)
    if refused := [path for path in paths if path not in offered]:
        raise ValueError(f"{user.username} may not read {refused} of {kind.slug}")
    columns = [column for column in listed_columns(kind, paths, user, full=False) if column.key != PK]
    cells = {f"cell_{i}": _seen(kind, column, user) for i, column in enumerate(columns)}
    visible = rows.filter(pk__in=access.rows(user, kind.model).order_by().values("pk"))
    found = list(visible.order_by(*kind.ordering).annotate(**cells).values_list(*cells)[:most])
    texts = ([row[i] or "" for row in found] for i in range(len(columns)))
    yield from zip(
        *(_shown(column, cells) for column, cells in zip(columns, texts, strict=True)), strict=True
    )


def _seen(kind: RecordType, column: ExportColumn, user: User) -> Expression:
    """The column as text; of a record the row names, only where the user may see that record too."""
    text = Cast(column.expression, TextField())
    name, _, rest = column.key.partition(".")
    if not rest or column.key in kind.columns or access.unions_of(user) is None:
        return text
    mine = access.narrow(user, kind.field(name).related_model).order_by().values("pk")
    return Case(When(Q(**{f"{name}__in": mine}), then=text), default=None, output_field=TextField())


def _shown(column: ExportColumn, texts: list[str]) -> list[Value]:
    """The cells of a column as an export shows them."""
    if isinstance(column.conversion, dict):
        texts = [column.conversion.get(text, text) for text in texts]
    elif column.conversion is not None:
        texts = list(column.conversion(texts))
    return [_value(column.kind, text) for text in texts]


def _value(kind: str, text: str) -> Value:
    if not text:
        return ""
    if kind in NUMBERS:
        return Decimal(text)
    match kind:
        case "date":
            return date.fromisoformat(text)
        case "bool":
            return text == "true"
        case "moment":
            return text[:16]
        case _:
            return text
