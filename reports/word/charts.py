"""Charts as DrawingML parts with the workbook behind them, so that Word draws them and "编辑数据" opens their figures.

Elements stand in the order of ECMA-376 Part 1, 21.2."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.parts.document import DocumentPart

from reports.summary import Chart, Series
from unionoffice.sheets.writing import Column, XlsxWriter

from . import blocks
from .layout import CHART_HEIGHT, EMU_PER_TWIP, SONG_FONT, TEXT_WIDTH
from .package import EPOCH_MOMENT, without_times
from .xml import NAMESPACES, Element, serialize, w, x

SHEET = "数据"
# Union red and grey, told apart in black and white too.
COLOURS = ("B5121B", "8C8C8C")
GRID = "D9D9D9"
FONT_SIZE = 1050  # hundredths of a point
CATEGORY_AXIS, VALUE_AXIS = 111111111, 222222222
# Numbers of drawings are told apart within a document; a text box has 1.
FIRST_DRAWING = 100


def place(chart: Chart, number: int, document: DocumentPart) -> Iterator[Element]:
    """The paragraph that holds the chart and the one under it that names it; the parts are added to the document."""
    identity = document.relate_to(_chart_part(chart, number, document), RELATIONSHIP_TYPE.CHART)
    inline = x(
        "wp:inline",
        x("wp:extent", cx=TEXT_WIDTH * EMU_PER_TWIP, cy=CHART_HEIGHT * EMU_PER_TWIP),
        x("wp:docPr", id=FIRST_DRAWING + number, name=f"图{number}", descr=chart.title),
        x("wp:cNvGraphicFramePr"),
        x(
            "a:graphic",
            x("a:graphicData", x("c:chart", given={"r:id": identity}), uri=NAMESPACES["c"]),
        ),
        **dict.fromkeys(("distT", "distB", "distL", "distR"), 0),
    )
    yield blocks.paragraph("Picture", w("r", w("drawing", inline)))
    units = {series.unit for series in chart.series}
    unit = f"（单位：{units.pop()}）" if len(units) == 1 else ""
    yield blocks.paragraph("PictureTitle", blocks.run(f"图{number}　{chart.title}{unit}"))


def _chart_part(chart: Chart, number: int, document: DocumentPart) -> Part:
    package = document.package
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, package=package)
    name = PackURI(f"/word/embeddings/chart{number}.xlsx")
    book = Part(name, CONTENT_TYPE.SML_SHEET, workbook(chart), package)
    data = part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
    part._blob = serialize(chart_space(chart, data))
    return part


def workbook(chart: Chart) -> bytes:
    """The figures of a chart as Excel shows them: a row for each category, a column for each series."""
    saved = BytesIO()
    with XlsxWriter(saved, title=chart.title, created=EPOCH_MOMENT) as book:
        columns = [Column(chart.title), *(Column(_name(series), "number") for series in chart.series)]
        values = (map(Decimal, series.values) for series in chart.series)
        book.sheet(SHEET, columns).write_rows(zip(chart.categories, *values, strict=True))
    return without_times(saved)


def _name(series: Series) -> str:
    return f"{series.label}（{series.unit}）"


def chart_space(chart: Chart, data: str) -> Element:
    """The chart part; `data` is the relationship of its workbook."""
    legend = (
        x("c:legend", x("c:legendPos", val="b"), x("c:overlay", val=0)) if len(chart.series) > 1 else None
    )
    return x(
        "c:chartSpace",
        x("c:date1904", val=0),
        x("c:lang", val="zh-CN"),
        x("c:roundedCorners", val=0),
        x(
            "c:chart",
            x("c:autoTitleDeleted", val=1),
            x("c:plotArea", x("c:layout"), _plot(chart), *_axes(chart)),
            legend,
            x("c:plotVisOnly", val=1),
            x("c:dispBlanksAs", val="gap"),
        ),
        x("c:spPr", x("a:noFill"), x("a:ln", x("a:noFill"))),
        _letters(),
        x("c:externalData", x("c:autoUpdate", val=0), given={"r:id": data}),
    )


def _plot(chart: Chart) -> Element:
    series = [_series(chart, number) for number in range(len(chart.series))]
    axes = (x("c:axId", val=CATEGORY_AXIS), x("c:axId", val=VALUE_AXIS))
    if chart.kind == "line":
        marker = x("c:marker", val=1)
        return x(
            "c:lineChart",
            x("c:grouping", val="standard"),
            x("c:varyColors", val=0),
            *series,
            _labels("t"),
            marker,
            *axes,
        )
    return x(
        "c:barChart",
        x("c:barDir", val="bar" if chart.kind == "bar" else "col"),
        x("c:grouping", val="clustered"),
        x("c:varyColors", val=0),
        *series,
        _labels("outEnd"),
        x("c:gapWidth", val=60),
        *axes,
    )


def _series(chart: Chart, number: int) -> Element:
    series, column = chart.series[number], "BCDEFGH"[number]
    last = len(chart.categories) + 1
    is_line = chart.kind == "line"
    colour = COLOURS[number % len(COLOURS)]
    look = x("c:spPr", x("a:ln", _fill(colour), w=28575, cap="rnd") if is_line else _fill(colour))
    filled = x("c:spPr", _fill(colour), x("a:ln", x("a:noFill")))
    dot = x("c:marker", x("c:symbol", val="circle"), x("c:size", val=5), filled) if is_line else None
    return x(
        "c:ser",
        x("c:idx", val=number),
        x("c:order", val=number),
        x("c:tx", x("c:strRef", x("c:f", f"{SHEET}!${column}$1"), _cache("c:strCache", (_name(series),)))),
        look,
        dot if is_line else x("c:invertIfNegative", val=0),
        x(
            "c:cat",
            x("c:strRef", x("c:f", f"{SHEET}!$A$2:$A${last}"), _cache("c:strCache", chart.categories)),
        ),
        x(
            "c:val",
            x(
                "c:numRef",
                x("c:f", f"{SHEET}!${column}$2:${column}${last}"),
                _cache("c:numCache", series.values),
            ),
        ),
        x("c:smooth", val=0) if is_line else None,
    )


def _fill(colour: str) -> Element:
    return x("a:solidFill", x("a:srgbClr", val=colour))


def _cache(name: str, values: tuple[str, ...]) -> Element:
    """The figures as they are drawn before anybody opens the workbook."""
    points = (x("c:pt", x("c:v", value), idx=number) for number, value in enumerate(values))
    form = x("c:formatCode", "General") if name == "c:numCache" else None
    return x(name, form, x("c:ptCount", val=len(values)), *points)


def _labels(position: str) -> Element:
    shown = {"showLegendKey": 0, "showVal": 1, "showCatName": 0, "showSerName": 0, "showPercent": 0}
    return x(
        "c:dLbls",
        x("c:dLblPos", val=position),
        *(x(f"c:{name}", val=value) for name, value in shown.items()),
        x("c:showBubbleSize", val=0),
    )


def _axes(chart: Chart) -> Iterator[Element]:
    """Categories along the foot, or down the left of a chart on its side. The values stand at the points themselves;
    only a line, which need not begin at zero, shows from where it counts."""
    on_side, is_line = chart.kind == "bar", chart.kind == "line"
    yield x(
        "c:catAx",
        *_axis(CATEGORY_AXIS, "maxMin" if on_side else "minMax", 0, "l" if on_side else "b"),
        x("c:numFmt", formatCode="General", sourceLinked=0),
        x("c:majorTickMark", val="none"),
        x("c:minorTickMark", val="none"),
        x("c:tickLblPos", val="low"),
        x("c:crossAx", val=VALUE_AXIS),
        x("c:crosses", val="autoZero"),
        x("c:auto", val=1),
        x("c:lblAlgn", val="ctr"),
        x("c:lblOffset", val=100),
        x("c:noMultiLvlLbl", val=0),
    )
    yield x(
        "c:valAx",
        *_axis(VALUE_AXIS, "minMax", int(not is_line), "b" if on_side else "l"),
        x("c:majorGridlines", x("c:spPr", x("a:ln", _fill(GRID), w=6350))) if is_line else None,
        x("c:numFmt", formatCode="General", sourceLinked=0),
        x("c:majorTickMark", val="none"),
        x("c:minorTickMark", val="none"),
        x("c:tickLblPos", val="nextTo"),
        x("c:crossAx", val=CATEGORY_AXIS),
        x("c:crosses", val="autoZero"),
        x("c:crossBetween", val="between"),
    )


def _axis(number: int, direction: str, is_hidden: int, side: str) -> Iterator[Element]:
    yield x("c:axId", val=number)
    yield x("c:scaling", x("c:orientation", val=direction))
    yield x("c:delete", val=is_hidden)
    yield x("c:axPos", val=side)


def _letters() -> Element:
    fonts = (x("a:latin", typeface=SONG_FONT), x("a:ea", typeface=SONG_FONT))
    properties = x("a:pPr", x("a:defRPr", *fonts, sz=FONT_SIZE))
    return x("c:txPr", x("a:bodyPr"), x("a:lstStyle"), x("a:p", properties, x("a:endParaRPr", lang="zh-CN")))
