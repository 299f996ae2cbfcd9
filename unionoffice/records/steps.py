"""Steps on one record, refused with one Chinese line when they make no sense."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from unionoffice.fields import DayField

# A step may be dated ahead and takes effect on its day; further ahead the year is likely mistyped.
AHEAD = timedelta(366)


class StepRefused(Exception):
    """The step cannot be done; the text says why. field: the form field it is about, if any."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def refuse_far_ahead(on: date) -> None:
    """Raise StepRefused for a day so far ahead that it is likely mistyped."""
    if on > timezone.localdate() + AHEAD:
        raise StepRefused(f"日期{on}在一年以后，请核对年份。", "on")


def is_ahead(on: date) -> bool:
    """Whether a step of that day has yet to take effect."""
    return on > timezone.localdate()


def day_field(label: str = "生效日期", **kwargs: object) -> forms.Field:
    """A form field for a day in any style offices write."""
    return DayField(label).formfield(**kwargs)


def count_field(label: str, *, least: int = 0, most: int = 9_999_999, **kwargs: object) -> forms.Field:
    """A form field for a number of people or things, within what its column holds."""
    return forms.IntegerField(label=label, min_value=least, max_value=most, **kwargs)


class DatedStepForm(forms.Form):
    """The form most steps need: the day it takes effect, and why."""

    on = day_field()
    reason = forms.CharField(label="原因", max_length=200, required=False)
