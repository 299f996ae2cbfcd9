"""Money, whole numbers, decimals."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from unionoffice import values
from unionoffice.values import Refused

from . import refusal


@pytest.mark.parametrize(
    ("raw", "yuan"),
    [
        ("1200", "1200.00"),
        ("1,200元", "1200.00"),
        ("1，200.5元", "1200.50"),
        ("￥1200", "1200.00"),
        ("¥1,234,567.89", "1234567.89"),
        ("人民币1200元整", "1200.00"),
        ("0.12万元", "1200.00"),
        ("3万", "30000.00"),
        ("１２００．５０", "1200.50"),
        (1200, "1200.00"),
        (1200.5, "1200.50"),
        (434.99999999999994, "435.00"),
        (Decimal("3.10"), "3.10"),
        (0, "0.00"),
        ("-0", "0.00"),
        (".5", "0.50"),
    ],
)
def test_money(raw: Any, yuan: str) -> None:
    value = values.clean_money(raw)

    assert isinstance(value, Decimal)
    assert str(value) == yuan


@pytest.mark.parametrize(
    ("raw", "code", "message"),
    [
        ("12.345", "money-fraction", "金额“12.345”不足一分，最多保留两位小数"),
        (33.333333, "money-fraction", "金额“33.333333”不足一分，最多保留两位小数"),
        ("-5", "money-negative", "金额“-5”不能是负数"),
        ("五百元", "money-unreadable", "金额“五百元”不是数字，请只填数字"),
        ("约500", "money-unreadable", "金额“约500”不是数字，请只填数字"),
        ("12,00", "money-unreadable", "金额“12,00”不是数字，请只填数字"),
        ("元", "money-unreadable", "金额“元”不是数字，请只填数字"),
        (True, "money-unreadable", "金额“True”不是数字，请只填数字"),
        (float("nan"), "money-unreadable", "金额“nan”不是数字，请只填数字"),
        (1e10, "money-too-large", "金额“10000000000.0”过大，请核对单位是否为元"),
        ("99999999万元", "money-too-large", "金额“99999999万元”过大，请核对单位是否为元"),
    ],
)
def test_money_refused(raw: Any, code: str, message: str) -> None:
    assert refusal(values.clean_money, raw) == Refused(code, message)


@pytest.mark.parametrize(
    ("raw", "number"),
    [("12", 12), ("12人", 12), ("1,200名", 1200), (12.0, 12), ("12.0", 12), (12, 12), ("-3", -3), ("０", 0)],
)
def test_integer(raw: Any, number: int) -> None:
    value = values.clean_integer(raw)

    assert (value, type(value)) == (number, int)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("12.5", "integer-fraction"),
        (12.5, "integer-fraction"),
        ("十二", "integer-unreadable"),
        ("人", "integer-unreadable"),
        (True, "integer-unreadable"),
        (float("inf"), "integer-unreadable"),
        (date(2024, 3, 5), "integer-unreadable"),
    ],
)
def test_integer_refused(raw: Any, code: str) -> None:
    assert refusal(values.clean_integer, raw).code == code


def test_decimal_keeps_to_its_places() -> None:
    clean = values.decimal_cleaner(5, 2)

    assert str(clean("12.5")) == "12.50"
    assert str(clean(999.99)) == "999.99"
    assert refusal(clean, "12.345") == Refused("decimal-places", "数字“12.345”的小数过长，最多2位")
    assert refusal(clean, "1000") == Refused("decimal-too-large", "数字“1000”过大，请核对")
    assert str(values.clean_decimal("12.345")) == "12.345"
