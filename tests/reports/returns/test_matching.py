"""A form seen again, and what a blank asks for."""

from openpyxl.worksheet.worksheet import Worksheet

from reports.returns import matching
from reports.returns.filling import unbound
from reports.returns.grid import Cell, Grid, Place, Sheet
from reports.returns.models import ReturnBinding, ReturnForm, Source
from reports.returns.opening import grid_of
from tests.reports.returns.forms import word_form, workbook_form


def known(content: bytes) -> ReturnForm:
    return ReturnForm(labels=grid_of(content).labels())


def table(*rows: tuple[str, ...]) -> Grid:
    cells = {(r, c): Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)}
    return Grid((Sheet("表", cells, len(rows), len(rows[0]), (10,) * len(rows[0])),))


def suggested(grid: Grid) -> dict[str, tuple[str, bool, bool]]:
    found = matching.suggestions(grid, [])
    return {place.name: (s.key, s.of_year_before, s.in_wan) for place, s in found.items()}


def test_next_years_form_is_the_same_form() -> None:
    def filled(sheet: Worksheet) -> None:
        sheet["A1"] = "关于报送2025年工会数据的表"
        sheet["C4"], sheet["D4"] = 8123, 7073
        sheet["A2"] = "填报单位（盖章）：青溪镇总工会      填表人：王芳       填报日期：2025年1月5日"

    forms = [known(workbook_form(2024)), known(word_form())]

    found = matching.known_form(grid_of(workbook_form(2025, filled)).labels(), forms)

    assert found is forms[0]


def test_another_form_is_not_taken_for_a_known_one() -> None:
    def other(sheet: Worksheet) -> None:
        for row in range(4, 11):
            sheet.cell(row, 1, f"别的项目{'甲乙丙丁戊己庚'[row - 4]}")
        for column in range(1, 6):
            sheet.cell(12, column, f"别的{'甲乙丙丁戊'[column - 1]}")

    assert matching.known_form(grid_of(workbook_form(2025, other)).labels(), [known(workbook_form())]) is None


def test_bindings_follow_their_labels_when_a_row_was_added() -> None:
    def longer(sheet: Worksheet) -> None:
        sheet.move_range("A5:E15", rows=1)
        sheet.merged_cells.remove("A11:E11")
        sheet.merge_cells("A12:E12")
        sheet["A5"], sheet["B5"] = "本年新增项", "人"

    old, new = grid_of(workbook_form()), grid_of(workbook_form(2025, longer))
    kept = [
        ReturnBinding(sheet=0, row=row, column=2, source=Source.FACT, key=f"fact{row}") for row in (3, 4, 5)
    ]

    found = matching.take_over(old, new, kept)

    assert [(binding.row, place.row) for binding, place in found.moved] == [(3, 3), (4, 5), (5, 6)]
    assert found.lost == ()


def test_a_binding_whose_row_is_gone_is_told() -> None:
    def shorter(sheet: Worksheet) -> None:
        sheet["A6"] = "另一项目"

    gone = ReturnBinding(sheet=0, row=5, column=2, source=Source.FACT, key="grassroots.unions.count")

    found = matching.take_over(grid_of(workbook_form()), grid_of(workbook_form(2025, shorter)), [gone])

    assert (found.moved, found.lost) == ((), (gone,))


def test_lists_move_as_a_whole() -> None:
    listed = ReturnBinding(
        sheet=0,
        row=12,
        column=0,
        source=Source.LIST,
        key="x",
        height=3,
        columns={"0": "#", "3": "visited_on"},
    )

    found = matching.take_over(grid_of(workbook_form()), grid_of(workbook_form(2025)), [listed])

    assert found.moved == ((listed, Place(0, 12, 0)),)


def test_labels_that_name_a_fact_are_suggestions() -> None:
    found = suggested(grid_of(workbook_form()))

    assert found["C4"] == ("members.active.count", False, False)
    assert found["D5"] == ("members.women.count", True, False)
    assert found["C7"] == ("welfare.visits.amount", False, True)
    assert {"C9", "D10", "E4", "E13"}.isdisjoint(found)


def test_headings_over_one_row_are_suggestions_too() -> None:
    grid = table(("工会", "慰问", "慰问", "男会员"), ("名称", "人数", "金额", "数"), ("青溪", "", "", ""))

    found = suggested(grid)

    assert found == {
        "B3": ("welfare.visits.persons", False, False),
        "C3": ("welfare.visits.amount", False, False),
    }


def test_an_unknown_label_does_not_borrow_its_neighbours_fact() -> None:
    assert suggested(table(("会员总数", "", "男会员", ""), ("甲", "乙", "丙", "丁"))) == {
        "B1": ("members.active.count", False, False)
    }


def test_the_lines_of_a_list_are_not_figures() -> None:
    grid = table(("会员总数", "女会员"), ("", ""), ("", ""), ("", ""))

    assert suggested(grid) == {}


def test_words_are_suggested_by_their_usual_names() -> None:
    grid = table(("填报单位：", "", "联系电话", ""), ("甲", "乙", "丙", "丁"))

    assert {key for key, *_ in suggested(grid).values()} == {"office", "phone"}


def test_a_large_form_is_suggested_for_and_taken_over_within_the_limit() -> None:
    head = ("项目", *(f"{year}年" for year in range(2000, 2030)))
    grid = table(head, *(("会员总数", *[""] * 30) for _ in range(900)))
    bound = [
        ReturnBinding(sheet=place.sheet, row=place.row, column=place.column, source=Source.FACT, key="x")
        for place in matching.blanks(grid)
    ]

    assert len(matching.suggestions(grid, [])) == 900 * 2
    assert matching.suggestions(grid, bound) == {}
    assert unbound(grid, bound) == []
    assert matching.take_over(grid, grid, bound).lost == ()


def test_a_gap_without_end_in_a_cell_is_looked_through_once() -> None:
    cell = Cell(0, 0, f"填报日期：{' ' * 200_000}年{' ' * 200_000}附：{' ' * 200_000}")

    assert [cell.text[start:end].strip() for start, end in cell.blanks] == ["", ""]


def test_a_word_is_suggested_once_beside_its_label() -> None:
    grid = table(("填报单位：", "", ""), ("填表日期：", "", ""))

    assert {name: key for name, (key, *_) in suggested(grid).items()} == {"B1": "office", "B2": "filled_on"}


def test_a_column_that_asks_for_something_else_of_a_row_takes_nothing() -> None:
    grid = table(("项目", "本年", "同比增减", "目标数"), ("会员总数", "", "", ""))

    assert suggested(grid) == {"B2": ("members.active.count", False, False)}


def test_columns_named_by_years_take_each_its_own() -> None:
    grid = table(("项目", "2023年", "2024年", "2025年"), ("会员总数", "", "", ""))

    assert suggested(grid) == {
        "C2": ("members.active.count", True, False),
        "D2": ("members.active.count", False, False),
    }
