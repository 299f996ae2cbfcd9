"""Narrowing a log of what people did: by words, person, days and kind."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from unionoffice.fields import DayField
from unionoffice.organisation import access
from unionoffice.organisation.models import User

from .models import ActKind


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return access.describe(user)


class LogFilter(forms.Form):
    """Conditions on rows with `user` and `at`; a wrong one is told and the others still hold.

    words  fields that the typed words are looked for in
    """

    words: tuple[str, ...] = ("purpose", "field")

    q = forms.CharField(
        label="内容", required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    user = PersonField(User.objects.none(), label="操作人", required=False, empty_label="所有人")
    since = DayField("从").formfield(required=False)
    until = DayField("到").formfield(required=False)

    def __init__(self, data: QueryDict, people: QuerySet[User] | None) -> None:
        super().__init__(data)
        if people is None:
            del self.fields["user"]
        else:
            self.fields["user"].queryset = people.order_by("-is_active", "name", "pk")

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def kept(self) -> list[tuple[str, str]]:
        """What a form on the same page carries along."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]

    def narrow(self, rows: QuerySet) -> QuerySet:
        """The rows that fit every condition that could be read."""
        self.is_valid()
        for name, value in self.cleaned_data.items():
            if value:
                rows = rows.filter(self.condition(name, value))
        return rows

    def condition(self, name: str, value: Any) -> Q:
        match name:
            case "q":
                found = Q()
                for word in self.words:
                    found |= Q(**{f"{word}__icontains": value})
                return found
            case "since":
                return Q(at__date__gte=value)
            case "until":
                return Q(at__date__lte=value)
            case _:
                return Q(**{name: value})


class ActFilter(LogFilter):
    words = ("summary", "reason")

    kind = forms.ChoiceField(label="操作", required=False, choices=[("", "全部"), *ActKind.choices])

    field_order = ("q", "kind", "user", "since", "until")
