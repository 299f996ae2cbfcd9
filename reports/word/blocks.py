"""Paragraphs, runs and tables of the Word file, in its styles."""

from unicodedata import east_asian_width

from reports.summary import Table

from .layout import TEXT_WIDTH
from .styles import lines
from .xml import Element, text, w


def paragraph(style: str, *content: Element, properties: tuple[Element, ...] = ()) -> Element:
    return w("p", w("pPr", w("pStyle", val=style), *properties), *content)


def run(content: str, style: str = "", properties: tuple[Element, ...] = ()) -> Element:
    """Text whose quotation marks and dashes take the East Asian font; further properties follow that."""
    named = w("rStyle", val=style) if style else None
    return w("r", w("rPr", named, w("rFonts", hint="eastAsia"), *properties), text(content))


def room(twips: int) -> Element:
    """An empty line of exactly this height; Word wants a paragraph after a table, and it may be a point high."""
    return paragraph("TableText", properties=(lines(twips),))


def width(content: str) -> float:
    """Width in characters; letters and digits take half of one."""
    return sum(1 if east_asian_width(character) in "WFA" else 0.5 for character in content)


def table(content: Table) -> Element:
    parts = sum(part for _, part in content.columns)
    widths = [round(TEXT_WIDTH * part / parts) for _, part in content.columns]
    widths[-1] += TEXT_WIDTH - sum(widths)
    headings = [heading for heading, _ in content.columns]
    return w(
        "tbl",
        w(
            "tblPr",
            w("tblStyle", val="FigureTable"),
            w("tblW", w=TEXT_WIDTH, type="dxa"),
            w("tblLayout", type="fixed"),
        ),
        w("tblGrid", *(w("gridCol", w=twips) for twips in widths)),
        _row(widths, headings, "TableHead", w("cantSplit"), w("tblHeader")),
        *(_row(widths, list(cells), "TableText", w("cantSplit")) for cells in content.rows),
    )


def _row(widths: list[int], cells: list[str], style: str, *properties: Element) -> Element:
    return w(
        "tr",
        w("trPr", *properties),
        *(
            w(
                "tc",
                w("tcPr", w("tcW", w=twips, type="dxa"), w("vAlign", val="center")),
                paragraph(style, run(cell)),
            )
            for twips, cell in zip(widths, cells, strict=True)
        ),
    )
