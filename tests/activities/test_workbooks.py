"""Activities in workbooks: joint ones keep what a chair neither sees nor names."""

import io
from typing import Any

import openpyxl

from activities.records import ACTIVITIES
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records.exporting import Export
from unionoffice.records.importing.workbook import find, write
from unionoffice.sheets.reading import open_book

from .samples import activity


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
