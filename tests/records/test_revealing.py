"""A number shown in full: once, for a purpose, and noted; to nobody who may not see it."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from members.models import Member
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Disclosure

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]
PURPOSE = {"purpose": "核对参保名单"}


@pytest.fixture
def member(union: Union) -> Member:
    return new_member(union, bank_account="6222021234567890123")


def address(member: Member, field: str = "id_number") -> str:
    return f"/members/{member.pk}/reveal/{field}/"


def test_number_is_shown_to_whoever_says_why_and_that_is_kept(
    member: Member, chair: User, login: Login
) -> None:
    answer = login(chair).post(address(member), PURPOSE)

    assert answer.content.decode() == member.id_number
    assert answer["Cache-Control"] == "no-store"
    noted = Disclosure.objects.values_list("user", "table", "row", "field", "purpose", "columns").get()
    assert noted == (chair.pk, "members_member", member.pk, "证件号码", "核对参保名单", ["id_number"])


@pytest.mark.parametrize("purpose", ["", " ", "查"])
def test_number_is_not_shown_without_a_purpose(
    member: Member, staff: User, login: Login, purpose: str
) -> None:
    answer = login(staff).post(address(member), {"purpose": purpose})

    assert answer.status_code == 400
    assert answer.content.decode() == "请写明用途。"
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("field", ["name", "id_hash", "nothing"])
def test_only_numbers_are_shown_this_way(member: Member, staff: User, login: Login, field: str) -> None:
    assert login(staff).post(address(member, field), PURPOSE).status_code == 404
    assert not Disclosure.objects.exists()


def test_number_is_shown_to_nobody_else(member: Member, cast: SimpleNamespace, login: Login) -> None:
    strangers = ("leader", "auditor", "mediator", "administrator", "other_chair")

    answers = {role: login(getattr(cast, role)).post(address(member), PURPOSE) for role in strangers}

    assert {role: answer.status_code for role, answer in answers.items()} == {
        "leader": 403,
        "auditor": 403,
        "mediator": 403,
        "administrator": 403,
        "other_chair": 404,
    }
    assert not Disclosure.objects.exists()
    assert not [role for role, answer in answers.items() if member.id_number in answer.content.decode()]
