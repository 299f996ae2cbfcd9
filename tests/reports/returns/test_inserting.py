"""Rows added to a worksheet: everything goes on naming what it named."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from reports.returns.grid import Entry, Place
from reports.returns.inserting import Insertion
from reports.returns.opening import open_form
from tests.reports.returns.forms import LAST, sheet_of, workbook_form
from tests.unionoffice.sheet_files import zipped

AT_15 = Insertion("统计表", 15, 2)


@pytest.mark.parametrize(
    ("before", "after"),
    {
        "C14": "C14",
        "C15": "C15",
        "C16": "C18",
        "$C$16": "$C$18",
        "SUM(C13:C15)": "SUM(C13:C17)",
        "SUM(C15:C15)": "SUM(C15:C15)",
        "SUM(C10:D20)": "SUM(C10:D22)",
        "SUM(C:C)+SUM($1:$20)": "SUM(C:C)+SUM($1:$22)",
        "'统计表'!A16&\"A16\"": "'统计表'!A18&\"A16\"",
        "统计表!A16+别的!A16": "统计表!A18+别的!A16",
        "IF(A16>0,名称,A16)": "IF(A18>0,名称,A18)",
    }.items(),
)
def test_formulas_go_on_naming_the_same_cells(before: str, after: str) -> None:
    assert AT_15.formula(before, "统计表") == after


def test_a_formula_elsewhere_moves_only_what_names_the_sheet() -> None:
    assert AT_15.formula("A16+统计表!A16", "别的") == "A16+统计表!A18"


def with_rest(sheet: Worksheet) -> None:
    """What stands below and around the list."""
    sheet["A16"], sheet["E16"] = "合计", "=SUM(E13:E15)"
    sheet.merge_cells("A16:C16")
    sheet.merge_cells("B15:C15")
    sheet["D15"] = "=E15*2"
    sheet.row_dimensions[LAST].height = 30
    sheet["A18"] = "=E16"
    sheet.conditional_formatting.add("E13:E15", CellIsRule("greaterThan", formula=["E16"]))
    rule = DataValidation("list", formula1='"是,否"')
    rule.add("B15")
    sheet.add_data_validation(rule)
    sheet.parent["说明"]["A2"] = "=统计表!E16"
    sheet.parent["代码"]["A2"] = "=统计表!A18"


def test_what_stands_below_moves_down_and_sums_take_the_new_rows_in() -> None:
    form = open_form(workbook_form(2024, with_rest))

    form.grow(0, LAST - 1, 2)
    form.put(Place(0, LAST + 1, 0), Entry("末行"))
    content = form.saved()
    sheet, book = sheet_of(content), load_workbook(BytesIO(content))

    assert [sheet.cell(row, 1).value for row in (15, 16, 17, 18, 20)] == [None, None, "末行", "合计", "=E18"]
    assert sheet["E18"].value == "=SUM(E13:E17)"
    assert [sheet.cell(row, 4).value for row in (15, 16, 17)] == ["=E15*2", "=E16*2", "=E17*2"]
    assert {str(box) for box in sheet.merged_cells.ranges} == {
        "A1:E1",
        "A2:E2",
        "A11:E11",
        "B15:C15",
        "B16:C16",
        "B17:C17",
        "A18:C18",
    }
    assert [sheet.row_dimensions[row].height for row in (16, 17, 18)] == [30, 30, None]
    assert [sheet.cell(row, 1).border.left.style for row in (16, 17)] == ["thin", "thin"]
    assert [str(box.sqref) for box in sheet.conditional_formatting] == ["E13:E17"]
    assert str(sheet.data_validations.dataValidation[0].sqref) == "B15:B17"
    assert sheet.print_area == "'统计表'!$A$1:$E$17"
    assert (book["说明"]["A2"].value, book["代码"]["A2"].value) == ("=统计表!E18", "=统计表!A20")


def test_formulas_written_once_for_many_cells_are_kept() -> None:
    content = workbook_form(2024, with_rest)
    form = open_form(content)
    root = form.package.change("xl/worksheets/sheet1.xml")
    first, second = (
        next(c for c in root.iter("{*}c") if c.get("r") == place).find("{*}f") for place in ("E16", "A18")
    )
    first.set("t", "shared")
    first.set("si", "0")
    first.text = "SUM(E13:E15)"
    second.set("t", "shared")
    second.set("si", "0")
    second.text = None

    form.grow(0, LAST - 1, 2)
    sheet = sheet_of(form.saved())

    assert (sheet["E18"].value, sheet["A20"].value) == ("=SUM(E13:E17)", "=SUM(A15:A19)")


@pytest.mark.parametrize(
    ("change", "grows"),
    [(lambda sheet: None, True), (lambda sheet: setattr(sheet["A1"], "comment", Comment("注", "甲")), False)],
)
def test_a_sheet_with_things_fastened_to_its_cells_takes_no_rows(
    change: Callable[[Worksheet], None], grows: bool
) -> None:
    assert open_form(workbook_form(2024, change)).grows(0) is grows


def test_the_order_of_computing_is_left_to_the_program() -> None:
    with zipfile.ZipFile(BytesIO(workbook_form())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    parts["xl/calcChain.xml"] = b"<calcChain/>"
    for name, end, mention in (
        (
            "[Content_Types].xml",
            b"</Types>",
            b'<Override PartName="/xl/calcChain.xml" ContentType="%s"/>' % kind,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="%s" Target="calcChain.xml"/>' % relation,
        ),
    ):
        parts[name] = parts[name].replace(end, mention + end)
    form = open_form(zipped(parts))

    form.grow(0, LAST - 1, 1)
    with zipfile.ZipFile(BytesIO(form.saved())) as archive:
        mentions = [name for name in archive.namelist() if b"calcChain" in archive.read(name)]

    assert "xl/calcChain.xml" not in archive.namelist()
    assert mentions == []
