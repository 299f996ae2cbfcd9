"""A step over ticked rows: one act for all of them, or none, with the reason row by row."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from members.choices import EventKind, State
from members.models import Member, MembershipEvent
from tests.members.samples import event, new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Act
from unionoffice.records.taking_back import take_back

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]
TODAY = timezone.localdate


@pytest.fixture
def ticked(union: Union) -> list[Member]:
    return [new_member(union, "2020-01-01", name=name) for name in ("李一", "李二", "李三")]


def keys(members: list[Member]) -> list[int]:
    return [member.pk for member in members]


def test_ticked_members_move_together_and_are_taken_back_together(
    cast: SimpleNamespace, login: Login, union: Union, other_union: Union, ticked: list[Member]
) -> None:
    office, chosen = login(cast.staff), {"pk": keys(ticked), "union": union.pk}
    assert "批量办理" in office.get("/members/").content.decode()
    page = office.post("/members/bulk/transfer/", chosen).content.decode()
    assert "转会：3 条会员" in page
    acts = Act.objects.count()

    sent = {"save": "1", "to_-union": other_union.pk, "to_-on": str(TODAY()), "to_-reason": "整厂划转"}
    answer = office.post("/members/bulk/transfer/", chosen | sent, follow=True)

    assert "已为3条会员办理转会" in answer.content.decode()
    assert answer.redirect_chain == [(f"/members/?union={union.pk}", 302)]
    assert set(Member.objects.values_list("union", flat=True)) == {other_union.pk}
    assert Act.objects.count() == acts + 1
    take_back(Act.objects.latest("pk"), user=cast.staff)
    assert set(Member.objects.values_list("union", flat=True)) == {union.pk}


def test_one_who_cannot_leave_keeps_the_others(
    cast: SimpleNamespace, login: Login, ticked: list[Member]
) -> None:
    event(ticked[1], EventKind.LEAVE, "2023-01-01")
    events = MembershipEvent.objects.count()

    sent = {"pk": keys(ticked), "save": "1", "to_-on": "2024-03-05", "to_-reason": "厂关了"}
    answer = login(cast.staff).post("/members/bulk/leave/", sent)

    assert answer.status_code == 422
    told = answer.context["form"].non_field_errors()
    assert [line.split("：")[0] for line in told] == ["李二"]
    assert MembershipEvent.objects.count() == events


def test_a_departure_of_many_may_be_dated_ahead(
    cast: SimpleNamespace, login: Login, ticked: list[Member]
) -> None:
    on = TODAY() + timedelta(5)
    sent = {"pk": keys(ticked), "save": "1", "to_-on": str(on), "to_-reason": ""}

    assert login(cast.chair).post("/members/bulk/retire/", sent).status_code == 302

    assert set(Member.objects.values_list("state", flat=True)) == {State.ACTIVE}
    assert MembershipEvent.objects.filter(on=on, kind=EventKind.RETIRE).count() == 3


def test_nobody_takes_a_step_on_rows_of_others_or_one_that_is_not_theirs(
    cast: SimpleNamespace, login: Login, other_union: Union, ticked: list[Member]
) -> None:
    stranger = new_member(other_union, "2020-01-01")
    sent = {"pk": [stranger.pk], "save": "1", "to_-on": str(TODAY()), "to_-reason": ""}

    login(cast.chair).post("/members/bulk/leave/", sent)
    assert MembershipEvent.objects.filter(kind=EventKind.LEAVE).count() == 0
    assert login(cast.chair).post("/members/bulk/transfer/", sent).status_code == 403
    assert login(cast.leader).post("/members/bulk/leave/", sent).status_code == 403
    assert login(cast.staff).post("/members/bulk/expel/", sent).status_code == 404
