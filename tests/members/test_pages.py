"""Members on their pages: adding, changing, stepping, searching, merging; what a chair may and may not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.merging import merge_members
from members.models import Member, MembershipEvent
from tests.meanwhile import not_yet_committed
from unionoffice.identity import FEMALE
from unionoffice.organisation.models import Union, Unit, User
from unionoffice.records.models import Act
from unionoffice.records.taking_back import take_back

from .samples import chain, id_number, new_member

Login = Callable[[User], Client]
NEW = "/members/new/"
BORN = date(1990, 3, 8)


def typed(union: Union, **fields: Any) -> dict[str, Any]:
    """What a clerk types for a new member; no more than the form asks for."""
    return {
        "name": "赵　敏",
        "id_kind": "id_card",
        "id_number": id_number(BORN, FEMALE, 5).lower(),
        "phone": "138-0000-0005",
        "union": union.pk,
        "joined_on": "2024年3月5日",
        "state": "active",
    } | fields


def test_new_member_is_cleaned_completed_and_joined(union: Union, staff: User, login: Login) -> None:
    answer = login(staff).post(NEW, typed(union))

    member = Member.objects.get()
    assert answer.headers["Location"] == f"/members/{member.pk}/"
    assert (member.name, member.name_pinyin, member.phone) == ("赵敏", "zhaomin", "13800000005")
    assert (member.sex, member.born_on, member.id_number[-1]) == (FEMALE, BORN, member.id_number[-1].upper())
    assert chain(member) == [("2024-03-05", "join", None, "宏达机械")]


def test_adding_is_one_act_and_taken_back_whole(union: Union, staff: User, login: Login) -> None:
    login(staff).post(NEW, typed(union))

    take_back(Act.objects.get(kind="create"), user=staff)

    assert (Member.objects.count(), MembershipEvent.objects.count()) == (0, 0)


def test_doubt_needs_a_reason(union: Union, staff: User, login: Login) -> None:
    client = login(staff)

    asked = client.post(NEW, typed(union, phone=""))
    told = client.post(NEW, typed(union, phone="", act_reason="本人没有手机"))

    assert (asked.status_code, told.status_code) == (422, 302)
    assert "没有手机号码" in asked.content.decode()
    assert Act.objects.get(kind="create").reason == "本人没有手机"


def test_known_doubt_is_not_asked_about_again(union: Union, staff: User, login: Login) -> None:
    member = new_member(union, phone="")

    edit = login(staff).post(
        f"/members/{member.pk}/edit/",
        {
            "name": "张小明",
            "id_kind": "id_card",
            "id_number": member.id_number,
            "joined_on": "2020-01-01",
            "job": "焊工",
            "new_form_group": "courier",
        },
    )

    assert edit.status_code == 302
    assert Member.objects.get().job == "焊工"


def test_edit_form_does_not_move_a_member(
    union: Union, other_union: Union, staff: User, login: Login
) -> None:
    member = new_member(union)

    login(staff).post(
        f"/members/{member.pk}/edit/",
        {
            "name": "张小明",
            "id_kind": "id_card",
            "id_number": member.id_number,
            "phone": member.phone,
            "joined_on": "2019-01-01",
            "union": other_union.pk,
            "state": "left",
            "new_form_group": "courier",
        },
    )

    member.refresh_from_db()
    assert (member.union, member.state) == (union, "active")
    assert chain(member) == [("2019-01-01", "join", None, "宏达机械")]


def test_short_form_of_the_phone_completes_sex_and_birthday(union: Union, chair: User, login: Login) -> None:
    answer = login(chair).post("/members/quick/", typed(union))

    member = Member.objects.get()
    assert answer.status_code == 302
    assert (member.sex, member.born_on, member.state) == (FEMALE, BORN, "active")


def test_chair_takes_the_steps_of_the_own_union_only(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    own, foreign = new_member(union), new_member(other_union)
    client = login(chair)

    answers = [
        client.post(f"/members/{member.pk}/steps/leave/", {"on": "2024-03-01", "reason": "离职"})
        for member in (own, foreign)
    ]
    transfer = client.get(f"/members/{own.pk}/steps/transfer/")

    assert [answer.status_code for answer in answers] == [302, 404]
    assert transfer.status_code == 403
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (own.state, foreign.state) == ("left", "active")


def test_steps_that_make_no_sense_are_not_offered(union: Union, staff: User, login: Login) -> None:
    member = new_member(union)

    page = login(staff).get(f"/members/{member.pk}/").content.decode()

    assert f"/members/{member.pk}/steps/retire/" in page
    assert f"/members/{member.pk}/steps/rejoin/" not in page


@pytest.mark.parametrize(
    "words",
    ["小明", "张", "zhangxiao", "zxm", "{tail}", "{number}", "{phone}", "{phone_tail}", "张小明 {tail}"],
)
def test_member_is_found_by_name_pinyin_number_and_phone(
    union: Union, staff: User, login: Login, words: str
) -> None:
    member = new_member(union)
    new_member(union, name="李四", sex=FEMALE, born_on=date(1970, 1, 9), phone="13999990000")
    text = words.format(
        tail=member.id_number[-4:], number=member.id_number, phone=member.phone, phone_tail=member.phone[-4:]
    )

    page = login(staff).get("/members/", {"q": text}, follow=True).content.decode()

    assert "张小明" in page
    assert "李四" not in page
    assert "330***********" in page
    assert member.id_number not in page.replace(text, "")


def test_list_filters_by_age_and_complete_data(union: Union, staff: User, login: Login) -> None:
    today = date.today()
    new_member(union, name="青年人", born_on=today.replace(year=today.year - 30, day=1))
    new_member(union, name="中年人", born_on=today.replace(year=today.year - 45, day=1), phone="")
    client = login(staff)

    def names(**query: str) -> list[bool]:
        page = client.get("/members/", query).content.decode()
        return [name in page for name in ("青年人", "中年人")]

    assert names(age="-34") == [True, False]
    assert names(age="45-54") == [False, True]
    assert names(complete="0") == [False, True]
    assert names(complete="1") == [True, False]


def test_merge_page_compares_and_merges(union: Union, other_union: Union, staff: User, login: Login) -> None:
    keep = new_member(union, "2019-01-01", name="张小明", job="焊工")
    drop = new_member(
        other_union, "2021-01-01", name="张小明", job="电工", phone="13912345678", born_on=keep.born_on
    )
    client = login(staff)
    url = reverse("members:merge", args=[keep.pk])

    choosing = client.get(url, {"q": ""}).content.decode()
    comparing = client.get(url, {"with": drop.pk}).content.decode()
    answer = client.post(url, {"with": drop.pk, "keep": drop.pk, "job": keep.pk, "reason": "登记两次"})

    assert f"?with={drop.pk}" in choosing
    assert "焊工" in comparing and "电工" in comparing
    assert keep.id_number not in comparing
    assert "13912345678" in comparing
    assert answer.headers["Location"] == f"/members/{drop.pk}/"
    left = Member.objects.get()
    assert (left.pk, left.job, left.events.count()) == (drop.pk, "焊工", 2)


def test_only_likely_double_is_compared_at_once(
    union: Union, other_union: Union, staff: User, login: Login
) -> None:
    member = new_member(union, name="张小明")
    double = new_member(other_union, name="张小明", phone=member.phone)
    url = reverse("members:merge", args=[member.pk])

    one = login(staff).get(url)
    new_member(other_union, name="张小明", phone=member.phone)
    two = login(staff).get(url)

    assert one.context["other"] == double
    assert "other" not in two.context
    assert len(two.context["candidates"]) == 2


def test_merging_is_for_the_office(union: Union, chair: User, login: Login) -> None:
    member = new_member(union)

    page = login(chair).get(reverse("members:merge", args=[member.pk]))

    assert page.status_code == 403


@pytest.mark.parametrize("other", ["0", "self", "x"])
def test_merging_with_nobody_or_oneself_is_not_found(
    union: Union, staff: User, login: Login, other: str
) -> None:
    member = new_member(union)
    wanted = member.pk if other == "self" else other

    page = login(staff).get(reverse("members:merge", args=[member.pk]), {"with": wanted})

    assert page.status_code == 404


def test_unit_of_a_member_shows_on_the_page(union: Union, staff: User, login: Login) -> None:
    unit = Unit.objects.create(name="宏达机械有限公司")
    member = new_member(union, unit=unit)

    assert "宏达机械有限公司" in login(staff).get(f"/members/{member.pk}/").content.decode()


def test_history_links_to_an_act_only_for_those_who_may_open_it(
    union: Union, chair: User, staff: User, login: Login
) -> None:
    login(staff).post(NEW, typed(union))
    page, opened = f"/members/{Member.objects.get().pk}/", f"/acts/{Act.objects.get(kind='create').pk}/"

    seen = {user.role: opened in login(user).get(page).content.decode() for user in (staff, chair)}

    assert seen == {"staff": True, "chair": False}
    assert login(chair).get(opened).status_code == 404


def test_only_event_of_a_member_is_kept_and_the_clerk_told_why(
    union: Union, staff: User, login: Login
) -> None:
    only = new_member(union).events.get()

    answer = login(staff).post(f"/membership-events/{only.pk}/delete/", follow=True)

    assert "唯一的会籍变动，不能删除" in answer.content.decode()
    assert MembershipEvent.objects.filter(pk=only.pk).exists()


def test_transfer_takes_the_new_employer_along_in_one_act(
    union: Union, other_union: Union, staff: User, login: Login
) -> None:
    before, after = (Unit.objects.create(name=name) for name in ("甲厂", "乙厂"))
    member = new_member(union, unit=before)

    login(staff).post(
        f"/members/{member.pk}/steps/transfer/",
        {"union": other_union.pk, "unit": after.pk, "on": "2024-03-05", "reason": "换工作"},
    )

    member.refresh_from_db()
    assert (member.union, member.unit) == (other_union, after)
    take_back(Act.objects.get(kind="step"), user=staff)
    member.refresh_from_db()
    assert (member.union, member.unit) == (union, before)


def test_transfer_without_an_employer_leaves_the_one_that_stands(
    union: Union, other_union: Union, staff: User, login: Login
) -> None:
    unit = Unit.objects.create(name="甲厂")
    member = new_member(union, unit=unit)

    login(staff).post(f"/members/{member.pk}/steps/transfer/", {"union": other_union.pk, "on": "2024-03-05"})

    member.refresh_from_db()
    assert (member.union, member.unit) == (other_union, unit)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_the_same_records_the_second_is_told(
    union: Union, other_union: Union, staff: User, login: Login
) -> None:
    keep, drop = new_member(union, name="张小明"), new_member(other_union, name="张晓明")

    with not_yet_committed(lambda: merge_members(keep, drop, choices={}, by=staff)):
        answer = login(staff).post(
            reverse("members:merge", args=[keep.pk]), {"with": drop.pk, "keep": keep.pk}, follow=True
        )

    assert "刚被合并或删除" in answer.content.decode()
    assert list(Member.objects.all()) == [keep]
