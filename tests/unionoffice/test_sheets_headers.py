import pytest
from openpyxl import Workbook

from tests.unionoffice.sheet_files import worksheet, xlsx
from unionoffice.sheets.headers import (
    find_header,
    is_counting_row,
    is_foot_row,
    is_record_row,
    pick_sheet,
    sheet_named,
)
from unionoffice.sheets.reading import open_book

KNOWN = {
    "姓名": "name",
    "证件号码": "id_number",
    "身份证号": "id_number",
    "性别": "sex",
    "出生日期": "born_on",
    "手机号码": "phone",
    "联系电话": "phone",
    "慰问金额": "amount",
}


@pytest.mark.parametrize(
    "text",
    [
        "出生日期",
        " 出 生\n日 期 ",
        "*出生日期",
        "出生日期＊",
        "★出生日期：",
        "出生日期(年-月-日)",
        "出生日期（必填）",
        "【必填】出生日期",
        "出生日期[yyyy-mm-dd]",
    ],
)
def test_header_is_known_in_the_spellings_of_offices(text):
    header = find_header([["姓名", text]], KNOWN)

    assert header.columns == {0: "name", 1: "born_on"}


def test_hint_that_changes_the_amount_is_not_taken_off():
    header = find_header([["姓名", "慰问金额（万元）"], ["张三", 0.05]], KNOWN)

    assert header.columns == {0: "name"}
    assert header.unknown == [(1, "慰问金额（万元）")]
    assert find_header([["姓名", "慰问金额（元）"]], KNOWN).columns == {0: "name", 1: "amount"}


def test_titles_above_the_header_are_skipped():
    rows = [
        ["东湖镇2024年会员名册", "", "", ""],
        ["填报单位：东湖村联合工会", "", "填报日期：2024年3月", ""],
        [],
        ["序号", "姓名", "身份证号", "性别"],
        [1.0, "张三", "330481198307029645", "女"],
    ]

    header = find_header(rows, KNOWN)

    assert (header.top, header.row, header.first_data_row) == (4, 4, 5)
    assert header.columns == {1: "name", 2: "id_number", 3: "sex"}
    assert header.unknown == []
    assert header.missing == ["born_on", "phone", "amount"]


def test_unknown_and_duplicate_columns_are_told():
    header = find_header([["姓名", "爱好", "联系电话", "手机号码", "原行号", "原因"]], KNOWN)

    assert header.columns == {0: "name", 2: "phone"}
    assert header.unknown == [(1, "爱好")]
    assert header.duplicates == [(3, "手机号码", "phone")]


@pytest.mark.parametrize(
    "rows",
    [
        [["序号", "会员情况", "", "", "联系方式"], ["", "姓名", "性别", "证件号码", "手机号码"]],
        [["序号", "姓名", "会员情况", "", "手机号码"], ["", "", "性别", "证件号码", ""]],
        # as the reader returns cells merged over both rows
        [["序号", "姓名", "会员情况", "", "手机号码"], ["序号", "姓名", "性别", "证件号码", "手机号码"]],
    ],
)
def test_header_of_two_rows(rows):
    header = find_header([["名册", "", "", "", ""], *rows, [1.0, "张三", "女", "330", "130"]], KNOWN)

    assert sorted(header.columns.values()) == ["id_number", "name", "phone", "sex"]
    assert (header.row, header.first_data_row) == (3, 4)
    assert (header.unknown, header.duplicates) == ([], [])


def test_group_heading_tells_columns_of_one_name_apart():
    known = {"姓名": "name", "配偶姓名": "spouse", "配偶电话": "spouse_phone", "本人电话": "phone"}
    rows = [["本人", "", "配偶", ""], ["姓名", "电话", "姓名", "电话"]]

    header = find_header(rows, known)

    assert header.columns == {0: "name", 1: "phone", 2: "spouse", 3: "spouse_phone"}


def test_header_merged_down_without_new_columns_ends_at_its_lower_row():
    rows = [["姓名", "证件号码", "慰问"], ["姓名", "证件号码", "物品"], ["张三", "330", "米"]]

    assert find_header(rows, KNOWN).first_data_row == 3


def test_data_row_is_no_header():
    assert find_header([["张三", "男", "汉族"], ["李四", "女", "汉族"]], KNOWN) is None
    assert find_header([["姓名", "爱好", "特长", "备注一", "备注二"]], KNOWN) is None
    assert find_header([], KNOWN) is None


def test_header_below_the_first_rows_is_not_looked_for():
    rows = [["说明"]] * 15 + [["姓名", "性别"]]

    assert find_header(rows, KNOWN) is None
    assert find_header(rows[1:], KNOWN).row == 15


@pytest.mark.parametrize(
    "row",
    [
        ["合  计", "", 5],
        ["", "小计（人）", 3],
        ["本页合计", 12.0],
        [26.0, "合计", 500],
        ["合计：12人"],
        ["填表人：张三", "", "审核人：李四"],
        ["单位负责人（签字）：", "", "填报日期：2024年3月5日"],
        ["注：1.本表一式两份"],
        ["备注: 请如实填写"],
        ["单位：元"],
        ["——以下空白——"],
    ],
)
def test_foot_rows(row):
    assert is_foot_row(row)
    assert not is_record_row(row)


@pytest.mark.parametrize(
    "row",
    [
        ["张三", "合计"],
        ["备注", "x"],
        [1.0, "完颜", 2],
        ["总计划部", "x"],
        ["联系电话", "130"],
        ["注册公司", ""],
    ],
)
def test_records_are_no_foot_rows(row):
    assert not is_foot_row(row)
    assert is_record_row(row)


def test_counting_rows():
    assert is_counting_row(["甲", "乙", 1.0, 2.0, 3.0])
    assert is_counting_row(["1", "2", "3", ""])
    assert not is_counting_row([1.0, 2.0])
    assert not is_counting_row([1.0, "张三", "男"])
    assert not is_record_row(["", " ", "\u3000"])


def test_sheet_is_picked_by_name_else_by_its_columns(tmp_path):
    workbook = Workbook()
    workbook.active.title = "说明"
    for name, headers in {
        "旧表": ["姓名", "性别"],
        "会员 花名册": ["姓名", "性别", "证件号码"],
        "备份": ["姓名", "性别", "证件号码", "手机号码"],
    }.items():
        workbook.create_sheet(name).append(headers)
    workbook["备份"].sheet_state = "hidden"
    workbook.save(tmp_path / "book.xlsx")

    with open_book(tmp_path / "book.xlsx") as book:
        by_columns = pick_sheet(book, KNOWN)
        by_name = pick_sheet(book, KNOWN, "旧表")
        other_name = pick_sheet(book, KNOWN, "会员")
        named = sheet_named(book, "会员花名册")
        nothing = pick_sheet(book, {"项目": "x", "金额": "y"})

    assert (by_columns[0].name, by_name[0].name, other_name[0].name) == ("会员 花名册", "旧表", "会员 花名册")
    assert named.name == "会员 花名册"
    assert nothing is None


def test_hidden_sheet_is_taken_when_no_other_fits():
    content = xlsx(worksheet('<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'))

    with open_book(content) as book:
        book.sheets[0].is_hidden = True
        assert pick_sheet(book, KNOWN)[1].columns == {0: "name"}
