"""An .xlsx form read as a grid and written back with nothing else changed."""

import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Protection
from openpyxl.worksheet.worksheet import Worksheet

from reports.returns import matching
from reports.returns.grid import Entry, Grid, Place
from reports.returns.opening import open_form
from tests.reports.returns.forms import book_of, sheet_of, spanning, workbook_form
from tests.unionoffice.sheet_files import PACKAGE, compound, xlsx, zipped
from unionoffice.sheets.cells import SheetRefused

C4, A2, C10 = Place(0, 3, 2), Place(0, 1, 0), Place(0, 9, 2)


@pytest.fixture
def grid() -> Grid:
    return Grid(open_form(workbook_form()).sheets)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_merged_cells_hidden_sheets_and_formulas_are_told(grid: Grid) -> None:
    title = grid.cell(Place(0, 0, 0))

    assert [sheet.name for sheet in grid.sheets] == ["统计表", "说明"]
    assert (title.text, title.rows, title.columns) == ("2024年度基层工会工作情况统计表", 1, 5)
    assert grid.cell(Place(0, 0, 1)) is None
    assert grid.cell(C10).is_formula
    assert grid.cell(Place(0, 7, 2)).is_percent
    assert grid.asked(Place(0, 4, 3)) == "其中：女会员 · 上年"


def test_blanks_within_a_text_are_told_one_by_one(grid: Grid) -> None:
    asked = [grid.asked(Place(0, 1, 0, number)) for number in (1, 2, 3)]

    assert asked == ["填报单位（盖章）", "填表人", "填报日期"]
    assert grid.cell(Place(0, 1, 0, 4)) is None


def test_only_the_written_cells_change() -> None:
    blank = workbook_form()
    form = open_form(blank)

    form.put(C4, Entry("7073", Decimal(7073)))
    form.put(Place(0, 3, 4), Entry("=1+1"))
    before, after = sheet_of(blank), sheet_of(written := form.saved())

    changed = {
        cell.coordinate: other.value
        for row, others in zip(before.iter_rows(), after.iter_rows(), strict=True)
        for cell, other in zip(row, others, strict=True)
        if (cell.value, cell.style_id) != (other.value, other.style_id)
    }
    assert changed == {"C4": 7073, "E4": "=1+1"}
    assert after["E4"].data_type == "s"
    assert after["C10"].value == "=C4+C5"
    assert after.merged_cells.ranges == before.merged_cells.ranges
    assert {k: d.width for k, d in after.column_dimensions.items()} == {
        k: d.width for k, d in before.column_dimensions.items()
    }
    untouched = {name for name, content in parts_of(blank).items() if parts_of(written)[name] == content}
    assert set(parts_of(blank)) - untouched == {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}


def test_formulas_are_computed_anew_when_the_file_is_opened() -> None:
    form = open_form(workbook_form())
    form.put(C4, Entry("7073", Decimal(7073)))

    book = load_workbook(BytesIO(form.saved()))

    assert book.calculation.fullCalcOnLoad


def test_a_share_goes_into_a_cell_of_per_cent_as_a_share() -> None:
    form = open_form(workbook_form())

    form.put(Place(0, 7, 2), Entry("94", Decimal("94.0")))
    form.put(Place(0, 7, 3), Entry("94", Decimal("94.0")))
    sheet = sheet_of(form.saved())

    assert (sheet["C8"].value, sheet["D8"].value) == (0.94, 94)


def test_a_day_is_a_day_where_the_cell_shows_days() -> None:
    def dated(sheet: Worksheet) -> None:
        sheet["C4"].number_format = "yyyy-mm-dd"

    form = open_form(workbook_form(2024, dated))

    for column in (2, 3):
        form.put(Place(0, 3, column), Entry("2024-03-05", day=date(2024, 3, 5)))
    sheet = sheet_of(form.saved())

    assert (sheet["C4"].value, sheet["D4"].value) == (datetime(2024, 3, 5), "2024-03-05")


def test_a_blank_keeps_the_text_around_it() -> None:
    form = open_form(workbook_form())

    form.put(Place(0, 1, 0, 3), Entry("2024年12月31日"))
    form.put(Place(0, 1, 0, 1), Entry("青溪镇总工会  "))
    sheet = sheet_of(form.saved())

    assert sheet["A2"].value == "填报单位（盖章）：青溪镇总工会  填表人：            填报日期：2024年12月31日"


def test_a_cell_the_file_does_not_hold_is_made_in_its_place() -> None:
    rows = '<row r="2"><c r="B2" t="inlineStr"><is><t>会员</t></is></c><c r="D2"><v>1</v></c></row>'
    merged = '<mergeCells><mergeCell ref="A1:D4"/></mergeCells>'.replace("A1:D4", "A4:D4")
    sheet = xlsx(
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData>{merged}</worksheet>"
    )
    form = open_form(sheet)

    for row, column in ((1, 2), (1, 0), (0, 1), (3, 0), (2, 3)):
        form.put(Place(0, row, column), Entry("9", Decimal(9)))
    after = sheet_of(form.saved())

    filled = {c.coordinate: c.value for row in after.iter_rows() for c in row if c.value is not None}
    assert filled == {"B1": 9, "A2": 9, "B2": "会员", "C2": 9, "D2": 1, "D3": 9, "A4": 9}


REFUSED = {
    "macros": (zipped({"xl/workbook.xml": "<w/>", "xl/vbaProject.bin": "x"}), "宏"),
    "macros in a text": (zipped({"word/document.xml": "<w/>", "word/vbaProject.bin": "x"}), "宏"),
    "password": (compound({"EncryptedPackage": b"x"}), "密码"),
    "old format": (compound({"Workbook": b"x"}), "旧格式"),
    "picture": (b"\x89PNG\r\n" + bytes(50), "不是 Excel 或 Word"),
    "other archive": (zipped({"a.txt": "x"}), "不是 Excel 或 Word"),
    "bomb": (zipped({"word/document.xml": b" " * 60_000_000}), "压缩炸弹"),
    "text without a table": (
        zipped(
            {
                "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/'
                'wordprocessingml/2006/main"><w:body/></w:document>'
            }
        ),
        "没有表格",
    ),
    "broken part": (zipped({"word/document.xml": "<w"}), "损坏"),
    "empty": (b"", "空的"),
    "format of a template": (
        zipped(
            {
                "xl/workbook.xml": "<w/>",
                "[Content_Types].xml": '<Types><Override ContentType="application/vnd.openxmlformats-'
                'officedocument.spreadsheetml.template.main+xml"/></Types>',
                "xl/_rels/workbook.xml.rels": "<r/>",
            }
        ),
        "模板格式",
    ),
}


@pytest.mark.parametrize(("content", "word"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_form_is_refused_in_one_line(content: bytes, word: str) -> None:
    with pytest.raises(SheetRefused) as refusal:
        open_form(content)

    assert word in refusal.value.message
    assert "\n" not in refusal.value.message


def test_entities_are_not_followed() -> None:
    hostile = (
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>&secret;甲</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "</w:body></w:document>"
    )

    grid = Grid(open_form(zipped({"word/document.xml": hostile})).sheets)

    assert "root" not in grid.cell(Place(0, 0, 0)).text


KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_shared_texts(cells: str, *texts: str) -> bytes:
    """A workbook whose texts stand in a part of their own, as Excel and WPS write them."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{office}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")), 1
        )
    )
    shared = "".join(f"<si>{text}</si>" for text in texts)
    return xlsx(
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>',
        more={
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/></Types>',
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        },
    )


def test_a_text_shared_by_cells_changes_in_one_of_them_and_keeps_its_looks() -> None:
    rich = (
        '<r><rPr><b/></rPr><t>填报单位：</t></r><r><t xml:space="preserve">      </t></r>'
        "<r><rPr><b/></rPr><t>填表人：</t></r>"
    )
    form = open_form(
        with_shared_texts('<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>0</v></c>', rich, "<t>别的</t>")
    )

    form.put(Place(0, 0, 0, 2), Entry("王芳"))
    form.put(Place(0, 0, 0, 1), Entry("青溪镇  "))
    content = form.saved()
    book = load_workbook(BytesIO(content), rich_text=True)

    assert [cell.value for cell in sheet_of(content)[1]] == [
        "填报单位：青溪镇  填表人：王芳",
        "填报单位：      填表人：",
    ]
    parts = book.worksheets[0]["A1"].value
    assert [(str(part), bool(getattr(part, "font", None) and part.font.b)) for part in parts] == [
        ("填报单位：", True),
        ("青溪镇  ", False),
        ("填表人：王芳", True),
    ]


def test_a_text_that_is_not_there_is_blank() -> None:
    form = open_form(
        with_shared_texts('<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>9</v></c>', "<t>会员总数</t>")
    )

    assert [cell.text for cell in form.sheets[0].cells.values()] == ["会员总数"]


MANGLED = (
    ('r="4"', 'r="four"'),
    ('r="A4"', 'r="4A"'),
    (' s="', ' s="x'),
    ('ref="A1:E1"', 'ref="A1:!"'),
    ('ref="A2:E2"', 'ref="A1:E2"'),
    ('ref="A1:E1"', 'ref="A1:XFD1048576"'),
    ('width="26"', 'width="wide"'),
)


@pytest.mark.parametrize(("before", "after"), MANGLED)
def test_a_mangled_workbook_is_refused_and_breaks_nothing(before: str, after: str) -> None:
    parts = parts_of(workbook_form())
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    assert before in sheet
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(before, after, 1).encode()

    with pytest.raises(SheetRefused):
        open_form(zipped(parts))


@pytest.mark.parametrize(
    ("span", "told"), [("999999999", "不像要填的报表"), ("-5", "已损坏"), ("0", "已损坏"), ("x", "已损坏")]
)
def test_a_cell_that_spans_what_no_table_has_is_refused(span: str, told: str) -> None:
    with pytest.raises(SheetRefused, match=told):
        open_form(spanning(span))


def test_locked_cells_of_a_protected_sheet_are_not_offered() -> None:
    def protect(sheet: Worksheet) -> None:
        sheet["C4"].protection = Protection(locked=False)
        sheet.protection.sheet = True

    grid = Grid(open_form(workbook_form(2024, protect)).sheets)

    assert [place.name for place in matching.blanks(grid)] == ["C4"]
    assert matching.blanks(Grid(open_form(workbook_form()).sheets))[1:]


def test_many_sheets_that_are_each_small_enough_are_too_many() -> None:
    with pytest.raises(SheetRefused, match="各表的格子太多"):
        open_form(book_of("A1:CV299", 3))
