"""Lines of goods in one JSON column."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models

from unionoffice.values import Lines, clean_lines, goods

from .cells import CellField
from .derived import DerivedField


class LinesField(CellField, models.JSONField):
    """Goods given or bought, as `Lines`; empty when there are none."""

    description = "物品"
    rule = goods.RULE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"default": Lines, "blank": True} | kwargs))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("default") is Lines:
            del kwargs["default"]
        return name, path, args, kwargs

    def clean_value(self, raw: Any) -> Lines | None:
        return clean_lines(raw)

    def cell(self, value: Lines | None) -> str | None:
        return str(value) if value else None

    def to_python(self, value: Any) -> Lines:
        return super().to_python(value) or Lines()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        stored = super().from_db_value(value, expression, connection)
        return (clean_lines(stored) or Lines()) if isinstance(stored, list) else stored

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, (tuple, list)):
            value = goods.stored(clean_lines(value))
        return super().get_db_prep_value(value, connection, prepared)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        models.Field.validate(self, value, model_instance)

    def value_to_string(self, obj: models.Model) -> Any:
        return goods.stored(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        options = {
            "widget": forms.Textarea(attrs={"rows": 2, "data-lines": ""}),
            "empty_value": Lines(),
            "show_hidden_initial": False,
        }
        return super().formfield(**(options | kwargs))


class LinesTotalField(DerivedField, models.DecimalField):
    """The value in yuan of the goods in the LinesField `of`, computed, never typed."""

    description = "物品价值"

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        super().__init__(*args, of=of, **({"max_digits": 12, "decimal_places": 2, "default": 0} | kwargs))

    def compute(self, value: Lines | None) -> Decimal:
        return value.total if isinstance(value, Lines) else Decimal("0.00")
