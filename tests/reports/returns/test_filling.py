"""A bound form filled: figures and rows into cells, everything else told."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace

import docx
import pytest
from docx.oxml.ns import qn
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from members.models import Member
from reports.drafting import Order
from reports.periods import Period
from reports.returns import binding, filling
from reports.returns.grid import Place
from reports.returns.models import ReturnForm, Source
from tests.members.samples import new_member
from tests.reports.returns.forms import sheet_of, word_form, workbook_form
from tests.welfare.samples import visit as group_visit
from unionoffice.organisation.models import Union, User
from welfare.models import CareVisit

YEAR = Order(Period.of_year(2024), date(2025, 1, 5))
C4, D4, LIST = Place(0, 3, 2), Place(0, 3, 3), Place(0, 12, 0)
COLUMNS = {0: "#", 1: "member.name", 2: "member.id_number", 3: "visited_on", 4: "cash_amount"}
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def form(cast: SimpleNamespace) -> ReturnForm:
    return binding.receive(workbook_form(), "统计表.xlsx", user=cast.staff).form


def visit(union: Union, member: Member, day: str, amount: int = 500) -> CareVisit:
    return CareVisit.objects.create(
        union=union, member=member, occasion="spring_festival", visited_on=day, cash_amount=amount
    )


def fact(form: ReturnForm, place: Place, key: str, user: User, **options: bool) -> None:
    binding.bind(form, place, {"source": Source.FACT, "key": key} | options, user=user)


def why(filled: filling.Filled) -> dict[str, str]:
    return {lack.place.name: lack.why for lack in filled.lacks}


def test_figures_and_words_stand_in_their_cells(
    form: ReturnForm, union: Union, cast: SimpleNamespace
) -> None:
    new_member(union, name="张三")
    fact(form, C4, "members.active.count", cast.staff)
    fact(form, D4, "members.active.count", cast.staff, of_year_before=True)
    binding.bind(form, Place(0, 1, 0, 2), {"source": Source.WORD, "key": "filled_by"}, user=cast.staff)
    binding.bind(form, Place(0, 3, 4), {"source": Source.TEXT, "text": "电话 0574-1"}, user=cast.staff)

    sheet = sheet_of(filling.fill(form, YEAR, cast.staff).write())

    assert (sheet["C4"].value, sheet["D4"].value, sheet["E4"].value) == (1, 1, "电话 0574-1")
    assert "填表人：镇总工会干部" in sheet["A2"].value


def test_what_has_no_data_is_named_and_never_filled_with_zero(
    form: ReturnForm, cast: SimpleNamespace
) -> None:
    fact(form, C4, "members.active.count", cast.staff)
    fact(form, Place(0, 7, 2), "grassroots.units.coverage_rate", cast.staff)

    done = filling.fill(form, YEAR, cast.staff)
    lacks, sheet = why(done), sheet_of(done.write())

    assert "没有记录" in lacks["C4"]
    assert "分母" in lacks["C8"]
    assert lacks["C9"] == "等2格还没有取数，空着"
    assert (sheet["C4"].value, sheet["C8"].value) == (None, None)


def test_a_figure_from_which_something_is_missing_is_filled_and_told(
    form: ReturnForm, union: Union, cast: SimpleNamespace
) -> None:
    for name, reached in (("环卫一班", 12), ("环卫二班", None)):
        group_visit(union, "2024-07-20", name=name, recipient="team", reached=reached)
    fact(form, C4, "welfare.visits.persons", cast.staff)

    done = filling.fill(form, YEAR, cast.staff)

    assert sheet_of(done.write())["C4"].value == 12
    assert "1条集体记录没有填“慰问人数”" in why(done)["C4"]


def test_zero_is_filled_where_the_office_says_so(form: ReturnForm, cast: SimpleNamespace) -> None:
    fact(form, C4, "members.active.count", cast.staff, fills_zero=True)

    done = filling.fill(form, YEAR, cast.staff)

    assert "C4" not in why(done)
    assert sheet_of(done.write())["C4"].value == 0


def test_money_is_filled_in_ten_thousands_where_the_form_wants_it(
    form: ReturnForm, union: Union, cast: SimpleNamespace
) -> None:
    visit(union, new_member(union, name="张三"), "2024-02-01", 12345)
    fact(form, Place(0, 6, 2), "welfare.visits.cash.amount", cast.staff, in_wan=True)

    assert sheet_of(filling.fill(form, YEAR, cast.staff).write())["C7"].value == 1.2345


def test_a_union_and_a_period_are_filled_with_their_own_figures(
    form: ReturnForm,
    union: Union,
    other_union: Union,
    cast: SimpleNamespace,
) -> None:
    for owner, day in ((union, "2024-02-01"), (union, "2024-08-01"), (other_union, "2024-02-02")):
        visit(owner, new_member(owner, name="张三"), day)
    fact(form, C4, "welfare.visits.count", cast.staff)
    half = Order(Period.chosen(2024, "half1"), date(2025, 1, 5), union=union)

    def count(order: Order) -> object:
        return sheet_of(filling.fill(form, order, cast.staff).write())["C4"].value

    assert (count(YEAR), count(half)) == (3, 1)


def test_a_list_fills_a_row_for_each_record_with_masked_numbers(
    form: ReturnForm, union: Union, cast: SimpleNamespace
) -> None:
    member = new_member(union, name="张三", id_number=ID_NUMBER)
    visit(union, member, "2024-02-01", 300)
    visit(union, member, "2024-03-01", 500)
    binding.bind_list(form, LIST, "welfare.visits.count", 3, COLUMNS, user=cast.staff)

    sheet = sheet_of(filling.fill(form, YEAR, cast.staff).write())
    rows = [[cell.value for cell in row] for row in sheet["A13:E15"]]

    assert rows == [
        [1, "张三", "110***********002X", "2024-03-01", 500],
        [2, "张三", "110***********002X", "2024-02-01", 300],
        [None] * 5,
    ]


def three_visits(form: ReturnForm, union: Union, user: User) -> filling.Filled:
    """A list of three visits in a form with two rows for it."""
    for day in ("2024-02-01", "2024-03-01", "2024-04-01"):
        visit(union, new_member(union, name="张三"), day)
    binding.bind_list(form, LIST, "welfare.visits.count", 2, {3: "visited_on"}, user=user)
    fact(form, Place(0, 14, 4), "welfare.visits.count", user)
    return filling.fill(form, YEAR, user)


def test_a_workbook_takes_in_the_rows_a_list_needs(
    form: ReturnForm, union: Union, cast: SimpleNamespace
) -> None:
    done = three_visits(form, union, cast.staff)

    sheet = sheet_of(done.write())

    assert "D13" not in why(done)
    assert [sheet[f"D{row}"].value for row in (13, 14, 15, 16)] == [
        "2024-04-01",
        "2024-03-01",
        "2024-02-01",
        None,
    ]
    assert sheet["E16"].value == 3
    assert sheet["D15"].border.left.style == "thin"


def test_rows_for_which_a_workbook_has_no_room_are_told(union: Union, cast: SimpleNamespace) -> None:
    def commented(sheet: Worksheet) -> None:
        sheet["A1"].comment = Comment("注", "甲")

    form = binding.receive(workbook_form(2024, commented), "统计表.xlsx", user=cast.staff).form

    done = three_visits(form, union, cast.staff)
    sheet = sheet_of(done.write())

    assert why(done)["D13"].startswith("名单有3行，表里留了2行，多出的1行没有填")
    assert [sheet[f"D{row}"].value for row in (13, 14, 15)] == ["2024-04-01", "2024-03-01", None]
    assert sheet["E15"].value == 3


def test_a_list_in_a_text_takes_the_rows_it_needs_and_moves_what_follows(
    union: Union, other_union: Union, cast: SimpleNamespace
) -> None:
    form = binding.receive(word_form(), "报送表.docx", user=cast.staff).form
    binding.bind_list(
        form,
        Place(0, 6, 0),
        "grassroots.unions.count",
        1,
        {0: "#", 1: "name", 3: "founded_on"},
        user=cast.staff,
    )
    fact(form, Place(0, 2, 2), "grassroots.unions.count", cast.staff)

    done = filling.fill(form, YEAR, cast.staff)
    table = docx.Document(BytesIO(done.write())).tables[0]

    listed = [(row.cells[0].text, row.cells[3].text) for row in table.rows[6:]]
    assert listed == [("1", "2015-05-01"), ("2", "2012-03-01")]
    assert "".join(table.cell(2, 2)._tc.itertext(qn("w:t"))) == "2"


def test_columns_and_lists_a_role_may_not_read_stay_blank(
    form: ReturnForm, union: Union, cast: SimpleNamespace
) -> None:
    visit(union, new_member(union, name="张三", id_number=ID_NUMBER), "2024-02-01")
    binding.bind_list(
        form,
        LIST,
        "welfare.visits.count",
        3,
        {1: "reason", 2: "member.id_number", 3: "visited_on"},
        user=cast.staff,
    )

    leader = filling.fill(form, YEAR, cast.leader)
    other = Place(0, 13, 0)
    binding.bind_list(form, LIST, "members.active.count", 3, {1: "member"}, user=cast.staff)
    auditor = filling.fill(form, YEAR, cast.auditor)

    assert why(leader)["B13"] == why(leader)["C13"] == "您不能查看这一列，没有填"
    assert sheet_of(leader.write())["D13"].value == "2024-02-01"
    assert why(auditor)["B13"] == "您不能导出会籍变动，名单没有填"
    assert sheet_of(auditor.write()).cell(other.row, 2).value is None


def test_a_list_holds_only_rows_the_user_may_see(
    form: ReturnForm,
    union: Union,
    other_union: Union,
    cast: SimpleNamespace,
) -> None:
    visit(union, new_member(union, name="张三"), "2024-02-01")
    visit(other_union, new_member(other_union, name="李四"), "2024-02-01")
    binding.bind_list(form, LIST, "welfare.visits.count", 3, {1: "whom"}, user=cast.staff)
    own = Order(Period.of_year(2024), date(2025, 1, 5), union=union)

    names = [row[0].value for row in sheet_of(filling.fill(form, own, cast.chair).write())["B13:B15"]]
    wrong = [row[0].value for row in sheet_of(filling.fill(form, YEAR, cast.chair).write())["B13:B15"]]

    assert names == wrong == ["张三", None, None]


def test_a_binding_to_nothing_known_is_told(form: ReturnForm, cast: SimpleNamespace) -> None:
    fact(form, C4, "no.such.fact", cast.staff)
    fact(form, Place(0, 90, 2), "members.active.count", cast.staff)
    binding.bind_list(form, LIST, "no.such.list", 3, {1: "name"}, user=cast.staff)

    lacks = why(filling.fill(form, YEAR, cast.staff))

    assert lacks["C4"] == "没有“no.such.fact”这个数据了，请重新取数"
    assert lacks["C91"] == "表里已没有这一格，请重新取数"
    assert lacks["B13"] == "没有“no.such.list”这个名单了，请重新取数"


def test_a_list_tells_nothing_of_a_person_whom_the_user_may_not_see(
    form: ReturnForm, union: Union, other_union: Union, cast: SimpleNamespace
) -> None:
    visit(union, new_member(union, name="张三"), "2024-03-01")
    visit(union, new_member(other_union, name="李四"), "2024-02-01")
    binding.bind_list(
        form, LIST, "welfare.visits.count", 3, {1: "member.name", 3: "visited_on"}, user=cast.staff
    )

    rows = [
        [row[1].value, row[3].value]
        for row in sheet_of(filling.fill(form, YEAR, cast.chair).write())["A13:D15"]
    ]

    assert rows == [["张三", "2024-03-01"], [None, "2024-02-01"], [None, None]]


def test_a_list_names_the_ill_only_to_those_who_handle_them(
    form: ReturnForm, union: Union, cast: SimpleNamespace
) -> None:
    ill = visit(union, new_member(union, name="张三"), "2024-03-01")
    CareVisit.objects.filter(pk=ill.pk).update(occasion="illness")
    binding.bind_list(form, LIST, "welfare.visits.count", 3, {1: "whom"}, user=cast.staff)

    def named(user: User) -> object:
        return sheet_of(filling.fill(form, YEAR, user).write())["B13"].value

    assert (named(cast.staff), named(cast.leader)) == ("张三", "仅经办人可见")
