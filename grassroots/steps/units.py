"""Steps on a unit and on its coverage by a union."""

from typing import Any

from django import forms
from django.utils import timezone

from unionoffice.organisation.models import Coverage, Unit, User
from unionoffice.records.steps import DatedStepForm, day_field
from unionoffice.records.types import Done, RowAction

from ..actions import lifecycle, units
from .unions import COVER, cleaned_only, text_field, unions_in_being

# Founding a union and closing a unit are the office's, though chairs may change their units' data.
FOUND, CLOSE = "found", "close"


class FoundForm(forms.Form):
    name = text_field("工会名称", 120)
    on = day_field("建会日期")
    approval_no = text_field("批复文号", required=False)
    parent = unions_in_being("上级工会", required=False, help_text="不填则为镇总工会")
    takes_coverage = forms.BooleanField(
        label="终止联合工会对该单位的涵盖",
        required=False,
        initial=True,
        help_text="从建会之日起改由新工会涵盖",
    )
    takes_members = forms.BooleanField(
        label="会员一起转入新工会",
        required=False,
        initial=True,
        help_text="工作单位是该单位、会籍在联合工会的会员",
    )


def _found(unit: Unit, cleaned: dict[str, Any], user: User) -> Done:
    union = lifecycle.found_union(unit, by=user, **cleaned_only(cleaned, FoundForm))
    return Done(f"已建立“{union}”，请登记届次和工会干部。", union)


def _close(unit: Unit, cleaned: dict[str, Any], user: User) -> str:
    ended = units.close_unit(unit, by=user, **cleaned_only(cleaned, DatedStepForm))
    return f"已注销单位，终止涵盖关系{ended}条。" if ended else "已注销单位。"


def _open(unit: Unit) -> bool:
    return unit.closed_on is None or unit.closed_on > timezone.localdate()


def _lasting(unit: Unit) -> bool:
    """No end is noted yet."""
    return unit.closed_on is None


def covered_now(unit: Unit) -> str:
    """Which unions cover the unit now, and how many members it has there; empty where none does."""
    links = lifecycle.links_to_others(unit, timezone.localdate())
    names = "、".join(link.union.name for link in links)
    there = len(lifecycle.members_there(unit, links, timezone.localdate()))
    return f"现由{names}涵盖，该单位有会员{there}名在那里。" if names else ""


UNIT_STEPS = (
    RowAction(
        "found",
        "建立工会",
        FoundForm,
        _found,
        shown=_open,
        initial=lambda unit: {"name": f"{unit.name}工会"},
        needs=FOUND,
        help="为该单位单独建立基层工会，同时登记涵盖关系。",
        tells=covered_now,
    ),
    RowAction(
        "close",
        "单位注销",
        DatedStepForm,
        _close,
        shown=_lasting,
        needs=CLOSE,
        tone="danger",
        help="从注销之日起不再计入涵盖单位；工会不会随之撤销，请另行办理。",
    ),
)


def _end(link: Coverage, cleaned: dict[str, Any], user: User) -> str:
    units.end_coverage(link, by=user, **cleaned_only(cleaned, DatedStepForm))
    return f"“{link.union}”从{cleaned['on']}起不再涵盖“{link.unit}”。"


COVERAGE_STEPS = (
    RowAction(
        "end",
        "终止涵盖",
        DatedStepForm,
        _end,
        shown=lambda link: link.ended_on is None,
        needs=COVER,
        help="终止日期当天起不再计入涵盖单位。",
    ),
)
