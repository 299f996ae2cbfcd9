"""Days and months in every way offices write them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from unionoffice import values
from unionoffice.values import Refused

from . import refusal

FIFTH_OF_MARCH = date(2024, 3, 5)

DAY_STYLES = [
    "2024-03-05",
    "2024-3-5",
    "2024.03.05",
    "2024.3.5",
    "2024.3.5.",
    "2024/3/5",
    "2024/03/05",
    "2024\\3\\5",
    "2024—3—5",
    "2024、3、5",
    "2024年3月5日",
    "2024年03月05日",
    "2024年3月5号",
    "2024年3月5",
    "2024 年 3 月 5 日",
    "二〇二四年三月五日",
    "二○二四年三月五日",
    "20240305",
    "20240305.0",
    "２０２４－０３－０５",
    "２０２４年３月５日",
    "2024-03-05 00:00:00",
    "2024-03-05T00:00:00",
    "2024/3/5 0:00",
    "2024/3/5 14:30:15.5",
    "2024年3月5日 14时30分",
    " 2024-03-05\u00a0",
    "'2024-03-05",
    "45356",
    "45356.0",
    "45356.75",
    45356,
    45356.0,
    45356.75,
    Decimal(45356),
    20240305,
    20240305.0,
    date(2024, 3, 5),
    datetime(2024, 3, 5),
    datetime(2024, 3, 5, 23, 59),
]


@pytest.mark.parametrize("raw", DAY_STYLES)
def test_day(raw: Any) -> None:
    assert values.clean_day(raw) == FIFTH_OF_MARCH
    assert not values.is_month_only(raw)


@pytest.mark.parametrize("raw", ["二〇〇一年十月十日", "2001年10月10日", "20011010"])
def test_chinese_numerals_of_ten(raw: str) -> None:
    assert values.clean_day(raw) == date(2001, 10, 10)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("二〇〇一年十二月三十一日", date(2001, 12, 31)),
        ("一九九八年一月二十日", date(1998, 1, 20)),
        ("2000-02-29", date(2000, 2, 29)),
        (10000, date(1927, 5, 18)),
        ("1955-01-01", date(1955, 1, 1)),
    ],
)
def test_day_at_the_edges(raw: Any, day: date) -> None:
    assert values.clean_day(raw) == day


@pytest.mark.parametrize(
    ("raw", "first"),
    [
        ("2024.3", date(2024, 3, 1)),
        ("2024年3月", date(2024, 3, 1)),
        ("2024年3月份", date(2024, 3, 1)),
        ("2024-03", date(2024, 3, 1)),
        ("2024/3", date(2024, 3, 1)),
        ("202403", date(2024, 3, 1)),
        ("２０２４．３", date(2024, 3, 1)),
        ("二〇二四年三月", date(2024, 3, 1)),
        ("2024.1", date(2024, 1, 1)),
        ("2024.10", date(2024, 10, 1)),
        (2024.3, date(2024, 3, 1)),
        (2024.12, date(2024, 12, 1)),
        (2024.01, date(2024, 1, 1)),
        (202403, date(2024, 3, 1)),
        (202403.0, date(2024, 3, 1)),
    ],
)
def test_month_without_a_day_is_its_first_and_told(raw: Any, first: date) -> None:
    assert values.clean_day(raw) == first
    assert values.is_month_only(raw)
    assert values.correction(raw, first) == "只有年月，按1日记"
    assert values.clean_month(raw) == first


@pytest.mark.parametrize("raw", DAY_STYLES)
def test_month_of_a_day(raw: Any) -> None:
    assert values.clean_month(raw) == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("raw", "code", "message"),
    [
        ("2024-02-30", "date-impossible", "2024年2月没有30日，日应为1至29"),
        ("2023年2月29日", "date-impossible", "2023年2月没有29日，日应为1至28"),
        ("20241301", "date-impossible", "没有13月，月份应为1至12"),
        ("2024.0", "date-impossible", "没有0月，月份应为1至12"),
        ("0024-03-05", "date-out-of-range", "年份24不合理，应在1850至2100年之间"),
        ("2204-03-05", "date-out-of-range", "年份2204不合理，应在1850至2100年之间"),
        (datetime(2204, 3, 5), "date-out-of-range", "年份2204不合理，应在1850至2100年之间"),
        ("24.3.5", "date-year-two-digits", "日期“24.3.5”的年份只有两位，请写成四位，如2024-03-05"),
        ("24年3月", "date-year-two-digits", "日期“24年3月”的年份只有两位，请写成四位，如2024-03-05"),
        (2024.1, "date-ambiguous", "日期“2024.1”可能是1月，也可能是10月，请写成2024-01或2024-10"),
        (2024, "date-year-only", "日期“2024”只有年份，请补上月和日"),
        ("2024", "date-year-only", "日期“2024”只有年份，请补上月和日"),
        ("5", "date-unreadable", "日期“5”看不懂，请写成2024-03-05这样的年月日"),
        (5, "date-unreadable", "日期“5”看不懂，请写成2024-03-05这样的年月日"),
        (1e300, "date-unreadable", "日期“1e+300”看不懂，请写成2024-03-05这样的年月日"),
        (True, "date-unreadable", "日期“True”看不懂，请写成2024-03-05这样的年月日"),
        ("不详", "date-unreadable", "日期“不详”看不懂，请写成2024-03-05这样的年月日"),
        ("5/3/2024", "date-unreadable", "日期“5/3/2024”看不懂，请写成2024-03-05这样的年月日"),
        ("٢٠٢٤-٠٣-٠٥", "date-unreadable", "日期“٢٠٢٤-٠٣-٠٥”看不懂，请写成2024-03-05这样的年月日"),
    ],
)
def test_day_refused(raw: Any, code: str, message: str) -> None:
    assert refusal(values.clean_day, raw) == Refused(code, message)


@pytest.mark.parametrize("raw", [float("nan"), float("inf")])
def test_day_from_no_number_is_refused(raw: float) -> None:
    assert refusal(values.clean_day, raw).code == "date-unreadable"
