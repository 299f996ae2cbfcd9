"""Many rows changed at once: never emptied of what they must have, never half, and back to the list as it was left."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from members.models import CollectionTask, Member
from tests.activities.samples import activity
from tests.meanwhile import not_yet_committed
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, Unit, User
from unionoffice.records.models import Act

Login = Callable[[User], Client]
BULK = "/members/bulk/"


@pytest.fixture
def office(staff: User, login: Login) -> Client:
    return login(staff)


def chosen(*rows: Any, **fields: Any) -> dict[str, Any]:
    ticks = {f"change_{name}": "on" for name in fields}
    values = {f"to_{name}": value for name, value in fields.items()}
    return {"pk": [row.pk for row in rows], "save": "1"} | ticks | values


def test_ticked_field_that_must_be_filled_is_not_emptied(union: Union, office: Client) -> None:
    first, second = new_member(union), new_member(union)

    answer = office.post(BULK, chosen(first, second, name="", job="电工"))

    assert answer.status_code == 422
    assert "必填，不能清空" in answer.content.decode()
    assert sorted(Member.objects.values_list("name", "job")) == sorted([(first.name, ""), (second.name, "")])


def test_ticked_field_that_may_be_empty_is_emptied(union: Union, office: Client) -> None:
    member = new_member(union, job="焊工")

    office.post(BULK, chosen(member, job=""))

    assert Member.objects.get().job == ""


def test_rows_that_would_be_the_same_are_refused_in_one_line(
    union: Union, other_union: Union, office: Client
) -> None:
    tasks = [CollectionTask.objects.create(year=2026, union=u, target=9) for u in (union, other_union)]

    answer = office.post("/collection-tasks/bulk/", chosen(*tasks, union=union.pk))

    assert answer.status_code == 422
    assert "该工会当年的采集任务已存在" in answer.content.decode()
    assert not Act.objects.filter(kind="bulk").exists()


def test_list_is_found_again_as_it_was_left(union: Union, office: Client) -> None:
    member = new_member(union)
    left = {"state": "active", "sort": "-joined_on", "q": ""}

    answer = office.post(BULK, chosen(member, job="电工") | left)

    assert answer.headers["Location"] == "/members/?state=active&sort=-joined_on"


@pytest.mark.django_db(transaction=True)
def test_rows_are_judged_as_a_colleague_just_left_them(union: Union, office: Client) -> None:
    """Of the thirty of whom a dozen are women, all but ten have just been struck off."""
    unit = Unit.objects.create(name="宏达机械有限公司", staff_total=30)

    with not_yet_committed(lambda: Unit.objects.update(staff_total=10)):
        answer = office.post("/units/bulk/", chosen(unit, staff_women=12))

    assert answer.status_code == 422
    unit.refresh_from_db()
    assert (unit.staff_total, unit.staff_women) == (10, None)


def test_co_organiser_is_not_made_the_organiser(union: Union, other_union: Union, office: Client) -> None:
    made = activity(union, co_organisers=[other_union])

    answer = office.post("/activities/bulk/", chosen(made, union=other_union.pk) | {"reason": "改主办"})

    made.refresh_from_db()
    assert answer.status_code == 422
    assert "联合主办工会里不用再填主办工会" in answer.content.decode()
    assert made.union == union
