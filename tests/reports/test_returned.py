"""A Word file goes out, is edited and comes back: what was changed is found and taken over."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from io import BytesIO
from types import SimpleNamespace

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from activities.models import Activity
from reports import revising
from reports.drafting import prepare
from reports.models import Report, ReturnedCopy
from reports.word.xml import Element
from tests.unionoffice.sheet_files import zipped
from unionoffice.organisation.models import User


class Word:
    """A downloaded file under somebody's hands."""

    def __init__(self, content: bytes) -> None:
        self.document = docx.Document(BytesIO(content))

    def paragraph(self, part: str) -> "docx.text.paragraph.Paragraph":
        return next(p for p in self.document.paragraphs if part in "".join(p._p.itertext(qn("w:t"))))

    def reword(self, before: str, after: str) -> None:
        for text in self.document.element.iter(qn("w:t")):
            if before in text.text:
                text.text = text.text.replace(before, after)
                return
        raise AssertionError(f"no run says {before}")

    def put_behind(self, part: str, text: str) -> None:
        """A new paragraph behind the one that says this."""
        before = self.paragraph(part)
        new = deepcopy(before._p)
        for child in [child for child in new if child.tag != qn("w:pPr")]:
            new.remove(child)
        before._p.addnext(new)
        Paragraph(new, before._parent).add_run(text)

    def type_figure(self, key: str, text: str) -> None:
        control = next(
            c
            for c in self.document.element.iter(qn("w:sdt"))
            if c.find(qn("w:sdtPr")).find(qn("w:tag")).get(qn("w:val")) == key
        )
        next(control.iter(qn("w:t"))).text = text

    def controls(self, key: str = "") -> list[Element]:
        """The figures' content controls, or those of one figure."""
        tagged = (
            (c, c.find(qn("w:sdtPr")).find(qn("w:tag"))) for c in self.document.element.iter(qn("w:sdt"))
        )
        return [c for c, tag in tagged if tag is not None and key in tag.get(qn("w:val"))]

    def drop_bookmarks(self, is_kept: bool) -> None:
        """As programs do that keep a figure's control only."""
        for element in list(self.document.element.iter(qn("w:bookmarkStart"))) * (not is_kept):
            element.getparent().remove(element)

    def bytes(self) -> bytes:
        buffer = BytesIO()
        self.document.save(buffer)
        return buffer.getvalue()


def altered(place: int, by: bytes) -> bytes:
    """An archive whose only part is spoilt, in its own header and in the list at the end."""
    content = bytearray(zipped({"word/document.xml": b"<document/>" * 90}))
    content[place : place + len(by)] = by
    if place < 30:
        listed = content.index(b"PK\1\2") + place + 2
        content[listed : listed + len(by)] = by
    return bytes(content)


def download(client: Client, report: Report) -> Word:
    return Word(client.get(f"/reports/drafts/{report.pk}/document.docx").content)


def send(client: Client, report: Report, content: bytes, name: str = "改过.docx") -> object:
    file = SimpleUploadedFile(name, content)
    return client.post(f"/reports/drafts/{report.pk}/returned/", {"file": file}, follow=True)


def take(client: Client, report: Report, numbers: list[int]) -> str:
    copy = ReturnedCopy.objects.latest("pk")
    client.post(f"/reports/drafts/{report.pk}/returned/{copy.pk}/take/", {"change": numbers})
    order = Report.objects.get(pk=report.pk).order(date(2025, 1, 5))
    return "\n".join(paragraph.text for paragraph in prepare(order).summary.paragraphs)


@pytest.mark.parametrize("kind", ["summary", "both"])
def test_an_untouched_file_comes_back_without_changes(writing: Client, report: Report, kind: str) -> None:
    Report.objects.filter(pk=report.pk).update(kind=kind)
    response = send(writing, report, download(writing, report).bytes())

    assert (response.context["figures"], response.context["changes"]) == ([], [])
    assert response.context["came"].copy is not None


def test_figures_changed_by_hand_and_by_data_are_told_apart(
    writing: Client, report: Report, walk: Activity
) -> None:
    word = download(writing, report)
    word.type_figure("activities.held.count", "5场")
    Activity.objects.filter(pk=walk.pk).update(came=150)
    found = {f.key: f for f in send(writing, report, word.bytes()).context["figures"]}

    held, came = found["activities.held.count"], found["activities.attendance.person_times"]
    assert (held.given, held.found, held.now, held.is_typed, held.is_stale) == (
        "1场",
        "5场",
        "1场",
        True,
        False,
    )
    assert (came.given, came.found, came.now, came.is_typed, came.is_stale) == (
        "189人次",
        "189人次",
        "150人次",
        False,
        True,
    )


def test_new_words_are_taken_over_with_live_figures(writing: Client, report: Report, walk: Activity) -> None:
    word = download(writing, report)
    word.reword("组织健步走活动", "精心组织健步走")
    response = send(writing, report, word.bytes())

    assert [(c.kind, c.key) for _, c, _ in response.context["changes"]] == [("changed", "activities.walking")]
    Activity.objects.filter(pk=walk.pk).update(came=97)
    assert "精心组织健步走1场（“环湖健步走”），吸引近100人次参加。" in take(writing, report, [0])


@pytest.mark.parametrize("lost", ["tag", "bookmarkStart"])
def test_figures_are_known_by_control_or_bookmark(writing: Client, report: Report, lost: str) -> None:
    """Office programs drop the one or the other when they save."""
    word = download(writing, report)
    word.type_figure("activities.held.count", "5场")
    for element in list(word.document.element.iter(qn(f"w:{lost}"))):
        element.getparent().remove(element)
    response = send(writing, report, word.bytes())

    assert [(f.key, f.found) for f in response.context["figures"]] == [("activities.held.count", "5场")]
    assert response.context["changes"] == []


@pytest.mark.parametrize("has_bookmarks", [True, False])
@pytest.mark.parametrize("where", ["before", "behind"])
def test_an_empty_copy_of_a_control_is_no_figure(
    writing: Client, report: Report, where: str, has_bookmarks: bool
) -> None:
    word = download(writing, report)
    word.drop_bookmarks(has_bookmarks)
    for control in word.controls():
        copy = deepcopy(control)
        next(copy.iter(qn("w:t"))).text = ""
        (control.addprevious if where == "before" else control.addnext)(copy)
    context = send(writing, report, word.bytes()).context

    assert (context["figures"], context["changes"], context["repeats"]) == ([], [], [])


def test_an_emptied_control_leaves_nothing_in_the_sentence(writing: Client, report: Report) -> None:
    word = download(writing, report)
    word.drop_bookmarks(False)
    word.type_figure("activities.held.count", "单击此处输入文字。")
    emptied, *_ = word.controls("activities.held.count")
    emptied.find(qn("w:sdtPr")).append(OxmlElement("w:showingPlcHdr"))
    context = send(writing, report, word.bytes()).context

    assert [change.kind for _, change, _ in context["changes"]] == ["changed"]
    assert all("单击" not in spoken and "1场" not in spoken for _, _, spoken in context["changes"])


def test_a_repeated_control_is_told_and_counts_as_it_stands_first(writing: Client, report: Report) -> None:
    word = download(writing, report)
    word.drop_bookmarks(False)
    control, *_ = word.controls("activities.held.count")
    copies = [deepcopy(control) for _ in range(2)]
    next(copies[1].iter(qn("w:t"))).text = "7场"
    control.addnext(copies[0])
    copies[0].addnext(copies[1])
    response = send(writing, report, word.bytes())
    context = response.context

    assert context["figures"] == []
    assert [(r.label, r.first, r.others) for r in context["repeats"]] == [
        ("举办活动场次", "1场", ("1场", "7场"))
    ]
    assert "出现了不止一次" in response.content.decode()
    assert "1场1场7场" in take(writing, report, range(len(context["changes"])))


def test_headings_new_sentences_and_deleted_ones_are_found(writing: Client, report: Report) -> None:
    word = download(writing, report)
    word.reword("激发职工活力，维护职工合法权益", "文体活动有声有色")
    word.paragraph("组织健步走活动").add_run("职工反响热烈。")
    opening = word.paragraph("现将主要工作情况总结如下。")
    last = list(opening._p.iter(qn("w:t")))[-1]
    last.text = last.text.replace("现将主要工作情况总结如下。", "")
    changes = send(writing, report, word.bytes()).context["changes"]

    assert {(c.kind, c.level, c.key, c.after) for _, c, _ in changes} == {
        ("changed", "chapter", "activities.total", "文体活动有声有色"),
        ("left_out", "sentence", "opening.close", ""),
        ("added", "sentence", "", "职工反响热烈。"),
    }
    text = take(writing, report, [0, 1, 2])
    assert "文体活动有声有色" in text
    assert text.count("职工反响热烈。") == 1
    assert "现将主要工作情况总结如下" not in text


def test_a_sentence_typed_into_the_opening_or_below_an_unheaded_section_is_found(
    writing: Client, report: Report
) -> None:
    word = download(writing, report)
    word.paragraph("现将主要工作情况总结如下。").add_run("全年工作平稳。")
    word.paragraph("组织健步走活动").add_run("职工反响热烈。")
    changes = send(writing, report, word.bytes()).context["changes"]

    assert [(c.kind, c.section, c.after) for _, c, _ in changes] == [
        ("added", "opening", "全年工作平稳。"),
        ("added", "activities.total", "职工反响热烈。"),
    ]
    assert "全年工作平稳。" in take(writing, report, [0, 1]).split("组织健步走")[0]


def test_a_paragraph_typed_in_word_stays_one_where_it_was_typed(writing: Client, report: Report) -> None:
    word = download(writing, report)
    word.put_behind("组织健步走活动", "第二段第一句。第二段第二句。")
    word.put_behind("第二段第二句", "第三段。")
    word.paragraph("组织健步走活动").add_run("职工反响热烈。")
    changes = send(writing, report, word.bytes()).context["changes"]

    assert [(c.kind, c.starts, c.after) for _, c, _ in changes] == [
        ("added", False, "职工反响热烈。"),
        ("added", True, "第二段第一句。第二段第二句。"),
        ("added", True, "第三段。"),
    ]
    lines = take(writing, report, [0, 1, 2]).split("\n")
    first = next(n for n, line in enumerate(lines) if "组织健步走活动" in line)
    assert lines[first].endswith("参加。职工反响热烈。")
    assert lines[first + 1 : first + 3] == ["第二段第一句。第二段第二句。", "第三段。"]
    assert send(writing, report, download(writing, report).bytes()).context["changes"] == []


def test_paragraphs_parted_and_joined_in_word_are_so_in_the_draft(writing: Client, report: Report) -> None:
    revising.add_sentence(report, "activities.total", "甲句。", user=report.created_by)
    revising.add_sentence(report, "activities.total", "乙句。", user=report.created_by)
    word = download(writing, report)
    word.put_behind("甲句", "乙句。")
    word.reword("甲句。乙句。", "甲句。")
    changes = send(writing, report, word.bytes()).context["changes"]

    assert [(c.kind, c.before) for _, c, _ in changes] == [("parted", "乙句。")]
    lines = take(writing, report, [0]).split("\n")
    assert "乙句。" in lines and any(line.endswith("甲句。") for line in lines)
    word = download(writing, report)
    word.paragraph("乙句")._p.getparent().remove(word.paragraph("乙句")._p)
    word.paragraph("甲句").add_run("乙句。")
    changes = send(writing, report, word.bytes()).context["changes"]
    assert [(c.kind, c.before) for _, c, _ in changes] == [("joined", "乙句。")]
    assert any(line.endswith("甲句。乙句。") for line in take(writing, report, [0]).split("\n"))


def test_head_and_addressee_are_no_new_sentences_where_a_program_renamed_their_styles(
    writing: Client, report: Report
) -> None:
    report.issue_number, report.approver, report.for_upper = "青总工〔2024〕8号", "王建国", True
    report.save()
    word = download(writing, report)
    head = {"HeadMark", "DocumentNumber", "Salutation", "Title"}
    renamed = [s for s in word.document.element.iter(qn("w:pStyle")) if s.get(qn("w:val")) in head]
    for style in renamed:
        style.set(qn("w:val"), "Style14")

    assert len(renamed) == 4
    assert send(writing, report, word.bytes()).context["changes"] == []


def test_a_page_break_before_the_imprint_is_no_change(writing: Client, report: Report) -> None:
    """So the office brings it to the back of the last sheet."""
    report.issue_number, report.copies_to = "青总工〔2024〕8号", "县总工会"
    report.save()
    word = download(writing, report)
    word.document.paragraphs[-1].paragraph_format.page_break_before = True

    assert send(writing, report, word.bytes()).context["changes"] == []


def test_only_ticked_changes_are_taken(writing: Client, report: Report) -> None:
    word = download(writing, report)
    word.reword("组织健步走活动", "精心组织健步走")
    send(writing, report, word.bytes())

    assert "精心组织" not in take(writing, report, [])


def test_signs_of_the_grammar_typed_in_word_stay_text(writing: Client, report: Report) -> None:
    word = download(writing, report)
    word.reword("组织健步走活动", "组织[环湖]健步走活动")
    send(writing, report, word.bytes())

    assert "组织［环湖］健步走活动1场" in take(writing, report, [0])


def test_another_documents_file_is_refused(writing: Client, report: Report, cast: SimpleNamespace) -> None:
    other = Report.objects.create(
        kind="summary", start="2024-01-01", end="2024-06-30", title="半年", created_by=cast.staff
    )
    response = send(writing, report, download(writing, other).bytes())

    assert "这是另一份文件的 Word 文档" in response.content.decode()
    assert not ReturnedCopy.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "line"),
    [
        (b"text", "a.docx", "这不是 Word 文档"),
        (b"text", "a.doc", "请上传 .docx 文件"),
        (b"", "a.docx", "空文件"),
        (altered(6, b"\1"), "a.docx", "打开密码"),
        (altered(8, b"\x63"), "a.docx", "少见的压缩方式"),
        (altered(47, b"\xff"), "a.docx", "文件已损坏"),
    ],
    ids=["text", "doc", "empty", "encrypted", "packed in an unknown way", "torn"],
)
def test_what_cannot_be_read_is_told(
    writing: Client, report: Report, content: bytes, name: str, line: str
) -> None:
    assert line in send(writing, report, content, name).content.decode()


def test_a_final_document_is_compared_but_not_changed(writing: Client, report: Report) -> None:
    writing.post(f"/reports/drafts/{report.pk}/check/")
    writing.post(f"/reports/drafts/{report.pk}/final/")
    word = download(writing, report)
    word.reword("组织健步走活动", "精心组织健步走")
    response = send(writing, report, word.bytes())

    assert [c.kind for _, c, _ in response.context["changes"]] == ["changed"]
    assert not response.context["may_take"]
    assert "精心" not in take(writing, report, [0])


def test_readers_cannot_send_files_back(
    report: Report, cast: SimpleNamespace, login: Callable[[User], Client]
) -> None:
    assert login(cast.leader).get(f"/reports/drafts/{report.pk}/returned/").status_code == 403
