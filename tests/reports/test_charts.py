"""Charts of the Word file: drawn by Word from a workbook inside the file, of the very figures of the facts."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import docx
import openpyxl
import pytest
from lxml import etree

from activities.choices import Kind
from activities.models import Activity
from reports import document
from reports.attachments import with_attachments
from reports.charts import CHARTS
from reports.drafting import Order, prepare
from reports.models import Report
from reports.periods import Period
from reports.storing import restored, summary_as_json
from reports.summary import Chart, Series
from unionoffice import facts
from unionoffice.organisation.models import Union, User
from welfare.models import CareVisit

from .test_document import SUMMARY, body
from .test_views import join

MONTHS = ("1月", "2月", "3月")
LINE = Chart("各月末会员人数", "line", MONTHS, (Series("会员总数", "名", ("7166", "7189", "7216")),))
COLUMNS = Chart(
    "各月活动场次和慰问次数",
    "column",
    MONTHS,
    (Series("举办活动场次", "场", ("12", "5", "0")), Series("慰问次数", "次", ("79", "7", "1.5"))),
)
BAR = Chart("会员最多的2家基层工会", "bar", ("宏达机械", "金河村"), (Series("会员总数", "名", ("9", "3")),))
CHARTED = replace(SUMMARY, charts=(LINE, COLUMNS, BAR))
C = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
# Children of each element in the order of ECMA-376 Part 1, 21.2.2.
ORDERS = {
    "chartSpace": "date1904 lang roundedCorners chart spPr txPr externalData",
    "chart": "autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs",
    "plotArea": "layout barChart lineChart catAx valAx",
    "barChart": "barDir grouping varyColors ser dLbls gapWidth axId",
    "lineChart": "grouping varyColors ser dLbls marker axId",
    "ser": "idx order tx spPr invertIfNegative marker cat val smooth",
    "dLbls": "dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize",
    "catAx": "axId scaling delete axPos numFmt majorTickMark minorTickMark tickLblPos crossAx crosses auto lblAlgn "
    "lblOffset noMultiLvlLbl",
    "valAx": "axId scaling delete axPos majorGridlines numFmt majorTickMark minorTickMark tickLblPos crossAx crosses "
    "crossBetween",
}


@pytest.fixture(scope="module")
def content() -> bytes:
    return document.write(CHARTED)


def chart_part(content: bytes, number: int) -> etree._Element:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return etree.fromstring(archive.read(f"word/charts/chart{number}.xml"))


def book(content: bytes, number: int) -> list[list[object]]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        data = archive.read(f"word/embeddings/chart{number}.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(data))["数据"]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_charts_are_parts_with_a_workbook_each_and_no_pictures(content: bytes) -> None:
    opened = docx.Document(BytesIO(content)).part
    charts = [rel.target_part for rel in opened.rels.values() if rel.reltype.endswith("/chart")]
    placed = opened._element.xpath(".//*[local-name()='chart']/@*[local-name()='id']")

    assert [part.partname for part in charts] == [f"/word/charts/chart{n}.xml" for n in (1, 2, 3)]
    assert {part.content_type for part in charts} == {
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
    }
    assert [opened.rels[identity].target_part for identity in placed] == charts
    for number, part in enumerate(charts, 1):
        data = etree.fromstring(part.blob).find("c:externalData", C).get(f"{{{C['r']}}}id")
        assert part.rels[data].target_part.partname == f"/word/embeddings/chart{number}.xlsx"
        assert part.rels[data].target_part.content_type.endswith("spreadsheetml.sheet")
    assert [name for name in zipfile.ZipFile(BytesIO(content)).namelist() if "media" in name] == []


@pytest.mark.parametrize(("number", "chart"), [(1, LINE), (2, COLUMNS), (3, BAR)])
def test_drawn_figures_are_those_of_the_workbook(content: bytes, number: int, chart: Chart) -> None:
    rows = book(content, number)
    part = chart_part(content, number)
    drawn = [
        (
            [v.text for v in series.iterfind("c:tx//c:v", C)],
            [v.text for v in series.iterfind("c:cat//c:v", C)],
            [Decimal(v.text) for v in series.iterfind("c:val//c:v", C)],
        )
        for series in part.iter(f"{{{C['c']}}}ser")
    ]
    formulas = [f.text for f in part.iter(f"{{{C['c']}}}f")]
    last = len(chart.categories) + 1

    assert drawn == [
        ([f"{s.label}（{s.unit}）"], list(chart.categories), list(map(Decimal, s.values)))
        for s in chart.series
    ]
    assert rows[0][1:] == [names[0] for names, _, _ in drawn]
    assert [row[0] for row in rows[1:]] == list(chart.categories)
    for column, (_, _, values) in enumerate(drawn, 1):
        assert [Decimal(str(row[column])) for row in rows[1:]] == values
        letter = "ABC"[column]
        assert formulas[3 * column - 3 : 3 * column] == [
            f"数据!${letter}$1",
            f"数据!$A$2:$A${last}",
            f"数据!${letter}$2:${letter}${last}",
        ]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_elements_stand_in_the_order_of_the_standard(content: bytes, number: int) -> None:
    root = chart_part(content, number)
    for name, order in ORDERS.items():
        for element in root.iter(f"{{{C['c']}}}{name}"):
            places = [order.split().index(etree.QName(child).localname) for child in element]
            assert places == sorted(places), name
    axes = [
        axis.find("c:axId", C).get("val") for axis in root.iter(f"{{{C['c']}}}catAx", f"{{{C['c']}}}valAx")
    ]
    crossed = [axis.get("val") for axis in root.iter(f"{{{C['c']}}}crossAx")]
    plotted = [axis.get("val") for axis in root.find(".//c:plotArea", C)[1].findall("c:axId", C)]
    assert plotted == axes == crossed[::-1]


def test_kinds_are_drawn_as_such(content: bytes) -> None:
    line, columns, bar = (chart_part(content, number) for number in (1, 2, 3))

    assert line.find(".//c:lineChart", C) is not None
    assert columns.find(".//c:barDir", C).get("val") == "col"
    assert bar.find(".//c:barDir", C).get("val") == "bar"
    assert bar.find(".//c:catAx/c:scaling/c:orientation", C).get("val") == "maxMin"
    assert [part.find(".//c:legend", C) is not None for part in (line, columns, bar)] == [False, True, False]
    # Only the line, which need not begin at zero, shows its scale.
    assert [part.find(".//c:valAx/c:delete", C).get("val") for part in (line, columns, bar)] == [
        "0",
        "1",
        "1",
    ]


def test_charts_stand_together_as_the_last_attachment(content: bytes) -> None:
    assert body(content, "AttachmentNote") == ["附件：1.主要数据一览表", "2.主要数据图"]
    assert body(content, "AttachmentMark") == ["附件1", "附件2"]
    assert body(content, "PictureTitle") == [
        "图1　各月末会员人数（单位：名）",
        "图2　各月活动场次和慰问次数",
        "图3　会员最多的2家基层工会（单位：名）",
    ]


def test_the_same_charts_give_the_same_bytes(content: bytes) -> None:
    assert document.write(CHARTED) == content


def test_charts_are_kept_with_the_text() -> None:
    assert restored(summary_as_json(CHARTED)) == CHARTED


@pytest.fixture
def ledgers(union: Union, other_union: Union) -> None:
    join(union, "11010519491231002X", "王秀英")
    join(union, "110105194912310062", "王秀梅")
    join(other_union, "440524188001010014", "李桂兰")
    for day, sessions, came in (("2024-01-05", 1, 40), ("2024-03-05", 3, 189)):
        Activity.objects.create(
            union=union, title="健步走", kind=Kind.WALKING, starts_on=day, came=came, sessions=sessions
        )
    CareVisit.objects.create(
        union=other_union, occasion="may_day", visited_on="2024-03-28", name="赵师傅", cash_amount=500
    )


def charts_of(period: Period, **changes: object) -> dict[str, Chart]:
    order = Order(period, date(2025, 1, 5), charts=tuple(CHARTS), **changes)
    return {chart.title: chart for chart in with_attachments(prepare(order)).charts}


def test_charts_show_the_facts_of_every_month(ledgers: None) -> None:
    quarter = Period(date(2024, 1, 1), date(2024, 3, 31))
    charts = charts_of(quarter)
    scope = facts.Scope(quarter.start, quarter.end, quarter.end)

    assert charts["各月活动场次和慰问次数"].categories == MONTHS
    assert [series.values for series in charts["各月活动场次和慰问次数"].series] == [
        ("1", "0", "3"),
        ("0", "0", "1"),
    ]
    assert charts["各月末会员人数"].series[0].values == ("3", "3", "3")
    assert charts["各月参加活动人次"].series[0].values == ("40", "0", "189")
    for title, keys in (
        ("各月活动场次和慰问次数", ["activities.held.count", "welfare.visits.count"]),
        ("各月参加活动人次", ["activities.attendance.person_times"]),
    ):
        whole = facts.compute(keys, scope)
        for series, key in zip(charts[title].series, keys, strict=True):
            assert sum(map(Decimal, series.values)) == whole[key].value
            assert (series.label, series.unit) == (whole[key].fact.label, whole[key].fact.unit)


def test_largest_unions_come_first_and_count_as_the_fact_does(ledgers: None, union: Union) -> None:
    chart = charts_of(Period.of_year(2024))["会员最多的2家基层工会"]
    of_one = facts.compute(["members.active.count"], facts.year_scope(2024, frozenset({union.pk})))[
        "members.active.count"
    ]

    assert (chart.categories, chart.series[0].values) == (("宏达机械", "金河村"), ("2", "1"))
    assert str(of_one.value) == chart.series[0].values[0]


def test_a_window_over_two_years_names_the_year_of_each_month(ledgers: None) -> None:
    chart = charts_of(Period(date(2023, 12, 1), date(2024, 1, 31)))["各月末会员人数"]

    assert chart.categories == ("2023年12月", "2024年1月")


def test_what_says_nothing_is_not_drawn(ledgers: None, union: Union) -> None:
    month = charts_of(Period(date(2024, 3, 1), date(2024, 3, 31)))
    silent = charts_of(Period(date(2023, 1, 1), date(2023, 12, 31)), union=union)

    assert list(month) == ["会员最多的2家基层工会"]
    assert list(silent) == ["各月末会员人数"]


def test_settings_page_switches_charts_on(ledgers: None, staff: User, login: Callable, town: Union) -> None:
    report = Report.objects.create(
        kind="summary", start=date(2024, 1, 1), end=date(2024, 12, 31), title="总结", created_by=staff
    )
    client = login(staff)
    client.post(
        f"/reports/drafts/{report.pk}/settings/",
        {"title": "总结", "numbering": "official", "charts": ["events"]},
    )
    file = client.get(f"/reports/drafts/{report.pk}/document.docx").content

    assert body(file, "PictureTitle") == ["图1　各月活动场次和慰问次数"]
    assert book(file, 1)[1] == ["1月", 1, 0]
