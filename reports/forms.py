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

from . import drafting, issue_number, periods, wording
from .charts import CHARTS
from .drafting import FIRST_YEAR, SLOTS, Order
from .models import Report
from .outlines import KINDS
from .periods import Period
from .summary import NUMBERINGS
from .tables import TABLES

# What a numbered document bears beside its number.
ISSUE_FIELDS = ("approver", "copies_to", "printed_by", "printed_on")


def unions_to_write_about(user: User) -> QuerySet:
    """Unions whose own document the user may read; the township union's is the town's."""
    return access.rows(user, Union).exclude(kind=UnionKind.TOWNSHIP)


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PeriodForm(forms.Form):
    """A period of the town or of one union. A chair's is always of the own union or one below it."""

    # What a date can hold, and a day after it; which years can be written about the document says itself.
    year = forms.IntegerField(label="年度", min_value=1, max_value=9998)
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
    """Title, numbering, addressee, signing day, attachments, own as-of days, number of the document with its 版记.

    An empty day keeps the office's."""

    class Meta:
        model = Report
        fields = (
            "title",
            "numbering",
            "for_upper",
            "signed_on",
            "tables",
            "charts",
            "issue_number",
            *ISSUE_FIELDS,
        )
        widgets: ClassVar = {
            "numbering": forms.RadioSelect,
            "signed_on": day_input(),
            "printed_on": day_input(),
        }
        help_texts: ClassVar = {
            "signed_on": "不填就是定稿当天。",
            "issue_number": "如“青总工〔2026〕1号”。填了才印红头和版记，不作为正式公文印发的留空。"
            "双面印刷而末页是单数页的，在 Word 里按 Ctrl+End 到最后一行，在“段落”里勾选“段前分页”，版记就移到背面。",
            "approver": "只印在报上级工会的文件上，写在发文字号右边。",
            "copies_to": "抄送机关用顿号或逗号隔开，末尾的句号自动加。",
            "printed_by": "不填就是落款的单位。",
            "printed_on": "不填就是成文日期。",
        }

    def __init__(self, report: Report, **kwargs: Any) -> None:
        super().__init__(instance=report, **kwargs)
        self.fields["numbering"].choices = list(NUMBERINGS.items())
        self.fields["tables"] = forms.MultipleChoiceField(
            label="附表",
            choices=[(name, title) for name, (title, _) in TABLES.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text="排在主要数据一览表后面；没有记录的表不附。",
        )
        self.fields["charts"] = forms.MultipleChoiceField(
            label="附图",
            choices=[(name, title) for name, (title, _) in CHARTS.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text="由 Word 自己画，可以在 Word 里右键“编辑数据”。",
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

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        issue = ("issue_number", *ISSUE_FIELDS)
        days = tuple(f"day_{slot}" for slot in SLOTS)
        return [
            ("文件", [field for field in self if field.name not in (*issue, *days)]),
            ("发文（红头和版记）", [self[name] for name in issue]),
            ("数据截止日", [self[name] for name in days]),
        ]

    def clean_issue_number(self) -> str:
        number = self.cleaned_data["issue_number"]
        if not number:
            return ""
        try:
            number = issue_number.checked(number)
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from problem
        if (
            other := Report.objects.filter(issue_number=number)
            .exclude(pk__in=_versions(self.instance))
            .first()
        ):
            raise forms.ValidationError(f"{number}已用于“{other}”")
        return number

    def clean_copies_to(self) -> str:
        return self.cleaned_data["copies_to"].rstrip("。.，、 ")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("issue_number") and "issue_number" not in self.errors:
            given = [self[name].label for name in ISSUE_FIELDS if cleaned.get(name)]
            if given:
                self.add_error("issue_number", f"填了{'、'.join(given)}，还要填发文字号")
        elif cleaned.get("for_upper") and not cleaned.get("approver"):
            self.add_error("approver", "报上级工会的公文要写签发人")
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


def _versions(report: Report) -> list[int]:
    """A document and those it takes the place of; they share their number."""
    found = [report.pk]
    while report.supersedes:
        report = report.supersedes
        found.append(report.pk)
    return found
