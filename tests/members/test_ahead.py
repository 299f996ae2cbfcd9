"""A step dated ahead is kept, and takes effect on its day: in figures, lists and sight alike, whoever reads first."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from members.actions import change_membership, transfer_member
from members.choices import EventKind, State
from members.models import Member, MembershipEvent
from members.roster import follow_roster
from unionoffice import facts
from unionoffice.organisation.models import Union, Unit, User
from unionoffice.records import due
from unionoffice.records.history import act
from unionoffice.records.models import Act, ActKind
from unionoffice.records.steps import StepRefused
from unionoffice.records.taking_back import take_back

from .samples import chain, new_member

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]
Travel = Callable[[int], date]


@pytest.fixture
def member(union: Union) -> Member:
    return new_member(union, "2020-01-01", name="李芳")


def ahead(days: int = 3) -> date:
    return timezone.localdate() + timedelta(days)


def standing(member: Member) -> tuple[str, str]:
    member.refresh_from_db()
    return member.union.short_name, member.state


def figures(union: Union, as_of: date) -> tuple[int, int]:
    """Members, and those who left in the year."""
    scope = facts.Scope(as_of.replace(month=1, day=1), date(as_of.year, 12, 31), as_of, frozenset({union.pk}))
    found = facts.compute(["members.active.count", "members.left.count"], scope)
    return found["members.active.count"].value, found["members.left.count"].value


def listed(client: Client, query: str = "") -> bool:
    return "李芳" in client.get(f"/members/{query}").content.decode()


def test_a_retirement_typed_before_takes_effect_on_its_day(
    cast: SimpleNamespace, login: Login, union: Union, member: Member, travel: Travel
) -> None:
    on = ahead()
    answer = login(cast.staff).post(f"/members/{member.pk}/steps/retire/", {"on": str(on), "reason": "到龄"})
    assert answer.status_code == 302

    travel(2)
    assert listed(login(cast.staff), "?state=active")
    assert standing(member) == ("宏达机械", State.ACTIVE)
    assert figures(union, timezone.localdate()) == (1, 0)
    assert f"{on} 退休" in login(cast.staff).get(f"/members/{member.pk}/").content.decode()

    assert travel(3) == on
    assert listed(login(cast.staff), "?state=retired")
    assert standing(member) == ("宏达机械", State.RETIRED)
    assert figures(union, on) == (0, 1)


def test_a_missed_night_leaves_nothing_of_yesterday(
    cast: SimpleNamespace, login: Login, member: Member, travel: Travel
) -> None:
    change_membership(member, EventKind.RETIRE, on=ahead(1), by=cast.staff)
    change_membership(member, EventKind.RESUME, on=ahead(9), by=cast.staff)

    travel(40)
    assert listed(login(cast.staff), "?state=active")
    assert standing(member) == ("宏达机械", State.ACTIVE)
    travel(5)
    assert listed(login(cast.staff), "?state=retired")


@pytest.mark.parametrize("command", ["facts", "check_records", "export_records"])
def test_commands_read_the_rows_of_their_day(
    cast: SimpleNamespace, member: Member, travel: Travel, command: str, tmp_path: str
) -> None:
    change_membership(member, EventKind.LEAVE, on=ahead(1), by=cast.staff)
    today = travel(1)
    arguments = {"facts": [str(today.year)], "export_records": [f"{tmp_path}/all.xlsx"]}.get(command, [])

    call_command(command, *arguments, stdout=StringIO())

    assert standing(member) == ("宏达机械", State.LEFT)


def test_sight_follows_the_day(
    cast: SimpleNamespace, login: Login, other_union: Union, member: Member, travel: Travel
) -> None:
    own, other = cast.chair, cast.other_chair
    unit = Unit.objects.create(name="金河机械厂")

    def seen() -> list[tuple[bool, bool]]:
        return [
            (listed(client), "李芳" in client.get("/membership-events/").content.decode())
            for client in (login(own), login(other))
        ]

    data = {"on": str(ahead(2)), "union": other_union.pk, "unit": unit.pk, "reason": "换单位"}
    assert login(cast.staff).post(f"/members/{member.pk}/steps/transfer/", data).status_code == 302

    travel(1)
    assert seen() == [(True, True), (False, False)]
    assert Member.objects.get().unit is None
    travel(2)
    assert seen() == [(False, True), (True, True)]
    assert Member.objects.get().unit == unit


def test_what_is_noted_ahead_must_make_sense_after_a_step_before(
    staff: User, other_union: Union, member: Member
) -> None:
    change_membership(member, EventKind.RETIRE, on=ahead(), by=staff)

    with pytest.raises(StepRefused, match="请先删除那项会籍变动"):
        change_membership(member, EventKind.LEAVE, on=ahead(0), by=staff)
    transfer_member(member, to=other_union, on=ahead(1), by=staff)
    with pytest.raises(StepRefused, match="一年以后"):
        change_membership(member, EventKind.RESUME, on=ahead(400), by=staff)


def test_a_step_ahead_is_taken_back(staff: User, member: Member, travel: Travel) -> None:
    change_membership(member, EventKind.RETIRE, on=ahead(1), by=staff)
    noted = Act.objects.latest("pk")
    travel(1)
    due.bring_up_to_date()
    assert standing(member) == ("宏达机械", State.RETIRED)

    take_back(noted, user=staff)

    assert standing(member) == ("宏达机械", State.ACTIVE)


def test_a_roster_says_where_a_member_stands_today(staff: User, member: Member) -> None:
    change_membership(member, EventKind.RETIRE, on=ahead(), by=staff)
    before = chain(member)

    with act(ActKind.IMPORT, user=staff):
        follow_roster([member.pk])

    assert chain(member) == before
    assert MembershipEvent.objects.count() == 2
