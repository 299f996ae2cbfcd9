"""A number that finds a record of another name: somebody else's number was typed, or a row sent twice. Never silent."""

from collections.abc import Callable

import pytest
from django.test import Client

from members.models import Member
from tests.every_record import credit_code
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, Unit, User
from unionoffice.records.models import Act

from . import brought_in, counts, judged

pytestmark = pytest.mark.django_db
HEADINGS = "姓名,证件号码,手机号码\n"


def doubts(judgement) -> list[tuple[int, str, str]]:
    return [(f.row, f.code, f.message) for f in judgement.findings if f.verdict == "warned"]


def test_row_with_the_number_of_another_person_is_doubtful(union: Union, staff: User) -> None:
    member = new_member(union, name="张小明")
    rows = f"{HEADINGS}李建国,{member.id_number},{member.phone}\n"

    found = judged("members", rows, staff)

    assert counts(found) == (0, 1, 0, 0)
    [(row, code, message)] = doubts(found)
    assert (row, code) == (2, "name-differs")
    assert message.startswith("证件号码已属于“张小明”，姓名不同")


def test_doubtful_rows_left_out_rename_nobody(union: Union, staff: User) -> None:
    member = new_member(union, name="张小明")
    other = new_member(union, name="王五", job="钳工")
    rows = f"姓名,证件号码,岗位\n李建国,{member.id_number},焊工\n王五,{other.id_number},焊工\n"

    brought_in("members", rows, staff, options={"leave_doubtful": True})

    assert set(Member.objects.values_list("name", "job")) == {("张小明", ""), ("王五", "焊工")}


def test_same_name_is_no_doubt(union: Union, staff: User) -> None:
    member = new_member(union, name="张小明")

    found = judged("members", f"姓名,证件号码,岗位\n张 小明,{member.id_number},焊工\n", staff)

    assert counts(found) == (0, 1, 0, 0)
    assert doubts(found) == []


@pytest.mark.parametrize(("slug", "model", "prefix"), [("units", Unit, "91"), ("unions", Union, "81")])
def test_code_of_another_unit_or_union_is_doubtful(
    town: Union, staff: User, slug: str, model: type, prefix: str
) -> None:
    code = credit_code(prefix, 7)
    fields = {} if model is Unit else {"kind": "joint", "parent": town, "founded_on": "2020-01-01"}
    model.objects.create(name="甲乙丙", credit_code=code, **fields)
    named = "单位名称,统一社会信用代码,地址\n" if model is Unit else "工会名称,工会信用代码,地址\n"

    same = judged(slug, f"{named}甲乙丙,{code},青溪路1号\n", staff)
    other = judged(slug, f"{named}丁戊己,{code},青溪路1号\n", staff)

    assert doubts(same) == []
    [(row, found, message)] = doubts(other)
    assert (row, found) == (2, "name-differs")
    assert "已属于“甲乙丙”" in message


def edited(member: Member, **fields: str) -> dict[str, str]:
    return {
        "name": member.name,
        "id_kind": "id_card",
        "id_number": member.id_number,
        "phone": member.phone,
        "joined_on": "2020-01-01",
        "new_form_group": "courier",
    } | fields


def test_form_renames_a_person_only_for_a_reason(
    union: Union, staff: User, login: Callable[[User], Client]
) -> None:
    member, client = new_member(union, name="张小明"), login(staff)
    page = f"/members/{member.pk}/edit/"

    asked = client.post(page, edited(member, name="张晓明"))
    assert (asked.status_code, Member.objects.get().name) == (422, "张小明")
    assert "证件号码已属于“张小明”" in asked.content.decode()
    told = client.post(page, edited(member, name="张晓明", act_reason="户口簿上是“晓”"))

    assert (told.status_code, Member.objects.get().name) == (302, "张晓明")
    assert Act.objects.latest("id").reason == "户口簿上是“晓”"


def test_form_never_turns_a_person_into_another_unasked(
    union: Union, staff: User, login: Callable[[User], Client]
) -> None:
    member = new_member(union, name="张小明")
    number = new_member(union, name="王五").id_number
    Member.objects.exclude(pk=member.pk).delete()

    answer = login(staff).post(f"/members/{member.pk}/edit/", edited(member, name="王五", id_number=number))

    assert answer.status_code == 422
    assert "都与原来登记的“张小明”不同" in answer.content.decode()
