"""Two people at one record: nobody's work is written over unseen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from activities.models import Activity
from members.models import Member
from tests.activities.samples import activity
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records.history import act

Login = Callable[[User], Client]


def opened(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send of the form as it was opened."""
    return opened_again(client.get(url))


def opened_again(answer: Any) -> dict[str, Any]:
    """What a browser would send of the form in an answer."""
    values = {bound.html_name: bound.value() for bound in answer.context["form"]}
    return {name: value for name, value in values.items() if value not in (None, False)}


def member_of(edit: str) -> Member:
    return Member.objects.get(pk=edit.split("/")[2])


@pytest.fixture
def edit(union: Union) -> str:
    return f"/members/{new_member(union, job='焊工', group_name='一组').pk}/edit/"


def test_field_that_the_second_did_not_touch_keeps_what_the_first_saved(
    edit: str, staff: User, chair: User, login: Login
) -> None:
    first, second = login(chair), login(staff)
    mine, theirs = opened(second, edit), opened(first, edit)
    first.post(edit, theirs | {"job": "电工"})

    told = second.post(edit, mine | {"group_name": "三组"})
    saved = second.post(edit, opened_again(told))

    assert (told.status_code, saved.status_code) == (409, 302)
    assert "没有改，采用对方的" in told.content.decode()
    member = member_of(edit)
    assert (member.job, member.group_name) == ("电工", "三组")


def test_field_that_both_changed_is_shown_and_the_second_decides(
    edit: str, staff: User, chair: User, login: Login
) -> None:
    first, second = login(chair), login(staff)
    mine, theirs = opened(second, edit), opened(first, edit)
    first.post(edit, theirs | {"job": "电工"})

    told = second.post(edit, mine | {"job": "钳工"})
    found = [(d.label, d.mine, d.theirs, d.is_mine) for d in told.context["conflict"]]
    second.post(edit, opened_again(told))

    assert found == [("岗位/工种", "钳工", "电工", True)]
    assert member_of(edit).job == "钳工"


def test_the_same_change_twice_is_no_conflict(edit: str, staff: User, chair: User, login: Login) -> None:
    first, second = login(chair), login(staff)
    mine, theirs = opened(second, edit), opened(first, edit)
    first.post(edit, theirs | {"job": "电工"})

    assert second.post(edit, mine | {"job": "电工"}).status_code == 302


def test_numbers_that_look_alike_masked_are_told_apart(
    edit: str, staff: User, chair: User, login: Login
) -> None:
    first, second = login(chair), login(staff)
    mine, theirs = opened(second, edit), opened(first, edit)
    first.post(edit, theirs | {"bank_account": "6222020000000001234"})

    told = second.post(edit, mine | {"bank_account": "6222029999999991234"})

    assert [d.label for d in told.context["conflict"]] == ["银行账号"]


def test_participant_added_meanwhile_is_not_lost(
    union: Union, staff: User, chair: User, login: Login
) -> None:
    made, came = activity(union), new_member(union)
    edit = f"/activities/{made.pk}/edit/"
    mine = opened(login(staff), edit)
    with act("change", user=chair):
        made.participants.add(came)

    told = login(staff).post(edit, mine | {"title": "健步走"})
    login(staff).post(edit, opened_again(told))

    assert [d.label for d in told.context["conflict"]] == ["签到会员"]
    made = Activity.objects.get()
    assert (made.title, list(made.participants.all())) == ("健步走", [came])
