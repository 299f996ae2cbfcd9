"""The Word file measured against GB/T 9704-2012; the numbers here are the standard's, not the code's."""

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from reports import document
from reports.summary import Figure, Numbering, Paragraph, Summary, Text
from reports.word import reference

FIGURE = Figure(
    number=1,
    key="members.active.count",
    text="近600名",
    label="会员总数",
    definition="截止日在册的会员，按人计",
    exact="589名",
    span="截至2024年10月31日",
    as_of=date(2024, 10, 31),
    records=589,
    url="/members/?fact=members.active.count",
)
SUMMARY = Summary(
    phrases=("青溪镇总工会", "2024年度工作总结"),
    addressee="宁海县总工会",
    paragraphs=(
        Paragraph((Text("2024年，工作有序开展。"),)),
        Paragraph((Text("夯实基础"),), 1, "一、"),
        Paragraph((Text("管好会员"),), 2, "（一）"),
        Paragraph((Text("会员“总数”达"), FIGURE, Text("。"))),
        Paragraph((Text("规范运行"),), 2, "（二）"),
        Paragraph((Text("推进建会。"),)),
    ),
    omissions=(),
    signer="青溪镇总工会",
    signed_on=date(2025, 1, 5),
    numbering="official",
)


def part(content: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


@pytest.fixture(scope="module")
def content() -> bytes:
    return document.write(SUMMARY)


@pytest.fixture(scope="module")
def opened(content: bytes) -> "docx.document.Document":
    return docx.Document(BytesIO(content))


def attribute(element: etree._Element, path: str, name: str) -> str | None:
    found = element.find(path, element.nsmap)
    return None if found is None else found.get(qn(f"w:{name}"))


def style_value(opened: "docx.document.Document", name: str, path: str, attr: str) -> str | None:
    """A property of a style or of the one it is based on."""
    style = opened.styles[name]
    while style is not None:
        if (found := attribute(style.element, path, attr)) is not None:
            return found
        style = style.base_style
    return None


def text_of(paragraph: etree._Element) -> str:
    return "".join(paragraph.itertext(qn("w:t")))


def body(content: bytes, style: str = "") -> list[str]:
    """Texts of the body's paragraphs, of one style or all."""
    found = part(content, "word/document.xml").find(qn("w:body")).findall(qn("w:p"))
    return [text_of(p) for p in found if not style or attribute(p, "w:pPr/w:pStyle", "val") == style]


def test_page_is_a4_with_the_standard_margins(opened: "docx.document.Document") -> None:
    section = opened.sections[0]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    for margin, millimetres in (
        (section.top_margin, 37),
        (section.bottom_margin, 35),
        (section.left_margin, 28),
        (section.right_margin, 26),
    ):
        assert margin.mm == pytest.approx(millimetres, abs=0.1)


def test_page_holds_22_lines_of_28_characters(opened: "docx.document.Document") -> None:
    section = opened.sections[0]
    grid = section._sectPr.find(qn("w:docGrid"))
    height = section.page_height.pt - section.top_margin.pt - section.bottom_margin.pt
    width = section.page_width.pt - section.left_margin.pt - section.right_margin.pt

    assert grid.attrib == {qn("w:type"): "linesAndChars", qn("w:linePitch"): "580", qn("w:charSpace"): "-848"}
    assert 22 <= height / 29 < 22.01
    assert 28 <= width / (16 - 848 / 4096) < 28.1
    drawn_in = int(style_value(opened, "Normal", "w:rPr/w:spacing", "val")) / 20
    assert 28 <= width / (16 + drawn_in) < 28.1


@pytest.mark.parametrize(
    ("style", "font", "half_points", "line"),
    [
        ("Title", "方正小标宋_GBK", "44", "700"),
        ("Heading 1", "黑体", "32", "580"),
        ("Heading 2", "楷体_GB2312", "32", "580"),
        ("Heading 3", "仿宋_GB2312", "32", "580"),
        ("Heading 4", "仿宋_GB2312", "32", "580"),
        ("Body Text", "仿宋_GB2312", "32", "580"),
        ("Footer", "宋体", "28", "280"),
        ("附件标识", "黑体", "32", "580"),
    ],
)
def test_styles_have_fonts_sizes_and_exact_lines(
    opened: "docx.document.Document", style: str, font: str, half_points: str, line: str
) -> None:
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        assert style_value(opened, style, "w:rPr/w:rFonts", script) == font
    assert style_value(opened, style, "w:rPr/w:rFonts", "hint") == "eastAsia"
    assert style_value(opened, style, "w:rPr/w:sz", "val") == half_points
    assert style_value(opened, style, "w:pPr/w:spacing", "line") == line
    assert style_value(opened, style, "w:pPr/w:spacing", "lineRule") == "exact"


@pytest.mark.parametrize("style", ["Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4"])
def test_title_and_headings_are_not_bold(opened: "docx.document.Document", style: str) -> None:
    assert style_value(opened, style, "w:rPr/w:b", "val") == "0"


def test_body_is_justified_and_indented_by_characters(opened: "docx.document.Document") -> None:
    assert style_value(opened, "Body Text", "w:pPr/w:jc", "val") == "both"
    assert style_value(opened, "Body Text", "w:pPr/w:ind", "firstLineChars") == "200"
    assert int(style_value(opened, "Body Text", "w:pPr/w:ind", "firstLine")) / 20 == pytest.approx(
        31.6, abs=0.1
    )
    assert style_value(opened, "Title", "w:pPr/w:jc", "val") == "center"
    assert style_value(opened, "Salutation", "w:pPr/w:ind", "firstLineChars") is None


@pytest.mark.parametrize(
    ("numbering", "patterns"),
    [("official", ["%1、", "（%2）", "%3.", "（%4）"]), ("local", ["%1、", "%2.", "%3是", "（%4）"])],
)
def test_headings_are_numbered_by_word_itself(numbering: Numbering, patterns: list[str]) -> None:
    content = document.write(replace(SUMMARY, numbering=numbering))
    levels = part(content, "word/numbering.xml").findall(f".//{qn('w:lvl')}")
    styles = part(content, "word/styles.xml")

    assert [attribute(level, "w:lvlText", "val") for level in levels] == patterns
    assert [attribute(level, "w:pStyle", "val") for level in levels] == [f"Heading{n}" for n in range(1, 5)]
    for number, level in enumerate(levels):
        style = styles.find(f"w:style[@w:styleId='Heading{number + 1}']", styles.nsmap)
        in_chinese = patterns[number] in ("%1、", "（%2）", "%3是")
        assert attribute(level, "w:numFmt", "val") == ("chineseCountingThousand" if in_chinese else "decimal")
        assert attribute(level, "w:suff", "val") == "nothing"
        assert attribute(style, "w:pPr/w:numPr/w:numId", "val") == "1"
        assert attribute(style, "w:pPr/w:numPr/w:ilvl", "val") == str(number)
        assert attribute(style, "w:pPr/w:outlineLvl", "val") == str(number)
    assert body(content, "Heading1") == ["夯实基础"]
    assert body(content, "Heading2") == ["管好会员", "规范运行"]


def test_page_numbers_stand_at_the_outer_edge(content: bytes, opened: "docx.document.Document") -> None:
    section = opened.sections[0]
    below_text = section.bottom_margin.mm - section.footer_distance.mm - 14 * 25.4 / 72 / 2

    assert opened.settings.odd_and_even_pages_header_footer
    assert below_text == pytest.approx(7, abs=0.1)
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]._p
        assert text_of(paragraph) == "— 1 —"
        assert attribute(paragraph, "w:fldSimple", "instr").strip() == "PAGE"
        assert attribute(paragraph, "w:pPr/w:jc", "val") == side
        assert attribute(paragraph, "w:pPr/w:ind", f"{side}Chars") == "100"


def test_fonts_name_their_substitutes(content: bytes) -> None:
    fonts = part(content, "word/fontTable.xml")
    substitutes = {font.get(qn("w:name")): attribute(font, "w:altName", "val") for font in fonts}

    assert substitutes["仿宋_GB2312"].split(",")[0] == "仿宋"
    assert substitutes["楷体_GB2312"].split(",")[0] == "楷体"
    assert substitutes["方正小标宋_GBK"].split(",")[-1] == "宋体"


def test_text_reads_in_order(content: bytes) -> None:
    assert body(content) == [
        "青溪镇总工会2024年度工作总结",
        "宁海县总工会：",
        "2024年，工作有序开展。",
        "夯实基础",
        "管好会员",
        "会员“总数”达近600名。",
        "规范运行",
        "推进建会。",
        "附件：主要数据一览表",
        "青溪镇总工会",
        "2025年1月5日",
        "附件",
        "主要数据一览表",
        "",
    ]


def test_every_run_asks_for_the_east_asian_font(content: bytes) -> None:
    runs = [
        run for run in part(content, "word/document.xml").iter(qn("w:r")) if run.find(qn("w:t")) is not None
    ]

    assert len(runs) > 20
    assert {attribute(run, "w:rPr/w:rFonts", "hint") for run in runs} == {"eastAsia"}


def test_figures_are_content_controls_with_the_key(content: bytes) -> None:
    controls = part(content, "word/document.xml").findall(f".//{qn('w:sdt')}")

    assert [
        (attribute(c, "w:sdtPr/w:tag", "val"), attribute(c, "w:sdtPr/w:alias", "val"), text_of(c))
        for c in controls
    ] == [("members.active.count", "会员总数", "近600名")]


def test_attachment_lists_figures_on_a_new_page(opened: "docx.document.Document") -> None:
    table = opened.tables[0]

    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["序号", "指标", "数值", "口径", "时间", "记录数"],
        ["1", "会员总数", "589名", "截止日在册的会员，按人计", "截至2024年10月31日", "589"],
    ]
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    mark = next(p for p in opened.paragraphs if p.style.name == "附件标识")
    assert mark.style.paragraph_format.page_break_before


@pytest.mark.parametrize(
    ("signer", "day", "name_right", "date_right"),
    [
        # The date begins two characters right of the name's first character.
        ("宏达机械制造有限公司工会委员会", date(2025, 1, 5), 200, 900),
        # A date that would pass the edge keeps two characters; the name moves left.
        ("青溪镇总工会", date(2025, 1, 5), 400, 200),
        ("青溪镇总工会", date(2025, 12, 31), 500, 200),
    ],
)
def test_name_and_date_stand_as_without_a_seal(
    signer: str, day: date, name_right: int, date_right: int
) -> None:
    content = document.write(replace(SUMMARY, signer=signer, signed_on=day))
    found = part(content, "word/document.xml").find(qn("w:body"))
    places = {
        attribute(p, "w:pPr/w:pStyle", "val"): attribute(p, "w:pPr/w:ind", "rightChars")
        for p in found.iter(qn("w:p"))
    }

    assert (places["Signature"], places["Date"]) == (str(name_right), str(date_right))


def test_a_long_title_breaks_between_phrases() -> None:
    phrases = ("青溪镇总工会", "2024年度工作总结", "和2025年工作计划")
    root = part(document.write(replace(SUMMARY, phrases=phrases)), "word/document.xml")
    title = root.find(qn("w:body")).find(qn("w:p"))

    assert [
        "/" if run.find(qn("w:br")) is not None else text_of(run) for run in title.findall(qn("w:r"))
    ] == [
        "青溪镇总工会2024年度工作总结",
        "/",
        "和2025年工作计划",
    ]


def test_the_same_summary_gives_the_same_bytes(content: bytes) -> None:
    assert document.write(SUMMARY) == content


def test_nothing_of_markup_or_blanks_is_left(content: bytes) -> None:
    text = "".join(body(content))

    assert not set("{}[]|*#_X") & set(text)


def test_file_says_who_wrote_it_and_when(opened: "docx.document.Document") -> None:
    properties = opened.core_properties

    assert (properties.title, properties.author) == ("青溪镇总工会2024年度工作总结", "青溪镇总工会")
    assert properties.created.date() == date(2025, 1, 5)


@pytest.mark.parametrize("kind", reference.FILES)
def test_reference_documents_are_up_to_date(kind: Numbering) -> None:
    def parts(content: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    stored = (reference.FOLDER / reference.FILES[kind]).read_bytes()

    assert parts(stored) == parts(reference.build(kind)), "run python -m reports.word.reference"
