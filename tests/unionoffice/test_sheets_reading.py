import io
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.unionoffice.sheet_files import ods, ods_cell, ods_row, worksheet, xlsx
from unionoffice.sheets.cells import ErrorCell, SheetRefused
from unionoffice.sheets.reading import open_book

FIXTURES = Path(__file__).parent.parent / "fixtures" / "sheets"
TEXT = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'


def rows_of(content, filename=""):
    with open_book(content, filename) as book:
        return list(book.sheets[0].rows())


@pytest.mark.parametrize(
    ("file", "kind"), [("roster.xlsx", "xlsx"), ("roster.xls", "xls"), ("roster.ods", "ods")]
)
def test_workbook_reads_the_same_in_every_format(file, kind):
    with open_book(FIXTURES / file) as book:
        sheets = [(sheet.name, sheet.is_hidden, sheet.row_count) for sheet in book.sheets]
        title, headers, first, second = book.sheets[0].rows()

    assert (book.kind, sheets) == (kind, [("会员", False, 4), ("选项", True, 1)])
    assert title == ["东湖村联合工会会员名册", "", "", "", "", "", ""]
    assert headers == ["单位", "姓名", "证件号码", "出生日期", "手机号码", "工资", "备注"]
    phone, note = "13051905651", "第一行\n第二行"
    assert first == ["东湖村五金厂", "张三", "330481198307029645", date(1983, 7, 2), phone, 4500.5, note]
    # The ID number was typed as a number and stays one; 工资 is the stored value of a formula.
    number = second.pop(2)
    assert isinstance(number, float)
    assert number == pytest.approx(3.205831989e17)
    assert second == ["东湖村五金厂", "李四", "1989.8.18", 13947799549.0, 9001.0, ErrorCell("#N/A")]


def test_content_decides_not_the_extension():
    content = (FIXTURES / "roster.xls").read_bytes()

    assert open_book(content, "名册.et").kind == "xls"
    assert open_book(content, "名册.xlsx").kind == "xls"
    assert open_book("姓名,性别\n".encode(), "名册.xlsx").kind == "csv"


def test_upload_is_read_and_stays_open():
    upload = SimpleUploadedFile("名册.xlsx", (FIXTURES / "roster.xlsx").read_bytes())

    with open_book(upload, upload.name) as book:
        assert book.sheets[0].head(2)[1][1] == "姓名"

    assert not upload.closed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_table_in_every_encoding_and_separator(encoding, separator):
    lines = [["姓名", "手机号码", "备注"], ["张三", "013051905651", "甲，乙"], ["李四", "", "x"]]
    text = "\r\n".join(separator.join(line) for line in lines)

    with open_book(text.encode(encoding), "2024名册.csv") as book:
        assert (book.sheets[0].name, list(book.sheets[0].rows())) == ("2024名册", lines)


def test_text_table_with_line_ends_of_old_programs():
    assert rows_of("姓名,性别\r张三,女\r".encode()) == [["姓名", "性别"], ["张三", "女"]]


def test_rare_characters_survive_gb18030():
    assert rows_of("姓名,性别\n𬍛䶮㛃,女\n".encode("gb18030")) == [["姓名", "性别"], ["𬍛䶮㛃", "女"]]


def test_text_table_quoting():
    content = '姓名,编号,备注\n"张,三","=""007""","一\n二"\n'.encode()

    assert rows_of(content) == [["姓名", "编号", "备注"], ["张,三", "007", "一\n二"]]


def test_text_table_with_open_quote_is_refused_instead_of_swallowing_rows():
    with pytest.raises(SheetRefused) as refused:
        rows_of('姓名,备注\n张三,"未完\n李四,好\n'.encode())

    assert refused.value.code == "damaged"


def test_row_numbers_count_blank_rows_and_columns():
    rows = f'<row r="3">{TEXT.format("C3", "甲")}</row><row r="5">{TEXT.format("D5", "乙")}</row>'

    with open_book(xlsx(worksheet(rows))) as book:
        chunks = list(book.sheets[0].chunks(size=2))
        later = list(book.sheets[0].chunks(size=2, first=3))

    blank = ["", "", "", ""]
    assert chunks == [
        (1, [blank, blank]),
        (3, [["", "", "甲", ""], blank]),
        (5, [["", "", "", "乙"]]),
    ]
    assert later == chunks[1:]


def test_merged_cell_gives_its_value_to_each_of_its_rows():
    rows = "".join(f'<row r="{n}">{TEXT.format(f"B{n}", f"人{n}")}</row>' for n in (2, 3))
    rows = f'<row r="1">{TEXT.format("A1", "甲厂")}{TEXT.format("B1", "人1")}</row>{rows}'
    sheet = worksheet(rows).replace(
        "</worksheet>", '<mergeCells count="1"><mergeCell ref="A1:A3"/></mergeCells></worksheet>'
    )

    assert rows_of(xlsx(sheet)) == [["甲厂", "人1"], ["甲厂", "人2"], ["甲厂", "人3"]]


def test_merged_title_does_not_fill_the_blank_row_under_it():
    rows = f'<row r="1">{TEXT.format("A1", "标题")}</row><row r="3">{TEXT.format("A3", "姓名")}</row>'
    sheet = worksheet(rows).replace(
        "</worksheet>", '<mergeCells count="1"><mergeCell ref="A1:C2"/></mergeCells></worksheet>'
    )

    assert rows_of(xlsx(sheet)) == [["标题"], [""], ["姓名"]]


def test_merged_cell_of_open_document():
    first = ods_cell("甲厂", ' table:number-rows-spanned="2"') + ods_cell("人1")
    second = "<table:covered-table-cell/>" + ods_cell("人2")

    rows = rows_of(ods(ods_row(first) + ods_row(second)))

    assert rows == [["甲厂", "人1"], ["甲厂", "人2"]]


def test_errors_beside_and_below_the_data_are_told():
    error = '<c r="{}" t="e"><v>{}</v></c>'
    rows = (
        f'<row r="1">{TEXT.format("A1", "甲")}{error.format("C1", "#REF!")}</row>'
        f'<row r="3">{error.format("B3", "#DIV/0!")}</row>'
    )

    assert rows_of(xlsx(worksheet(rows))) == [
        ["甲", "", ErrorCell("#REF!")],
        ["", "", ""],
        ["", ErrorCell("#DIV/0!"), ""],
    ]


def test_error_text_typed_by_hand_stays_text():
    assert rows_of(xlsx(worksheet(f'<row r="1">{TEXT.format("A1", "#N/A")}</row>'))) == [["#N/A"]]


def test_escaped_characters_are_resolved():
    assert rows_of(xlsx(worksheet(f'<row r="1">{TEXT.format("A1", "一_x000D_二")}</row>'))) == [["一\r二"]]
    assert rows_of(xlsx(worksheet(f'<row r="1">{TEXT.format("A1", "一_x0000_二")}</row>'))) == [["一二"]]


def test_cells_without_references_and_with_a_prefix_are_read():
    plain = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>"
    prefixed = worksheet(plain).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")

    assert rows_of(xlsx(worksheet(plain))) == [[1.0, "", 3.0], [4.0, "", ""]]
    assert rows_of(xlsx(prefixed.replace("xmlns=", "xmlns:x="))) == [[1.0, "", 3.0], [4.0, "", ""]]


def test_chart_only_book_has_no_sheet():
    with open_book(xlsx(worksheet(""))) as book:
        assert (book.sheets[0].row_count, list(book.sheets[0].chunks())) == (0, [])


# Not ru_maxrss: a child begins with its parent's peak.
MEASURE = """
import sys
from pathlib import Path
from unionoffice.sheets.reading import open_book
with open_book(sys.argv[1]) as book:
    rows = sum(len(chunk) for _, chunk in book.sheets[0].chunks())
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
print(rows, int(peak.split()[1]) // 1024)
"""


def test_million_formatted_blank_rows_cost_no_memory(tmp_path):
    path = tmp_path / "blank.xlsx"
    path.write_bytes(xlsx(""))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if "sheet1" not in name}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            before, after = worksheet(f'<row r="1">{TEXT.format("A1", "姓名")}</row>|').split("|")
            part.write(before.encode())
            for start in range(2, 1_048_577, 4096):
                numbers = range(start, min(start + 4096, 1_048_577))
                part.write(
                    "".join(f'<row r="{n}" ht="15"><c r="A{n}" s="1"/></row>' for n in numbers).encode()
                )
            part.write(after.encode())

    result = subprocess.run(
        [sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True, timeout=60
    )

    rows, megabytes = map(int, result.stdout.split())
    assert rows == 1
    assert megabytes < 60


def test_stream_without_name_is_read():
    assert rows_of(io.BytesIO("姓名,性别\n张三,男\n".encode())) == [["姓名", "性别"], ["张三", "男"]]
