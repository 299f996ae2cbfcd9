"""The language of sentences: what stays when a figure is silent."""

import pytest

from reports.grammar import Empty, GrammarError, Literal, Token, keep, parse, tokens


def read(text: str, *silent: str) -> str:
    """The sentence with `<name>` for each figure that speaks."""
    kept = keep(parse(text), lambda token: token.name not in silent)
    return "".join(part.text if isinstance(part, Literal) else f"<{part.name}>" for part in kept.parts)


def test_a_figure_outside_brackets_must_speak() -> None:
    assert read("会员{a.b}。") == "会员<a.b>。"
    with pytest.raises(Empty):
        read("会员{a.b}。", "a.b")


def test_a_clause_vanishes_whole() -> None:
    text = "会员{a.b}[，其中女会员{c.d}、占{e.f}]。"

    assert read(text) == "会员<a.b>，其中女会员<c.d>、占<e.f>。"
    assert read(text, "e.f") == "会员<a.b>。"


def test_a_clause_inside_a_clause_vanishes_alone() -> None:
    assert read("{a.b}[，甲{c.d}[，乙{e.f}]]。", "e.f") == "<a.b>，甲<c.d>。"


def test_a_series_joins_what_is_left() -> None:
    text = "其中[、|甲{a.a}|乙{b.b}|丙{c.c}]。"

    assert read(text) == "其中甲<a.a>、乙<b.b>、丙<c.c>。"
    assert read(text, "a.a") == "其中乙<b.b>、丙<c.c>。"
    assert read(text, "b.b", "c.c") == "其中甲<a.a>。"


def test_an_empty_series_takes_its_clause_along() -> None:
    text = "会员{m.m}[，其中[、|甲{a.a}|乙{b.b}]]。"

    assert read(text, "a.a", "b.b") == "会员<m.m>。"
    with pytest.raises(Empty):
        read("其中[、|甲{a.a}|乙{b.b}]。", "a.a", "b.b")


def test_vanished_figures_are_remembered() -> None:
    kept = keep(parse("{m.m}[，甲{a.a}][、|乙{b.b}|丙{c.c}]"), lambda token: token.name in ("m.m", "c.c"))

    assert [token.name for token in kept.vanished] == ["a.a", "b.b"]


def test_tokens_come_in_order_from_everywhere() -> None:
    found = tokens(parse("{y}{a.b|names:3|noun:企业}[，{c.d|nearly}][、|{e.f}|{g.h}]"))

    assert [(token.name, token.options) for token in found] == [
        ("y", ()),
        ("a.b", (("names", "3"), ("noun", "企业"))),
        ("c.d", (("nearly", ""),)),
        ("e.f", ()),
        ("g.h", ()),
    ]
    assert Token("a.b").is_fact
    assert not Token("year").is_fact


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("会员{a.b", "第3个字：“{”没有对应的“}”"),
        ("会员[，{a.b}", "第3个字：“[”没有对应的“]”"),
        ("会员]", "第3个字：多出“]”"),
        ("甲|乙", "“|”只能写在方括号或花括号里"),
        ("{}", "第1个字：“{}”里没有指标"),
        ("{a.b|about}", "不认识的写法“about”，可用：nearly、over、above、change、names、titles、noun"),
        ("{a.b|names}", "“names”后面要写个数，如“names:3”"),
        ("{a.b|names:0}", "“names”后面要写个数，如“names:3”"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(GrammarError) as error:
        parse(text)

    assert str(error.value) == message
