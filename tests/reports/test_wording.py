"""Numbers, names and days as official texts word them."""

from datetime import date
from decimal import Decimal

import pytest

from reports import wording


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (8000, "名", "8000名"),
        (1, "家", "1家"),
        (Decimal("580.00"), "元", "580元"),
        (Decimal("9999.49"), "元", "9999元"),
        (Decimal("9999.50"), "元", "1万元"),
        (Decimal("10000.00"), "元", "1万元"),
        (Decimal("123456.00"), "元", "12.35万元"),
        (Decimal("123000.00"), "元", "12.3万元"),
        (Decimal("98.46"), "%", "98.5%"),
        (Decimal("100"), "%", "100%"),
        (Decimal("99.96"), "%", "99.9%"),
        (Decimal("0.04"), "%", "不足0.1%"),
    ],
)
def test_amount_carries_its_counter(value: int | Decimal, unit: str, text: str) -> None:
    assert wording.amount(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (589, "人次", "近600人次"),
        (97, "名", "近100名"),
        (512, "人次", "近520人次"),
        (1290, "人次", "近1300人次"),
        (600, "人次", "600人次"),
        (9, "名", "9名"),
        (12, "名", "12名"),
        (Decimal("119500.00"), "元", "近12万元"),
        (Decimal("123456.00"), "元", "12.35万元"),
    ],
)
def test_nearly_rounds_up_and_only_when_close(value: int | Decimal, unit: str, text: str) -> None:
    assert wording.nearly(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (512, "人次", "500余人次"),
        (589, "人次", "580余人次"),
        (500, "人次", "500人次"),
        (8, "名", "8名"),
        (Decimal("201500.00"), "元", "20万余元"),
    ],
)
def test_over_rounds_down_and_only_when_close(value: int | Decimal, unit: str, text: str) -> None:
    assert wording.over(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("95.4"), "%", "95%以上"),
        (Decimal("95"), "%", "95%"),
        (512, "名", "500名以上"),
        (7, "名", "7名"),
    ],
)
def test_above_never_says_more_than_there_is(value: int | Decimal, unit: str, text: str) -> None:
    assert wording.above(value, unit) == text


@pytest.mark.parametrize("value", range(1, 2500, 7))
def test_qualified_figures_keep_to_their_side(value: int) -> None:
    up, down = wording.nearly(value, "名"), wording.over(value, "名")

    assert up.startswith("近") == (int(up.strip("近名")) > value)
    assert ("余" in down) == (int(down.strip("余名")) < value)


@pytest.mark.parametrize(
    ("now", "before", "unit", "text"),
    [
        (8120, 8000, "名", "比上年增加120名"),
        (7990, 8000, "名", "比上年减少10名"),
        (8000, 8000, "名", "与上年持平"),
        (Decimal("132000.00"), Decimal("100000.00"), "元", "比上年增加3.2万元"),
        (Decimal("98.5"), Decimal("97.3"), "%", "比上年提高1.2个百分点"),
        (Decimal("97.3"), Decimal("98.5"), "%", "比上年下降1.2个百分点"),
        (Decimal("97.31"), Decimal("97.3"), "%", "与上年持平"),
    ],
)
def test_change_names_direction_and_counter(
    now: int | Decimal, before: int | Decimal, unit: str, text: str
) -> None:
    assert wording.change(now, before, unit) == text


def test_change_says_what_it_compares_with() -> None:
    assert wording.change(8, 5, "场", "上年同期") == "比上年同期增加3场"
    assert wording.change(5, 5, "场", "上年同期") == "与上年同期持平"


def test_names_end_with_the_total_only_when_some_are_left_out() -> None:
    companies = ("甲公司", "乙公司", "丙公司", "丁公司")

    assert wording.names(companies, 2, "家", "企业") == "甲公司、乙公司等4家企业"
    assert wording.names(companies[:2], 2, "家", "企业") == "甲公司、乙公司"
    assert wording.names(companies[:1], 2, "家", "企业") == "甲公司"


def test_titles_are_quoted_once() -> None:
    assert wording.titles(("春季健步走", "《民法典》"), 2) == "“春季健步走”《民法典》"
    assert wording.titles(("“迎国庆”环湖健步走",), 2) == "“迎国庆”环湖健步走"
    assert wording.titles(("《心理调适》讲座", "“说健康”", "急救"), 3) == "《心理调适》讲座、“说健康”、“急救”"
    assert wording.titles(("甲", "乙", "丙"), 2) == "“甲”“乙”等"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (19, "十九"),
        (20, "二十"),
        (21, "二十一"),
        (99, "九十九"),
    ],
)
def test_headings_count_in_chinese(number: int, text: str) -> None:
    assert wording.numeral(number) == text


def test_days_are_written_without_leading_zeros() -> None:
    assert wording.full_day(date(2024, 1, 5)) == "2024年1月5日"
    assert wording.span(date(2024, 1, 1), date(2024, 12, 31)) == "2024年1月1日至12月31日"
    assert wording.span(date(2023, 10, 1), date(2024, 9, 30)) == "2023年10月1日至2024年9月30日"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2024, 12, 31), "年底"),
        (date(2024, 10, 31), "10月底"),
        (date(2024, 2, 29), "2月底"),
        (date(2023, 2, 28), "2月底"),
        (date(2024, 2, 28), "2月28日"),
    ],
)
def test_as_of_days_are_named_as_texts_name_them(day: date, text: str) -> None:
    assert wording.as_of(day) == text
