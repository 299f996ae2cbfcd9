"""Red head and 版记 of a numbered document measured against GB/T 9704-2012, and the number itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from reports import document, issue_number, returned
from reports.models import Report
from reports.storing import restored, summary_as_json
from reports.summary import Issue
from unionoffice.organisation.models import User

from .test_document import SUMMARY, attribute, part, style_value, text_of

ISSUE = Issue(
    "青总工〔2025〕1号", "王建国", "县总工会，镇党委，镇政府", "青溪镇总工会办公室", date(2025, 1, 7)
)
INTERNAL = replace(SUMMARY, addressee="", issue=ISSUE)
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
TWIPS_PER_MM = 1440 / 25.4


@pytest.fixture(scope="module")
def content() -> bytes:
    return document.write(INTERNAL)


def paragraphs(content: bytes) -> list[etree._Element]:
    return part(content, "word/document.xml").find(qn("w:body")).findall(qn("w:p"))


def spacing(paragraph: etree._Element, name: str) -> int:
    return int(attribute(paragraph, "w:pPr/w:spacing", name))


def style_of(paragraph: etree._Element) -> str | None:
    return attribute(paragraph, "w:pPr/w:pStyle", "val")


def box(content: bytes) -> etree._Element:
    return next(part(content, "word/document.xml").iter(f"{WP}anchor"))


def test_head_stands_where_the_standard_puts_it(content: bytes) -> None:
    mark, number, rule, title = paragraphs(content)[:4]
    opened = docx.Document(BytesIO(content))
    height = int(attribute(mark, "w:r/w:rPr/w:sz", "val")) / 2

    assert [style_of(p) for p in (mark, number, rule, title)] == [
        "HeadMark",
        "DocumentNumber",
        "Rule",
        "Title",
    ]
    assert (text_of(mark), text_of(number)) == ("青溪镇总工会文件", "青总工〔2025〕1号")
    assert spacing(mark, "before") / TWIPS_PER_MM == pytest.approx(35, abs=0.05)
    assert spacing(mark, "line") == height * 20
    assert style_value(opened, "发文字号", "w:pPr/w:spacing", "before") == str(2 * 580)
    assert style_value(opened, "发文字号", "w:pPr/w:spacing", "line") == "320"
    assert spacing(rule, "before") / TWIPS_PER_MM == pytest.approx(4, abs=0.05)
    assert spacing(title, "before") == 2 * 580


def test_mark_and_rule_are_red_and_the_rule_as_wide_as_the_text(content: bytes) -> None:
    opened = docx.Document(BytesIO(content))
    rule = paragraphs(content)[2]
    border = rule.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:top')}")
    section = opened.sections[0]

    assert style_value(opened, "发文机关标志", "w:rPr/w:color", "val") == "FF0000"
    assert style_value(opened, "发文机关标志", "w:rPr/w:rFonts", "eastAsia") == "方正小标宋_GBK"
    assert style_value(opened, "发文机关标志", "w:pPr/w:jc", "val") == "center"
    assert border.get(qn("w:color")) == "FF0000"
    assert attribute(rule, "w:pPr/w:ind", "left") is None
    assert section.page_width.mm - section.left_margin.mm - section.right_margin.mm == pytest.approx(
        156, abs=0.1
    )


@pytest.mark.parametrize(
    "office", ["青溪镇总工会", "宏达机械制造有限公司工会委员会", "青溪镇工业园区企业工会联合会委员会"]
)
def test_mark_stands_on_one_line(office: str) -> None:
    mark = paragraphs(document.write(replace(INTERNAL, signer=office)))[0]
    width = len(text_of(mark)) * int(attribute(mark, "w:r/w:rPr/w:sz", "val")) / 2

    assert text_of(mark) == f"{office}文件"
    assert width * 25.4 / 72 <= 156


def test_document_to_the_upper_union_names_who_approved_it() -> None:
    number = paragraphs(document.write(replace(SUMMARY, issue=ISSUE)))[1]
    tab = number.find(f".//{qn('w:tabs')}/{qn('w:tab')}")
    name = number.findall(qn("w:r"))[-1]

    assert text_of(number) == "青总工〔2025〕1号签发人：王建国"
    assert attribute(number, "w:pPr/w:ind", "leftChars") == "100"
    assert (tab.get(qn("w:val")), int(tab.get(qn("w:pos"))) / 20) == (
        "right",
        pytest.approx(156 * 72 / 25.4 - 15.79, abs=0.1),
    )
    assert (text_of(name), attribute(name, "w:rPr/w:rFonts", "eastAsia")) == ("王建国", "楷体_GB2312")


def test_internal_document_names_nobody_beside_the_number(content: bytes) -> None:
    assert "王建国" not in "".join(part(content, "word/document.xml").itertext())


def test_imprint_ends_on_the_lower_edge_of_the_last_page(content: bytes) -> None:
    body = part(content, "word/document.xml").find(qn("w:body"))
    last = body.findall(qn("w:p"))[-1]
    anchor = next(last.iter(f"{WP}anchor"))
    vertical = anchor.find(f"{WP}positionV")
    extent = anchor.find(f"{WP}extent")

    assert last is body[-2]
    assert (vertical.get("relativeFrom"), vertical.findtext(f"{WP}align")) == ("margin", "bottom")
    assert int(extent.get("cx")) / 36000 == pytest.approx(156, abs=0.1)
    # The line that holds the box keeps as much room free as the box takes.
    assert spacing(last, "line") * 635 == int(extent.get("cy"))
    assert attribute(last, "w:pPr/w:spacing", "lineRule") == "exact"


def test_imprint_reads_and_is_ruled_as_the_standard_asks(content: bytes) -> None:
    opened = docx.Document(BytesIO(content))
    inside = box(content).find(f".//{qn('w:txbxContent')}").findall(qn("w:p"))
    rules = {
        number: border
        for number, p in enumerate(inside)
        for border in p.iterfind(f"{qn('w:pPr')}/{qn('w:pBdr')}/*")
    }

    assert [text_of(p) for p in inside] == [
        "",
        "抄送：县总工会，镇党委，镇政府。",
        "",
        "青溪镇总工会办公室2025年1月7日印发",
        "",
    ]
    assert {number: etree.QName(border).localname for number, border in rules.items()} == {
        0: "top",
        2: "top",
        4: "bottom",
    }
    thickness = [int(border.get(qn("w:sz"))) / 8 * 25.4 / 72 for border in rules.values()]
    assert thickness == pytest.approx([0.35, 0.25, 0.35], abs=0.02)
    assert style_value(opened, "版记", "w:rPr/w:rFonts", "eastAsia") == "仿宋_GB2312"
    assert style_value(opened, "版记", "w:rPr/w:sz", "val") == "28"
    assert attribute(inside[1], "w:pPr/w:ind", "hanging") == str(3 * 280)
    assert attribute(inside[1], "w:pPr/w:ind", "right") == "280"
    assert attribute(inside[3], "w:pPr/w:ind", "left") == "280"


def test_imprint_without_copies_is_one_line_and_takes_office_and_day_of_signing() -> None:
    content = document.write(replace(INTERNAL, issue=Issue("青总工〔2025〕1号")))
    inside = box(content).find(f".//{qn('w:txbxContent')}").findall(qn("w:p"))

    assert [text_of(p) for p in inside] == ["", "青溪镇总工会2025年1月5日印发", ""]


def test_imprint_grows_with_the_copies() -> None:
    def height(copies: str) -> float:
        extent = box(document.write(replace(INTERNAL, issue=replace(ISSUE, copies_to=copies))))
        return int(extent.find(f"{WP}extent").get("cy")) / 12700

    assert height("县总工会，" * 10) - height("县总工会") == pytest.approx(29)


@pytest.mark.parametrize(
    ("office", "right"),
    [("青溪镇总工会", "400"), ("宏达机械有限公司工会", "200"), ("宏达机械制造有限公司工会委员会", "0")],
)
def test_name_stands_over_the_middle_of_the_date_under_the_seal(office: str, right: str) -> None:
    content = document.write(replace(INTERNAL, signer=office))
    places = {style_of(p): attribute(p, "w:pPr/w:ind", "rightChars") for p in paragraphs(content)}

    assert (places["Signature"], places["Date"]) == (right, "400")


def test_without_a_number_there_is_neither_head_nor_imprint() -> None:
    xml = part(document.write(SUMMARY), "word/document.xml")

    assert style_of(next(xml.iter(qn("w:p")))) == "Title"
    assert list(xml.iter(f"{WPS}wsp")) == []


def test_numbered_document_comes_back_with_its_text_only(content: bytes) -> None:
    assert returned.read(content).pieces == returned.read(document.write(SUMMARY)).pieces


def test_issue_is_kept_with_the_text() -> None:
    assert restored(summary_as_json(INTERNAL)) == INTERNAL
    assert restored(summary_as_json(SUMMARY) | {"issue": None}) == SUMMARY


@pytest.mark.parametrize("number", ["青总工〔2026〕1号", "宁总工字〔1999〕120号", "青总（办）〔2026〕3号"])
def test_number_as_the_standard_writes_it_passes(number: str) -> None:
    assert issue_number.checked(number) == number


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("青总工[2026]1号", "请写成“青总工〔2026〕1号”"),
        ("青总工（2026）第01号", "请写成“青总工〔2026〕1号”"),
        ("青总工〔2026〕012号", "请写成“青总工〔2026〕12号”"),
        ("青总工 〔2026〕 12", "请写成“青总工〔2026〕12号”"),
        ("2026年第1号", "发文字号由机关代字、年份、序号组成"),
        ("青总工〔26〕1号", "发文字号由机关代字、年份、序号组成"),
        ("青总工〔2026〕0号", "发文字号由机关代字、年份、序号组成"),
    ],
)
def test_other_numbers_are_refused_with_the_right_form(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match="^" + said):
        issue_number.checked(typed)


@pytest.fixture
def report(staff: User, town: object) -> Report:
    return Report.objects.create(
        kind="summary",
        start=date(2024, 1, 1),
        end=date(2024, 12, 31),
        title="青溪镇总工会2024年度工作总结",
        created_by=staff,
    )


def send(client: object, report: Report, **given: str) -> object:
    return client.post(
        f"/reports/drafts/{report.pk}/settings/",
        {"title": report.title, "numbering": "official"} | given,
    )


def test_settings_page_switches_the_red_head_on(staff: User, report: Report, login: Callable) -> None:
    client = login(staff)
    answer = send(
        client, report, issue_number=ISSUE.number, copies_to="县总工会，镇党委。", printed_on="2025-01-07"
    )
    report.refresh_from_db()
    page = client.get(f"/reports/drafts/{report.pk}/").content.decode()

    assert answer.status_code == 302
    assert report.issue == Issue(ISSUE.number, "", "县总工会，镇党委", "", date(2025, 1, 7))
    assert '<p class="mark">镇总工会文件</p>' in page
    assert "抄送：县总工会，镇党委。" in page


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"copies_to": "县总工会"}, "issue_number", "填了抄送，还要填发文字号"),
        ({"issue_number": "青总工〔2025〕1号", "for_upper": "on"}, "approver", "报上级工会的公文要写签发人"),
        ({"issue_number": "青总工〔2025〕2号"}, "issue_number", "青总工〔2025〕2号已用于“上半年小结”"),
        ({"issue_number": "青总工[2025]1号"}, "issue_number", "请写成“青总工〔2025〕1号”"),
    ],
)
def test_settings_page_says_what_is_wrong(
    staff: User, report: Report, login: Callable, given: dict, field: str, said: str
) -> None:
    Report.objects.create(
        kind="summary",
        start=date(2024, 1, 1),
        end=date(2024, 6, 30),
        title="上半年小结",
        issue_number="青总工〔2025〕2号",
        created_by=staff,
    )
    answer = send(login(staff), report, **given)
    report.refresh_from_db()

    assert answer.context["form"].errors[field][0].startswith(said)
    assert report.issue is None


def test_new_version_may_keep_its_number(staff: User, report: Report, login: Callable) -> None:
    report.issue_number = ISSUE.number
    report.save()
    second = Report.objects.create(
        kind="summary",
        start=report.start,
        end=report.end,
        title=report.title,
        version=2,
        supersedes=report,
        created_by=staff,
    )

    assert send(login(staff), second, issue_number=ISSUE.number).status_code == 302
