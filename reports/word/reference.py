"""Builds the reference documents: empty Word files that hold page, styles, numbering, page numbers and fonts.

`python -m reports.word.reference` writes them beside this module; a test holds that they are up to date.
"""

import zipfile
from io import BytesIO
from pathlib import Path

from reports.summary import Numbering

from .layout import (
    BOTTOM,
    CHARACTER_SPACE,
    FALLBACKS,
    FOOTER_DISTANCE,
    FOOTER_LINE,
    LEFT,
    LINE,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT,
    TOP,
)
from .package import EPOCH
from .styles import first_line, styles
from .xml import RELATIONSHIPS, Element, serialize, text, w

FOLDER = Path(__file__).parent
FILES: dict[Numbering, str] = {"official": "summary.docx", "local": "summary_local.docx"}

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Parts beside the document and their kind, in the order of their relationship numbers.
PARTS = {
    "styles": "styles",
    "numbering": "numbering",
    "settings": "settings",
    "fontTable": "fontTable",
    "footer1": "footer",
    "footer2": "footer",
}

CHINESE, ARABIC = "chineseCountingThousand", "decimal"
LEVELS: dict[Numbering, tuple[tuple[str, str], ...]] = {
    "official": (("%1、", CHINESE), ("（%2）", CHINESE), ("%3.", ARABIC), ("（%4）", ARABIC)),
    "local": (("%1、", CHINESE), ("%2.", ARABIC), ("%3是", CHINESE), ("（%4）", ARABIC)),
}


def numbering(kind: Numbering) -> Element:
    """One multi-level list tied to the heading styles."""
    levels = (
        w(
            "lvl",
            w("start", val=1),
            w("numFmt", val=form),
            w("pStyle", val=f"Heading{level + 1}"),
            w("suff", val="nothing"),
            w("lvlText", val=pattern),
            w("lvlJc", val="left"),
            w("pPr", first_line()),
            w("rPr", w("rFonts", hint="eastAsia")),
            ilvl=level,
        )
        for level, (pattern, form) in enumerate(LEVELS[kind])
    )
    return w(
        "numbering",
        w(
            "abstractNum",
            w("nsid", val="3A970401"),
            w("multiLevelType", val="multilevel"),
            *levels,
            abstractNumId=0,
        ),
        w("num", w("abstractNumId", val=0), numId=1),
    )


def footer(side: str) -> Element:
    """— 1 — one character from the outer edge."""

    def run(content: str) -> Element:
        return w("r", w("rPr", w("rFonts", hint="eastAsia")), text(content))

    placed = w("ind", **{f"{side}Chars": 100, side: FOOTER_LINE})
    properties = w("pPr", w("pStyle", val="Footer"), placed, w("jc", val=side))
    return w(
        "ftr", w("p", properties, run("— "), w("fldSimple", w("r", text("1")), instr=" PAGE "), run(" —"))
    )


def document() -> Element:
    footers = [w("footerReference", type=kind) for kind in ("default", "even")]
    for number, reference in enumerate(footers, 5):
        reference.set(f"{{{RELATIONSHIPS}}}id", f"rId{number}")
    section = w(
        "sectPr",
        *footers,
        w("pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT),
        w(
            "pgMar",
            top=TOP,
            right=RIGHT,
            bottom=BOTTOM,
            left=LEFT,
            header=851,
            footer=FOOTER_DISTANCE,
            gutter=0,
        ),
        w("docGrid", type="linesAndChars", linePitch=LINE, charSpace=CHARACTER_SPACE),
    )
    return w("document", w("body", section))


def font_table() -> Element:
    return w(
        "fonts",
        *(
            w("font", w("altName", val=others), w("charset", val=86), w("family", val="auto"), name=name)
            for name, others in FALLBACKS.items()
        ),
    )


def settings() -> Element:
    """Odd and even pages differ; East Asian line breaking as Chinese Word has it."""
    east_asian = (
        "spaceForUL",
        "balanceSingleByteDoubleByteWidth",
        "doNotLeaveBackslashAlone",
        "ulTrailSpace",
        "doNotExpandShiftReturn",
        "adjustLineHeightInTable",
        "useFELayout",
    )
    word = "http://schemas.microsoft.com/office/word"
    return w(
        "settings",
        w("zoom", percent=100),
        w("defaultTabStop", val=632),
        w("evenAndOddHeaders"),
        w("characterSpacingControl", val="compressPunctuation"),
        w("compat", *map(w, east_asian), w("compatSetting", name="compatibilityMode", uri=word, val=15)),
        w("themeFontLang", val="en-US", eastAsia="zh-CN"),
    )


def content_types() -> str:
    overrides = {f"/word/{part}.xml": f"{WORD_TYPE}.{kind}+xml" for part, kind in PARTS.items()}
    overrides["/word/document.xml"] = f"{WORD_TYPE}.document.main+xml"
    overrides["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'{HEADER}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
        + "</Types>"
    )


def relationships(targets: dict[str, str]) -> str:
    """rId1, rId2 … in the order given: target -> type."""
    entries = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">{"".join(entries)}</Relationships>'


def core_properties() -> str:
    return (
        f'{HEADER}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:language>zh-CN</dc:language></cp:coreProperties>'
    )


def build(kind: Numbering) -> bytes:
    """The reference document for one numbering; the same bytes every time."""
    core = f"{PACKAGE}/relationships/metadata/core-properties"
    parts: dict[str, str | Element] = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships(
            {"word/document.xml": f"{RELATIONSHIPS}/officeDocument", "docProps/core.xml": core}
        ),
        "docProps/core.xml": core_properties(),
        "word/document.xml": document(),
        "word/_rels/document.xml.rels": relationships(
            {f"{part}.xml": f"{RELATIONSHIPS}/{relation}" for part, relation in PARTS.items()}
        ),
        "word/styles.xml": styles(),
        "word/numbering.xml": numbering(kind),
        "word/settings.xml": settings(),
        "word/fontTable.xml": font_table(),
        "word/footer1.xml": footer("right"),
        "word/footer2.xml": footer("left"),
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            content = part.encode() if isinstance(part, str) else serialize(part)
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def main() -> None:
    for kind, name in FILES.items():
        (FOLDER / name).write_bytes(build(kind))


if __name__ == "__main__":
    main()
