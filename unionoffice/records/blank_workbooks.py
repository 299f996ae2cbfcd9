"""The sheet of a record type in the empty workbook: every column with its rule and what may stand in it."""

from django.db.models import BooleanField, Field

from unionoffice.organisation.models import User
from unionoffice.sheets.formatting import NO, YES
from unionoffice.sheets.templates import ColumnSpec, SheetSpec

from .cells import naming_path
from .importing.relations import sight
from .resources import PK, RecordField, column_kind, resource_for
from .types import RecordType

LISTED = 500  # rows of a related table offered in a drop-down list


def sheet_spec(kind: RecordType, user: User | None) -> SheetSpec:
    """The empty sheet of a type with the columns the user may fill in; None is the system, which may all."""
    readable = kind.fields if user is None else kind.readable(user)
    columns = [
        _column(kind, column, user)
        for column in resource_for(kind).columns
        if column.key != PK and column.key.partition(".")[0] in readable
    ]
    return SheetSpec(kind.title, columns, kind.help)


def is_required(field: Field) -> bool:
    """Whether a new record needs a value in this field."""
    return not (field.blank or field.has_default() or field.many_to_many)


def _column(kind: RecordType, column: RecordField, user: User | None) -> ColumnSpec:
    field = column.field
    return ColumnSpec(
        column.heading,
        column_kind(field),
        is_required=column.key in kind.fields and is_required(field),
        choices=_choices(kind, column, user),
        rule=str(field.help_text or getattr(field, "rule", "")),
    )


def _choices(kind: RecordType, column: RecordField, user: User | None) -> tuple[str, ...]:
    """The texts that may stand in the column, where they are few enough to be listed."""
    field = column.field
    if field.choices:
        return tuple(dict.fromkeys(str(label) for code, label in field.flatchoices if code not in (None, "")))
    if isinstance(field, BooleanField):
        return (YES, NO)
    if not column.is_relation or field.many_to_many:
        return ()
    rows = sight(user, field.related_model)
    if user is not None and field.name in kind.choices_shown:
        rows = rows.filter(pk__in=kind.choices_shown[field.name](user).values("pk"))
    name = naming_path(field.related_model)
    names = [str(found) for found in rows.order_by("pk").values_list(name, flat=True)[: LISTED + 1]]
    return tuple(dict.fromkeys(names)) if len(names) <= LISTED else ()
