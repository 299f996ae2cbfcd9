"""What becomes of each row: new, changed, unchanged or refused, and that nothing is written while judging."""

from datetime import date

import pytest

from members.models import Member
from tests.activities.samples import activity
from tests.every_record import credit_code
from tests.members.samples import id_number, new_member
from unionoffice.identity import MALE
from unionoffice.organisation.choices import UnionKind, UnitState
from unionoffice.organisation.models import Union, Unit, User
from unionoffice.records.models import Act

from . import brought_in, codes, counts, judged

pytestmark = pytest.mark.django_db
BORN = date(1985, 6, 15)
MEMBER_HEADINGS = "姓名,证件号码,手机号码,所属工会,入会日期,是否农民工,新就业形态\n"


def member_line(union: Union, number: str, name: str = "李建国", phone: str = "13800000001") -> str:
    return f"{name},{number},{phone},{union.name},2020-03-05,否,快递员\n"


def test_judging_writes_nothing(town: Union, staff: User) -> None:
    acts = Act.objects.count()

    found = judged("units", "单位名称\n甲厂\n", staff)

    assert counts(found) == (1, 0, 0, 0)
    assert not Unit.objects.exists()
    assert Act.objects.count() == acts


def test_blank_cell_erases_nothing(town: Union, staff: User) -> None:
    Unit.objects.create(name="甲厂", address="青溪路1号", staff_total=10)

    found, _ = brought_in("units", "单位名称,地址,职工人数\n甲厂,,12\n", staff)

    assert counts(found) == (0, 1, 0, 0)
    assert Unit.objects.values_list("address", "staff_total").get() == ("青溪路1号", 12)


def test_column_the_file_lacks_is_left_alone(town: Union, staff: User) -> None:
    Unit.objects.create(name="甲厂", address="青溪路1号", state=UnitState.UNVERIFIED)

    found, _ = brought_in("units", "单位名称,职工人数\n甲厂,12\n", staff)

    unit = Unit.objects.get()
    assert counts(found) == (0, 1, 0, 0)
    assert (unit.address, unit.state, unit.staff_total) == ("青溪路1号", UnitState.UNVERIFIED, 12)


def test_change_is_shown_cell_by_cell(town: Union, staff: User) -> None:
    Unit.objects.create(name="甲厂", address="青溪路1号", staff_total=10)

    found = judged("units", "单位名称,地址,职工人数\n甲厂,青溪路1号,12\n", staff)

    assert found.kept[2].before == {"staff_total": "10"}
    assert found.kept[2].cells["staff_total"] == 12


def test_earlier_of_two_equal_rows_stays(town: Union, union: Union, staff: User) -> None:
    number = id_number(BORN, MALE, 1)
    lines = MEMBER_HEADINGS + member_line(union, number) + member_line(union, number, "张小明", "13800000002")

    found, _ = brought_in("members", lines, staff)

    assert counts(found) == (1, 0, 0, 1)
    assert codes(found) == {3: {"duplicate-row"}}
    assert "第2行" in found.refused_rows()[3][0]
    assert Member.objects.get().name == "李建国"


def test_row_refused_for_its_own_fault_does_not_block_its_double(
    town: Union, union: Union, staff: User
) -> None:
    number = id_number(BORN, MALE, 1)
    lines = MEMBER_HEADINGS + member_line(union, number, "") + member_line(union, number)

    found = judged("members", lines, staff)

    assert counts(found) == (1, 0, 0, 1)
    assert codes(found) == {2: {"required"}}


def test_every_fault_of_a_row_is_told(town: Union, union: Union, staff: User) -> None:
    lines = MEMBER_HEADINGS + f",{id_number(BORN, MALE, 1)},123,没有的工会,2020-03-05,否,快递员\n"

    found = judged("members", lines, staff)

    assert codes(found) == {2: {"required", "mobile-pattern", "relation-unknown"}}


def test_code_that_another_row_has_is_refused(town: Union, staff: User) -> None:
    code = credit_code("91", 1)
    Unit.objects.create(name="甲厂", credit_code=code)
    other = Unit.objects.create(name="乙厂")

    found = judged("units", f"单位名称,统一社会信用代码,系统编号\n乙厂,{code},{other.pk}\n", staff)

    assert codes(found) == {2: {"taken"}}


def test_constraint_of_the_table_is_judged_before_the_database_would(town: Union, staff: User) -> None:
    found = judged(
        "units", "单位名称,成立日期,注销日期\n甲厂,2020-05-01,2019-05-01\n乙厂,2020-05-01,\n", staff
    )

    assert counts(found) == (1, 0, 0, 1)
    assert found.refused_rows() == {2: ["注销日期不能早于成立日期"]}


def test_rules_see_the_whole_file(town: Union, union: Union, staff: User) -> None:
    """One telephone for three people is odd wherever in the file they stand."""
    lines = MEMBER_HEADINGS + "".join(
        member_line(union, id_number(BORN, MALE, n), name)
        for n, name in enumerate(("李建国", "张小明", "王大力"), 1)
    )

    found = judged("members", lines, staff)
    written, _ = brought_in("members", lines, staff)

    shared = [f.row for f in found.findings if f.code == "phone-shared"]
    assert shared == [2, 3, 4]
    assert written.tally == found.tally


def test_doubtful_rows_are_left_out_when_asked(town: Union, union: Union, staff: User) -> None:
    good, doubtful = id_number(BORN, MALE, 1), id_number(BORN, MALE, 2)
    lines = MEMBER_HEADINGS + member_line(union, good) + member_line(union, doubtful, "张小明", "")

    found, _ = brought_in("members", lines, staff, options={"leave_doubtful": True})

    assert counts(found) == (1, 0, 0, 1)
    assert [member.name for member in Member.objects.all()] == ["李建国"]


def test_member_another_union_keeps_is_refused_to_a_chair(
    union: Union, other_union: Union, chair: User
) -> None:
    member = new_member(other_union, name="王五")
    line = f"王五,{member.id_number},13800000001,{union.name},2020-03-05,否,快递员\n"

    found = judged("members", MEMBER_HEADINGS + line, chair)

    assert codes(found) == {2: {"outside"}}
    assert "转会" in found.refused_rows()[2][0]


def test_unknown_union_is_suggested_only_within_sight(
    union: Union, other_union: Union, chair: User, staff: User
) -> None:
    line = member_line(union, id_number(BORN, MALE, 1)).replace(union.name, other_union.name[:-1])

    to_staff = judged("members", MEMBER_HEADINGS + line, staff).refused_rows()[2][0]
    to_chair = judged("members", MEMBER_HEADINGS + line, chair).refused_rows()[2][0]

    assert f"是否为“{other_union.name}”" in to_staff
    assert other_union.name not in to_chair


def test_chair_cannot_put_anybody_into_another_union(union: Union, other_union: Union, chair: User) -> None:
    lines = MEMBER_HEADINGS + member_line(other_union, id_number(BORN, MALE, 1))

    assert codes(judged("members", lines, chair)) == {2: {"relation-unknown"}}


def test_unions_may_name_one_another(town: Union, staff: User) -> None:
    """The upper union stands further down in the same file."""
    lines = "工会名称,工会类型,上级工会,建会日期\n甲村联合工会,联合基层工会,园区工会联合会,2020-01-01\n"
    lines += "园区工会联合会,工会联合会,青溪镇总工会,2019-01-01\n"

    found, _ = brought_in("unions", lines, staff)

    assert counts(found) == (2, 0, 0, 0)
    assert Union.objects.get(name="甲村联合工会").parent.name == "园区工会联合会"


def test_union_below_a_refused_one_is_refused_too(town: Union, staff: User) -> None:
    lines = "工会名称,工会类型,上级工会,建会日期\n甲村联合工会,联合基层工会,园区工会联合会,2020-01-01\n"
    lines += "园区工会联合会,怪类型,青溪镇总工会,2019-01-01\n"

    found, _ = brought_in("unions", lines, staff)

    assert counts(found) == (0, 0, 0, 2)
    assert codes(found) == {2: {"relation-refused"}, 3: {"choice-unknown"}}
    assert not Union.objects.filter(kind=UnionKind.JOINT).exists()


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ("甲厂,", "甲厂,", {3}),
        ("甲厂,{a}", "甲厂,", {3}),
        ("甲厂,", "甲厂,{a}", {3}),
        ("甲厂,{a}", "乙厂,{a}", {3}),
        ("甲厂,{a}", "甲厂,{b}", set()),
        ("甲厂,{a}", "乙厂,", set()),
    ],
)
def test_rows_of_a_file_mean_one_record_as_they_would_one_after_the_other(
    town: Union, staff: User, first: str, second: str, refused: set[int]
) -> None:
    given = {"a": credit_code("91", 1), "b": credit_code("91", 2)}
    headings = "单位名称,统一社会信用代码\n"

    found, _ = brought_in("units", f"{headings}{first}\n{second}\n".format(**given), staff)

    assert set(codes(found)) == refused
    assert Unit.objects.count() == 2 - len(refused)


def test_links_the_file_does_not_carry_are_judged_as_stored(
    union: Union, other_union: Union, staff: User
) -> None:
    made = activity(union, co_organisers=[other_union])

    found, _ = brought_in(
        "activities", f"系统编号,活动名称,主办工会\n{made.pk},健步走,{other_union.name}\n", staff
    )

    made.refresh_from_db()
    assert codes(found) == {2: {"activity-own-partner"}}
    assert (made.union, list(made.co_organisers.all())) == (union, [other_union])
