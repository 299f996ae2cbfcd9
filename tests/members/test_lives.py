"""A union takes nobody in before its founding or after its end: by a step, a request, a form, or an import."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from members.actions import approve_transfer, request_transfer, transfer_member
from members.choices import EventKind
from members.models import Member, MembershipEvent, TransferRequest
from tests.records.importing import brought_in
from unionoffice.organisation.models import Union, User
from unionoffice.records.importing.findings import Judgement
from unionoffice.records.steps import StepRefused
from unionoffice.records.types import registry

from .samples import event, id_number, new_member

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2015, 4, 30), date(2023, 1, 1)
BORN = date(1985, 6, 15)


def said(judgement: Judgement) -> dict[int, str]:
    """What was found, refused or doubted, by row."""
    return {finding.row: finding.code for finding in judgement.findings}


@pytest.fixture
def ended(other_union: Union) -> Union:
    """金河村, which ended on the day AFTER."""
    Union.objects.filter(pk=other_union.pk).update(dissolved_on=AFTER)
    other_union.refresh_from_db()
    return other_union


def test_step_before_the_founding_is_refused_and_on_that_day_taken(
    union: Union, other_union: Union, staff: User
) -> None:
    member = new_member(other_union, "2012-06-01")

    with pytest.raises(StepRefused, match="2015-05-01才建会") as refusal:
        transfer_member(member, to=union, on=BEFORE, by=staff)

    assert refusal.value.field == "on"
    assert transfer_member(member, to=union, on=date(2015, 5, 1), by=staff).union == union


def test_request_and_its_grant_stay_within_the_life_of_the_union(
    union: Union, other_union: Union, chair: User, staff: User
) -> None:
    member = new_member(other_union, "2012-06-01")

    with pytest.raises(StepRefused, match="才建会"):
        request_transfer(member, to=union, on=BEFORE, reason="来本单位工作", by=chair)
    asked = request_transfer(member, to=union, on=date(2015, 6, 1), reason="来本单位工作", by=chair)
    with pytest.raises(StepRefused, match="才建会"):
        approve_transfer(asked, on=BEFORE, by=staff)

    assert (TransferRequest.objects.get().state, member.events.count()) == ("waiting", 1)


def test_waiting_request_is_not_corrected_to_a_day_before_the_founding(
    union: Union, other_union: Union, chair: User, staff: User, login: Callable[[User], Client]
) -> None:
    member = new_member(other_union, "2012-06-01")
    asked = request_transfer(member, to=union, on=date(2015, 6, 1), reason="来本单位工作", by=chair)
    typed = {"member": member.pk, "from_union": other_union.pk, "to_union": union.pk, "on": str(BEFORE)}

    page = login(staff).post(registry["transfer-requests"].url("edit", asked.pk), typed)

    assert page.context["form"].errors["on"] == [f"{union}2015-05-01才建会，日期2015-04-30早于建会日期"]


@pytest.mark.parametrize(
    ("kind", "on", "code"),
    [
        ("转会", "2015-04-30", "union-not-founded"),
        ("重新入会", "2015-04-30", "union-not-founded"),
        ("入会", "2015-04-30", "joined-before-founding"),
        ("退会", "2015-04-30", ""),
        ("转会", "2015-05-01", ""),
        ("转会", "2023-01-01", "union-ended"),
        ("退会", "2023-01-01", "union-ended"),
        ("退会", "2022-12-31", ""),
    ],
)
def test_form_and_import_of_events_judge_alike(
    kind: str,
    on: str,
    code: str,
    union: Union,
    other_union: Union,
    staff: User,
    login: Callable[[User], Client],
) -> None:
    Union.objects.filter(pk=union.pk).update(dissolved_on=AFTER)
    member = new_member(other_union, "2012-06-01")
    value = EventKind(next(choice.value for choice in EventKind if choice.label == kind))
    typed = {"member": member.pk, "on": on, "kind": value, "union": union.pk}

    found, _ = brought_in(
        "membership-events",
        f"会员,变动日期,变动类型,所在工会\n{member.id_number},{on},{kind},{union.name}\n",
        staff,
    )
    MembershipEvent.objects.filter(member=member, on=on).delete()
    page = login(staff).post(registry["membership-events"].url("new"), typed)

    assert said(found) == ({2: code} if code else {})
    assert page.status_code == (422 if code else 302)


def test_joining_before_the_founding_is_asked_about_and_after_the_end_refused(
    union: Union, ended: Union, staff: User
) -> None:
    """One joins once and moves with the job: the day on a roster may be that of an earlier union."""
    lines = "姓名,证件号码,手机号码,所属工会,入会日期,是否农民工,新就业形态\n" + "".join(
        f"李小{name},{id_number(BORN, '1', n)},1380000000{n},{where},{joined},否,快递员\n"
        for n, (name, where, joined) in enumerate(
            [
                ("早", union, "2015-04-30"),
                ("准", union, "2015-05-01"),
                ("晚", ended, "2023-01-01"),
                ("末", ended, "2022-12-31"),
            ],
            1,
        )
    )

    found, _ = brought_in("members", lines, staff)

    assert said(found) == {2: "joined-before-founding", 4: "union-ended"}
    assert set(Member.objects.values_list("name", flat=True)) == {"李小早", "李小准", "李小末"}


def test_roster_moves_nobody_to_a_union_from_a_day_before_its_founding(
    union: Union, other_union: Union, staff: User
) -> None:
    member = new_member(other_union, "2012-06-01")
    lines = f"姓名,证件号码,所属工会\n{member.name},{member.id_number},{union.name}\n"

    early, _ = brought_in("members", lines, staff, options={"changed_on": BEFORE})
    right, _ = brought_in("members", lines, staff, options={"changed_on": date(2015, 5, 1)})

    assert (said(early), said(right)) == ({2: "union-not-founded"}, {})
    member.refresh_from_db()
    assert (member.union, member.events.latest("on").on) == (union, date(2015, 5, 1))


def test_member_who_came_from_elsewhere_is_edited_without_being_asked_again(
    union: Union, other_union: Union, staff: User
) -> None:
    member = new_member(other_union, "2012-06-01")
    event(member, EventKind.TRANSFER, "2016-01-01", union)
    lines = f"姓名,证件号码,入会日期\n{member.name},{member.id_number},2012-07-01\n"

    found, _ = brought_in("members", lines, staff)

    assert said(found) == {}
    assert member.events.earliest("on").on == date(2012, 7, 1)
