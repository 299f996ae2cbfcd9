"""Unions are founded and end on a day noted ahead, with what belongs to them."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from grassroots.actions import lifecycle, units
from members.choices import EventKind, State
from members.models import Member
from tests.members.samples import new_member
from unionoffice.organisation import access
from unionoffice.organisation.choices import UnionKind, UnitState
from unionoffice.organisation.models import Coverage, Union, User
from unionoffice.records import due
from unionoffice.records.models import Act
from unionoffice.records.steps import StepRefused
from unionoffice.records.taking_back import take_back

from .samples import cover, figure, joint, on, post, single, term, unit

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]
Travel = Callable[[int], date]


def ahead(days: int = 3) -> date:
    return timezone.localdate() + timedelta(days)


def counted() -> dict[str, int]:
    today = on(str(timezone.localdate()))
    keys = {"unions": "grassroots.unions.count", "units": "grassroots.units.covered"}
    return {name: figure(key, today) for name, key in keys.items()}


def listed(client: Client, union: Union, query: str) -> bool:
    return f"/unions/{union.pk}/" in client.get(f"/unions/?{query}").content.decode()


@pytest.fixture
def village(town: Union) -> Union:
    """A joint union with two units, and a union below it."""
    village = joint(town, 2, name="金河村联合工会")
    joint(village, 0, name="下级工会", kind=UnionKind.JOINT)
    return village


def test_a_union_dissolved_ahead_ends_on_its_day(
    town: Union, village: Union, staff: User, login: Login, travel: Travel
) -> None:
    new_member(village, name="赵一")
    post(village)
    term(village, "2022-01-01")
    other = joint(town, 0, name="另一联合工会")
    before = counted()
    sent = {"on": str(ahead()), "receiver": other.pk, "reason": "村企撤并"}
    assert login(staff).post(f"/unions/{village.pk}/steps/dissolve/", sent).status_code == 302

    travel(2)
    office = login(staff)
    assert counted() == before
    assert listed(office, village, "life=standing") and not listed(office, village, "life=dissolved")
    assert Member.objects.get().union == village
    assert Union.objects.get(name="下级工会").parent == village
    with pytest.raises(StepRefused, match="已登记"):
        lifecycle.dissolve(village, on=ahead(), by=staff, reason="再来")

    travel(3)
    office = login(staff)
    assert listed(office, village, "life=dissolved") and not listed(office, village, "life=standing")
    assert counted() == {"unions": before["unions"] - 1, "units": before["units"] - 2}
    assert Member.objects.get().union == other
    assert Union.objects.get(name="下级工会").parent == town


def test_a_federation_sees_a_union_merged_into_one_of_its_own_from_that_day_on(
    town: Union, village: Union, staff: User, travel: Travel
) -> None:
    heir = joint(town, 1, name="接收的联合工会")
    lifecycle.merge(village, into=heir, on=ahead(1), by=staff)
    below = Union.objects.get(name="下级工会").pk

    assert below not in access.subtree(heir.pk)
    travel(1)
    due.bring_up_to_date()
    assert below in access.subtree(heir.pk)


def test_founding_takes_coverage_and_members_along(
    village: Union, staff: User, login: Login, travel: Travel
) -> None:
    link = village.coverages.first()
    mine = new_member(village, name="赵一", unit=link.unit)
    other = new_member(village, name="钱二")
    office, address = login(staff), f"/units/{link.unit_id}/steps/found/"
    assert "现由金河村联合工会涵盖，该单位有会员1名在那里" in office.get(address).content.decode()

    day, sent = ahead(2), {"name": "新厂工会", "takes_coverage": "on", "takes_members": "on"}
    assert office.post(address, sent | {"on": str(day)}).status_code == 302

    made = Union.objects.get(name="新厂工会")
    link.refresh_from_db()
    assert (link.ended_on, made.coverages.get().started_on) == (day, day)
    assert listed(office, made, "life=coming") and not listed(office, made, "life=standing")
    mine.refresh_from_db()
    assert mine.union == village
    travel(2)
    assert listed(login(staff), made, "life=standing")
    assert dict(Member.objects.values_list("name", "union")) == {"赵一": made.pk, "钱二": village.pk}
    assert other.union == village


def test_founding_leaves_them_where_they_are_unless_asked(village: Union, staff: User) -> None:
    link = village.coverages.first()
    mine = new_member(village, unit=link.unit)

    lifecycle.found_union(link.unit, name="新厂工会", on=date(2024, 6, 1), by=staff)

    mine.refresh_from_db()
    assert mine.union == village
    assert Coverage.objects.filter(unit=link.unit, ended_on__isnull=True).count() == 2


def test_members_of_a_dissolved_union_may_leave_the_town(
    cast: SimpleNamespace, login: Login, town: Union, village: Union
) -> None:
    who = new_member(village)
    office, address = login(cast.staff), f"/unions/{village.pk}/steps/dissolve/"
    sent = {"on": "2024-06-01", "reason": "迁往邻镇"}
    refused = office.post(address, sent | {"leaves_town": "on", "receiver": town.pk})
    assert refused.status_code == 422

    assert office.post(address, sent | {"leaves_town": "on"}).status_code == 302

    who.refresh_from_db()
    left = who.events.latest("on")
    assert (who.union, who.state) == (village, State.MOVED_OUT)
    assert (left.kind, str(left.on), "迁往邻镇" in left.reason) == (EventKind.MOVE_OUT, "2024-06-01", True)
    take_back(Act.objects.latest("pk"), user=cast.staff)
    who.refresh_from_db()
    assert who.state == State.ACTIVE


def test_a_unit_closed_ahead_stands_until_then(town: Union, staff: User, travel: Travel) -> None:
    own = unit()
    single(town, own)
    cover(joint(town, 0), own)

    units.close_unit(own, on=ahead(1), by=staff)

    own.refresh_from_db()
    assert (own.state, counted()["units"]) == (UnitState.VERIFIED, 1)
    travel(1)
    due.bring_up_to_date()
    own.refresh_from_db()
    assert (own.state, counted()["units"]) == (UnitState.CLOSED, 0)
