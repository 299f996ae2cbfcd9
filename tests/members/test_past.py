"""What the chair of a union reads of the history of somebody who came from another union: nothing from before."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from members.actions import transfer_member
from members.models import Member
from unionoffice.organisation.models import Union, User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.timeline import timeline

from .samples import new_member

pytestmark = pytest.mark.django_db


def write(member: Member, user: User | None, reason: str, **values: Any) -> None:
    with act(ActKind.CHANGE, user=user, reason=reason):
        Member.objects.filter(pk=member.pk).update(**values)


@pytest.fixture
def moved(union: Union, other_union: Union, staff: User, other_chair: User) -> Member:
    """Somebody of 金河村 who came to 宏达机械, left it and came again; each union wrote something meanwhile."""
    with act(ActKind.CREATE, user=other_chair, reason="金河村登记"):
        member = new_member(other_union, "2020-01-01")
    write(member, other_chair, "金河村写的", note="家里有纠纷")
    transfer_member(member, to=union, on=date(2021, 1, 1), by=staff, reason="来宏达")
    write(member, None, "宏达写的", job="焊工")
    member.refresh_from_db()
    transfer_member(member, to=other_union, on=date(2022, 1, 1), by=staff, reason="去金河村")
    write(member, other_chair, "金河村又写的", job="会计")
    # One act of the office that brings the person over and overwrites what the other union had noted.
    write(member, staff, "再来宏达", union=union, note="")
    write(member, None, "宏达又写的", job="电工")
    member.refresh_from_db()
    return member


def test_chair_reads_only_what_happened_in_the_own_union(moved: Member, chair: User) -> None:
    found = timeline(moved, chair)

    assert [entry.summary for entry in found] == ["宏达又写的", "再来宏达", "去金河村", "宏达写的", "来宏达"]
    told = {(change.label, change.before, change.after) for entry in found for change in entry.changes}
    assert not [line for line in told if "家里有纠纷" in line]
    assert ("所属工会", "金河村联合工会委员会", "宏达机械有限公司工会委员会") in told
    assert [entry.summary for entry in timeline(moved, chair, limit=2)] == ["宏达又写的", "再来宏达"]


def test_office_and_a_chair_above_both_unions_read_it_all(
    moved: Member, union: Union, other_union: Union, staff: User, make_user: Callable[..., User]
) -> None:
    above = Union.objects.create(name="园区工会联合会", kind="federation", parent=union.parent)
    Union.objects.filter(pk__in=[union.pk, other_union.pk]).update(parent=above)
    head = make_user("chair", above, "head")

    whole = [entry.summary for entry in timeline(moved, staff)]

    assert whole[-2:] == ["金河村写的", "金河村登记"]
    assert [entry.summary for entry in timeline(moved, head)] == whole


def test_pages_show_no_more_than_that(moved: Member, chair: User, login: Callable[[User], Client]) -> None:
    client = login(chair)

    pages = [client.get(f"/members/{moved.pk}/{page}").content.decode() for page in ("", "history/")]

    for text in pages:
        assert "宏达又写的" in text
        assert "金河村写的" not in text and "家里有纠纷" not in text
