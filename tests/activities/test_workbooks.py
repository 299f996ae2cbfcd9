"""Activities in workbooks: joint ones keep what a chair neither sees nor names."""

import io
from datetime import datetime
from typing import Any

import openpyxl

from activities.models import Activity
from activities.records import ACTIVITIES
from tests.grassroots.samples import year
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records.exporting import Export
from unionoffice.records.importing.workbook import find, write
from unionoffice.sheets.reading import open_book

from .samples import activity, figures


def exported(user: User) -> openpyxl.Workbook:
    file = io.BytesIO()
    Export(ACTIVITIES, user, every=True).write(file)
    file.seek(0)
    return openpyxl.load_workbook(file)


def column(book: openpyxl.Workbook, heading: str) -> int:
    return 1 + [cell.value for cell in book.active[1]].index(heading)


def imported(book: openpyxl.Workbook, user: User) -> tuple[Any, list[tuple[int, str]]]:
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    with open_book(file, "活动.xlsx") as opened:
        _, judged = write(opened, find(opened, user, ACTIVITIES), user, summary="活动.xlsx", reason="已核对")
    found = judged[ACTIVITIES]
    return found.tally, [(one.row, one.code) for one in found.findings if one.verdict == "refused"]


def test_chair_takes_out_own_names_and_brings_back_the_rest_untouched(
    union: Union, other_union: Union, chair: User
) -> None:
    own, foreign = new_member(union, name="赵敏"), new_member(other_union, name="钱进")
    made = activity(union, co_organisers=[other_union], participants=[own, foreign])
    book = exported(chair)
    assert book.active.cell(2, column(book, "签到会员")).value == "赵敏"
    assert book.active.cell(2, column(book, "联合主办工会")).value in (None, "")

    same, _ = imported(book, chair)
    book.active.cell(2, column(book, "参加人次")).value = 55
    changed, _ = imported(book, chair)

    made.refresh_from_db()
    assert (same.unchanged, changed.changed, made.came) == (1, 1, 55)
    assert set(made.participants.all()) == {own, foreign}
    assert list(made.co_organisers.all()) == [other_union]


def test_partner_takes_a_joint_activity_out_but_cannot_change_it(
    union: Union, other_union: Union, other_chair: User
) -> None:
    made = activity(union, co_organisers=[other_union])
    book = exported(other_chair)

    book.active.cell(2, column(book, "参加人次")).value = 99
    tally, refused = imported(book, other_chair)

    made.refresh_from_db()
    assert (tally.refused, made.came) == (1, 40)
    assert refused


def test_joint_activity_comes_in_with_all_its_unions(
    town: Union, union: Union, other_union: Union, staff: User
) -> None:
    made = activity(town, co_organisers=[union, other_union])
    book = exported(staff)

    same, _ = imported(book, staff)

    assert same.unchanged == 1
    assert set(made.co_organisers.all()) == {union, other_union}


def ledger(*rows: tuple[Any, ...]) -> openpyxl.Workbook:
    """A year's ledger as a clerk keeps it: a title row and headings of the office's own."""
    book = openpyxl.Workbook()
    book.active.append(["青溪镇2026年职工活动台账"])
    book.active.merge_cells("A1:K1")
    headings = [
        "序号",
        "名称",
        "活动类别",
        "主题",
        "主办单位",
        "联合主办",
        "活动时间",
        "参加人数",
        "签到会员",
    ]
    book.active.append([*headings, "支出", "资金来源", "状态", "取消原因"])
    for number, row in enumerate(rows, 1):
        book.active.append([number, *row])
    return book


def line(title: str, **cells: Any) -> tuple[Any, ...]:
    values = {
        "kind": "健步走",
        "theme": "快乐工作",
        "union": "青溪镇",
        "partners": "",
        "day": "2026-05-10",
        "came": 40,
        "names": "",
        "cost": "",
        "source": "",
        "state": "",
        "reason": "",
    }
    return (title, *(values | cells).values())


def test_unions_joined_in_one_cell_make_one_activity(
    town: Union, union: Union, other_union: Union, staff: User
) -> None:
    joined = ["宏达机械、金河村", "宏达机械，金河村", "宏达机械；金河村", f"{union.name}\n{other_union.name}"]
    book = ledger(*(line(f"第{n}场", partners=cell) for n, cell in enumerate(joined, 1)))

    tally, refused = imported(book, staff)

    assert (tally.new, refused) == (len(joined), [])
    assert {frozenset(made.co_organisers.all()) for made in Activity.objects.all()} == {
        frozenset({union, other_union})
    }
    assert figures(year(2026), "activities.held.count") == [len(joined)]
    assert figures(year(2026, frozenset({union.pk})), "activities.held.count") == [len(joined)]


def test_union_nobody_knows_refuses_the_row_and_names_it(town: Union, union: Union, staff: User) -> None:
    book = ledger(line("联欢", partners="宏达机械、宏大机戒"), line("健步"))

    tally, refused = imported(book, staff)

    assert (tally.new, tally.refused, [row for row, _ in refused]) == (1, 1, [3])


def test_days_counts_and_money_in_the_styles_of_offices(town: Union, staff: User) -> None:
    days = [datetime(2026, 3, 8), "2026年3月9日", "2026.3.10", "20260311", 46093, "2026/3/13", "三月十四"]
    book = ledger(
        *(
            line(f"第{n}场", day=day, came=f"{n}0人次", cost="1,200元", source="行政")
            for n, day in enumerate(days, 1)
        )
    )

    tally, refused = imported(book, staff)

    assert (tally.new, [row for row, _ in refused]) == (6, [9])
    made = Activity.objects.order_by("starts_on").values_list("starts_on", "came", "cost", "fund_source")
    assert [(str(day), came) for day, came, _, _ in made] == [
        (f"2026-03-{7 + n:02}", 10 * n) for n in range(1, 7)
    ]
    assert {(str(cost), source) for _, _, cost, source in made} == {("1200.00", "administration")}


def test_persons_signed_in_are_not_the_person_times(town: Union, union: Union, staff: User) -> None:
    for name in ("赵敏", "钱进"):
        new_member(union, name=name)
    book = ledger(
        line("两人各来两次", came=4, names="赵敏、钱进"), line("人次少于签到", came=1, names="赵敏、钱进")
    )

    _, refused = imported(book, staff)

    made = Activity.objects.get()
    assert refused == [(4, "activity-fewer-than-list")]
    assert (made.came, made.participants.count()) == (4, 2)


def test_cancelled_activity_of_a_ledger_is_not_held_and_says_why(town: Union, staff: User) -> None:
    book = ledger(
        line("台风停办", state="已取消", came="", reason="台风"),
        line("停办没写原因", state="取消", came=""),
        line("办过"),
    )

    tally, refused = imported(book, staff)

    assert (tally.new, refused) == (2, [(4, "activity-cancel-reason")])
    assert figures(year(2026), "activities.held.count") == [1]
