"""Placeholders found wherever they stand, and named where they mean nothing."""

import pytest

from reports.grammar import Token
from reports.placeholders.reading import Meaning, Unknown, offered, open_word, spots, understand
from tests.reports.placeholders.files import everywhere, word
from tests.reports.returns.forms import workbook_form
from unionoffice.facts import registry
from unionoffice.sheets.cells import SheetRefused


def meaning(inner: str, aliases: dict[str, str] | None = None) -> Meaning | Unknown:
    (spot,) = spots(open_word(word(f"共{{{{{inner}}}}}。")))
    return understand(spot, aliases or {})


def test_placeholders_are_found_in_every_part_with_their_place() -> None:
    found = spots(open_word(word("去年 {{会员总数}}、{{女会员}}", change=everywhere)))

    assert [(spot.name, spot.where) for spot in found] == [
        ("会员总数", "正文第1段"),
        ("女会员", "正文第1段"),
        ("基层工会数", "正文第2段"),
        ("涵盖单位数", "正文，表格1第2行第2列"),
        ("填报单位", "页眉第1段"),
        ("会员总数", "页脚第1段"),
    ]


def test_full_width_signs_are_understood() -> None:
    (spot,) = spots(open_word(word("共｛｛会员总数｜数值｝｝人")))

    assert understand(spot, {}) == Meaning(Token("members.active.count"), frozenset({"数值"}))


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("会员总数", Meaning(Token("members.active.count"))),
        (" members.active.count ", Meaning(Token("members.active.count"))),
        ("会员总数|近", Meaning(Token("members.active.count", (("nearly", ""),)))),
        ("会员总数 | 时间", Meaning(Token("members.active.count"), frozenset({"时间"}))),
        ("填报单位", Meaning(Token("office"))),
        ("单位全称", Meaning(Token("office"))),
        ("时期", Meaning(Token("period"))),
    ],
)
def test_labels_keys_options_and_words_are_known(inner: str, expected: Meaning) -> None:
    assert meaning(inner) == expected


def test_every_fact_can_be_named_by_its_label() -> None:
    labels = [label for _, label in offered()]

    assert len(labels) == len(set(labels))
    assert {fact.label for fact in registry} <= set(labels)


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        ("会员总人数", "没有“会员总人数”这个数据"),
        ("会员总数|大写", "大写"),
        ("会员总数|数值[", "数值["),
        ("新增五星级工会|数值", "不是数字"),
        ("新增五星级工会|与上年比", "不能与上年比"),
        ("填报单位|近", "是词语"),
        ("", "花括号"),
        ("会员总数.__class__", "没有“会员总数.__class__”这个数据"),
        ("members.active.count()", "没有"),
        ("7*7", "没有“7*7”这个数据"),
        ("settings.SECRET_KEY", "没有“settings.SECRET_KEY”这个数据"),
    ],
)
def test_what_means_nothing_is_told_in_one_line(inner: str, why: str) -> None:
    found = meaning(inner)

    assert isinstance(found, Unknown)
    assert why in found.why
    assert "\n" not in found.why


def test_the_nearest_facts_are_offered() -> None:
    found = meaning("会员总人数")

    assert isinstance(found, Unknown)
    assert ("members.active.count", "会员总数") in found.nearest


def test_what_the_office_said_of_a_name_holds() -> None:
    assert meaning("会员总人数", {"会员总人数": "members.active.count"}) == Meaning(
        Token("members.active.count")
    )
    assert isinstance(meaning("会员总人数", {"会员总人数": "no.such.fact"}), Unknown)


def test_braces_without_partners_are_named() -> None:
    found = spots(open_word(word("甲{{会员总数乙", "丙会员总数}}丁")))

    assert [(spot.raw, spot.where) for spot in found] == [("{{", "正文第1段"), ("}}", "正文第2段")]
    assert all(isinstance(understand(spot, {}), Unknown) for spot in found)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (word("没有占位符"), "没有占位符"),
        (workbook_form(), "Excel"),
        (b"PK", "损坏"),
        (word("{{会员总数}}" * 5001), "5001 处占位符"),
        (b"x", "不是 Excel 或 Word"),
    ],
)
def test_files_without_a_use_are_refused(content: bytes, why: str) -> None:
    with pytest.raises(SheetRefused) as refusal:
        spots(open_word(content))

    assert why in refusal.value.message
