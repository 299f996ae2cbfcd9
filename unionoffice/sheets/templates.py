"""Workbooks for clerks to fill in, and refused rows handed back for repair."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from .cells import Row, text_width
from .headers import REASON_HEADER, ROW_NUMBER_HEADER
from .package import FONT
from .writing import Column, Kind, XlsxWriter

GUIDE_SHEET, CHOICES_SHEET = "说明", "选项"
# Rows below the header that carry drop-down lists.
LAST_ROW = 10_000
# Excel holds a list written into the cell rule up to here; longer ones refer to cells.
LONGEST_LIST = 250
REQUIRED_FILL = PatternFill("solid", fgColor="FFC8102E")
OPTIONAL_FILL = PatternFill("solid", fgColor="FFE8ECF1")
LINE = Border(*[Side("thin", color="FFBFC7D0")] * 4)
NUMBER_FORMATS: dict[Kind, str] = {
    "text": "General",
    "code": "@",
    "integer": "0",
    "number": "General",
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "bool": "General",
}
WORDINGS: dict[Kind, str] = {
    "text": "文字",
    "code": "文本（列已设为文本格式，请勿改动）",
    "integer": "整数",
    "number": "数字",
    "money": "金额，单位元",
    "date": "日期，如 2024-03-05",
    "moment": "日期和时间，如 2024-03-05 14:30",
    "bool": "是 或 否",
}
GUIDE_HEADERS = ("工作表", "列名", "必填", "格式", "可选值", "示例", "规则")
GUIDE_WIDTHS = (16, 22, 8, 36, 44, 22, 56)
STEPS = (
    "1. 每张工作表填一类记录，从第 2 行起一行一条；红底的列必填，灰底的列可以空着。",
    "2. 请不要改动第 1 行的列名；不用的列可以删去，列的先后可以调换。",
    "3. 身份证号、手机号等列已设为文本格式；从别处粘贴时请选“只粘贴数值或文本”，以免末几位变成 0。",
    "4. 有下拉箭头的列请从列表中选择。",
    "5. 空着的单元格不会清掉系统里已有的内容。",
)


@dataclass(frozen=True)
class ColumnSpec:
    """A column of a template: what it is called, what may stand in it, and the rule in one line for the clerk."""

    header: str
    kind: Kind = "text"
    is_required: bool = False
    choices: Sequence[str] = ()
    rule: str = ""
    example: str = ""
    width: float | None = None

    @property
    def wording(self) -> str:
        """The expected form in words."""
        return "从列表中选择" if self.choices else WORDINGS[self.kind]


@dataclass(frozen=True)
class SheetSpec:
    """A sheet of a template, called by the record type's Chinese name; `note` explains the type in one line."""

    name: str
    columns: Sequence[ColumnSpec]
    note: str = ""


def build_template(types: Sequence[SheetSpec]) -> bytes:
    """The .xlsx file of an empty template: the explanation first, then a sheet for each of `types`."""
    book = Workbook()
    _guide(book.active, types)
    lists = _Lists(book)
    for spec in types:
        _sheet(book.create_sheet(spec.name), spec, lists)
    lists.finish()
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class _Lists:
    """The hidden sheet with the lists of choices too long for a cell rule, one column each."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.places: dict[tuple[str, ...], str] = {}
        self.sheet: Worksheet | None = None

    def formula(self, choices: Sequence[str]) -> str:
        """The rule for a drop-down of `choices`: the list itself, or where it stands."""
        text = ",".join(choices)
        if len(text) <= LONGEST_LIST and not any(set(choice) & set(',"') for choice in choices):
            return f'"{text}"'
        key = tuple(choices)
        if key not in self.places:
            self.places[key] = self._place(key)
        return self.places[key]

    def _place(self, choices: tuple[str, ...]) -> str:
        if self.sheet is None:
            self.sheet = self.book.create_sheet(CHOICES_SHEET)
            self.sheet.sheet_state = "hidden"
        column = len(self.places) + 1
        for row, choice in enumerate(choices, 1):
            cell = self.sheet.cell(row, column)
            cell.value, cell.data_type = choice, "s"
        letter = get_column_letter(column)
        return f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(choices)}"

    def finish(self) -> None:
        """Moves the lists behind the sheets to fill in."""
        if self.sheet is not None:
            self.book.move_sheet(self.sheet, len(self.book.sheetnames))


def _sheet(sheet: Worksheet, spec: SheetSpec, lists: _Lists) -> None:
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 24
    for index, column in enumerate(spec.columns, 1):
        letter = get_column_letter(index)
        cell = sheet.cell(1, index, column.header)
        cell.font = Font(
            name=FONT, size=11, bold=True, color="FFFFFFFF" if column.is_required else "FF1F2933"
        )
        cell.fill = REQUIRED_FILL if column.is_required else OPTIONAL_FILL
        cell.alignment = Alignment("center", "center", wrap_text=True)
        cell.border = LINE
        cell.comment = _comment(column)
        width = Column(column.header, column.kind, column.width).shown_width
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = NUMBER_FORMATS[column.kind]
        choices = column.choices or (("是", "否") if column.kind == "bool" else ())
        if choices:
            _drop_down(sheet, letter, column, lists.formula(choices))


def _comment(column: ColumnSpec) -> Comment:
    lines = [f"{'必填' if column.is_required else '选填'}；{column.wording}"]
    if column.rule:
        lines.append(column.rule)
    if column.example:
        lines.append(f"例：{column.example}")
    return Comment(
        "\n".join(lines), "工会工作台", height=30 + 22 * sum(1 + len(x) // 16 for x in lines), width=260
    )


def _drop_down(sheet: Worksheet, letter: str, column: ColumnSpec, formula: str) -> None:
    rule = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = column.header[:32], "请从下拉列表中选择"
    rule.add(f"{letter}2:{letter}{LAST_ROW + 1}")
    sheet.add_data_validation(rule)


def _guide(sheet: Worksheet, types: Sequence[SheetSpec]) -> None:
    """The explanation: how to fill in, then every column of every sheet."""
    sheet.title = GUIDE_SHEET
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    for index, width in enumerate(GUIDE_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet["A1"] = "填表说明"
    sheet["A1"].font = Font(name=FONT, size=16, bold=True)
    for row, step in enumerate(STEPS, 2):
        sheet.cell(row, 1, step).font = Font(name=FONT, size=11)
    row = len(STEPS) + 3
    for spec in types:
        row = _guide_table(sheet, row, spec)


def _guide_table(sheet: Worksheet, row: int, spec: SheetSpec) -> int:
    """Writes the table of one sheet's columns from `row` on; returns the row where the next may begin."""
    sheet.cell(row, 1, f"工作表“{spec.name}”" + (f"：{spec.note}" if spec.note else ""))
    sheet.cell(row, 1).font = Font(name=FONT, size=12, bold=True)
    _guide_row(sheet, row + 1, GUIDE_HEADERS, is_head=True)
    for offset, column in enumerate(spec.columns, 2):
        required = "是" if column.is_required else ""
        listed = _listed(column.choices)
        values = (spec.name, column.header, required, column.wording, listed, column.example, column.rule)
        _guide_row(sheet, row + offset, values)
    return row + len(spec.columns) + 3


def _listed(choices: Sequence[str]) -> str:
    """The choices in one cell; of a long list the beginning."""
    text = "、".join(choices)
    return text if len(text) <= 120 else f"{text[:60].rpartition('、')[0]}……共 {len(choices)} 项，见下拉列表"


def _guide_row(sheet: Worksheet, row: int, values: Sequence[str], is_head: bool = False) -> None:
    lines = 1
    for index, value in enumerate(values, 1):
        cell = sheet.cell(row, index)
        # Set as text: a rule or an example may begin with "=".
        cell.value, cell.data_type = value, "s"
        cell.font = Font(name=FONT, size=11, bold=is_head)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.border = LINE
        if is_head:
            cell.fill = OPTIONAL_FILL
        lines = max(lines, -(-text_width(value) // (GUIDE_WIDTHS[index - 1] - 2)))
    # Not every program fits the height to wrapped text by itself.
    sheet.row_dimensions[row].height = 15 * lines + 3


@dataclass(frozen=True)
class RefusedSheet:
    """Refused rows of one sheet. rows: (the sheet's row number, the cells as they were, the reason)."""

    name: str
    header: Sequence[str]
    rows: Iterable[tuple[int, Row, str]]


def rejects_workbook(sheets: Sequence[RefusedSheet]) -> bytes:
    """The .xlsx file of refused rows, to be repaired and imported again.

    The row number and the reason go into two columns at the end of each sheet, which an import passes over.
    """
    file = io.BytesIO()
    with XlsxWriter(file, title=f"{'、'.join(sheet.name for sheet in sheets)}：未导入的行") as book:
        for sheet in sheets:
            width = len(sheet.header)
            columns = [Column(text, "code", 18) for text in sheet.header]
            columns += [Column(ROW_NUMBER_HEADER, "integer"), Column(REASON_HEADER, "text", 60)]
            book.sheet(sheet.name, columns).write_rows(
                [*row[:width], *[""] * (width - len(row)), number, reason]
                for number, row, reason in sheet.rows
            )
    return file.getvalue()
