"""Styles of the reference document: body 3号仿宋 on exact lines, headings, table, page number (GB/T 9704)."""

from collections.abc import Iterator

from .layout import (
    BODY_FONT,
    CHARACTER,
    DRAWN_IN,
    FOOTER_LINE,
    HEI_FONT,
    KAI_FONT,
    LINE,
    RED,
    RULE_LINE,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SIZE_TABLE,
    SONG_FONT,
    TABLE_LINE,
    TITLE_FONT,
    TITLE_LINE,
)
from .xml import Element, w

HEADING_FONTS = (HEI_FONT, KAI_FONT, BODY_FONT, BODY_FONT)


def fonts(name: str) -> Element:
    return w("rFonts", hint="eastAsia", ascii=name, hAnsi=name, eastAsia=name, cs=name)


def size(half_points: int) -> tuple[Element, Element]:
    return w("sz", val=half_points), w("szCs", val=half_points)


def not_bold() -> tuple[Element, Element]:
    return w("b", val=0), w("bCs", val=0)


def lines(pitch: int, before: int = 0, after: int = 0) -> Element:
    return w("spacing", before=before, after=after, line=pitch, lineRule="exact")


def indent(**characters: float) -> Element:
    """Indents in characters, and the same in twips for programs that do not know characters."""
    sides = {f"{side}Chars": round(count * 100) for side, count in characters.items()}
    return w("ind", **sides, **{side: round(count * CHARACTER) for side, count in characters.items()})


def first_line() -> Element:
    return indent(left=0, firstLine=2)


def off_grid() -> Element:
    return w("snapToGrid", val=0)


def drawn_in(twentieths: int) -> Element:
    return w("spacing", val=twentieths)


def colour(value: str) -> Element:
    return w("color", val=value)


def style(
    key: str,
    name: str,
    *,
    custom: bool = False,
    based_on: str = "Normal",
    following: str = "",
    paragraph: tuple[Element, ...] = (),
    run: tuple[Element, ...] = (),
) -> Element:
    """A paragraph style; `paragraph` and `run` hold its properties in the order the schema asks for."""
    return w(
        "style",
        w("name", val=name),
        w("basedOn", val=based_on),
        w("next", val=following) if following else None,
        w("qFormat"),
        w("pPr", *paragraph),
        w("rPr", *run),
        type="paragraph",
        styleId=key,
        **({"customStyle": 1} if custom else {}),
    )


def styles() -> Element:
    return w(
        "styles",
        _defaults(),
        _root(),
        *_other_roots(),
        *_text_styles(),
        *_issue_styles(),
        *_attachment_styles(),
        *_picture_styles(),
        *_other_styles(),
    )


def _defaults() -> Element:
    run = w(
        "rPr", fonts(BODY_FONT), w("kern", val=2), *size(SIZE_3), w("lang", val="en-US", eastAsia="zh-CN")
    )
    return w("docDefaults", w("rPrDefault", run), w("pPrDefault"))


def _root() -> Element:
    """The paragraph style all others start from."""
    return w(
        "style",
        w("name", val="Normal"),
        w("qFormat"),
        w(
            "pPr",
            w("widowControl", val=0),
            w("autoSpaceDE", val=0),
            w("autoSpaceDN", val=0),
            off_grid(),
            lines(LINE),
            w("jc", val="both"),
        ),
        w("rPr", fonts(BODY_FONT), off_grid(), drawn_in(DRAWN_IN), *size(SIZE_3)),
        type="paragraph",
        default=1,
        styleId="Normal",
    )


def _other_roots() -> Iterator[Element]:
    """What Word expects beside Normal: the character, table and numbering styles all others start from."""
    yield w(
        "style",
        w("name", val="Default Paragraph Font"),
        w("semiHidden"),
        type="character",
        default=1,
        styleId="DefaultParagraphFont",
    )
    margins = (
        w(side, w=width, type="dxa")
        for side, width in (("top", 0), ("left", 57), ("bottom", 0), ("right", 57))
    )
    yield w(
        "style",
        w("name", val="Normal Table"),
        w("semiHidden"),
        w("tblPr", w("tblInd", w=0, type="dxa"), w("tblCellMar", *margins)),
        type="table",
        default=1,
        styleId="TableNormal",
    )
    yield w("style", w("name", val="No List"), w("semiHidden"), type="numbering", default=1, styleId="NoList")


def _text_styles() -> Iterator[Element]:
    yield style(
        "Title",
        "Title",
        following="BodyText",
        paragraph=(w("keepNext"), lines(TITLE_LINE, after=LINE), w("jc", val="center")),
        run=(fonts(TITLE_FONT), *not_bold(), drawn_in(0), *size(SIZE_2)),
    )
    for level, font in enumerate(HEADING_FONTS):
        yield style(
            f"Heading{level + 1}",
            f"heading {level + 1}",
            following="BodyText",
            paragraph=(
                w("keepNext"),
                w("numPr", w("ilvl", val=level), w("numId", val=1)),
                first_line(),
                w("outlineLvl", val=level),
            ),
            run=(fonts(font), *not_bold()),
        )
    yield style("BodyText", "Body Text", paragraph=(first_line(),))
    yield style("Salutation", "Salutation", following="BodyText", paragraph=(w("jc", val="left"),))
    yield style(
        "Signature",
        "Signature",
        following="Date",
        paragraph=(w("keepNext"), lines(LINE, before=LINE), w("jc", val="right")),
    )
    yield style("Date", "Date", paragraph=(w("jc", val="right"),))


def _issue_styles() -> Iterator[Element]:
    """Red head and 版记 of a numbered document; the size of the mark goes by its length."""
    yield style(
        "HeadMark",
        "发文机关标志",
        custom=True,
        following="DocumentNumber",
        paragraph=(w("keepNext"), w("jc", val="center")),
        run=(fonts(TITLE_FONT), colour(RED), drawn_in(0)),
    )
    yield style(
        "DocumentNumber",
        "发文字号",
        custom=True,
        paragraph=(w("keepNext"), lines(SIZE_3 * 10, before=2 * LINE), w("jc", val="center")),
    )
    yield style("Rule", "分隔线", custom=True, paragraph=(lines(RULE_LINE), w("jc", val="left")))
    yield style(
        "Imprint",
        "版记",
        custom=True,
        paragraph=(w("jc", val="left"),),
        run=(drawn_in(0), *size(SIZE_4)),
    )


def _attachment_styles() -> Iterator[Element]:
    yield style(
        "AttachmentNote",
        "附件说明",
        custom=True,
        paragraph=(w("keepNext"), lines(LINE, before=LINE), indent(left=5, hanging=3), w("jc", val="left")),
    )
    yield style(
        "AttachmentMark",
        "附件标识",
        custom=True,
        following="AttachmentTitle",
        paragraph=(w("keepNext"), w("pageBreakBefore"), w("jc", val="left")),
        run=(fonts(HEI_FONT),),
    )
    yield style(
        "AttachmentTitle",
        "附件标题",
        custom=True,
        based_on="Title",
        paragraph=(lines(TITLE_LINE, before=LINE, after=LINE),),
    )
    yield style(
        "TableText",
        "表格文字",
        custom=True,
        paragraph=(lines(TABLE_LINE), w("jc", val="left")),
        run=(drawn_in(0), *size(SIZE_TABLE)),
    )
    yield style(
        "TableHead",
        "表格标题",
        custom=True,
        based_on="TableText",
        paragraph=(w("keepNext"), w("jc", val="center")),
        run=(fonts(HEI_FONT),),
    )


def _picture_styles() -> Iterator[Element]:
    """What stands on lines as high as it is, and what it is called."""
    yield style(
        "Picture",
        "图",
        custom=True,
        following="PictureTitle",
        paragraph=(
            w("keepNext"),
            w("spacing", before=0, after=0, line=240, lineRule="auto"),
            w("jc", val="center"),
        ),
    )
    yield style(
        "PictureTitle",
        "图题",
        custom=True,
        paragraph=(lines(LINE, after=LINE // 4), w("jc", val="center")),
        run=(fonts(HEI_FONT), drawn_in(0), *size(SIZE_4)),
    )


def _other_styles() -> Iterator[Element]:
    yield style(
        "Footer",
        "footer",
        paragraph=(lines(FOOTER_LINE),),
        run=(fonts(SONG_FONT), drawn_in(0), *size(SIZE_4)),
    )
    yield w(
        "style",
        w("name", val="数据"),
        w("basedOn", val="DefaultParagraphFont"),
        w("qFormat"),
        type="character",
        styleId="Figure",
        customStyle=1,
    )
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    yield w(
        "style",
        w("name", val="数据表"),
        w("basedOn", val="TableNormal"),
        w("tblPr", w("tblBorders", *(w(side, val="single", sz=4, space=0, color="auto") for side in sides))),
        type="table",
        styleId="FigureTable",
        customStyle=1,
    )
