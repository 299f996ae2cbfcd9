"""Choosing by typing: a record from a select that asks the server, a text from suggestions."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from unionoffice.organisation import access
from unionoffice.organisation.models import Record, User
from unionoffice.pinyin import name_initials, name_pinyin

from .types import registry

LATEST, SUGGESTED = 200, 12
NOT_OFFERED = "所选的记录不存在，或您无权使用，请重新选择。"


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
        known = whole.filter(pk__in=[v for v in chosen if v.isdecimal()])
        options = [
            self.create_option(name, row.pk, str(row), True, number, attrs=attrs)
            for number, row in enumerate(known)
        ]
        if not self.allow_multiple_selected and (not self.is_required or not options):
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
        self.error_messages["invalid_choice"] = NOT_OFFERED


class PickerMultipleField(forms.ModelMultipleChoiceField):
    """Several records of a queryset that is never listed in full."""

    widget = PickerSelectMultiple
    default_error_messages: ClassVar = {"invalid_choice": NOT_OFFERED, "invalid_pk_value": NOT_OFFERED}


class ChoicePicker(forms.Select):
    """Fixed choices, too many to read through: found by typing part of the name, its pinyin or its initials.

    hints: value -> a line told below the choice's name
    """

    def __init__(self, hints: Mapping[str, str]) -> None:
        super().__init__({"data-picker": True})
        self.hints = hints

    def create_option(self, name: str, value: Any, label: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **kwargs)
        if value:
            option["attrs"] |= {"data-spelled": _spelled(label), "data-hint": self.hints.get(value, "")}
        return option


@cache
def _spelled(label: str) -> str:
    return f"{name_pinyin(label, person=False)} {name_initials(label, person=False)}"


def used_before(model: type[Record], name: str) -> Callable[[User], list[str]]:
    """Suggestions for a text field: what stands in the latest records the user sees, each once, the latest first."""

    def suggestions(user: User) -> list[str]:
        rows = access.rows(user, model).exclude(**{name: ""}).order_by("-pk")
        latest = rows.values_list(name, flat=True)[:LATEST]
        return list(dict.fromkeys(latest))[:SUGGESTED]

    return suggestions


class SuggestInput(forms.TextInput):
    """A text box that offers what was written there before; anything else may be typed."""

    template_name = "forms/suggest.html"

    def __init__(self, suggestions: Callable[[], Iterable[str]]) -> None:
        super().__init__({"autocomplete": "off"})
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        list_id = f"{(attrs or {}).get('id', name)}_list"
        context = super().get_context(name, value, {**(attrs or {}), "list": list_id})
        return context | {"list_id": list_id, "suggestions": list(self.suggestions())}
