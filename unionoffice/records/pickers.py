"""Choosing a record by typing: a select that carries only what is chosen and asks the server for the rest."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from .types import registry


class PickerMixin:
    """Renders the chosen options only; static/js/picker.js fetches others from `data-picker-url`."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        kind = registry.of(self.choices.queryset.model)
        if kind is not None:
            attrs["data-picker-url"] = reverse("records:choices", kwargs={"slug": kind.slug})
        return attrs

    def optgroups(self, name: str, value: list[Any], attrs: dict[str, Any] | None = None) -> list[Any]:
        chosen = [str(v) for v in value if v not in (None, "")]
        whole = self.choices.queryset
        known = whole.filter(pk__in=[v for v in chosen if v.isdigit()])
        options = [
            self.create_option(name, row.pk, str(row), True, number, attrs=attrs)
            for number, row in enumerate(known)
        ]
        if not self.is_required or not options:
            options.insert(0, self.create_option(name, "", "", not options, 0, attrs=attrs))
        return [(None, options, 0)]


class PickerSelect(PickerMixin, forms.Select):
    pass


class PickerSelectMultiple(PickerMixin, forms.SelectMultiple):
    pass


class PickerField(forms.ModelChoiceField):
    """One record of a queryset that is never listed in full."""

    widget = PickerSelect

    def __init__(self, queryset: QuerySet, **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self.error_messages["invalid_choice"] = "所选的记录不存在，或您无权使用，请重新选择。"


class PickerMultipleField(forms.ModelMultipleChoiceField):
    """Several records of a queryset that is never listed in full."""

    widget = PickerSelectMultiple
