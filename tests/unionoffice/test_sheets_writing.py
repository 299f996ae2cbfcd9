import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import openpyxl
import pytest
from django.db import connection

from unionoffice.sheets import writing
from unionoffice.sheets.cells import ErrorCell
from unionoffice.sheets.formatting import CUT_MARK, LONGEST_TEXT
from unionoffice.sheets.reading import open_book
from unionoffice.sheets.writing import Column, SheetFull, XlsxWriter

COLUMNS = [
    Column("姓名"),
    Column("证件号码", "code"),
    Column("出生日期", "date"),
    Column("金额", "money"),
    Column("人数", "integer"),
    Column("是否", "bool"),
    Column("登记时间", "moment"),
]
ROWS = [
    [
        "张三",
        "330481198307029645",
        date(1983, 7, 2),
        Decimal("12.50"),
        3,
        True,
        datetime(2024, 3, 5, 14, 30, 15),
    ],
    ["=1+1", "007", None, None, None, False, None],
    ["+甲", "", date(1900, 3, 1), Decimal("-0.01"), 0, None, datetime(2024, 3, 5, 0, 0)],
]
COPY = (
    "张三\t330481198307029645\t1983-07-02\t12.50\t3\tt\t2024-03-05 14:30:15\n"
    "=1+1\t007\t\\N\t\\N\t\\N\tf\t\\N\n"
    "+甲\t\\N\t1900-03-01\t-0.01\t0\t\\N\t2024-03-05 00:00:00\n"
).encode()
SHOWN = [
    ["张三", "330481198307029645", date(1983, 7, 2), 12.5, 3.0, "是", datetime(2024, 3, 5, 14, 30, 15)],
    ["=1+1", "007", "", "", "", "否", ""],
    ["+甲", "", date(1900, 3, 1), -0.01, 0.0, "", date(2024, 3, 5)],
]


def written(feed, columns=COLUMNS, **options):
    """The workbook with one sheet fed by `feed`."""
    file = io.BytesIO()
    with XlsxWriter(file, **options) as book:
        feed(book.sheet("会员", columns))
    return file.getvalue()


def rows_of(content):
    with open_book(content) as book:
        return list(book.sheets[0].rows())[1:]


def texts_of(*values):
    """What the reader finds after Python values were written into one text column."""
    content = written(lambda sheet: sheet.write_rows([value] for value in values), [Column("备注")])
    return [row[0] for row in rows_of(content)]


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_rows_come_back_as_they_were():
    content = written(lambda sheet: sheet.write_rows(ROWS))

    assert rows_of(content) == SHOWN


def test_copy_writes_what_rows_write():
    by_rows = written(lambda sheet: sheet.write_rows(ROWS))
    by_copy = written(lambda sheet: sheet.write_copy([COPY]))

    name = "xl/worksheets/sheet1.xml"
    assert part(by_copy, name) == part(by_rows, name)


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_copy_may_come_in_any_pieces(size, monkeypatch):
    monkeypatch.setattr(writing, "BLOCK", 50)
    monkeypatch.setattr(writing, "PORTION", 100)
    pieces = [memoryview(COPY)[start : start + size] for start in range(0, len(COPY), size)]

    assert rows_of(written(lambda sheet: sheet.write_copy(pieces))) == SHOWN


def test_both_ways_return_and_continue_the_count():
    counts = []

    def feed(sheet):
        counts.extend([sheet.write_rows(ROWS[:1]), sheet.write_copy([COPY]), sheet.count])

    content = written(feed)

    assert counts == [1, 3, 4]
    assert rows_of(content) == [SHOWN[0], *SHOWN]


def test_every_program_sees_types_and_formats():
    sheet = openpyxl.load_workbook(io.BytesIO(written(lambda sheet: sheet.write_rows(ROWS))))["会员"]
    first, second = list(sheet.iter_rows(min_row=2, max_row=3))

    assert [cell.data_type for cell in first] == ["s", "s", "d", "n", "n", "s", "d"]
    assert [cell.number_format for cell in first] == [
        "General",
        "@",
        "yyyy\\-mm\\-dd",
        "#,##0.00",
        "0",
        "General",
        "yyyy\\-mm\\-dd\\ hh:mm",
    ]
    # No formula: the text is shown, never evaluated.
    assert (second[0].value, second[0].data_type) == ("=1+1", "s")


def test_header_is_bold_filled_frozen_and_filtered():
    sheet = openpyxl.load_workbook(io.BytesIO(written(lambda sheet: sheet.write_rows(ROWS))))["会员"]

    assert [cell.value for cell in sheet[1]] == [column.header for column in COLUMNS]
    assert all(cell.font.b and cell.fill.fill_type == "solid" for cell in sheet[1])
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G4")
    assert sheet.print_title_rows == "$1:$1"
    widths = {letter: sheet.column_dimensions[letter].width for letter in "ABC"}
    assert widths == {"A": 14.0, "B": 21.0, "C": 12.0}


def test_text_format_reaches_the_blank_cells_of_a_code_column():
    sheet = openpyxl.load_workbook(io.BytesIO(written(lambda sheet: sheet.write_rows([]))))["会员"]

    assert sheet.column_dimensions["B"].number_format == "@"


def test_watermark_and_properties():
    content = written(
        lambda sheet: sheet.write_rows(ROWS),
        title="会员",
        creator="张三",
        watermark="张三 & 李四 2024-03-05 导出",
    )
    book = openpyxl.load_workbook(io.BytesIO(content))

    assert (book.properties.title, book.properties.creator) == ("会员", "张三")
    assert book["会员"].oddHeader.left.text == "张三 && 李四 2024-03-05 导出"
    assert "张三 && 李四" in book["会员"].oddFooter.left.text


def test_difficult_texts_come_back():
    texts = [
        "<b>&amp;\"'",
        " 前",
        "后 ",
        "一\n二",
        "a\tb",
        "]]>",
        "𬍛䶮",
        "\\N",
        "\\",
        "@cmd",
        "-1",
        "_x000D_",
        "_x005F_x0041_",
        "a_xyz",
    ]

    assert texts_of(*texts) == texts


def test_copy_of_difficult_texts_comes_back():
    copy = "<b>&amp;\"'\n 前\n后 \n一\\n二\na\\tb\n]]>\n𬍛䶮\n\\\\N\n\\\\\n@cmd\n-1\nx\\r\\ny\n_x000D_\n".encode()

    content = written(lambda sheet: sheet.write_copy([copy]), [Column("备注")])

    texts = [
        "<b>&amp;\"'",
        " 前",
        "后 ",
        "一\n二",
        "a\tb",
        "]]>",
        "𬍛䶮",
        "\\N",
        "\\",
        "@cmd",
        "-1",
        "x\r\ny",
        "_x000D_",
    ]
    assert [row[0] for row in rows_of(content)] == texts


def test_characters_xml_forbids_are_dropped():
    forbidden = "".join(map(chr, range(9))) + "\x0b\x0c\x0e\x1f\ufffe\uffff"
    copied = written(lambda sheet: sheet.write_copy([f"甲{forbidden}\\b\\v乙\n".encode()]), [Column("备注")])

    assert texts_of(f"甲{forbidden}乙", "\ud800丙") == ["甲乙", "丙"]
    assert rows_of(copied) == [["甲乙"]]
    ElementTree.fromstring(part(copied, "xl/worksheets/sheet1.xml"))


def test_text_beyond_the_limit_of_a_cell_is_cut_and_says_so():
    long = "长" * 40_000
    copied = written(lambda sheet: sheet.write_copy([f"{long}\n短\n".encode()]), [Column("备注")])

    shown = texts_of(long, "长" * LONGEST_TEXT)
    assert shown[0].endswith(CUT_MARK)
    assert len(shown[0]) <= LONGEST_TEXT
    assert shown[1] == "长" * LONGEST_TEXT
    assert [row[0] for row in rows_of(copied)] == [shown[0], "短"]


def test_numbers_excel_would_round_or_refuse_become_text():
    values = [330481199001011234, Decimal("NaN"), float("inf"), 123456789012345, Decimal("1E+3")]

    assert texts_of(*values) == ["330481199001011234", "NaN", "inf", 123456789012345.0, 1000.0]


def test_days_excel_cannot_show_become_text():
    copy = b"1899-12-31\ninfinity\n0044-03-15 BC\n1900-03-01\n"
    copied = written(lambda sheet: sheet.write_copy([copy]), [Column("日期", "date")])

    assert [row[0] for row in rows_of(copied)] == [
        "1899-12-31",
        "infinity",
        "0044-03-15 BC",
        date(1900, 3, 1),
    ]
    assert texts_of(date(1899, 12, 31)) == ["1899-12-31"]


def test_moment_is_shown_by_its_own_clock():
    assert texts_of(datetime(2024, 3, 5, 14, 30, tzinfo=UTC)) == [datetime(2024, 3, 5, 14, 30)]


def test_error_cell_stays_an_error():
    assert texts_of(ErrorCell("#N/A")) == [ErrorCell("#N/A")]


def test_conversion_sees_plain_texts_and_its_result_is_written_safely():
    seen = []

    def reverse(values):
        seen.extend(values)
        return [value[::-1] for value in values]

    copy = b"1\ta<b>&\\tc \n2\t\\N\n3\t\\\\x0aff\n4\t_x0041_\n"
    content = written(
        lambda sheet: sheet.write_copy([copy], {1: reverse}), [Column("编号", "integer"), Column("备注")]
    )

    assert seen == ["a<b>&\tc ", "", "\\x0aff", "_x0041_"]
    assert rows_of(content) == [[1.0, " c\t&>b<a"], [2.0, ""], [3.0, "ffa0x\\"], [4.0, "_1400x_"]]


def test_conversion_may_feed_a_date_column():
    content = written(
        lambda sheet: sheet.write_copy(
            [b"19830702\n"], {0: lambda values: [f"{v[:4]}-{v[4:6]}-{v[6:]}" for v in values]}
        ),
        [Column("日期", "date")],
    )

    assert rows_of(content) == [[date(1983, 7, 2)]]


def test_a_line_of_another_width_is_the_programmers_error():
    for feed in (
        lambda sheet: sheet.write_copy([b"a\tb\n"]),
        lambda sheet: sheet.write_rows([["a", "b"]]),
    ):
        with pytest.raises(ValueError, match="2 values in a sheet of 1 columns"):
            written(feed, [Column("姓名")])


def test_sheet_names_are_made_fit_and_different():
    file = io.BytesIO()
    with XlsxWriter(file) as book:
        for name in ("会员/活动:2024", "会员", "会员", "长" * 40, "长" * 40, ""):
            book.sheet(name, [Column("姓名")]).write_rows([["张三"]])

    names = openpyxl.load_workbook(file).sheetnames
    assert names == ["会员_活动_2024", "会员", "会员2", "长" * 31, "长" * 29 + "2", "表"]


def test_filter_area_of_a_quoted_sheet_name():
    file = io.BytesIO()
    with XlsxWriter(file) as book:
        book.sheet("it's & so", [Column("姓名")]).write_rows([["张三"]])

    assert openpyxl.load_workbook(file)["it's & so"].auto_filter.ref == "A1:A2"


def test_more_rows_than_a_sheet_holds(monkeypatch):
    monkeypatch.setattr(writing, "MOST_ROWS", 3)

    with pytest.raises(SheetFull, match=r"会员.*2 行"):
        written(lambda sheet: sheet.write_rows([["张三"]] * 3), [Column("姓名")])
    with pytest.raises(SheetFull):
        written(lambda sheet: sheet.write_copy([b"a\nb\nc\n"]), [Column("姓名")])
    assert len(rows_of(written(lambda sheet: sheet.write_rows([["张三"]] * 2), [Column("姓名")]))) == 2


class Stream(io.RawIOBase):
    """A target that can only be written to, such as a response; fails after `room` bytes."""

    def __init__(self, room=10**9):
        self.content, self.room = b"", room

    def writable(self):
        return True

    def write(self, piece):
        if len(self.content) + len(piece) > self.room:
            raise OSError(28, "no space left")
        self.content += bytes(piece)
        return len(piece)


def test_target_need_not_be_seekable():
    stream = Stream()
    with XlsxWriter(stream) as book:
        book.sheet("会员", COLUMNS).write_rows(ROWS)

    assert rows_of(stream.content) == SHOWN


def test_failure_of_the_target_is_raised(monkeypatch):
    monkeypatch.setattr(writing, "PORTION", 1000)

    with pytest.raises(OSError, match="no space left"), XlsxWriter(Stream(room=6000)) as book:
        book.sheet("会员", [Column("备注")]).write_rows([[str(hash(str(n)))] for n in range(20_000)])


def test_book_without_sheets_is_the_programmers_error():
    with pytest.raises(ValueError, match="at least one sheet"), XlsxWriter(io.BytesIO()):
        pass


@pytest.mark.django_db
def test_copy_from_the_database_equals_its_values():
    query = """
        select * from (values
          ('张''三\\N' || chr(9) || chr(10) || chr(92) || chr(92) || '<&>', date '1983-07-02', 12.50, true,
           timestamptz '2024-03-05 06:30:15.25+00', bytea '\\x0aff'),
          (null, 'infinity', 'NaN', false, null, null),
          ('', null, -3, null, timestamptz '2024-03-05 06:30+00', '')
        ) as rows
    """
    columns = [
        Column("文字"),
        Column("日期", "date"),
        Column("数", "number"),
        Column("是否", "bool"),
        Column("时间", "moment"),
        Column("密文"),
    ]

    def feed(sheet):
        with connection.cursor() as cursor:
            cursor.execute("set local time zone 'Asia/Shanghai'")
            with cursor.cursor.copy(f"copy ({query}) to stdout") as copy:
                sheet.write_copy(copy)

    rows = rows_of(written(feed, columns))

    moment = rows[0].pop(4)
    assert abs(moment - datetime(2024, 3, 5, 14, 30, 15)).total_seconds() < 1
    assert rows == [
        ["张'三\\N\t\n\\\\<&>", date(1983, 7, 2), 12.5, "是", "\\x0aff"],
        ["", "infinity", "NaN", "否", "", ""],
        ["", "", -3.0, "", datetime(2024, 3, 5, 14, 30), "\\x"],
    ]
