"""What a user asks a document of."""

from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from unionoffice.organisation import access
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union, User
from unionoffice.records.pickers import PickerField

from . import drafting, periods, wording
from .drafting import FIRST_YEAR, SLOTS, Order
from .models import Report
from .outlines import KINDS
from .periods import Period
from .summary import NUMBERINGS
from .tables import TABLES


def unions_to_write_about(user: User) -> QuerySet:
    """Unions whose own document the user may read; the township union's is the town's."""
    return access.rows(user, Union).exclude(kind=UnionKind.TOWNSHIP)


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PeriodForm(forms.Form):
    """A period of the town or of one union. A chair's is always of the own union or one below it."""

    year = forms.IntegerField(label="年度")
    span = forms.ChoiceField(label="时期", choices=tuple(periods.CHOICES.items()), required=False)
    start = forms.DateField(label="起始日期", required=False, widget=day_input())
    end = forms.DateField(label="截止日期", required=False, widget=day_input())
    union = PickerField(Union.objects.none(), label="工会", required=False)

    def __init__(self, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(initial={"year": today.year, "span": "year"} | kwargs.pop("initial", {}), **kwargs)
        self.user, self.today = user, today
        self.fields["year"].widget.attrs |= {"min": FIRST_YEAR, "max": today.year}
        self.fields["union"].queryset = unions_to_write_about(user)
        whole = "全镇" if access.sees_whole_town(user) else "本工会"
        self.fields["union"].help_text = f"不选就是{whole}。"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("span") == "window":
            start, end = cleaned.get("start"), cleaned.get("end")
            if not (start and end):
                self.add_error("start", "自选时期要填起始日期和截止日期")
            elif end < start:
                self.add_error("end", "截止日期不能早于起始日期")
        return cleaned

    def period(self) -> Period:
        """The period of a valid form."""
        cleaned = self.cleaned_data
        if cleaned["span"] == "window":
            return Period(cleaned["start"], cleaned["end"])
        return Period.chosen(cleaned["year"], cleaned["span"] or "year")

    def order(self) -> Order:
        """The summary of the period of a valid form."""
        own = None if access.sees_whole_town(self.user) else self.user.union
        return Order(period=self.period(), today=self.today, union=self.cleaned_data["union"] or own)


class OrderForm(PeriodForm):
    """Period, kind and union of a document."""

    kind = forms.ChoiceField(
        label="种类", choices=tuple(KINDS.items()), widget=forms.RadioSelect, required=False
    )
    numbering = forms.ChoiceField(
        label="标题编号", choices=tuple(NUMBERINGS.items()), widget=forms.RadioSelect, required=False
    )
    for_upper = forms.BooleanField(label="写主送机关（报上级工会）", required=False)

    field_order = ("year", "span", "start", "end", "kind", "union", "numbering", "for_upper")

    def __init__(self, user: User, today: date, **kwargs: Any) -> None:
        initial = {"kind": "summary", "numbering": "official"} | kwargs.pop("initial", {})
        super().__init__(user, today, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("span") not in (None, "", "year") and cleaned.get("kind") in ("plan", "both"):
            self.add_error("kind", "工作计划按年度编写，请选择全年")
        return cleaned

    def order(self) -> Order:
        """The order of a valid form."""
        cleaned = self.cleaned_data
        return replace(
            super().order(),
            kind=cleaned["kind"] or "summary",
            numbering=cleaned["numbering"] or "official",
            for_upper=cleaned["for_upper"],
        )


class SettingsForm(forms.ModelForm):
    """Title, numbering, addressee, signing day, attachments, own as-of days; an empty day keeps the office's."""

    class Meta:
        model = Report
        fields = ("title", "numbering", "for_upper", "signed_on", "tables")
        widgets: ClassVar = {"numbering": forms.RadioSelect, "signed_on": day_input()}

    def __init__(self, report: Report, **kwargs: Any) -> None:
        super().__init__(instance=report, **kwargs)
        self.fields["signed_on"].help_text = "不填就是定稿当天。"
        self.fields["numbering"].choices = list(NUMBERINGS.items())
        self.fields["tables"] = forms.MultipleChoiceField(
            label="附表",
            choices=[(name, title) for name, (title, _) in TABLES.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text="排在主要数据一览表后面；没有记录的表不附。",
        )
        standard = drafting.scope_of(replace(report.order(timezone.localdate()), days=()))
        for slot, label in SLOTS.items():
            self.fields[f"day_{slot}"] = forms.DateField(
                label=label,
                required=False,
                widget=day_input(),
                initial=report.days.get(slot),
                help_text=f"不填就是{wording.full_day(standard.day(slot))}。",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        today = timezone.localdate()
        for slot in SLOTS:
            day = cleaned.get(f"day_{slot}")
            if day and not self.instance.start <= day <= today:
                self.add_error(f"day_{slot}", f"请选择{self.instance.start}至{today}之间的日期")
        return cleaned

    def save(self, commit: bool = True) -> Report:
        days = {slot: self.cleaned_data[f"day_{slot}"] for slot in SLOTS}
        self.instance.days = {slot: day.isoformat() for slot, day in days.items() if day}
        return super().save(commit)
