"""The editor: the office's words, order and figures; errors keep what was typed; nobody else writes."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client

from activities.models import Activity
from reports import revising
from reports.drafting import prepare
from reports.models import FigureOverride, Report, ReportText, State
from reports.spoken import from_spoken, to_spoken
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Act
from unionoffice.records.taking_back import take_back

TODAY = date(2025, 1, 5)
TOTAL = "activities.total"
WALKING = "activities.walking"


def text_of(report: Report) -> str:
    report = Report.objects.get(pk=report.pk)
    return "\n".join(paragraph.text for paragraph in prepare(report.order(TODAY)).summary.paragraphs)


def address(report: Report, rest: str = "") -> str:
    return f"/reports/drafts/{report.pk}/{rest}"


def arrange(client: Client, report: Report, key: str, do: str, level: str = "sentence") -> int:
    data = {"level": level, "key": key, "do": do}
    return client.post(address(report, "arrange/"), data).status_code


def test_a_draft_is_started_from_the_order(writing: Client, walk: Activity, union: Union) -> None:
    response = writing.post("/reports/drafts/", {"year": 2024, "span": "half1", "union": union.pk})
    report = Report.objects.get()

    assert response["Location"] == address(report)
    assert (report.start, report.end, report.union) == (date(2024, 1, 1), date(2024, 6, 30), union)
    assert report.title == "宏达机械有限公司工会委员会2024年上半年工作总结"
    assert "上半年共举办各类职工活动1场，189人次参加。" in text_of(report)


@pytest.mark.parametrize("role", ["leader", "chair", "auditor"])
def test_readers_cannot_write(
    report: Report, cast: SimpleNamespace, login: Callable[[User], Client], role: str
) -> None:
    Report.objects.filter(pk=report.pk).update(union=cast.chair.union)
    client = login(getattr(cast, role))

    assert "修改：" not in client.get(address(report)).content.decode()
    assert client.post("/reports/drafts/", {"year": 2024}).status_code == 403
    assert client.get(address(report, f"sentences/{TOTAL}/")).status_code == 403
    assert client.get(address(report, "figures/activities.held.count/")).status_code == 403
    assert client.get(address(report, "settings/")).status_code == 403
    assert arrange(client, report, TOTAL, "out") == 403
    for step in ("check", "final", "version", "template", "reset", "delete"):
        assert client.post(address(report, f"{step}/")).status_code == 403
    assert Report.objects.get().state == State.DRAFT


def test_a_chair_sees_the_own_unions_documents_only(
    report: Report, cast: SimpleNamespace, login: Callable[[User], Client], union: Union
) -> None:
    client = login(cast.chair)
    assert client.get(address(report)).status_code == 404
    assert client.get(address(report, "document.docx")).status_code == 404

    Report.objects.filter(pk=report.pk).update(union=union)
    assert client.get(address(report)).status_code == 200
    assert login(cast.other_chair).get(address(report)).status_code == 404
    assert "2024年度工作总结" not in login(cast.other_chair).get("/reports/").content.decode()


def test_the_form_speaks_chinese_and_keeps_keys(writing: Client, report: Report) -> None:
    form = writing.get(address(report, f"sentences/{TOTAL}/")).content.decode()
    assert "{全年或今年以来}共举办各类职工活动{举办活动场次}" in form

    writing.post(address(report, f"sentences/{TOTAL}/"), {"text": "全年办活动｛举办活动场次｝，成效明显。"})

    assert ReportText.objects.get().text == "全年办活动{activities.held.count}，成效明显。"
    assert "全年办活动1场，成效明显。" in text_of(report)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("共有{没有的数}。", "没有“没有的数”这个数据，请从列表里选择"),
        ("共有{举办活动场次。", "“{”没有对应的“}”"),
        ("共有[，{举办活动场次}。", "“[”没有对应的“]”"),
        ("共有{举办活动场次|大约}。", "“举办活动场次”后面的“大约”不认识"),
        ("  ", "请写文字"),
    ],
)
def test_a_wrong_sentence_gets_one_line_and_stays_as_typed(
    writing: Client, report: Report, typed: str, line: str
) -> None:
    page = writing.post(address(report, f"sentences/{TOTAL}/"), {"text": typed}).content.decode()

    assert line in page
    assert f">{typed}</textarea>" in page
    assert not ReportText.objects.exists()
    assert line in writing.post(address(report, "preview/"), {"text": typed}).content.decode()


def test_preview_shows_how_it_reads(writing: Client, report: Report) -> None:
    said = writing.post(address(report, "preview/"), {"text": "办了{举办活动场次}[，其中讲座{讲座}]。"})
    silent = writing.post(address(report, "preview/"), {"text": "有{会员总数}。"})

    assert "办了<b>1场</b>。" in said.content.decode()
    assert "现在不会写入：会员总数：没有记录" in silent.content.decode()


def test_every_standard_sentence_survives_the_way_through_the_form(report: Report) -> None:
    for sentence in prepare(report.order(TODAY)).document.sentences:
        for variant in sentence.variants:
            assert from_spoken(to_spoken(variant.text)) == variant.text


def test_sentence_may_speak_of_a_figure_that_nobody_named(writing: Client, report: Report) -> None:
    typed = "其中下半年讲座{举办活动场次（季度：2024年第四季度；活动类型：讲座或义诊咨询）}。"

    page = writing.post(address(report, "preview/"), {"text": typed})
    saved = writing.post(address(report, f"sentences/{TOTAL}/"), {"text": typed})

    assert page.status_code == saved.status_code == 200
    (text,) = ReportText.objects.all()
    assert text.text == ("其中下半年讲座{activities.held.count[kind=free_clinic+lecture,quarter=2024-q4]}。")
    assert to_spoken(text.text) == typed.replace(
        "季度：2024年第四季度；活动类型：讲座或义诊咨询", "活动类型：义诊咨询或讲座；季度：2024年第四季度"
    )


def test_own_sentences_are_added_moved_and_removed(writing: Client, report: Report) -> None:
    writing.post(
        address(report, f"sentences/new/?section={TOTAL}"), {"text": "职工反响热烈，参加{参加活动人次}。"}
    )
    own = ReportText.objects.get()
    assert "吸引189人次参加。职工反响热烈，参加189人次。" in text_of(report).replace("近190", "189")

    for _ in range(3):
        arrange(writing, report, own.key, "up")
    text = text_of(report)
    assert text.index("职工反响热烈") < text.index("组织健步走活动")

    arrange(writing, report, own.key, "standard")
    assert "职工反响热烈" not in text_of(report)


def test_sentences_sections_and_chapters_can_be_left_out(writing: Client, report: Report) -> None:
    assert "组织健步走活动" in text_of(report)
    arrange(writing, report, WALKING, "out")
    assert "组织健步走活动" not in text_of(report)
    arrange(writing, report, WALKING, "in")
    assert "组织健步走活动" in text_of(report)
    arrange(writing, report, TOTAL, "out", "section")
    assert "组织健步走活动" not in text_of(report)


def test_leaving_out_the_first_sentence_of_a_paragraph_joins_no_paragraphs(
    writing: Client, report: Report
) -> None:
    first = revising.add_sentence(report, TOTAL, "甲句。", user=report.created_by)
    revising.add_sentence(report, TOTAL, "乙句。", user=report.created_by)
    arrange(writing, report, first, "split")
    assert "甲句。乙句。" in text_of(report).split("\n")

    arrange(writing, report, first, "out")

    assert "乙句。" in text_of(report).split("\n")


def test_headings_are_reworded(writing: Client, report: Report) -> None:
    writing.post(address(report, f"headings/section/{TOTAL}/"), {"text": "文体活动有声有色"})
    assert "文体活动有声有色" in text_of(report)

    page = writing.post(address(report, f"headings/section/{TOTAL}/"), {"text": "文体{会员}"})
    assert "标题里不能用括号记号" in page.content.decode()


def test_a_template_words_the_next_document(writing: Client, report: Report, walk: Activity) -> None:
    writing.post(address(report, f"headings/section/{TOTAL}/"), {"text": "文体活动有声有色"})
    writing.post(address(report, "template/"))
    writing.post("/reports/drafts/", {"year": 2024, "span": "quarter1"})
    made = Report.objects.get(start="2024-01-01", end="2024-03-31")

    assert "文体活动有声有色" in text_of(made)
    writing.post(address(made, "reset/"))
    assert "文体活动有声有色" not in text_of(made)
    assert "文体活动有声有色" in text_of(report)


def test_a_figure_is_explained_and_typed_over(writing: Client, report: Report) -> None:
    figure = address(report, "figures/activities.held.count/")
    page = writing.get(figure).content.decode()
    assert "1场" in page
    assert "/activities/?fact=activities.held.count" in page
    assert "1条记录，“场次”相加得1场" in page

    assert "请写原因" in writing.post(figure, {"value": "3", "reason": ""}).content.decode()
    assert "请只写数字" in writing.post(figure, {"value": "三", "reason": "少记"}).content.decode()
    writing.post(figure, {"value": "3场", "reason": "少记两场"})
    assert "共举办各类职工活动3场" in text_of(report)

    writing.post(figure, {"remove": "yes"})
    assert not FigureOverride.objects.exists()
    assert "共举办各类职工活动1场" in text_of(report)


def test_own_as_of_days_are_set(writing: Client, report: Report) -> None:
    page = writing.post(
        address(report, "settings/"),
        {"title": "总结", "numbering": "local", "day_organisation": "2024-09-30", "day_end": "2023-01-01"},
    )
    assert page.context["form"].errors == {"day_end": [page.context["form"].errors["day_end"][0]]}

    writing.post(
        address(report, "settings/"),
        {"title": "总结", "numbering": "local", "day_organisation": "2024-09-30"},
    )
    report.refresh_from_db()
    assert report.days == {"organisation": "2024-09-30"}
    assert prepare(report.order(TODAY)).scope.day("organisation") == date(2024, 9, 30)


def test_the_way_to_a_final_document(writing: Client, report: Report, walk: Activity) -> None:
    writing.post(address(report, "check/"))
    assert arrange(writing, report, WALKING, "out") == 302
    writing.post(address(report, "final/"))
    first = writing.get(address(report, "document.docx")).content
    walk.delete()
    page = writing.get(address(report)).content.decode()

    assert writing.get(address(report, "document.docx")).content == first
    assert "定稿后变动的数字" in page
    assert "少了 1 条记录" in page
    writing.post(address(report, "version/"))
    page, listed = (writing.get(url).content.decode() for url in (address(report), "/reports/"))
    assert "仍以这一版为准" in page
    assert "新版起草中" in listed
    newer = Report.objects.get(supersedes=report)
    writing.post(address(newer, "check/"))
    writing.post(address(newer, "final/"))
    page, listed = (writing.get(url).content.decode() for url in (address(report), "/reports/"))
    assert "已由" in page
    assert "已有新版" in listed
    assert writing.post(address(report, "delete/")).status_code == 302
    assert Report.objects.count() == 2


def test_a_draft_version_can_be_given_up(writing: Client, report: Report) -> None:
    for step in ("check/", "final/", "version/"):
        writing.post(address(report, step))
    newer = Report.objects.get(supersedes=report)
    writing.post(address(newer, "delete/"))

    assert "起草新版" in writing.get(address(report)).content.decode()


def test_kept_documents_stand_on_the_documents_page(writing: Client, report: Report) -> None:
    page = writing.get("/reports/").content.decode()

    assert f'href="{address(report)}"' in page
    assert "草稿" in page


def test_a_deleted_draft_is_brought_back_with_its_wording(
    writing: Client, report: Report, cast: SimpleNamespace
) -> None:
    writing.post(address(report, f"headings/section/{TOTAL}/"), {"text": "文体活动有声有色"})
    writing.post(address(report, "delete/"))
    done = Act.objects.latest("pk")

    assert writing.get(f"/acts/{done.pk}/").status_code == 200
    take_back(done, user=cast.staff)
    assert "文体活动有声有色" in text_of(report)


def test_unknown_nodes_are_no_page(writing: Client, report: Report) -> None:
    for rest in ("sentences/x.y/", "sentences/new/?section=x", "headings/section/x/", "figures/x.y/"):
        assert writing.get(address(report, rest)).status_code == 404
    assert arrange(writing, report, "x.y", "up") == 404
    assert arrange(writing, report, TOTAL, "sing") == 404
    assert writing.post(address(report, "sing/")).status_code == 404


def test_an_empty_form_is_not_called_wrong_before_a_word_is_typed(writing: Client, report: Report) -> None:
    new = writing.get(address(report, f"sentences/new/?section={TOTAL}")).content.decode()
    standing = writing.get(address(report, f"sentences/{TOTAL}/")).content.decode()

    assert 'hx-trigger="input changed delay:500ms"' in new
    assert 'hx-trigger="input changed delay:500ms, load"' in standing


def test_a_sentence_without_a_mark_at_its_end_would_run_into_the_next(
    writing: Client, report: Report
) -> None:
    new = address(report, f"sentences/new/?section={TOTAL}")
    refused = writing.post(new, {"text": "职工反响热烈"}).content.decode()
    shown = writing.post(address(report, "preview/"), {"text": "职工反响热烈"}).content.decode()
    writing.post(new, {"text": "参加的有{参加活动人次}[，其中讲座{讲座}]；"})

    assert "句末要有标点" in refused
    assert "句末要有标点" not in shown
    assert [text.text for text in report.texts.all() if text.section] == [
        "参加的有{activities.attendance.person_times}[，其中讲座{activities.lecture.count}]；"
    ]
