"""Parts of a paragraph's text as runs of their own, however it was cut up."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from reports.word import spans
from reports.word.xml import Element
from reports.word.xml import text as word_text


def paragraph(*runs: str) -> Element:
    return parse_xml(f"<w:p {nsdecls('w')}>{''.join(runs)}</w:p>")


def run(inside: str, form: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{form}</w:rPr>' if form else ''}{inside}</w:r>"


def t(text: str) -> str:
    return f'<w:t xml:space="preserve">{text}</w:t>'


def replaced(p: Element, start: int, end: int, text: str) -> list[tuple[str, bool]]:
    """(text, bold) of the runs after a part was replaced."""
    spans.cut_out(p, start, end).append(word_text(text))
    return [
        ("".join(piece for _, piece in spans.pieces(r)), r.find(f".//{qn('w:b')}") is not None)
        for r in p.iter(qn("w:r"))
    ]


def test_a_part_within_one_run_is_cut_out() -> None:
    assert replaced(paragraph(run(t("甲乙丙"), "<w:b/>")), 1, 2, "X") == [
        ("甲", True),
        ("X", True),
        ("丙", True),
    ]


def test_a_part_over_several_runs_takes_the_look_of_its_beginning() -> None:
    cut = paragraph(run(t("甲")), run(t("乙"), "<w:b/>"), run(t("丙")), run(t("丁戊")))

    assert replaced(cut, 1, 4, "X") == [("甲", False), ("X", True), ("戊", False)]


def test_the_end_of_a_run_belongs_to_what_follows() -> None:
    cut = paragraph(run(t("单位："), "<w:b/>"), run(t("    ")))

    assert replaced(cut, 3, 7, "X") == [("单位：", True), ("X", False)]


def test_an_empty_part_is_put_in_where_it_stands() -> None:
    assert replaced(paragraph(run(t("甲乙"))), 1, 1, "X") == [("甲", False), ("X", False), ("乙", False)]
    assert replaced(paragraph(), 0, 0, "X") == [("X", False)]


def test_tabs_and_breaks_count_as_one_sign_each() -> None:
    cut = paragraph(run(t("甲") + "<w:tab/>" + t("乙") + "<w:br/>" + t("丙")))

    assert spans.text(cut) == "甲\t乙\n丙"
    assert replaced(cut, 1, 3, "X") == [("甲", False), ("X", False), ("\n丙", False)]


def test_deleted_text_and_text_boxes_do_not_speak() -> None:
    cut = paragraph(
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>",
        run(f"<w:pict><w:p>{run(t('框'))}</w:p></w:pict>"),
        "<w:ins>" + run(t("新")) + "</w:ins>",
        "<w:hyperlink>" + run(t("链")) + "</w:hyperlink>",
    )

    assert spans.text(cut) == "新链"
