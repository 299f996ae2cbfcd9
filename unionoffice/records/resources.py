"""The columns of a record type in workbooks, as django-import-export resources made from the declaration.

Import and export, the template and the command line all take headings, cleaning and rendering of cells from here.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.db import models
from import_export import resources, widgets
from import_export.fields import Field as ResourceField

from unionoffice.fields import CreditCodeField, EncryptedField, MobileField, PhoneField, cell_for, cleaner_for
from unionoffice.sheets.writing import Column
from unionoffice.values import Cleaner, Memo, clean_integer, clean_paragraphs, clean_text

from .cells import naming_path
from .types import RecordType, registry

PK, PK_HEADING = "pk", "系统编号"
JOINED_BY = "、"


class CellWidget(widgets.Widget):
    """Reads and writes the cells of a model field exactly as the form and the list do."""

    def __init__(self, field: models.Field | None) -> None:
        super().__init__()
        self.read: Cleaner = clean_integer if field is None else cleaner_for(field)
        self.shown: Callable[[Any], Any] = cell_for(field) if field is not None else str

    def clean(self, value: Any, row: Mapping[str, Any] | None = None, **kwargs: Any) -> Any:
        """The value of a cell, None for an empty one; raises Refused."""
        return self.read(value)

    def render(self, value: Any, obj: models.Model | None = None, **kwargs: Any) -> Any:
        """The cell of a value."""
        return self.shown(value)


class NamesWidget(widgets.Widget):
    """A relation: the name of the other record, of several records their names, which may stand on lines of their own."""

    def __init__(self, several: bool) -> None:
        super().__init__()
        self.read: Cleaner = clean_paragraphs if several else clean_text

    def clean(self, value: Any, row: Mapping[str, Any] | None = None, **kwargs: Any) -> str | None:
        """The text by which the other records are looked up."""
        return self.read(value)

    def render(self, value: Any, obj: models.Model | None = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, models.Manager):
            return JOINED_BY.join(str(row) for row in value.all())
        return str(value)


class RecordField(ResourceField):
    """One column: its key (field name, `pk`, or a dotted path to what identifies a related row) and the model field."""

    def __init__(
        self, key: str, heading: str, field: models.Field | None, aliases: tuple[str, ...] = ()
    ) -> None:
        is_relation = field is not None and field.is_relation and "." not in key
        widget = NamesWidget(field.many_to_many) if is_relation else CellWidget(field)
        super().__init__(attribute=key.replace(".", "__"), column_name=heading, widget=widget)
        self.key, self.heading, self.field, self.aliases = key, heading, field, aliases

    @property
    def is_relation(self) -> bool:
        return isinstance(self.widget, NamesWidget)

    def memo(self, plain: bool = False) -> Memo:
        """A fresh memory of cleaned cells; what stands in a cell in its right form decides what counts as corrected."""
        canonical = None
        if isinstance(self.field, models.BooleanField) or (self.field is not None and self.field.choices):
            canonical = self.widget.render
        return Memo(self.widget.read, canonical, plain)

    def column(self) -> Column:
        """The column as the workbook writer wants it."""
        return Column(self.heading, column_kind(self.field))


class RecordResource(resources.Resource):
    """Base of the resource of every record type."""

    kind: RecordType

    @property
    def columns(self) -> list[RecordField]:
        """The columns in the order of the form, the system's number last."""
        return list(self.fields.values())

    def names(self) -> dict[str, str]:
        """Every heading under which a column is known, with its key; a column's own heading wins over aliases."""
        known = {alias: column.key for column in self.columns for alias in column.aliases}
        return known | {column.heading: column.key for column in self.columns}


@cache
def resource_for(kind: RecordType) -> RecordResource:
    """The resource of a record type."""
    columns = [
        RecordField(name, kind.heading(name), kind.field(name), tuple(kind.aliases.get(name, ())))
        for name in kind.fields
    ]
    for path in reversed(kind.companions):
        place = next(i for i, column in enumerate(columns) if column.key == path.partition(".")[0])
        found = RecordField(path, kind.heading(path), kind.resolve(path), tuple(kind.aliases.get(path, ())))
        columns.insert(place + 1, found)
    columns.append(RecordField(PK, PK_HEADING, None))
    name = f"{kind.model.__name__}Resource"
    made = type(name, (RecordResource,), {column.key: column for column in columns})
    made.kind = kind  # afterwards: many types have a field of that name
    return made()


def column_kind(field: models.Field | None) -> str:
    """How a workbook stores the cells of a field: numbers that are names stay text."""
    match field:
        case None:
            return "integer"
        case EncryptedField() | MobileField() | PhoneField() | CreditCodeField():
            return "code"
        case _ if field.choices or field.is_relation:
            return "text"
        case models.BooleanField():
            return "bool"
        case models.DateTimeField():
            return "moment"
        case models.DateField():
            return "date"
        case models.DecimalField():
            return "money" if field.decimal_places == 2 else "number"
        case models.IntegerField():
            return "integer"
        case _:
            return "text"


def name_of(model: type[models.Model]) -> str:
    """The Chinese name of a model as messages use it."""
    kind = registry.of(model)
    return kind.title if kind else str(model._meta.verbose_name)


def naming_field(model: type[models.Model]) -> models.Field:
    """The field that names a row of this model in cells of other types."""
    path = naming_path(model)
    return model._meta.pk if path == "pk" else model._meta.get_field(path)
