"""Asking for somebody of another union: nothing of the person is shown, both sides see the request, one decides."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from members.actions import approve_transfer, change_membership, refuse_transfer, request_transfer
from members.choices import EventKind, RequestState, State
from members.duplicates import likely_duplicates
from members.models import Member, TransferRequest
from members.records.transfers import REQUESTS
from tests.meanwhile import not_yet_committed
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Act
from unionoffice.records.rules import Batch
from unionoffice.records.steps import StepRefused
from unionoffice.records.taking_back import take_back

from .samples import event, id_number, new_member

BORN = date(1985, 6, 15)
NUMBER = id_number(BORN, "1", 7)
Login = Callable[[User], Client]


@pytest.fixture
def member(other_union: Union) -> Member:
    """Somebody the chair cannot see."""
    return new_member(other_union, "2020-01-01", id_number=NUMBER, name="王秘密")


@pytest.fixture
def request_of_chair(member: Member, union: Union, chair: User) -> TransferRequest:
    return request_transfer(member, to=union, on=date(2024, 3, 1), reason="已到本单位工作", by=chair)


def step(request: TransferRequest, key: str) -> str:
    return reverse("records:step", args=["transfer-requests", request.pk, key])


def test_chair_typing_a_number_of_another_union_learns_only_that_it_is_registered(
    member: Member, chair: User, login: Login
) -> None:
    page = login(chair).post(reverse("records:duplicates", args=["members"]), {"id_number": NUMBER})

    text = page.content.decode()
    assert "该证件号码的人员已在其他工会登记" in text
    assert "申请转会" in text
    assert "王秘密" not in text
    assert "金河村" not in text


def test_same_name_phone_or_birthday_in_another_union_is_not_told_to_a_chair(
    member: Member, chair: User, staff: User
) -> None:
    typed = {"name": "王秘密", "born_on": "1985-06-15", "phone": member.phone}

    assert likely_duplicates(typed, chair, None) == []
    assert [found.record for found in likely_duplicates(typed, staff, None)] == [member]


def test_staff_is_offered_the_transfer_at_once(member: Member, staff: User) -> None:
    (found,) = likely_duplicates({"id_number": NUMBER}, staff, None)

    assert found.record == member
    assert (found.offer, found.offer_label) == (f"/members/{member.pk}/steps/transfer/", "办理转会")


def test_record_being_edited_is_not_its_own_duplicate(member: Member, staff: User) -> None:
    typed = {"name": "王秘密", "born_on": "1985-06-15", "phone": member.phone, "id_number": NUMBER}

    assert likely_duplicates(typed, staff, member.pk) == []


def test_namesake_in_the_same_union_is_told(union: Union, chair: User) -> None:
    namesake = new_member(union, name="张小明")

    (found,) = likely_duplicates({"name": "张 小明", "union": str(union.pk)}, chair, None)

    assert (found.record, found.reason) == (namesake, "同一工会的同名会员，宏达机械有限公司工会委员会")


def test_chair_cannot_add_a_second_row_for_the_number(
    member: Member, union: Union, chair: User, login: Login
) -> None:
    form = {
        "name": "王秘密",
        "id_kind": "id_card",
        "id_number": NUMBER,
        "phone": "13812345678",
        "union": union.pk,
        "joined_on": "2024-01-01",
        "state": "active",
    }

    page = login(chair).post(reverse("records:new", args=["members"]), form)

    assert page.status_code == 422
    assert "该证件号码已登记为会员" in page.content.decode()
    assert Member.objects.count() == 1


def test_chair_asks_by_the_signed_address(member: Member, union: Union, chair: User, login: Login) -> None:
    (found,) = likely_duplicates({"id_number": NUMBER}, chair, None)
    client = login(chair)

    page = client.get(found.offer)
    answer = client.post(found.offer, {"union": union.pk, "on": "2024-03-01", "reason": "已到本单位工作"})

    assert page.status_code == 200
    asked = TransferRequest.objects.get()
    assert (asked.member, asked.from_union, asked.to_union) == (member, member.union, union)
    assert answer.headers["Location"] == f"/transfer-requests/{asked.pk}/"


@pytest.mark.parametrize("token", ["", "12", "12:forged"])
def test_forged_address_is_not_found(member: Member, chair: User, login: Login, token: str) -> None:
    page = login(chair).get(reverse("members:request_transfer"), {"who": token})

    assert page.status_code == 404


def test_both_sides_see_the_request_and_no_third_union(
    request_of_chair: TransferRequest,
    town: Union,
    chair: User,
    other_chair: User,
    make_user: Callable[..., User],
    login: Login,
) -> None:
    stranger = make_user("chair", Union.objects.create(name="第三工会", kind="single", parent=town), "third")
    url = reverse("records:record", args=["transfer-requests", request_of_chair.pk])

    seen = [login(user).get(url).status_code for user in (chair, other_chair, stranger)]

    assert seen == [200, 200, 404]


def test_union_that_is_left_agrees_and_the_member_moves(
    request_of_chair: TransferRequest, union: Union, other_chair: User, login: Login
) -> None:
    page = login(other_chair).post(step(request_of_chair, "approve"), {"on": "2024-03-05", "answer": "同意"})

    assert page.status_code == 302
    request_of_chair.refresh_from_db()
    member = request_of_chair.member
    assert (request_of_chair.state, request_of_chair.decided_by) == (RequestState.APPROVED, other_chair)
    assert (member.union, member.events.latest("on").on) == (union, date(2024, 3, 5))


def test_asking_chair_cannot_agree(request_of_chair: TransferRequest, chair: User, login: Login) -> None:
    page = login(chair).post(step(request_of_chair, "approve"), {"on": "2024-03-05", "answer": ""})

    assert page.status_code == 422
    assert "您不能处理这份申请" in page.content.decode()
    request_of_chair.refresh_from_db()
    assert request_of_chair.state == RequestState.WAITING


def test_refusal_needs_a_reason_and_leaves_the_member(
    request_of_chair: TransferRequest, other_union: Union, staff: User, login: Login
) -> None:
    client = login(staff)

    bare = client.post(step(request_of_chair, "refuse"), {"answer": ""})
    told = client.post(step(request_of_chair, "refuse"), {"answer": "本人仍在我处上班"})

    assert (bare.status_code, told.status_code) == (422, 302)
    request_of_chair.refresh_from_db()
    assert (request_of_chair.state, request_of_chair.answer) == (RequestState.REFUSED, "本人仍在我处上班")
    assert Member.objects.get().union == other_union


def test_only_the_asking_chair_withdraws(
    request_of_chair: TransferRequest, chair: User, other_chair: User, login: Login
) -> None:
    other = login(other_chair).post(step(request_of_chair, "withdraw"), {"reason": ""})
    own = login(chair).post(step(request_of_chair, "withdraw"), {"reason": "重复申请"})

    assert (other.status_code, own.status_code) == (422, 302)
    request_of_chair.refresh_from_db()
    assert request_of_chair.state == RequestState.WITHDRAWN


def test_agreeing_is_taken_back_as_one_act(
    request_of_chair: TransferRequest, other_union: Union, staff: User, login: Login
) -> None:
    login(staff).post(step(request_of_chair, "approve"), {"on": "2024-03-05", "answer": ""})

    take_back(Act.objects.latest("pk"), user=staff)

    request_of_chair.refresh_from_db()
    assert request_of_chair.state == RequestState.WAITING
    assert Member.objects.get().union == other_union


def test_somebody_who_left_joins_the_new_union_again(
    member: Member, union: Union, chair: User, staff: User
) -> None:
    event(member, EventKind.LEAVE, "2023-01-01")
    asked = request_transfer(member, to=union, on=date(2024, 3, 1), reason="来本单位工作", by=chair)

    approve_transfer(asked, on=date(2024, 3, 1), by=staff)

    member.refresh_from_db()
    assert (member.state, member.union, member.events.latest("on").kind) == (State.ACTIVE, union, "rejoin")


def test_second_request_while_one_waits_is_refused(
    request_of_chair: TransferRequest, union: Union, chair: User
) -> None:
    with pytest.raises(StepRefused, match="已有待处理的转会申请"):
        request_transfer(request_of_chair.member, to=union, on=date(2024, 3, 1), reason="x", by=chair)


def test_late_grant_goes_by_how_the_person_stood_that_day(
    member: Member, union: Union, chair: User, staff: User
) -> None:
    change_membership(member, EventKind.LEAVE, on=date(2023, 1, 1), by=None)
    change_membership(member, EventKind.REJOIN, on=date(2023, 6, 1), by=None)
    change_membership(member, EventKind.RETAIN, on=date(2024, 1, 1), by=None)
    member.refresh_from_db()
    asked = request_transfer(member, to=union, on=date(2023, 3, 1), reason="已到本单位工作", by=chair)

    event = approve_transfer(asked, on=date(2023, 3, 1), by=staff)

    assert (event.kind, event.union) == (EventKind.REJOIN, union)


def test_decided_request_stays_as_it_was_decided(
    request_of_chair: TransferRequest, staff: User, login: Login
) -> None:
    """By the form, by bulk edit, by deleting: refused in one line that says what to do instead."""
    client = login(staff)
    url = REQUESTS.url("record", request_of_chair.pk)
    assert ">修改<" in client.get(url).content.decode()
    refuse_transfer(request_of_chair, by=staff, answer="本人仍在我处上班")
    typed = {
        "member": request_of_chair.member_id,
        "from_union": request_of_chair.from_union_id,
        "to_union": request_of_chair.to_union_id,
        "on": "2024-02-01",
        "reason": request_of_chair.reason,
    }
    bulk = {
        "pk": request_of_chair.pk,
        "change_on": "on",
        "to_on": "2024-02-01",
        "save": "1",
        "reason": "改期",
    }

    pages = [
        client.post(REQUESTS.url("edit", request_of_chair.pk), typed),
        client.post(REQUESTS.url("bulk"), bulk),
        client.get(REQUESTS.url("edit", request_of_chair.pk), follow=True),
        client.post(REQUESTS.url("delete", request_of_chair.pk), follow=True),
    ]

    assert [page.status_code for page in pages] == [422, 422, 200, 200]
    said = "这份申请未同意，不能再改；处理有误的，请在变更记录里撤回那次操作"
    assert all(said in page.content.decode() for page in pages)
    shown = client.get(url).content.decode()
    assert ">修改<" not in shown and ">删除<" not in shown
    stored = TransferRequest.objects.get()
    assert (stored.on, stored.answer) == (date(2024, 3, 1), "本人仍在我处上班")


def test_request_is_changed_again_once_the_decision_is_taken_back(
    request_of_chair: TransferRequest, staff: User
) -> None:
    refuse_transfer(request_of_chair, by=staff, answer="本人仍在我处上班")
    take_back(Act.objects.latest("pk"), user=staff)
    values = {
        name: [getattr(request_of_chair, f"{name}_id")] for name in ("member", "from_union", "to_union")
    }
    values |= {"on": [date(2024, 2, 1)], "reason": ["已到本单位工作"]}

    assert REQUESTS.judge(Batch(values, [request_of_chair.pk], staff)) == []


@pytest.mark.django_db(transaction=True)
def test_request_granted_while_somebody_notes_a_death_is_refused(
    request_of_chair: TransferRequest, other_union: Union, staff: User
) -> None:
    member = request_of_chair.member

    def note() -> None:
        change_membership(member, EventKind.DECEASE, on=date(2024, 3, 2), by=staff)

    with not_yet_committed(note), pytest.raises(StepRefused, match="不能办理"):
        approve_transfer(request_of_chair, on=date(2024, 3, 5), by=staff)

    member.refresh_from_db()
    request_of_chair.refresh_from_db()
    assert (member.state, member.union, request_of_chair.state) == ("deceased", other_union, "waiting")


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_sent_at_once_the_second_is_told(
    member: Member, union: Union, chair: User, login: Login
) -> None:
    (found,) = likely_duplicates({"id_number": NUMBER}, chair, None)
    typed = {"union": union.pk, "on": "2024-03-01", "reason": "已到本单位工作"}

    def ask() -> None:
        request_transfer(member, to=union, on=date(2024, 3, 1), reason="已到本单位工作", by=chair)

    with not_yet_committed(ask):
        answer = login(chair).post(found.offer, typed)

    assert answer.status_code == 422
    assert "已有待处理的转会申请" in answer.content.decode()
    assert TransferRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_request_just_being_refused_is_not_deleted(
    request_of_chair: TransferRequest, staff: User, login: Login
) -> None:
    url = reverse("records:delete", args=["transfer-requests", request_of_chair.pk])

    with not_yet_committed(lambda: refuse_transfer(request_of_chair, by=staff, answer="仍在我处上班")):
        page = login(staff).post(url, follow=True)

    assert "已删除" not in page.content.decode()
    assert TransferRequest.objects.get().state == RequestState.REFUSED
