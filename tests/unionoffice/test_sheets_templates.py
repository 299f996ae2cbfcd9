import io
from datetime import date

import openpyxl
import pytest

from unionoffice.sheets.cells import ErrorCell
from unionoffice.sheets.headers import find_header, pick_sheet
from unionoffice.sheets.reading import open_book
from unionoffice.sheets.templates import ColumnSpec, RefusedSheet, SheetSpec, build_template, rejects_workbook

UNIONS = tuple(f"东湖镇第{number}联合工会委员会" for number in range(1, 201))
MEMBERS = SheetSpec(
    "会员",
    (
        ColumnSpec("姓名", is_required=True, rule="与身份证一致"),
        ColumnSpec("证件号码", "code", True, rule="18 位居民身份证号码", example="330481198307029645"),
        ColumnSpec("性别", choices=("男", "女")),
        ColumnSpec("出生日期", "date"),
        ColumnSpec("所属工会", is_required=True, choices=UNIONS),
        ColumnSpec("是否农民工", "bool"),
        ColumnSpec("工种", choices=('电工"高压"', "焊工,气割")),
    ),
    "花名册",
)
VISITS = SheetSpec(
    "慰问", (ColumnSpec("金额", "money", True, example="=500"), ColumnSpec("所属工会", choices=UNIONS))
)


@pytest.fixture(scope="module")
def template():
    return openpyxl.load_workbook(io.BytesIO(build_template([MEMBERS, VISITS])))


def lists_of(sheet):
    """The drop-down lists by their first cell."""
    return {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}


def test_sheets_come_in_order_with_the_explanation_first_and_the_lists_hidden(template):
    assert template.sheetnames == ["说明", "会员", "慰问", "选项"]
    assert [template[name].sheet_state for name in template.sheetnames] == ["visible"] * 3 + ["hidden"]
    assert template.active.title == "说明"


def test_headers_are_the_plain_column_names(template):
    assert [cell.value for cell in template["会员"][1]] == [column.header for column in MEMBERS.columns]
    assert template["会员"].freeze_panes == "A2"


def test_required_columns_have_another_colour_and_every_header_its_rule(template):
    name, number, sex, *_ = template["会员"][1]

    assert name.fill.fgColor.rgb == number.fill.fgColor.rgb != sex.fill.fgColor.rgb
    assert number.comment.text.splitlines() == [
        "必填；文本（列已设为文本格式，请勿改动）",
        "18 位居民身份证号码",
        "例：330481198307029645",
    ]
    assert sex.comment.text == "选填；从列表中选择"


def test_formats_reach_the_blank_cells(template):
    formats = {letter: template["会员"].column_dimensions[letter].number_format for letter in "ABD"}

    assert formats == {"A": "General", "B": "@", "D": "yyyy-mm-dd"}
    assert template["慰问"].column_dimensions["A"].number_format == "#,##0.00"


def test_short_lists_stand_in_the_rule_and_long_or_difficult_ones_in_a_sheet(template):
    members, visits = lists_of(template["会员"]), lists_of(template["慰问"])

    assert members["C2"] == '"男,女"'
    assert members["F2"] == '"是,否"'
    assert members["E2"] == visits["B2"] == "'选项'!$A$1:$A$200"
    assert members["G2"] == "'选项'!$B$1:$B$2"
    assert [cell.value for cell in template["选项"]["A"]] == list(UNIONS)
    assert [cell.value for cell in template["选项"]["B"][:2]] == ['电工"高压"', "焊工,气割"]


def test_explanation_tells_every_column(template):
    rows = [[cell.value for cell in row] for row in template["说明"].iter_rows(min_row=1, max_col=7)]

    assert ["工作表", "列名", "必填", "格式", "可选值", "示例", "规则"] in rows
    code = "文本（列已设为文本格式，请勿改动）"
    assert ["会员", "证件号码", "是", code, None, "330481198307029645", "18 位居民身份证号码"] in rows
    union = next(row for row in rows if row[:2] == ["会员", "所属工会"])
    assert union[4].startswith("东湖镇第1联合工会委员会、")
    assert union[4].endswith("联合工会委员会……共 200 项，见下拉列表")
    amount = next(row for row in template["说明"].iter_rows() if row[1].value == "金额")
    assert (amount[5].value, amount[5].data_type) == ("=500", "s")


def test_template_is_read_back_as_an_empty_sheet_of_the_type():
    known = {column.header: column.header for column in MEMBERS.columns}

    with open_book(build_template([MEMBERS, VISITS])) as book:
        sheet, header = pick_sheet(book, known)
        rows = list(sheet.chunks(first=header.first_data_row))

    assert (sheet.name, header.missing, header.unknown, rows) == ("会员", [], [], [])


def test_choices_that_look_like_formulas_stay_text():
    spec = SheetSpec("慰问", (ColumnSpec("档次", choices=("=A1", 'x"y')),))

    book = openpyxl.load_workbook(io.BytesIO(build_template([spec])))

    assert [(cell.value, cell.data_type) for cell in book["选项"]["A"]] == [("=A1", "s"), ('x"y', "s")]


def test_refused_rows_come_back_as_they_were_and_can_be_imported_again():
    rows = [
        (17, ["张三", 3.30481e17, date(1983, 7, 2), "130"], "证件号码丢失末位，请改为文本"),
        (19, ["=李四", ErrorCell("#N/A")], "单元格是公式错误 #N/A"),
    ]

    content = rejects_workbook([RefusedSheet("会员", ["姓名", "证件号码", "出生日期", "手机号码"], rows)])

    with open_book(content) as book:
        sheet = book.sheets[0]
        assert sheet.name == "会员"
        assert list(sheet.rows()) == [
            ["姓名", "证件号码", "出生日期", "手机号码", "原行号", "原因"],
            ["张三", 3.30481e17, date(1983, 7, 2), "130", 17.0, "证件号码丢失末位，请改为文本"],
            ["=李四", ErrorCell("#N/A"), "", "", 19.0, "单元格是公式错误 #N/A"],
        ]
        header = find_header(sheet.head(), {"姓名": "name", "证件号码": "id"})
    assert header.unknown == [(2, "出生日期"), (3, "手机号码")]
    cells = openpyxl.load_workbook(io.BytesIO(content))["会员"][2]
    assert cells[0].number_format == "@"
    assert cells[2].number_format == "yyyy\\-mm\\-dd"
