"""Steps of an activity: held as planned, or cancelled."""

from typing import Any

from django import forms

from unionoffice.organisation.models import User
from unionoffice.records.steps import StepRefused, day_field

from .choices import State
from .models import Activity


class CancelForm(forms.Form):
    on = day_field("取消日期")
    reason = forms.CharField(label="取消原因", max_length=200)


class HeldForm(forms.Form):
    sessions = forms.IntegerField(label="场次", min_value=1, initial=1)
    came = forms.IntegerField(label="参加人次", min_value=1, help_text="每场到场人数之和。")


def cancel(activity: Activity, chosen: dict[str, Any], user: User) -> str:
    """A planned activity does not take place; the record stays, with the reason, and never counts as held."""
    activity.state, activity.cancelled_on, activity.cancel_reason = (
        State.CANCELLED,
        chosen["on"],
        chosen["reason"],
    )
    activity.came = None
    activity.save()
    return f"已取消“{activity}”。"


def hold(activity: Activity, chosen: dict[str, Any], user: User) -> str:
    """A planned activity took place."""
    if activity.participants.count() > chosen["came"]:
        raise StepRefused("参加人次少于签到会员人数。", "came")
    activity.state, activity.sessions, activity.came = State.HELD, chosen["sessions"], chosen["came"]
    activity.save()
    return f"已登记“{activity}”举办。"
