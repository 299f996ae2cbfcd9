"""Fields of one plain column: names, days, telephones, codes, money, yes or no."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models

from unionoffice import values

from .cells import CellField, checked, flag_cell


class PersonNameField(CellField, models.CharField):
    """A person's name."""

    description = "姓名"
    rule = "2至25个字，少数民族姓名中间用“·”"

    def __init__(self, *args: Any, max_length: int = 30, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)

    def clean_value(self, raw: Any) -> str | None:
        return values.clean_name(raw)


class TitleField(CellField, models.CharField):
    """One line of text: the name of a union, a unit or an activity, an address, a document number."""

    description = "名称"

    def __init__(self, *args: Any, max_length: int = 100, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)

    def clean_value(self, raw: Any) -> str | None:
        return values.clean_title(raw)


class DayField(CellField, models.DateField):
    """A day; the form and the import read every way offices write one."""

    description = "日期"
    rule = "如2024-03-05"

    def clean_value(self, raw: Any) -> date | None:
        return values.clean_day(raw)

    def formfield(self, **kwargs: Any) -> Any:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return super().formfield(**({"widget": widget, "empty_value": None} | kwargs))


class MobileField(CellField, models.CharField):
    """A mainland mobile number."""

    description = "手机号码"
    rule = "11位数字"
    input_attributes = {"inputmode": "tel", "autocomplete": "off"}

    def __init__(self, *args: Any, max_length: int = 11, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)

    def clean_value(self, raw: Any) -> str | None:
        return values.clean_mobile(raw)


class PhoneField(CellField, models.CharField):
    """Any telephone number, landlines with their area code."""

    description = "电话"
    rule = "如0574-65712345，或手机号码"
    input_attributes = {"inputmode": "tel"}

    def __init__(self, *args: Any, max_length: int = 25, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)

    def clean_value(self, raw: Any) -> str | None:
        return values.clean_phone(raw)


class CreditCodeField(CellField, models.CharField):
    """A unified social credit code; `holder` "union" or "employer" admits only that kind."""

    description = "统一社会信用代码"

    def __init__(self, *args: Any, holder: str = "", max_length: int = 18, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)
        self.holder = holder
        self.clean_value = values.credit_code_cleaner(holder) if holder else values.clean_credit_code
        self.rule = {"union": "18位，以81或89开头", "employer": "18位，用人单位自己的代码"}.get(
            holder, "18位数字和大写字母"
        )

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.holder:
            kwargs["holder"] = self.holder
        return name, path, args, kwargs


class MoneyField(CellField, models.DecimalField):
    """Yuan with two decimals, never negative."""

    description = "金额（元）"
    rule = "单位：元，最多两位小数"
    input_attributes = {"inputmode": "decimal"}

    def __init__(self, *args: Any, max_digits: int = 12, decimal_places: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def clean_value(self, raw: Any) -> Decimal | None:
        return values.clean_money(raw)

    def get_prep_value(self, value: Any) -> Any:
        """A look-up may compare with a negative sum, which no row can hold."""
        if isinstance(value, (int, float, Decimal)):
            return models.DecimalField.to_python(self, value)
        return super().get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        if hasattr(value, "as_sql"):
            return value
        return connection.ops.adapt_decimalfield_value(value, self.max_digits, self.decimal_places)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**({"empty_value": None} | kwargs))


class FlagFormField(forms.TypedChoiceField):
    """是, 否 or (where the column may be null) 未知."""

    def __init__(self, *, clean: values.Cleaner, unknown: bool, **kwargs: Any) -> None:
        choices = ([("", "未知")] if unknown else []) + [("True", "是"), ("False", "否")]
        super().__init__(choices=choices, coerce=clean, empty_value=None, **kwargs)

    def to_python(self, value: Any) -> str:
        flag = checked(self.coerce, value)
        return "" if flag is None else str(flag)

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else str(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != str(data or "")


class FlagField(CellField, models.BooleanField):
    """是, 否, and unless null=False also unknown."""

    description = "是否"

    def __init__(self, *args: Any, null: bool = True, blank: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, null=null, blank=blank, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"null": self.null, "blank": self.blank}

    def clean_value(self, raw: Any) -> bool | None:
        return values.clean_flag(raw)

    def to_python(self, value: Any) -> bool | None:
        return checked(self.clean_cell, value)

    def cell(self, value: bool | None) -> str | None:
        return flag_cell(value)

    def formfield(self, **kwargs: Any) -> Any:
        options = {
            "required": not self.blank,
            "label": self.verbose_name,
            "help_text": self.help_text,
            "initial": self.get_default() if self.has_default() else None,
            "clean": self.clean_cell,
            "unknown": self.null,
        }
        return FlagFormField(**(options | {k: v for k, v in kwargs.items() if k != "form_class"}))


__all__ = [
    "CreditCodeField",
    "DayField",
    "FlagField",
    "MobileField",
    "MoneyField",
    "PersonNameField",
    "PhoneField",
    "TitleField",
]
