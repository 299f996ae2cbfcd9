"""What the data-quality page and command find in the roster."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from members.choices import EventKind
from members.models import Member
from members.quality import over_age
from unionoffice.identity import FEMALE, MALE, add_months, statutory_retirement_on
from unionoffice.organisation.models import Union, User
from unionoffice.records import quality

from .samples import event, new_member, woman


def found(key: str, unions: frozenset[int] | None = None) -> list[tuple[str, str]]:
    check = quality.find(key)
    assert check is not None
    return [(str(finding.record), finding.message) for finding in check.findings(unions)]


def test_incomplete_data_names_what_is_missing(union: Union) -> None:
    new_member(union, name="完整人")
    new_member(union, name="缺漏人", phone="", is_migrant=None, new_form_group="")
    gone = new_member(union, name="离会人", phone="")
    event(gone, EventKind.LEAVE, "2024-01-01")

    assert found("member-incomplete") == [("缺漏人", "不计入实名：缺是否农民工、手机号码、工作单位")]


def test_same_person_is_found_from_both_sides(union: Union, other_union: Union) -> None:
    first = new_member(union, born_on=date(1985, 6, 15))
    new_member(other_union, born_on=date(1985, 6, 15))
    new_member(union, name="王五", born_on=date(1980, 1, 1))
    new_member(union, name="王五", born_on=date(1981, 1, 1))
    new_member(union, name="赵六", born_on=date(1980, 1, 1), phone="13811112222")
    new_member(union, name="赵六", born_on=date(1981, 1, 1), phone="13811112222")

    assert [name for name, _ in found("member-same-person")] == ["张小明", "张小明", "赵六", "赵六"]
    assert [name for name, _ in found("member-same-person", frozenset({other_union.pk}))] == ["张小明"]
    check = quality.find("member-same-person")
    assert check.action(first) == ("比对合并", f"/members/{first.pk}/merge/")


def test_phone_of_three_is_found_and_of_two_is_not(union: Union) -> None:
    for name in ("甲甲", "乙乙", "丙丙"):
        new_member(union, name=name, phone="13811112222")
    for name in ("丁丁", "戊戊"):
        new_member(union, name=name, phone="13833334444")

    assert sorted(name for name, _ in found("member-shared-phone")) == ["丙丙", "乙乙", "甲甲"]


@pytest.mark.parametrize("sex", [MALE, FEMALE])
def test_over_age_is_found_from_the_very_day(union: Union, sex: str) -> None:
    today = timezone.localdate()
    births = [add_months(today, -12 * 70 + months) for months in range(12 * 30)]
    last = max(born for born in births if statutory_retirement_on(born, sex) <= today)
    first_not = min(born for born in births if statutory_retirement_on(born, sex) > today)
    new_member(union, name="已到龄", born_on=last, sex=sex)
    new_member(union, name="未到龄", born_on=first_not, sex=sex)

    assert [member.name for member in over_age(None)] == ["已到龄"]


def test_members_left_in_an_ended_union_are_found(union: Union, other_union: Union) -> None:
    new_member(union)
    woman(other_union)
    Union.objects.filter(pk=other_union.pk).update(dissolved_on="2024-01-01")

    assert found("member-ended-union") == [("李芳", "金河村联合工会委员会已于2024-01-01撤销，会员还未转出")]


def test_member_without_any_event_is_found(union: Union) -> None:
    member = new_member(union)
    member.events.all().delete()

    assert [name for name, _ in found("member-without-events")] == ["张小明"]


def test_page_shows_counts_and_findings_to_staff_and_only_own_ones_to_a_chair(
    union: Union, other_union: Union, staff: User, chair: User, login: Callable[[User], Client]
) -> None:
    new_member(union, name="本会人", phone="")
    new_member(other_union, name="外会人", phone="")

    town = login(staff).get("/quality/member-incomplete/").content.decode()
    own = login(chair).get("/quality/").content.decode()

    assert "本会人" in town and "外会人" in town
    assert "本会人" in own and "外会人" not in own


def test_unknown_check_is_not_found_and_administrators_see_none(
    cast: object, login: Callable[[User], Client]
) -> None:
    assert login(cast.staff).get("/quality/nonsense/").status_code == 404
    assert login(cast.administrator).get("/quality/").status_code == 403


def test_command_lists_everything_without_numbers(union: Union) -> None:
    member = new_member(union, phone="")
    Member.objects.filter(pk=member.pk).update(is_migrant=None)
    text, machine = StringIO(), StringIO()

    call_command("check_records", stdout=text)
    call_command("check_records", "--json", stdout=machine)

    assert "实名信息不完整：1\n  张小明：不计入实名：缺是否农民工、手机号码" in text.getvalue()
    own = [entry for entry in json.loads(machine.getvalue()) if entry["type"] == "会员"]
    assert own == [
        {
            "kind": "member-incomplete",
            "title": "实名信息不完整",
            "type": "会员",
            "id": member.pk,
            "record": "张小明",
            "message": "不计入实名：缺是否农民工、手机号码",
        }
    ]
    assert member.id_number not in machine.getvalue()
