"""A department's list is compared with what the office has registered; differences are corrected and counted."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from members.checking import compare, read_list
from members.models import RosterCheck, RosterCheckLine
from unionoffice import facts
from unionoffice.identity import credit_check_character
from unionoffice.organisation.models import Coverage, Union, Unit, User
from unionoffice.records.models import Act
from unionoffice.records.taking_back import take_back
from unionoffice.sheets.cells import SheetRefused

from .samples import new_member

ON = date(2024, 6, 1)
CODE = "91350100M000100Y43"
OTHER_CODE = "91330226MA2AAAAA0" + credit_check_character("91330226MA2AAAAA0")
SCOPE = facts.Scope(date(2024, 1, 1), date(2024, 12, 31), date(2024, 12, 31))


def workbook(*rows: tuple) -> BytesIO:
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    file.seek(0)
    return file


def unit(name: str, union: Union | None = None, **fields: object) -> Unit:
    made = Unit.objects.create(name=name, **fields)
    if union is not None:
        Coverage.objects.create(union=union, unit=made, started_on="2020-01-01")
    return made


def results(*rows: tuple, is_whole: bool = False) -> list[tuple[str, str, str | None]]:
    """(unit as listed, result, union) for a list with the columns 单位名称, 信用代码, 人数."""
    listed = read_list(
        workbook(("税务部门缴费单位名单",), ("单位名称", "统一社会信用代码", "人数"), *rows), "list.xlsx"
    )
    return [
        (line.unit_name, line.result, line.union and line.union.short_name)
        for line in compare(listed.units, ON, is_whole)
    ]


def test_each_kind_of_difference_is_found(union: Union, other_union: Union) -> None:
    unit("一致公司", union, staff_total=30, credit_code=CODE)
    unit("人数公司", union, staff_total=30)
    unit("无会公司")
    unit("注销公司", union, closed_on="2023-01-01")
    missing = unit("漏列公司")
    new_member(other_union, unit=missing)
    employer = unit("建会公司")
    Union.objects.filter(pk=union.pk).update(employer=employer)

    assert results(
        ("换名公司", CODE, 30),
        ("人数公司", "", "35人"),
        ("无会公司", "", 3),
        ("注销公司", "", 3),
        ("漏列公司", "", None),
        ("建会公司", "", None),
        ("陌生公司", "", 9),
    ) == [
        ("换名公司", "agrees", "宏达机械"),
        ("人数公司", "head_count", "宏达机械"),
        ("无会公司", "no_union", None),
        ("注销公司", "closed_unit", "宏达机械"),
        ("漏列公司", "not_covered", "金河村"),
        ("建会公司", "not_covered", "宏达机械"),
        ("陌生公司", "unknown_unit", None),
    ]


def test_same_name_with_another_code_is_another_unit(union: Union) -> None:
    unit("同名公司", union, credit_code=OTHER_CODE)

    assert results(("同名公司", CODE, None)) == [("同名公司", "unknown_unit", None)]


def test_coverage_that_has_ended_is_no_coverage(union: Union) -> None:
    was = unit("退出公司", union)
    Coverage.objects.filter(unit=was).update(ended_on=ON)

    assert results(("退出公司", "", None)) == [("退出公司", "no_union", None)]


def test_complete_list_also_shows_covered_units_it_lacks(union: Union) -> None:
    unit("在册公司", union)
    unit("另一公司", union)

    assert results(("在册公司", "", None)) == [("在册公司", "agrees", "宏达机械")]
    assert results(("在册公司", "", None), is_whole=True)[1:] == [("另一公司", "not_listed", "宏达机械")]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([("一", "二")], "没有找到“单位名称”一列"),
        ([("单位名称", "人数")], "名单里没有单位"),
        ([("单位名称", "人数"), ("甲公司", "很多")], "第2行：“甲公司”的人数：数字“很多”"),
        ([("单位名称", "统一社会信用代码"), ("甲公司", 9.13502e17)], "后几位已丢失"),
        ([("单位名称", "本月应缴人数"), ("甲公司", 35)], "“本月应缴人数”一列像是人数，但没有认得"),
    ],
)
def test_unusable_list_is_refused_with_the_place(rows: list[tuple], line: str) -> None:
    with pytest.raises(SheetRefused, match=line):
        read_list(workbook(*rows), "list.xlsx")


def upload(client: Client, content: bytes, name: str = "list.xlsx") -> int:
    form = {
        "title": "2024年第一次核查",
        "partner": "税务部门",
        "checked_on": "2024-06-01",
        "workbook": SimpleUploadedFile(name, content),
    }
    return client.post("/roster-checks/new/", form).status_code


def test_upload_makes_the_check_with_its_lines_in_one_act(
    union: Union, staff: User, login: Callable[[User], Client]
) -> None:
    unit("一致公司", union)
    book = workbook(("单位名称",), ("一致公司",), ("陌生公司",))

    status = upload(login(staff), book.read())

    check = RosterCheck.objects.get()
    assert status == 302
    assert [(line.row, line.result) for line in check.lines.order_by("row")] == [
        (2, "agrees"),
        (3, "unknown_unit"),
    ]
    take_back(Act.objects.latest("pk"), user=staff)
    assert (RosterCheck.objects.count(), RosterCheckLine.objects.count()) == (0, 0)


def test_sole_trader_with_another_tax_number_is_compared_by_name_and_told(
    union: Union, staff: User, login: Callable[[User], Client]
) -> None:
    unit("老王面馆", union, credit_code=CODE)
    mistyped = f"{OTHER_CODE[:-1]}{'Y' if OTHER_CODE[-1] != 'Y' else 'X'}"
    book = workbook(
        ("单位名称", "纳税人识别号"),
        ("老王面馆", "33022519700101001X00"),
        ("陌生公司", CODE),
        ("抄错公司", mistyped),
    )

    status = upload(login(staff), book.read())

    check = RosterCheck.objects.get()
    found = list(check.lines.order_by("row").values_list("unit_name", "credit_code", "result"))
    assert (status, found[0]) == (302, ("老王面馆", "", "agrees"))
    assert check.note == "名单第2、4行共2家的代码不是有效的统一社会信用代码，只按单位名称比对。"


@pytest.mark.parametrize("heading", ["人数", "社保参保人数", "在职人数（人）", "员工人数"])
def test_numbers_are_compared_under_the_headings_of_departments(union: Union, heading: str) -> None:
    unit("人数公司", union, staff_total=30)

    listed = read_list(workbook(("单位名称", heading), ("人数公司", 35)), "list.xlsx")

    assert [line.result for line in compare(listed.units, ON, False)] == ["head_count"]


def test_columns_and_sheets_that_were_not_read_are_told(
    union: Union, staff: User, login: Callable[[User], Client]
) -> None:
    unit("一致公司", union, staff_total=30)
    book, out = Workbook(), BytesIO()
    book.active.append(("单位名称", "人数", "其中女职工人数", "欠费月数"))
    book.active.append(("一致公司", 30, 9, 2))
    book.create_sheet("注销户").append(("名称", "日期"))
    book.save(out)

    upload(login(staff), out.getvalue())

    told = "名单里没有用到的列：其中女职工人数、欠费月数。没有读的工作表：注销户。"
    assert RosterCheck.objects.get().note == told


@pytest.fixture
def check(db: None) -> RosterCheck:
    return RosterCheck.objects.create(title="核查", partner="税务所", checked_on=ON)


def test_head_count_of_the_list_is_taken_over(
    check: RosterCheck, union: Union, staff: User, login: Callable[[User], Client]
) -> None:
    firm = unit("人数公司", union, staff_total=30)
    line = RosterCheckLine.objects.create(
        roster_check=check, unit_name=firm.name, unit=firm, union=union, result="head_count", head_count=35
    )

    answer = login(staff).post(f"/roster-check-lines/{line.pk}/steps/count/", {"on": "2024-07-01"})

    firm.refresh_from_db()
    line.refresh_from_db()
    assert (answer.status_code, firm.staff_total) == (302, 35)
    assert (line.corrected_on, line.correction) == (date(2024, 7, 1), "职工人数由30改为35")
    take_back(Act.objects.latest("pk"), user=staff)
    firm.refresh_from_db()
    assert firm.staff_total == 30


def test_head_count_below_the_women_counted_is_refused(
    check: RosterCheck, union: Union, staff: User, login: Callable[[User], Client]
) -> None:
    firm = unit("人数公司", union, staff_total=30, staff_women=20)
    line = RosterCheckLine.objects.create(
        roster_check=check, unit_name=firm.name, unit=firm, result="head_count", head_count=12
    )

    answer = login(staff).post(f"/roster-check-lines/{line.pk}/steps/count/", {"on": "2024-07-01"})

    firm.refresh_from_db()
    assert (answer.status_code, firm.staff_total) == (422, 30)
    assert "女职工人数（20）不能多于职工人数（12）" in answer.content.decode()


def test_unknown_employer_becomes_a_unit_without_union(
    check: RosterCheck, staff: User, login: Callable[[User], Client]
) -> None:
    line = RosterCheckLine.objects.create(
        roster_check=check, unit_name="陌生公司", credit_code=CODE, head_count=9, result="unknown_unit"
    )
    office = login(staff)

    answer = office.post(f"/roster-check-lines/{line.pk}/steps/register/", {"on": "2024-07-01"})

    line.refresh_from_db()
    made = Unit.objects.get(name="陌生公司")
    assert answer.status_code == 302
    assert (made.credit_code, made.staff_total) == (CODE, 9)
    assert (line.unit, line.result, line.recorded_count, line.corrected_on) == (made, "no_union", 9, None)
    RosterCheckLine.objects.filter(pk=line.pk).update(result="unknown_unit", unit=None)
    again = office.post(f"/roster-check-lines/{line.pk}/steps/register/", {"on": "2024-07-01"})
    assert again.status_code == 422
    assert "已有名为“陌生公司”的单位" in again.content.decode()


def test_check_counts_its_lines_by_result_for_who_looks(
    check: RosterCheck, cast: SimpleNamespace, union: Union, other_union: Union, login
) -> None:
    for owner, result in ((union, "agrees"), (union, "head_count"), (other_union, "head_count")):
        RosterCheckLine.objects.create(roster_check=check, unit_name=owner.name, union=owner, result=result)

    pages = {
        role: login(getattr(cast, role)).get(f"/roster-checks/{check.pk}/").context["related"][0]["tally"]
        for role in ("staff", "chair")
    }

    assert {role: [(one["label"], one["count"]) for one in tally] for role, tally in pages.items()} == {
        "staff": [("一致", 1), ("人数不符", 2)],
        "chair": [("一致", 1), ("人数不符", 1)],
    }
    assert pages["staff"][1]["url"] == f"/roster-check-lines/?roster_check={check.pk}&result=head_count"


def test_file_that_is_no_workbook_writes_nothing(staff: User, login: Callable[[User], Client]) -> None:
    status = upload(login(staff), b"\x00\x01\x02", "list.xlsx")

    assert status == 422
    assert RosterCheck.objects.count() == 0


def test_chair_sees_the_lines_of_the_own_union_only(
    union: Union, other_union: Union, chair: User, login: Callable[[User], Client]
) -> None:
    check = RosterCheck.objects.create(title="核查", partner="工办", checked_on=ON)
    for owner in (union, other_union):
        RosterCheckLine.objects.create(roster_check=check, unit_name=f"{owner.short_name}公司", union=owner)

    page = login(chair).get(f"/roster-checks/{check.pk}/").content.decode()

    assert "宏达机械公司" in page
    assert "金河村公司" not in page


def test_figures_of_checks(union: Union, staff: User, login: Callable[[User], Client]) -> None:
    tax = RosterCheck.objects.create(title="一", partner="税务部门", checked_on="2024-06-01")
    office = RosterCheck.objects.create(title="二", partner="工办", checked_on="2024-03-01")
    RosterCheck.objects.create(title="三", partner="税务部门", checked_on="2024-09-01")
    RosterCheck.objects.create(title="去年", partner="市监部门", checked_on="2023-09-01")
    lines = [
        RosterCheckLine.objects.create(roster_check=check, unit_name="甲", union=union, result="no_union")
        for check in (tax, office)
    ]
    answer = login(staff).post(
        f"/roster-check-lines/{lines[0].pk}/steps/correct/", {"on": "2024-07-01", "correction": "已列入"}
    )

    keys = [f"members.rostercheck.{name}" for name in ("partners", "rounds", "unions", "found", "corrected")]
    values = facts.compute(keys, SCOPE)
    assert answer.status_code == 302
    assert [values[key].value for key in keys] == [("工办", "税务部门"), 3, 1, 2, 1]
