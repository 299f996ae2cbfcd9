"""What a numbered document bears beside its text: the red head above it and the 版记 at its very foot."""

from collections.abc import Iterator
from datetime import date
from math import ceil

from reports import wording
from reports.summary import Issue

from . import blocks
from .layout import (
    CHARACTER,
    EMU_PER_TWIP,
    KAI_FONT,
    LINE,
    MARK_BELOW_TOP,
    MARK_LEAST,
    MARK_SIZE,
    RED,
    RULE_BELOW_NUMBER,
    RULE_LINE,
    SIZE_4,
    TEXT_WIDTH,
    THICK,
    THIN,
    TITLE_LINE,
)
from .styles import fonts, indent, lines, size
from .xml import Element, w, x

CHARACTER_4 = SIZE_4 * 10  # a character of 4号 in twips
COPIES, LABEL = "抄送：", 3
# One character free at either side, and the label before the names, which hang below each other.
COPIES_WIDTH = TEXT_WIDTH // CHARACTER_4 - 2 - LABEL
SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"


def head(issue: Issue, office: str, *, for_upper: bool) -> Iterator[Element]:
    """Mark, number and red rule. On a document to the upper union the number stands left of who approved it."""
    mark = f"{office}文件"
    half_points = min(MARK_SIZE, max(MARK_LEAST, int(TEXT_WIDTH / blocks.width(mark) / 10)))
    place = lines(half_points * 10, before=MARK_BELOW_TOP)
    yield blocks.paragraph("HeadMark", blocks.run(mark, properties=size(half_points)), properties=(place,))
    if for_upper and issue.approver:
        edge = w("tabs", w("tab", val="right", pos=round(TEXT_WIDTH - CHARACTER)))
        yield blocks.paragraph(
            "DocumentNumber",
            blocks.run(issue.number),
            w("r", w("tab")),
            blocks.run("签发人："),
            w("r", w("rPr", fonts(KAI_FONT)), *blocks.run(issue.approver).findall("{*}t")),
            properties=(edge, indent(left=1), w("jc", val="left")),
        )
    else:
        yield blocks.paragraph("DocumentNumber", blocks.run(issue.number))
    yield _rule("top", THICK, RED, before=RULE_BELOW_NUMBER)


def below_rule() -> Element:
    """The place of the title: two lines below the rule."""
    return lines(TITLE_LINE, before=2 * LINE, after=LINE)


def imprint(issue: Issue, office: str, signed_on: date) -> Iterator[Element]:
    """版记 in a box whose last rule is the lower edge of the text on the last page; an empty line keeps its room free,
    so that nothing else stands there and nothing has to flow round it.

    Printed on both sides it belongs on an even page (GB/T 9704-2012, 7.4). Only Word knows on which the text ends, and it
    has no condition for that: a section that begins on an even page leaves a page empty after a text that ends on one,
    a field in the text stands still until somebody updates it. A page break before this line does it.
    """
    parts, rows = [_printed(issue, office, signed_on)], 1
    if issue.copies_to:
        parts = [_copies(issue.copies_to), _rule("top", THIN), *parts]
        rows += ceil(blocks.width(f"{issue.copies_to}。") / COPIES_WIDTH)
    rules = 2 + len(parts) // 2
    height = rows * LINE + rules * RULE_LINE
    line = blocks.room(height)
    line.append(w("r", _box([_rule("top", THICK), *parts, _rule("bottom", THICK)], height)))
    yield line


def _copies(names: str) -> Element:
    hanging = w("ind", left=(1 + LABEL) * CHARACTER_4, right=CHARACTER_4, hanging=LABEL * CHARACTER_4)
    return blocks.paragraph("Imprint", blocks.run(f"{COPIES}{names}。"), properties=(hanging,))


def _printed(issue: Issue, office: str, signed_on: date) -> Element:
    day = wording.full_day(issue.printed_on or signed_on)
    return blocks.paragraph(
        "Imprint",
        blocks.run(issue.printed_by or office),
        w("r", w("tab")),
        blocks.run(f"{day}印发"),
        properties=(
            w("tabs", w("tab", val="right", pos=TEXT_WIDTH - CHARACTER_4)),
            w("ind", left=CHARACTER_4),
        ),
    )


def _rule(side: str, eighths: int, colour: str = "auto", before: int = 0) -> Element:
    """A rule as wide as the text."""
    border = w("pBdr", w(side, val="single", sz=eighths, space=0, color=colour))
    return blocks.paragraph("Rule", properties=(border, lines(RULE_LINE, before=before)))


def _box(content: list[Element], height: int) -> Element:
    """A text box as wide as the text, its foot on the lower edge of the text; other text does not flow round it."""
    extent = {"cx": TEXT_WIDTH * EMU_PER_TWIP, "cy": height * EMU_PER_TWIP}
    shape = x(
        "wps:wsp",
        x("wps:cNvSpPr", txBox=1),
        x(
            "wps:spPr",
            x("a:xfrm", x("a:off", x=0, y=0), x("a:ext", **extent)),
            x("a:prstGeom", x("a:avLst"), prst="rect"),
            x("a:noFill"),
            x("a:ln", x("a:noFill")),
        ),
        x("wps:txbx", w("txbxContent", *content)),
        x("wps:bodyPr", x("a:noAutofit"), lIns=0, tIns=0, rIns=0, bIns=0, anchor="b"),
    )
    anchor = x(
        "wp:anchor",
        x("wp:simplePos", x=0, y=0),
        x("wp:positionH", x("wp:align", "left"), relativeFrom="margin"),
        x("wp:positionV", x("wp:align", "bottom"), relativeFrom="margin"),
        x("wp:extent", **extent),
        x("wp:effectExtent", l=0, t=0, r=0, b=0),
        x("wp:wrapNone"),
        x("wp:docPr", id=1, name="版记"),
        x("wp:cNvGraphicFramePr"),
        x("a:graphic", x("a:graphicData", shape, uri=SHAPE)),
        **dict.fromkeys(("distT", "distB", "distL", "distR", "simplePos", "behindDoc", "locked"), 0),
        **dict.fromkeys(("relativeHeight", "layoutInCell", "allowOverlap"), 1),
    )
    return x("mc:AlternateContent", x("mc:Choice", w("drawing", anchor), Requires="wps"))
