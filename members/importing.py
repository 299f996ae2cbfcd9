"""What the import of a roster adds: since when its changes hold, and employers that nobody has registered yet."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from unionoffice.organisation import access
from unionoffice.organisation.choices import UnitState
from unionoffice.organisation.models import User
from unionoffice.records.importing.extension import Importer
from unionoffice.records.steps import day_field
from unionoffice.records.types import RecordType

from .models import MembershipEvent
from .roster import follow_roster


def _refuse_future(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(f"变动生效日期{day}晚于今天")


class MemberImporter(Importer):
    """Makes an unknown employer as a unit to be verified. Only for somebody who sees all units: a chair cannot tell
    whether the office has it already."""

    outside = "该证件号码的人员已在其他工会登记，请逐人申请转会"
    loads = (MembershipEvent,)

    def __init__(self, kind: RecordType, user: User | None, options: Mapping[str, Any]) -> None:
        super().__init__(kind, user, options)
        self.since = options.get("changed_on")
        if user is None or access.sees_whole_town(user):
            self.makes = frozenset({"unit"})

    @classmethod
    def asks(cls) -> Mapping[str, forms.Field]:
        day = day_field(
            "变动生效日期",
            initial=timezone.localdate,
            validators=[_refuse_future],
            help_text="名册中所属工会或会员状态与系统不同的，从这一天起算；新会员按入会日期",
        )
        return {"changed_on": day}

    def written(self, pks: Sequence[int]) -> None:
        if pks:
            follow_roster(pks, self.user, self.options.get("changed_on"))

    def make(self, name: str, text: str, companions: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        values = {
            "name": text,
            "credit_code": companions.get("credit_code"),
            "state": UnitState.UNVERIFIED,
        }
        return values, f"单位“{text}”原来没有登记，将新建为待核实单位"
