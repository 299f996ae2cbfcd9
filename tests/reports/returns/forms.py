"""Superiors' blank forms as they come by mail, made by hand."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import docx
from docx.document import Document
from docx.shared import Cm
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from tests.unionoffice.sheet_files import zipped

LINE = Border(*[Side("thin")] * 4)
CENTER = Alignment("center", "center", wrap_text=True)
FIRST, LAST = 13, 15  # rows of the list in the workbook form


def workbook_form(year: int = 2024, change: Callable[[Worksheet], None] | None = None) -> bytes:
    """A statistical form: title, a line for who fills it in, figures beside labels, a sum, a list with three rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = "统计表"
    for letter, width in zip("ABCDE", (26, 8, 14, 14, 20), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.merge_cells("A1:E1")
    sheet["A1"] = f"{year}年度基层工会工作情况统计表"
    sheet["A1"].font, sheet["A1"].alignment = Font(size=16, bold=True), CENTER
    sheet.row_dimensions[1].height = 36
    sheet.merge_cells("A2:E2")
    sheet["A2"] = "填报单位（盖章）：                    填表人：            填报日期：    年  月  日"
    rows = (
        ("指标", "单位", "本年", "上年", "备注"),
        ("会员总数", "人", None, None, None),
        ("其中：女会员", "人", None, None, None),
        ("基层工会数", "家", None, None, None),
        ("慰问金额", "万元", None, None, None),
        ("建会率", "%", None, None, None),
        ("职工书屋", "个", None, None, None),
        ("合计人数", "人", "=C4+C5", None, None),
    )
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, value)
            cell.border, cell.alignment = LINE, CENTER
    sheet["C8"].number_format = "0.0%"
    _add_list(sheet)
    sheet.print_area = f"A1:E{LAST}"
    _add_other_sheets(book)
    if change is not None:
        change(sheet)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _add_list(sheet: Worksheet) -> None:
    sheet.merge_cells("A11:E11")
    sheet["A11"] = "慰问名单"
    for column, heading in enumerate(("序号", "姓名", "证件号码", "慰问日期", "慰问金"), 1):
        for number in range(FIRST - 1, LAST + 1):
            sheet.cell(number, column).border = LINE
        sheet.cell(FIRST - 1, column, heading).fill = PatternFill("solid", fgColor="FFEEEEEE")


def _add_other_sheets(book: Workbook) -> None:
    """What a superior's workbook has beside the form: an explanation, and a hidden list of codes."""
    book.create_sheet("说明")["A1"] = "本表每年十月上报。"
    hidden = book.create_sheet("代码")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "内部代码"


def word_form() -> bytes:
    """A form as a text with a table, cells merged across and down, and a list with one row."""
    document = docx.Document()
    document.add_paragraph("附件2")
    document.add_paragraph("工会工作情况报送表").alignment = 1
    table = document.add_table(7, 4, style="Table Grid")
    table.columns[0].width = Cm(3)
    words = {
        (0, 0): "填报单位",
        (0, 2): "填表人",
        (1, 0): "组织建设",
        (1, 1): "会员总数",
        (2, 1): "基层工会数",
        (3, 0): "备注：                ",
        (4, 0): "换届情况",
        (5, 0): "序号",
        (5, 1): "工会名称",
        (5, 3): "建会日期",
    }
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(1, 2).merge(table.cell(1, 3))
    table.cell(2, 2).merge(table.cell(2, 3))
    table.cell(3, 0).merge(table.cell(3, 3))
    table.cell(4, 0).merge(table.cell(4, 3))
    for row in (5, 6):
        table.cell(row, 1).merge(table.cell(row, 2))
    for (row, column), text in words.items():
        table.cell(row, column).paragraphs[0].add_run(text)
    document.add_paragraph("填表说明：数字填到年底。")
    return saved(document)


def spanning(columns: str) -> bytes:
    """The form as a text, damaged: a cell says that it spans so many columns."""
    with zipfile.ZipFile(BytesIO(word_form())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    said = b'<w:gridSpan w:val="4"'
    assert said in parts["word/document.xml"]
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        said, f'<w:gridSpan w:val="{columns}"'.encode(), 1
    )
    return zipped(parts)


def book_of(merged: str, sheets: int) -> bytes:
    """A workbook of some hundred bytes a sheet, each of one large merged cell."""
    book = Workbook()
    for sheet in [book.active, *(book.create_sheet() for _ in range(sheets - 1))]:
        sheet["A1"] = "项目"
        sheet.merge_cells(merged)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def saved(document: Document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def sheet_of(content: bytes) -> Worksheet:
    """The first sheet of a workbook as a spreadsheet program reads it."""
    return load_workbook(BytesIO(content)).worksheets[0]
