"""Steps of an activity: held as planned, or cancelled."""

from typing import Any

from django import forms
from django.utils import timezone

from unionoffice.fields import MoneyField
from unionoffice.organisation.models import User
from unionoffice.records.pickers import PickerField
from unionoffice.records.steps import StepRefused, count_field, day_field

from .choices import State
from .models import Activity


class CancelForm(forms.Form):
    on = day_field("取消日期")
    reason = forms.CharField(label="取消原因", max_length=200)


class HeldForm(forms.Form):
    on = day_field("举办日期", help_text="改期的填实际举办的日期。")
    sessions = count_field("场次", least=1, most=999)
    came = count_field("参加人次", least=1, help_text="每场到场人数之和。")


class MergeForm(forms.Form):
    other = PickerField(Activity.objects.all(), label="并入的另一条活动")
    came = count_field("参加人次", required=False, help_text="两条不同的，填整个活动的。")
    cost = MoneyField("经费支出", null=True, blank=True).formfield(help_text="两条不同的，填整个活动的。")


def cancel(activity: Activity, chosen: dict[str, Any], user: User) -> str:
    """A planned activity does not take place; the record stays, with the reason, and never counts as held."""
    _refuse_unless_planned(activity)
    if chosen["on"] > timezone.localdate():
        raise StepRefused("取消日期不能晚于今天。", "on")
    activity.state, activity.cancelled_on, activity.cancel_reason = (
        State.CANCELLED,
        chosen["on"],
        chosen["reason"],
    )
    activity.came = None
    activity.save()
    return f"已取消“{activity}”。"


def hold(activity: Activity, chosen: dict[str, Any], user: User) -> str:
    """A planned activity took place, on the planned day or on another; one of several days keeps its length."""
    _refuse_unless_planned(activity)
    if chosen["on"] > timezone.localdate():
        raise StepRefused("还没有到举办日期，举办之后再登记。", "on")
    if activity.participants.count() > chosen["came"]:
        raise StepRefused("参加人次少于签到会员人数。", "came")
    if activity.ends_on is not None:
        activity.ends_on += chosen["on"] - activity.starts_on
    activity.state, activity.starts_on = State.HELD, chosen["on"]
    activity.sessions, activity.came = chosen["sessions"], chosen["came"]
    activity.save()
    return f"已登记“{activity}”举办。"


def _refuse_unless_planned(activity: Activity) -> None:
    if activity.state != State.PLANNED:
        raise StepRefused(f"这项活动{activity.get_state_display()}，不能再办理。")
