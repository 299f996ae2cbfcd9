"""Files the demo town might have: the county's statistical form, and a briefing of the office's own."""

from io import BytesIO

import docx
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from .word.package import EPOCH_MOMENT, without_times

LINE = Border(*[Side("thin")] * 4)
CENTER = Alignment("center", "center", wrap_text=True)
INDICATORS = (
    ("会员总数", "人"),
    ("其中：女会员", "人"),
    ("农民工会员", "人"),
    ("新发展会员", "人"),
    ("基层工会数", "家"),
    ("涵盖单位数", "个"),
    ("建会率", "%"),
    ("慰问人数", "人"),
    ("慰问金额", "万元"),
    ("举办活动场次", "场"),
    ("职工书屋", "个"),
)
LIST_TITLE, LIST_HEADINGS, LIST_ROWS = "新增五星级工会名单", ("序号", "工会名称", "工会类型", "建会日期"), 3
BRIEFING = (
    "工会工作简报",
    "{{时期}}，全镇共有基层工会{{基层工会数}}，涵盖单位{{涵盖单位数}}，会员{{会员总数|近}}，{{会员总数|与上年比}}。",
    "走访慰问职工{{慰问人数}}，发放慰问金{{慰问金}}；举办活动{{举办活动场次}}，参加{{参加活动人次|余}}。",
    "{{单位全称}}　{{填报日期}}",
)


def county_form() -> bytes:
    """A blank form: a line for who fills it in, figures of two years, a list with a few rows."""
    book = Workbook()
    book.properties.created = book.properties.modified = EPOCH_MOMENT.replace(tzinfo=None)
    sheet = book.active
    sheet.title = "工会工作情况"
    for letter, width in zip("ABCD", (28, 30, 16, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in (1, 2, len(INDICATORS) + 4):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=4)
    sheet["A1"], sheet["A1"].font, sheet["A1"].alignment = (
        "乡镇工会工作情况统计表",
        Font(size=16, bold=True),
        CENTER,
    )
    sheet["A2"] = "填报单位（盖章）：                      填表人：              填报日期：    年  月  日"
    rows = [("指标", "计量单位", "本年", "上年"), *((*indicator, None, None) for indicator in INDICATORS)]
    rows += [(LIST_TITLE, None, None, None), LIST_HEADINGS, *[(None,) * 4] * LIST_ROWS]
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.border, cell.alignment = LINE, CENTER
            if value is not None:
                cell.value = value
    buffer = BytesIO()
    book.save(buffer)
    return without_times(buffer)


def briefing() -> bytes:
    """A text of the office with placeholders."""
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = EPOCH_MOMENT
    title, *paragraphs = BRIEFING
    document.add_heading(title, 1)
    for text in paragraphs:
        document.add_paragraph(text)
    buffer = BytesIO()
    document.save(buffer)
    return without_times(buffer)
