"""What a user asks a document of."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from unionoffice.organisation import access
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union, User
from unionoffice.records.pickers import PickerField

from .drafting import FIRST_YEAR, Order
from .outlines import KINDS
from .summary import NUMBERINGS


def unions_to_write_about(user: User) -> QuerySet:
    """Unions whose own document the user may read; the township union's is the town's."""
    return access.rows(user, Union).exclude(kind=UnionKind.TOWNSHIP)


class OrderForm(forms.Form):
    """Year, kind and union of a document. A chair's is always of the own union or one below it."""

    year = forms.IntegerField(label="年度")
    kind = forms.ChoiceField(
        label="种类", choices=tuple(KINDS.items()), widget=forms.RadioSelect, required=False
    )
    union = PickerField(Union.objects.none(), label="工会", required=False)
    numbering = forms.ChoiceField(
        label="标题编号", choices=tuple(NUMBERINGS.items()), widget=forms.RadioSelect, required=False
    )
    for_upper = forms.BooleanField(label="写主送机关（报上级工会）", required=False)

    def __init__(self, user: User, today: date, **kwargs: Any) -> None:
        initial = {"year": today.year, "kind": "summary", "numbering": "official"} | kwargs.pop("initial", {})
        super().__init__(initial=initial, **kwargs)
        self.user, self.today = user, today
        self.fields["year"].widget.attrs |= {"min": FIRST_YEAR, "max": today.year}
        self.fields["union"].queryset = unions_to_write_about(user)
        if access.sees_whole_town(user):
            self.fields["union"].help_text = "不选就是全镇。"
        else:
            self.fields["union"].help_text = "不选就是本工会。"

    def order(self) -> Order:
        """The order of a valid form."""
        cleaned = self.cleaned_data
        own = None if access.sees_whole_town(self.user) else self.user.union
        return Order(
            year=cleaned["year"],
            today=self.today,
            kind=cleaned["kind"] or "summary",
            union=cleaned["union"] or own,
            numbering=cleaned["numbering"] or "official",
            for_upper=cleaned["for_upper"],
        )
