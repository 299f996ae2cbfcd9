"""How a value stands on a page: one formatter per field, used by lists, record pages and history alike."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DecimalField,
    Expression,
    Field,
    ForeignKey,
    GeneratedField,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from unionoffice.fields import EncryptedField, LinesField, MobileField
from unionoffice.identity import mask_mobile
from unionoffice.values import Lines

ONLY_FOR_HANDLERS = "仅经办人可见"
NAMING = ("name", "title", "label")  # the first of these a model has stands for its rows


def naming_path(model: type[Model]) -> str:
    """The column that names a row of this model in a list of another type."""
    if own := getattr(model, "naming", ""):
        return own
    names = {field.name for field in model._meta.concrete_fields}
    return next((name for name in NAMING if name in names), "pk")


def look_up(path: str, field: Field | None) -> str:
    """The ORM look-up that fetches a column: a relation as its name, a computed column by its annotation."""
    if field is None:
        return f"column_{path}"
    found = path.replace(".", "__")
    return f"{found}__{naming_path(field.related_model)}" if isinstance(field, ForeignKey) else found


def annotated(rows: QuerySet, annotations: Mapping[str, Expression], paths: Iterable[str]) -> QuerySet:
    """The rows with the computed columns among these paths, named as `look_up` asks for them."""
    return rows.annotate(**{f"column_{path}": annotations[path] for path in paths if path in annotations})


def veil_of(veil: Q) -> Expression:
    """Whether a row is shown without whom it is about."""
    return Case(When(veil, then=Value(True)), default=Value(False))


def kind_of(field: Field | None) -> str:
    match field:
        case GeneratedField():
            return kind_of(field.output_field)
        case EncryptedField() | MobileField():
            return "masked"
        case BooleanField():
            return "flag"
        case DateField():
            return "date"
        case _ if field is not None and field.choices:
            return "text"
        case DecimalField() | IntegerField():
            return "number"
        case _:
            return "text"


def formatter(field: Field | None, masks_phones: bool) -> Callable[[Any], str]:
    """A function from a value as the database gives it to the text shown; empty for nothing."""
    match field:
        case EncryptedField():
            mask = field.masked_closely if masks_phones else field.masked
            return lambda value: mask(value) if value else ""
        case MobileField() if masks_phones:
            return lambda value: mask_mobile(value) if value else ""
        case LinesField():
            return lambda value: value.words if isinstance(value, Lines) else field.to_python(value).words
        case _ if field is not None and field.choices:
            labels = {None: ""} | {value: str(label) for value, label in field.flatchoices}
            return lambda value: labels[value] if value in labels else str(value)
        case _:
            return plain


def plain(value: Any) -> str:
    """A value without a field of its own (annotations, settings): dates as 2024-03-05, yes and no as 是 and 否."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "是" if value else "否"
        case datetime():
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:,f}"
        case list() | tuple():
            return "、".join(plain(part) for part in value)
        case _:
            return str(value)
