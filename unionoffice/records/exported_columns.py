"""The columns of an export: what PostgreSQL hands out for each, and what is made of that on the way into a cell."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    DateTimeField,
    Expression,
    F,
    Func,
    GeneratedField,
    ManyToManyField,
    OuterRef,
    Subquery,
    TextField,
    Value,
    When,
)
from django.utils import timezone

from unionoffice import crypto
from unionoffice.fields import EncryptedField, LinesField, MobileField
from unionoffice.identity import mask_mobile
from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.sheets.formatting import Conversion
from unionoffice.sheets.headers import Names
from unionoffice.sheets.writing import Kind

from .cells import ONLY_FOR_HANDLERS, annotated, look_up, naming_path
from .resources import JOINED_BY, PK, PK_HEADING, column_kind, resource_for
from .types import RecordType


@dataclass(frozen=True)
class ExportColumn:
    """One column. `conversion` makes the cell of what the database spells; `reveals` numbers that pages mask."""

    key: str
    heading: str
    kind: Kind
    expression: Expression | F
    conversion: Conversion | None = None
    reveals: bool = False


def every_column(kind: RecordType, user: User | None, full: bool) -> list[ExportColumn]:
    """What form and import carry, the system's number among it, as far as the user may read it; None reads all."""
    return [
        _column(kind, column.key, column.heading, user, full)
        for column in resource_for(kind).columns
        if column.key == PK or _may_read(kind, column.key, user)
    ]


def listed_columns(kind: RecordType, paths: Iterable[str], user: User, full: bool) -> list[ExportColumn]:
    """The columns of a list and, so that changed rows find their records again, the system's number."""
    readable = [path for path in paths if _may_read(kind, path, user)]
    shown = [_column(kind, path, _list_heading(kind, path), user, full) for path in readable]
    return [*shown, _column(kind, PK, PK_HEADING, user, full)]


def _list_heading(kind: RecordType, path: str) -> str:
    """The heading of a list column; one that is only shown must not be imported as the field of that name."""
    heading = kind.heading(path)
    if path in kind.fields or Names(resource_for(kind).names()).find(heading) is None:
        return heading
    return f"自动：{heading}"


def has_secrets(kind: RecordType, user: User) -> bool:
    """Whether an export holds numbers that are masked unless asked for in full."""
    return any(column.reveals for column in every_column(kind, user, full=True))


def _may_read(kind: RecordType, path: str, user: User | None) -> bool:
    return user is None or kind.may_read(user, path)


def _column(kind: RecordType, path: str, heading: str, user: User | None, full: bool) -> ExportColumn:
    if path == PK:
        return ExportColumn(path, heading, "integer", F("pk"))
    field = kind.resolve(path)
    value = kind.annotations.get(path) or F(look_up(path, field))
    veil = kind.veiled(user) if user is not None and kind.identifies(path) else None
    if veil is not None:
        named = Case(When(veil, then=Value(ONLY_FOR_HANDLERS)), default=value, output_field=TextField())
        return ExportColumn(path, heading, "text", named)
    if field is None:
        rows = annotated(kind.model.objects.all(), kind.annotations, [path])
        field = rows.query.annotations[look_up(path, None)].output_field
    if isinstance(field, GeneratedField):
        field = field.output_field
    make = partial(ExportColumn, path, heading, column_kind(field))
    match field:
        case EncryptedField():
            closely = user is not None and access.personal_data_masked(user)
            return make(_Hex(value), _decrypted(field, full, closely), reveals=full)
        case MobileField() if user is not None and access.personal_data_masked(user):
            return make(value, _each(mask_mobile))
        case LinesField():
            return make(value, _each(lambda text: field.cell(field.from_db_value(text, None, None)) or ""))
        case ManyToManyField():
            return make(_names(field, user))
        case _ if field.choices:
            return make(value, {str(code): str(label) for code, label in field.flatchoices})
        case ArrayField():
            return make(_Joined(value))
        case DateTimeField():
            return make(_LocalTime(value, Value(timezone.get_current_timezone_name())))
        case _:
            return make(value)


class _Hex(Func):
    """Bytes as hexadecimal digits, which COPY hands out without a backslash."""

    template = "encode(%(expressions)s, 'hex')"
    output_field = TextField()


class _Joined(Func):
    template = f"array_to_string(%(expressions)s, '{JOINED_BY}')"
    output_field = TextField()


class _LocalTime(Func):
    """A moment as the office's clock showed it."""

    template = "timezone(%(expressions)s)"
    output_field = TextField()

    def __init__(self, moment: Expression | F, zone: Value) -> None:
        super().__init__(zone, moment)


def _names(field: ManyToManyField, user: User | None) -> Subquery:
    """The names of the related rows the user may see, joined as the import reads them."""
    mine, theirs = field.m2m_field_name(), field.m2m_reverse_field_name()
    name = f"{theirs}__{naming_path(field.related_model)}"
    names = StringAgg(name, JOINED_BY, order_by=f"{theirs}_id")
    rows = field.remote_field.through._base_manager.filter(**{mine: OuterRef("pk")}).order_by()
    if user is not None and access.unions_of(user) is not None:
        rows = rows.filter(
            **{f"{theirs}__in": access.narrow(user, field.related_model).order_by().values("pk")}
        )
    return Subquery(rows.values(mine).annotate(names=names).values("names"), output_field=TextField())


def _each(convert: Callable[[str], str]) -> Conversion:
    """A conversion of single texts; blank ones stay blank."""
    return lambda texts: [convert(text) if text else "" for text in texts]


def _decrypted(field: EncryptedField, full: bool, closely: bool) -> Conversion:
    """Ciphertext in hexadecimal digits to the number, in full or masked."""

    def numbers(texts: list[str]) -> Iterator[str]:
        decrypt = crypto.decrypter()
        return (decrypt(bytes.fromhex(text)) if text else "" for text in texts)

    if full:
        return lambda texts: list(numbers(texts))
    mask = field.masked_closely if closely else field.masked
    return lambda texts: list(map(mask, numbers(texts)))
