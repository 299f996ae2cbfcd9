"""Which stored row a row of a file is about."""

import pytest

from tests.every_record import credit_code
from tests.members.samples import new_member
from unionoffice.identity import mask_id
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union, Unit, User

from . import brought_in, codes, counts, judged

pytestmark = pytest.mark.django_db


def test_first_filled_key_decides(town: Union, staff: User) -> None:
    code = credit_code("91", 1)
    unit = Unit.objects.create(name="甲厂", credit_code=code)

    found, _ = brought_in("units", f"单位名称,统一社会信用代码\n甲机械厂,{code}\n", staff)

    unit.refresh_from_db()
    assert counts(found) == (0, 1, 0, 0)
    assert unit.name == "甲机械厂"


def test_code_the_office_lacked_goes_to_the_row_of_that_name(town: Union, staff: User) -> None:
    code = credit_code("91", 1)
    unit = Unit.objects.create(name="甲厂")

    found, _ = brought_in("units", f"单位名称,统一社会信用代码\n甲厂,{code}\n", staff)

    unit.refresh_from_db()
    assert counts(found) == (0, 1, 0, 0)
    assert unit.credit_code == code


def test_same_name_with_another_code_is_another_row(town: Union, staff: User) -> None:
    Unit.objects.create(name="甲厂", credit_code=credit_code("91", 1))

    found, _ = brought_in("units", f"单位名称,统一社会信用代码\n甲厂,{credit_code('91', 2)}\n", staff)

    assert counts(found) == (1, 0, 0, 0)
    assert Unit.objects.filter(name="甲厂").count() == 2


def test_name_that_two_rows_bear_decides_nothing(town: Union, staff: User) -> None:
    Unit.objects.create(name="甲厂", credit_code=credit_code("91", 1))
    Unit.objects.create(name="甲厂", credit_code=credit_code("91", 2))

    found = judged("units", "单位名称,职工人数\n甲厂,10\n", staff)

    assert codes(found) == {2: {"key-ambiguous"}}


def test_system_number_lets_every_key_change_but_not_all_at_once(town: Union, staff: User) -> None:
    unit = Unit.objects.create(name="甲厂", credit_code=credit_code("91", 1))
    renamed = f"单位名称,统一社会信用代码,系统编号\n甲机械厂,{unit.credit_code},{unit.pk}\n"
    shifted = f"单位名称,统一社会信用代码,系统编号\n乙厂,{credit_code('91', 2)},{unit.pk}\n"

    assert counts(judged("units", renamed, staff)) == (0, 1, 0, 0)
    assert codes(judged("units", shifted, staff)) == {2: {"pk-mismatch"}}


def test_system_number_of_nobody_is_refused(town: Union, staff: User) -> None:
    found = judged("units", "单位名称,系统编号\n甲厂,987654\n", staff)

    assert codes(found) == {2: {"pk-unknown"}}


def test_masked_number_stands_for_the_stored_one(town: Union, union: Union, staff: User) -> None:
    member = new_member(union, name="李建国")
    masked = mask_id(member.id_number)
    lines = "姓名,证件号码,备注,系统编号\n李建国,{},劳模,{}\n"

    kept, _ = brought_in("members", lines.format(masked, member.pk), staff)
    wrong = judged("members", lines.format("330" + "*" * 11 + "0000", member.pk), staff)
    nobody = judged("members", "姓名,证件号码\n李建国," + masked + "\n", staff)

    number = member.id_number
    member.refresh_from_db()
    assert counts(kept) == (0, 1, 0, 0)
    assert (member.id_number, member.note) == (number, "劳模")
    assert codes(wrong) == {2: {"masked-differs"}}
    assert "masked" in codes(nobody)[2]


def test_chair_does_not_find_what_another_union_keeps(
    union: Union, other_union: Union, chair: User, staff: User
) -> None:
    member = new_member(other_union, name="王五")
    lines = f"姓名,证件号码,系统编号\n王五,{member.id_number},{member.pk}\n"

    assert "pk-unknown" in codes(judged("members", lines, chair))[2]
    assert counts(judged("members", lines, staff)) == (0, 0, 1, 0)


def test_row_that_turns_out_to_be_stored_is_referred_to_by_its_key(town: Union, staff: User) -> None:
    """A federation is named in the file both as itself and as somebody's upper union, under a corrected name."""
    code = credit_code("81", 1)
    federation = Union.objects.create(
        name="园区联合会", kind=UnionKind.FEDERATION, parent=town, credit_code=code, founded_on="2019-01-01"
    )
    lines = "工会名称,工会类型,上级工会,建会日期,工会统一社会信用代码\n"
    lines += f"园区工会联合会,工会联合会,青溪镇总工会,2019-01-01,{code}\n"
    lines += "甲村联合工会,联合基层工会,园区工会联合会,2020-01-01,\n"

    found, _ = brought_in("unions", lines, staff)

    assert counts(found) == (1, 1, 0, 0)
    assert Union.objects.get(name="甲村联合工会").parent_id == federation.pk
