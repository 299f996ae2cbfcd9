"""The two sides of every field: `clean_cell` makes a cell or an entry a value, `cell` a value a cell."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from unionoffice import values
from unionoffice.values import Cleaner, Refused

Cell = str | int | Decimal | date | datetime | None


def checked(clean: Cleaner, raw: Any) -> Any:
    """The cleaned value; a refusal becomes a ValidationError with the same line and code."""
    try:
        return clean(raw)
    except Refused as refused:
        raise ValidationError(refused.message, code=refused.code) from None


def public_path(field: models.Field) -> str:
    """The path by which migrations name a field of ours, so that its module may change."""
    return f"unionoffice.fields.{type(field).__name__}"


class CleanedFormField(forms.CharField):
    """A text box whose entry goes through the cleaner of its model field."""

    def __init__(self, *, clean: Cleaner, shown: Callable[[Any], str] = str, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.clean_cell = clean
        self.shown = shown

    def to_python(self, value: Any) -> Any:
        cleaned = checked(self.clean_cell, value)
        return self.empty_value if cleaned is None else cleaned

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else self.shown(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (self.to_python(data) or None) != (initial or None)
        except ValidationError:
            return True


class CellField(models.Field):
    """A model field with its own cleaner; `rule` is told beside the box before a mistake is made."""

    rule = ""
    input_attributes: dict[str, str] = {}

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, public_path(self), args, kwargs

    def clean_value(self, raw: Any) -> Any:
        """The value of a cell without regard to the field's limits; Refused if it is none."""
        raise NotImplementedError

    def clean_cell(self, raw: Any) -> Any:
        """The value of a cell, None for an empty one; Refused if the field cannot take it."""
        value = self.clean_value(raw)
        if isinstance(value, str) and self.max_length and len(value) > self.max_length:
            raise Refused("too-long", f"最多{self.max_length}个字，现有{len(value)}个字")
        return value

    def cell(self, value: Any) -> Cell:
        """What a list or a workbook shows for the value."""
        return value

    def to_python(self, value: Any) -> Any:
        if value is None:
            return None
        cleaned = checked(self.clean_cell, value)
        return "" if cleaned is None and not self.null else cleaned

    def get_prep_value(self, value: Any) -> Any:
        """The value for a look-up: cleaned if it can be; text that cannot finds nothing."""
        try:
            return super().get_prep_value(value)
        except ValidationError:
            if isinstance(self, models.CharField):
                return str(value)
            raise

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if not hasattr(value, "as_sql"):
            value = self.to_python(value)
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs: Any) -> Any:
        if self.choices:
            return super().formfield(**kwargs)
        options = {
            "form_class": CleanedFormField,
            "clean": self.clean_cell,
            "help_text": self.help_text or self.rule,
            "widget": forms.TextInput(attrs=self.input_attributes),
            "empty_value": None if self.null else "",
        }
        return models.Field.formfield(self, **(options | kwargs))


def cleaner_for(field: models.Field) -> Cleaner:
    """The cleaner of any model field; of a relation, the text by which the other record is looked up."""
    if field.is_relation:
        return values.clean_text
    if isinstance(field, CellField) and not field.choices:
        return field.clean_cell
    if field.choices:
        return values.clean_choice(field.flatchoices, getattr(field, "aliases", None))
    return partial(_clean_within, field, _plain_cleaner(field))


def _plain_cleaner(field: models.Field) -> Cleaner:
    match field:
        case models.BooleanField():
            return values.clean_flag
        case models.DateTimeField():
            return _clean_moment
        case models.DateField():
            return values.clean_day
        case models.DecimalField():
            return values.decimal_cleaner(field.max_digits, field.decimal_places)
        case models.IntegerField():
            return values.clean_integer
        case models.FloatField():
            return lambda raw: None if (number := values.clean_decimal(raw)) is None else float(number)
        case models.TextField():
            return values.clean_paragraphs
        case models.CharField():
            return values.clean_text
    raise TypeError(f"no cleaner for {field!r}")


def _clean_within(field: models.Field, clean: Cleaner, raw: Any) -> Any:
    """The cleaned value, after the field's own validators (length, range, pattern)."""
    value = clean(raw)
    if value is None:
        return None
    if isinstance(value, str) and field.max_length and len(value) > field.max_length:
        raise Refused("too-long", f"最多{field.max_length}个字，现有{len(value)}个字")
    try:
        field.run_validators(value)
    except ValidationError as error:
        raise Refused(error.error_list[0].code or "invalid", error.messages[0]) from None
    return value


def _clean_moment(raw: Any) -> datetime | None:
    if isinstance(raw, str) and (text := values.clean_text(raw)):
        with suppress(ValueError):
            raw = datetime.fromisoformat(text)
    if not isinstance(raw, datetime):
        day = values.clean_day(raw)
        if day is None:
            return None
        raw = datetime(day.year, day.month, day.day)
    return timezone.make_aware(raw) if timezone.is_naive(raw) else raw


def cell_for(field: models.Field) -> Callable[[Any], Cell]:
    """The function giving the cell of any model field's value: a choice's label, 是 or 否, a local time."""
    if field.choices:
        labels = {code: str(label) for code, label in field.flatchoices}
        return lambda value: None if value is None else labels.get(value, str(value))
    if isinstance(field, CellField):
        return field.cell
    match field:
        case models.BooleanField():
            return flag_cell
        case models.DateTimeField():
            return lambda value: None if value is None else timezone.localtime(value).replace(tzinfo=None)
    return lambda value: value


def flag_cell(value: bool | None) -> str | None:
    """是, 否, or None when unknown."""
    return None if value is None else "是" if value else "否"
