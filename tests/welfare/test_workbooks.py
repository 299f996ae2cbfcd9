"""Visits in workbooks: lists as offices write them, the rules of the form, and what a reader may take out."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.test import Client

from tests.grassroots.samples import year
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records.exporting import Export
from unionoffice.records.importing.workbook import find, judge, write
from unionoffice.sheets.reading import open_book
from welfare.models import CareVisit
from welfare.records import VISITS

from .samples import GOODS, figures, visit

Login = Callable[[User], Client]
HEADINGS = ("工会", "姓名", "对象类别", "事由", "日期", "慰问金（元）", "物资", "慰问人")


def workbook(*rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS) -> io.BytesIO:
    book = openpyxl.Workbook()
    book.active.title = "慰问"
    for values in (headings, *rows):
        book.active.append(values)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def cells(content: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def imported(file: io.BytesIO, user: User) -> list[tuple[int, str, str, str]]:
    """Write the good rows; (row, column, verdict, code) of what was found."""
    with open_book(file, "慰问.xlsx") as book:
        _, judged = write(book, find(book, user, VISITS), user, summary="慰问.xlsx", reason="已核对")
    return [(found.row, found.key, found.verdict, found.code) for found in judged[VISITS].findings]


def test_list_of_an_office_goes_in_by_the_rules_of_the_form(union: Union, staff: User) -> None:
    member = new_member(union, name="赵敏")
    file = workbook(
        ("宏达机械", "环卫一班", "一线班组", "高温", "2026.7.20", "", GOODS, "主席李强"),
        ("宏达机械", "李奶奶", "职工家属", "春节", "2026年1月20日", "500元", "", "主席李强"),
        ("宏达机械", "张师傅", "职工家属", "春节", "20260120", "", "", "主席李强"),
        ("宏达机械", "王师傅", "职工家属", "春节", "2026-1-20", "500", "", ""),
    )

    found = imported(file, staff)

    assert [(row, verdict, code) for row, _, verdict, code in found if verdict == "refused"] == [
        (4, "refused", "visit-empty"),
        (5, "refused", "required"),
    ]
    made = list(CareVisit.objects.order_by("pk").values_list("name", "amount", "person", "season_on__year"))
    assert made == [
        ("环卫一班", 150, f"u{union.pk}:环卫一班", 2026),
        ("李奶奶", 500, f"u{union.pk}:李奶奶", 2026),
    ]
    assert member.care_visits.count() == 0


def test_member_named_by_number_brings_the_own_union(union: Union, staff: User) -> None:
    member = new_member(union, name="赵敏")
    headings = ("会员姓名", "事由", "日期", "金额", "慰问人")
    file = workbook((member.id_number, "生病住院", "2026-03-01", 800, "主席"), headings=headings)

    found = imported(file, staff)

    made = CareVisit.objects.get()
    assert [problem for problem in found if problem[2] == "refused"] == []
    assert (made.member, made.union, made.cash_amount) == (member, union, 800)


def test_same_list_again_changes_nothing_and_two_children_stay_two(union: Union, staff: User) -> None:
    headings = (*HEADINGS, "会员", "不满14周岁", "监护人同意日期")
    new_member(union, name="赵敏")
    children = [
        ("宏达机械", name, "职工子女", "六一", "2026-06-01", 200, "", "主席", "赵敏", "是", "2026-05-20")
        for name in ("赵子轩", "赵雨桐")
    ]

    first = imported(workbook(*children, headings=headings), staff)
    before = list(CareVisit.objects.order_by("pk").values())
    second = imported(workbook(*children, headings=headings), staff)

    assert [problem for problem in first + second if problem[2] == "refused"] == []
    assert list(CareVisit.objects.order_by("pk").values()) == before
    assert len(before) == 2


def test_chair_imports_into_the_own_union_only(union: Union, other_union: Union, chair: User) -> None:
    rows = [
        (name, "李奶奶", "职工家属", "春节", "2026-01-20", 500, "", "主席") for name in ("宏达机械", "金河村")
    ]

    found = imported(workbook(*rows), chair)

    assert [(row, key, verdict) for row, key, verdict, _ in found if verdict == "refused"] == [
        (3, "union", "refused")
    ]
    assert [made.union for made in CareVisit.objects.all()] == [union]


@pytest.mark.parametrize(("role", "reads"), [("staff", True), ("leader", False), ("auditor", False)])
def test_export_holds_the_reason_only_for_those_who_handle_the_case(
    role: str, reads: bool, union: Union, make_user: Callable[..., User], login: Login
) -> None:
    visit(union, name="王师傅", reason="肝癌晚期住院", household_size=4)
    client = login(make_user(role))

    for columns in ("shown", "every"):
        answer = client.post("/care-visits/export/?col=whom&col=reason", {"columns": columns})
        table = cells(answer.content)
        assert ("慰问原因" in table[0], "肝癌晚期住院" in table[1]) == (reads, reads), columns
    assert ("家庭人口" in table[0]) == reads


def test_chair_exports_own_visits_only(union: Union, other_union: Union, chair: User) -> None:
    visit(union, name="张师傅")
    visit(other_union, name="李师傅")
    file = io.BytesIO()

    count = Export(VISITS, chair, every=True).write(file)

    assert count == 1
    assert not any("李师傅" in row for row in cells(file.getvalue()))


def test_judging_many_rows_asks_as_often_as_judging_few(
    union: Union, staff: User, django_assert_max_num_queries: Any
) -> None:
    rows = [
        ("宏达机械", f"第{n}班", "一线班组", "高温", "2026-07-20", 100, "", "主席") for n in range(1, 301)
    ]

    with open_book(workbook(*rows), "慰问.xlsx") as book, django_assert_max_num_queries(20):
        judged = judge(book, find(book, staff, VISITS), staff)[VISITS]

    assert judged.tally.new == 300


def test_group_visit_names_the_earlier_one_and_comes_back_unchanged(union: Union, staff: User) -> None:
    earlier = visit(union, "2026-01-20", name="环卫一班", recipient="team", reached=30)
    headings = (*HEADINGS, "慰问人数", "前次集体慰问", "前次已慰问人数")
    row = (
        "宏达机械",
        "环卫一班",
        "一线班组",
        "高温",
        "2026-07-20",
        500,
        "",
        "主席",
        20,
        "2026-01-20环卫一班",
        15,
    )

    imported(workbook(row, headings=headings), staff)

    made = CareVisit.objects.get(reached=20)
    assert (made.earlier, made.reached_before) == (earlier, 15)
    out = io.BytesIO()
    Export(VISITS, staff, every=True).write(out)
    with open_book(io.BytesIO(out.getvalue()), "慰问.xlsx") as book:
        assert judge(book, find(book, staff, VISITS), staff)[VISITS].tally.unchanged == 2


def season_list() -> io.BytesIO:
    """A season's list as a clerk keeps it: a title, a merged occasion, money and days in every style, goods typed freely."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["宏达机械2026年春节慰问发放表（经办：李）"])
    sheet.merge_cells("A1:H1")
    sheet.append(
        [
            "序号",
            "工会",
            "姓名",
            "人员类别",
            "节日",
            "走访日期",
            "慰问金额",
            "慰问物资",
            "资金来源",
            "慰问人",
            "活动批次",
        ]
    )
    campaign = "2026年元旦春节送温暖"
    days = [datetime(2025, 12, 28), "2026年1月5日", "2026.01.06", 46029, "20260108", "2026-1-9", "1月10日"]
    money = ["￥500", "1,000元", 0.05, "０．０５万元", "", "300", 300]
    goods = ["", "", "大米|1|袋|45", "", "大米｜2｜袋｜45.00；\n食用油｜1｜桶｜60元", "大米2袋", ""]
    sources = ["行政", "县总工会", "镇总工会", "", "捐赠", "行政", "行政"]
    names = ["孙 丽", "周强", "吴敏", "郑华", "冯刚", "陈静", "褚卫"]
    for number, cells in enumerate(zip(names, days, money, goods, sources, strict=True), 1):
        name, day, amount, items, source = cells
        row = [number, "宏达机械", name, "职工家属", "春节", day, amount, items, source, "主席李强", campaign]
        sheet.append(row)
    sheet.merge_cells("E3:E9")
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def test_messy_season_list_is_read_where_it_is_clear_and_told_where_not(union: Union, staff: User) -> None:
    found = imported(season_list(), staff)

    refused = {(row, key) for row, key, verdict, _ in found if verdict == "refused"}
    assert refused == {(8, "goods"), (9, "visited_on")}
    made = CareVisit.objects.order_by("visited_on").values_list(
        "name", "visited_on", "cash_amount", "amount", "fund_source"
    )
    assert [(name, str(day), str(cash), str(total), source) for name, day, cash, total, source in made] == [
        ("孙丽", "2025-12-28", "500.00", "500.00", "administration"),
        ("周强", "2026-01-05", "1000.00", "1000.00", "county"),
        ("吴敏", "2026-01-06", "0.05", "45.05", "town"),
        ("郑华", "2026-01-07", "500.00", "500.00", "union"),
        ("冯刚", "2026-01-08", "None", "150.00", "donation"),
    ]
    last = CareVisit.objects.get(name="冯刚")
    assert last.goods.words == "大米 2袋×45.00元；食用油 1桶×60.00元"


def test_campaign_of_a_list_decides_the_season_and_the_day_the_money(union: Union, staff: User) -> None:
    """A visit of December 2025 counts as a visit of the season 2026, its money as money of 2025."""
    imported(season_list(), staff)

    seasons = set(CareVisit.objects.values_list("campaign", "season_on__year"))
    assert seasons == {("2026年元旦春节送温暖", 2026)}
    assert figures(year(2026), "welfare.visits.count") == [5]
    assert figures(year(2025), "welfare.visits.amount") == [500]


def test_person_listed_twice_is_one_person_and_two_visits(union: Union, staff: User) -> None:
    rows = [
        ("宏达机械", "李奶奶", "职工家属", occasion, day, 500, "", "主席")
        for occasion, day in (("春节", "2026-01-20"), ("高温", "2026-07-20"))
    ]

    found = imported(workbook(*rows), staff)

    assert [problem for problem in found if problem[2] == "refused"] == []
    assert figures(year(2026), "welfare.visits.count", "welfare.visits.persons") == [2, 1]


def test_person_listed_twice_for_one_season_is_doubtful(union: Union, staff: User) -> None:
    rows = [
        ("宏达机械", "李奶奶", "职工家属", "春节", day, 500, "", "主席")
        for day in ("2026-01-20", "2026-01-21")
    ]

    found = imported(workbook(*rows), staff)

    assert {(row, code) for row, _, verdict, code in found if verdict == "warned"} == {(3, "visit-twice")}


def test_source_of_money_nobody_knows_is_refused_with_those_there_are(union: Union, staff: User) -> None:
    headings = (*HEADINGS, "资金来源")
    row = ("宏达机械", "李奶奶", "职工家属", "春节", "2026-01-20", 500, "", "主席", "彩票公益金")

    with open_book(workbook(row, headings=headings), "慰问.xlsx") as book:
        judged = judge(book, find(book, staff, VISITS), staff)[VISITS]

    [finding] = [found for found in judged.findings if found.verdict == "refused"]
    assert (finding.row, finding.key) == (2, "fund_source")
    assert "镇总工会" in finding.message and "捐赠" in finding.message
