"""The fixed parts of a streamed .xlsx package (ECMA-376 Part 1, SpreadsheetML)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from .cells import column_letters

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FONT = "宋体"

# Positions in cellXfs of STYLES.
GENERAL, HEADER, TEXT, DATE, MOMENT, INTEGER, MONEY = range(7)

# Sheets are the default type, so that this part can stand first, before their number is known.
CONTENT_TYPES = (
    f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{OFFICE_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{OFFICE_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{OFFICE_TYPE}.styles+xml"/>'
    '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    '<Override PartName="/docProps/app.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'
)
ROOT_RELATIONS = (
    f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{RELATIONS}/extended-properties" Target="docProps/app.xml"/>'
    "</Relationships>"
)
APPLICATION = (
    f'{DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>unionoffice</Application></Properties>'
)
_FONTS = (
    f'<fonts count="2"><font><sz val="11"/><name val="{FONT}"/><family val="3"/><charset val="134"/></font>'
    f'<font><b/><sz val="11"/><name val="{FONT}"/><family val="3"/><charset val="134"/></font></fonts>'
)
_FILLS = (
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8ECF1"/><bgColor indexed="64"/>'
    "</patternFill></fill></fills>"
)
_BORDERS = (
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="thin"><color rgb="FF9AA5B1"/></bottom><diagonal/></border>'
    "</borders>"
)
# 1 is 0, 4 is #,##0.00, 49 is @ (text); 164 and above are our own.
_FORMATS = (0, None, 49, 164, 165, 1, 4)


def _styles() -> str:
    cells = "".join(
        '<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1"'
        ' applyFill="1" applyBorder="1" applyAlignment="1">'
        '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>'
        if number is None
        else f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in _FORMATS
    )
    return (
        f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="2">'
        '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
        f"{_FONTS}{_FILLS}{_BORDERS}"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(_FORMATS)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


STYLES = _styles()


@dataclass(frozen=True)
class SheetPart:
    """A finished sheet: its name and the extent of its headers and rows."""

    name: str
    columns: int
    rows: int

    @property
    def area(self) -> str:
        """Headers and data, e.g. A1:U101."""
        return f"A1:{column_letters(self.columns - 1)}{self.rows + 1}"


def workbook(sheets: Sequence[SheetPart]) -> str:
    """The part that lists the sheets, their filter areas and the header row repeated on every printed page."""
    listed = "".join(
        f'<sheet name="{_attribute(sheet.name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, 1)
    )
    named = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{index}" hidden="1">'
        f"{_quoted(sheet.name)}!{_absolute(sheet.area)}</definedName>"
        for index, sheet in enumerate(sheets)
    ) + "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{index}">{_quoted(sheet.name)}!$1:$1</definedName>'
        for index, sheet in enumerate(sheets)
    )
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><bookViews>'
        '<workbookView xWindow="0" yWindow="0" windowWidth="24000" windowHeight="12000"/></bookViews>'
        f"<sheets>{listed}</sheets><definedNames>{named}</definedNames></workbook>"
    )


def workbook_relations(count: int) -> str:
    """The part that ties `count` sheets and the styles to the workbook."""
    sheets = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, count + 1)
    )
    return (
        f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{sheets}'
        f'<Relationship Id="rId{count + 1}" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    )


def core_properties(title: str, creator: str, created: datetime) -> str:
    """Title, author and moment of making, as the file's properties show them."""
    moment = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(creator)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created></cp:coreProperties>'
    )


def sheet_opening(widths: Sequence[tuple[float, int]]) -> str:
    """The beginning of a sheet up to its rows: frozen header row, and width and format of each column."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width:.2f}" style="{style}" customWidth="1"/>'
        for number, (width, style) in enumerate(widths, 1)
    )
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
    )


def sheet_closing(sheet: SheetPart, watermark: str) -> str:
    """The end of a sheet: filter buttons, landscape pages as wide as the table, and the watermark line."""
    # & begins a code in header and footer texts; a doubled one is the sign itself.
    line = escape(watermark.replace("&", "&&"))
    footer = f"&amp;L{line}&amp;R第 &amp;P 页，共 &amp;N 页" if line else "&amp;R第 &amp;P 页，共 &amp;N 页"
    header = f"<oddHeader>&amp;L{line}</oddHeader>" if line else ""
    return (
        f'</sheetData><autoFilter ref="{sheet.area}"/>'
        '<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f"<headerFooter>{header}<oddFooter>{footer}</oddFooter></headerFooter></worksheet>"
    )


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _quoted(name: str) -> str:
    return escape("'" + name.replace("'", "''") + "'")


def _absolute(area: str) -> str:
    last = area.partition(":")[2]
    letters = last.rstrip("0123456789")
    return f"$A$1:${letters}${last[len(letters) :]}"
