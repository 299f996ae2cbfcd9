"""Forms of the member area that do more than their fields say."""

from typing import Any

from django import forms
from django.utils import timezone

from unionoffice.organisation.models import Union, Unit
from unionoffice.records.forms import RecordForm
from unionoffice.records.pickers import PickerField
from unionoffice.records.steps import DatedStepForm, day_field
from unionoffice.sheets.cells import SheetRefused

from .checking import DepartmentList, compare, read_list
from .models import RosterCheckLine
from .rules import not_registered_yet

KEPT_BY_STEPS = {
    "union": "转到其他工会请用会员页面上的“转会”",
    "state": "退会、退休等请用会员页面上的相应按钮",
}


class MemberForm(RecordForm):
    """A known member's union and state change by dated steps only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            for name, help_text in KEPT_BY_STEPS.items():
                if name in self.fields:
                    self.fields[name].disabled = True
                    self.fields[name].help_text = help_text

    def judge(self, cleaned: dict[str, Any]) -> None:
        for problem in not_registered_yet(self.batch(cleaned)):
            self.add_error("id_number", problem.message)
        super().judge(cleaned)


def unit_field() -> PickerField:
    """Where the person works from now on; most who move to another union have changed their employer."""
    return PickerField(
        queryset=Unit.objects.all(), label="工作单位", required=False, help_text="换了单位的请选，不选则不变"
    )


class TransferForm(DatedStepForm):
    """Where to, from which day, and why."""

    union = PickerField(queryset=Union.objects.all(), label="转入工会")
    unit = unit_field()
    field_order = ("union", "unit", "on", "reason")


class ReturnForm(DatedStepForm):
    """Back into membership, in the same union or in another."""

    union = PickerField(
        queryset=Union.objects.all(), label="所在工会", required=False, help_text="不选则回到原工会"
    )
    unit = unit_field()
    field_order = ("union", "unit", "on", "reason")


class RequestForm(forms.Form):
    """A chair asks for a person who is registered in another union."""

    union = PickerField(queryset=Union.objects.all(), label="转入工会")
    on = day_field("转会日期")
    reason = forms.CharField(label="申请理由", max_length=200, help_text="如“2025年3月起在本单位工作”")


class ApproveForm(forms.Form):
    on = day_field("转会日期")
    answer = forms.CharField(label="处理意见", max_length=200, required=False)


class RefuseForm(forms.Form):
    answer = forms.CharField(label="不同意的理由", max_length=200)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="撤回原因", max_length=200, required=False)


class TakenOnForm(forms.Form):
    on = day_field("办理日期")


class CorrectionForm(forms.Form):
    on = day_field("更正日期")
    correction = forms.CharField(label="更正情况", max_length=200, help_text="如“已列入联合工会涵盖单位”")


class RosterCheckForm(RecordForm):
    """A new check takes the department's list and compares it at once."""

    workbook = forms.FileField(
        label="部门名单",
        required=False,
        help_text="Excel或CSV，至少有“单位名称”一列，最好还有“统一社会信用代码”和“人数”",
    )
    is_whole = forms.BooleanField(label="名单是完整的（同时列出名单中没有的涵盖单位）", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = DepartmentList([], [], [])
        if self.instance.pk is not None:
            del self.fields["workbook"], self.fields["is_whole"]

    def groups(self) -> list[dict[str, Any]]:
        """The list comes last: first what it is, then the file."""
        made = super().groups()
        made[0]["fields"].sort(key=lambda field: field.name in ("workbook", "is_whole"))
        return made

    def clean_workbook(self) -> Any:
        file = self.cleaned_data["workbook"]
        if file:
            try:
                self.listed = read_list(file, file.name)
            except SheetRefused as refusal:
                raise forms.ValidationError(refusal.message) from refusal
        return file

    def save(self, commit: bool = True) -> Any:
        self.instance.note = " ".join(filter(None, (self.instance.note, self.listed.told)))
        saved = super().save(commit)
        lines = list(compare(self.listed.units, saved.checked_on, self.cleaned_data.get("is_whole", False)))
        if self.listed.units:
            for line in lines:
                line.roster_check = saved
            RosterCheckLine.objects.bulk_create(lines)
        return saved


def today(record: Any) -> dict[str, Any]:
    """Most steps take effect on the day they are noted."""
    return {"on": timezone.localdate()}
