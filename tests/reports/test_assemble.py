"""From hand-made facts to paragraphs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reports.assemble import assemble
from reports.figures import Values
from reports.outline import (
    Chapter,
    Document,
    Part,
    Section,
    Sentence,
    at_least,
    below,
    if_,
    many,
    none,
    one,
    say,
)
from reports.summary import Figure, Omission, Summary

from .samples import SETTING, WORDS, value, values


def document(*sentences: Sentence) -> Document:
    part = Part(
        "总结", (say("o", "{year}，{office}开展工作。"),), (Chapter("章", (Section("节", (sentences,)),)),)
    )
    return Document(("{office}", "{year}度工作总结"), (part,))


def write(found: Values, *sentences: Sentence) -> Summary:
    return assemble(document(*sentences), found, SETTING)


def body(found: Values, *sentences: Sentence) -> str:
    """What the one section says."""
    return "".join(paragraph.text for paragraph in write(found, *sentences).paragraphs[2:])


CHAIRS = say("chairs", "配备兼职主席{a.b.count}。")
ELECTED = say(
    "elected",
    if_("没有到期工会。", none("a.b.names")),
    if_("指导{a.b.names|names:2}换届。", one("a.b.names")),
    if_("先后指导{a.b.names|names:2|noun:企业}换届。", many("a.b.names")),
)


def test_title_opening_and_headings_come_first() -> None:
    summary = write(values(value("a.b.count", 3)), CHAIRS)

    assert summary.title == "青溪镇总工会2024年度工作总结"
    assert [(p.level, p.number + p.text) for p in summary.paragraphs] == [
        (0, "2024年，青溪镇总工会开展工作。"),
        (1, "一、章"),
        (0, "配备兼职主席3名。"),
    ]


def test_a_section_alone_in_its_chapter_prints_no_number_one_without_a_two() -> None:
    chairs, walks = Section("干部", ((CHAIRS,),)), Section("活动", ((say("w", "健步走{a.walks.count}。"),),))
    own = replace(chairs, heading="我们的干部", is_own=True)

    def headings(walked: int, *sections: Section) -> list[str]:
        part = Part("总结", (), (Chapter("章", sections),))
        found = values(value("a.b.count", 3), value("a.walks.count", walked, "场"))
        shown = assemble(Document(("文",), (part,)), found, SETTING).paragraphs
        return [paragraph.number + paragraph.text for paragraph in shown if paragraph.level]

    assert headings(2, chairs, walks) == ["一、章", "（一）干部", "（二）活动"]
    assert headings(0, chairs, walks) == ["一、章"]
    assert headings(0, own, walks) == ["一、章", "（一）我们的干部"]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ((), "没有到期工会。"),
        (("甲公司",), "指导甲公司换届。"),
        (("甲公司", "乙公司"), "先后指导甲公司、乙公司换届。"),
        (("甲公司", "乙公司", "丙公司"), "先后指导甲公司、乙公司等3家企业换届。"),
    ],
)
def test_variants_for_none_one_and_many(names: tuple[str, ...], text: str) -> None:
    found = values(value("a.b.names", names, "家"), value("a.b.count", 1))

    assert body(found, CHAIRS, ELECTED) == "配备兼职主席1名。" + text


@pytest.mark.parametrize(("rate", "text"), [((10, 10), "全面完成。"), ((9, 10), "完成90%。")])
def test_variants_by_a_bound(rate: tuple[int, int], text: str) -> None:
    sentence = say(
        "s",
        if_("全面完成。", at_least("a.b.rate", 100)),
        if_("完成{a.b.rate}。", below("a.b.rate", 100)),
    )

    assert body(values(value("a.b.rate", rate, "%"), value("a.b.count", 1)), CHAIRS, sentence).endswith(text)


@pytest.mark.parametrize("missing", [0, None, Decimal("0.00"), (), ""])
def test_nothing_to_say_leaves_no_sentence_but_a_reason(missing: object) -> None:
    found = values(value("a.b.count", 2), value("a.c.count", missing, label="协理员人数"))
    summary = write(found, CHAIRS, say("s", "另有协理员{a.c.count}，共同服务。"))

    assert summary.paragraphs[-1].text == "配备兼职主席2名。"
    assert summary.omissions == (
        Omission(
            "章 › 节",
            "另有协理员〔协理员人数〕，共同服务。",
            (f"协理员人数：{'没有数据' if missing is None else '没有记录'}",),
            whole_sentence=True,
            key="s",
            facts=("a.c.count",),
        ),
    )


def test_a_vanished_clause_is_named_too() -> None:
    found = values(value("a.b.count", 2), value("a.c.count", 0, label="协理员人数"))
    summary = write(found, say("s", "主席{a.b.count}[，协理员{a.c.count}]。"))

    assert summary.paragraphs[-1].text == "主席2名。"
    assert [(o.reasons, o.whole_sentence) for o in summary.omissions] == [(("协理员人数：没有记录",), False)]


def test_the_warning_of_a_rate_is_the_reason() -> None:
    found = values(
        value("a.b.count", 2), value("a.c.rate", None, "%", label="建会率", warning="比率超过100%，请核对")
    )

    assert write(found, CHAIRS, say("s", "建会率{a.c.rate}。")).omissions[0].reasons == (
        "建会率：比率超过100%，请核对",
    )


def test_a_sentence_silent_by_its_conditions_is_no_omission() -> None:
    found = values(value("a.b.count", 2), value("a.c.count", 12, "个"))

    assert write(found, CHAIRS, say("s", if_("补齐空档。", below("a.c.count", 12)))).omissions == ()


def test_frames_alone_do_not_print() -> None:
    summary = write(values(value("a.b.count", 0)), say("frame", "工作扎实。"), CHAIRS)

    assert summary.is_empty
    assert summary.paragraphs == ()


def test_parts_have_headings_when_there_are_two() -> None:
    first = document(CHAIRS).parts[0]
    second = replace(first, heading="计划", opening=(say("p", "{next_year}，抓好以下工作。"),))
    found = values(value("a.b.count", 3))

    summary = assemble(Document(("文",), (first, second)), found, replace(SETTING, numbering="local"))

    assert [p.number + p.text for p in summary.paragraphs] == [
        "2024年，青溪镇总工会开展工作。",
        "一、总结",
        "1.章",
        "配备兼职主席3名。",
        "二、计划",
        "2025年，抓好以下工作。",
        "1.章",
        "配备兼职主席3名。",
    ]


def test_every_figure_can_be_traced() -> None:
    members = value(
        "m.active.count",
        589,
        label="会员总数",
        definition="在册会员",
        kind="stock",
        slot="organisation",
    )
    rate = value("m.realname.rate", (1999, 2000), "%", label="完整率")
    said = say("s", "会员{m.active.count|nearly}，完整率{m.realname.rate}。")

    assert list(write(values(members, rate), said).figures()) == [
        Figure(
            number=1,
            key="m.active.count",
            text="近600名",
            label="会员总数",
            definition="在册会员",
            exact="589名",
            span="截至2024年10月31日",
            as_of=date(2024, 10, 31),
            records=7,
            url="/list/?fact=m.active.count&as_of=2024-10-31",
            source="{m.active.count|nearly}",
        ),
        Figure(
            number=2,
            key="m.realname.rate",
            text="99.9%",
            label="完整率",
            definition="m.realname.rate的口径",
            exact="99.9%（1999÷2000）",
            span="2024年1月1日至12月31日",
            as_of=date(2024, 12, 31),
            records=2,
            url="/list/?fact=m.realname.rate&as_of=2024-12-31",
            source="{m.realname.rate}",
        ),
    ]


def test_the_ledger_lists_each_figure_once_in_order() -> None:
    summary = write(
        values(value("a.b.count", 3), value("a.c.count", 4)),
        CHAIRS,
        say("s", "其中{a.c.count}，共{a.b.count}。"),
    )

    assert [figure.key for figure in summary.figures()] == ["a.b.count", "a.c.count", "a.b.count"]
    assert [figure.key for figure in summary.ledger()] == ["a.b.count", "a.c.count"]


def test_comparison_with_last_year_is_traced_to_both_figures() -> None:
    now, before = value("a.b.count", 120, label="会员"), value("a.b.count", 100, label="会员")
    sentence = say("s", "会员{a.b.count}[，{a.b.count|change}]。")
    summary = write(values(now, before=(before,)), sentence)

    assert summary.paragraphs[-1].text == "会员120名，比上年增加20名。"
    assert [(figure.label, figure.exact) for figure in summary.ledger()] == [
        ("会员", "120名"),
        ("会员（与上年比）", "120名，上年100名"),
    ]


def test_no_comparison_without_last_year() -> None:
    found = values(value("a.b.count", 120, label="会员"), before=(value("a.b.count", 0),))
    summary = write(found, say("s", "会员{a.b.count}[，{a.b.count|change}]。"))

    assert summary.paragraphs[-1].text == "会员120名。"
    assert summary.omissions[0].reasons == ("会员：没有上年数据可比",)


def test_a_word_nobody_set_is_named_by_its_setting() -> None:
    setting = replace(SETTING, words={**WORDS, "app": ""}, labels={"app": "会员APP名称"})
    summary = assemble(
        document(say("s", "[推广{app}，]绑定{a.b.count}。")), values(value("a.b.count", 5)), setting
    )

    assert summary.paragraphs[-1].text == "绑定5名。"
    assert summary.omissions[0].reasons == ("会员APP名称：没有设置",)


def test_a_fact_nobody_computed_stops_the_document() -> None:
    with pytest.raises(KeyError, match=r"a\.x\.count"):
        write(values(value("a.b.count", 1)), CHAIRS, say("s", "另有{a.x.count}。"))


def test_a_long_list_stands_in_the_ledger_with_its_first_names_and_their_number() -> None:
    lectures = tuple(f"第{number}讲" for number in range(1, 17))
    found = values(value("a.lecture.titles", lectures, "个"), value("a.b.names", ("甲", "乙"), "家"))

    ledger = write(found, say("s", "讲{a.lecture.titles|titles:3}，有{a.b.names}。")).ledger()

    assert [figure.exact for figure in ledger] == ["第1讲、第2讲、第3讲等16个", "甲、乙"]
