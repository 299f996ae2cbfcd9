"""Visits in workbooks: lists as offices write them, the rules of the form, and what a reader may take out."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records.exporting import Export
from unionoffice.records.importing.workbook import find, judge, write
from unionoffice.sheets.reading import open_book
from welfare.models import CareVisit
from welfare.records import VISITS

from .samples import GOODS, visit

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
