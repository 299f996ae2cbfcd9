"""Money, whole numbers and decimals."""

import re
from collections.abc import Callable
from decimal import Decimal

from .text import Refused, compact, shown

_CENT = Decimal("0.01")
_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|[-+]?\.\d+", re.ASCII).fullmatch
_MONEY = re.compile(r"(?:人民币|RMB|CNY|¥)?(.*?)(万元|万|元整|元|圆整|圆)?").fullmatch
_COUNTERS = re.compile(r"(?<=\d)(?:人次|人|名|位|个|家|户|份|场次|场|次|起|岁|周岁|年|天|件|台|套|间|张)$")
_MOST_MONEY = Decimal(10) ** 10
# Every whole number below is one in a workbook too, whose numbers have 15 digits.
_MOST_WHOLE = 10**15


def clean_money(raw: object) -> Decimal | None:
    """Yuan with two decimals; reads ￥1,200元 and 0.12万元; refuses fractions of a cent and negative sums."""
    number = _money_text(raw)
    if number is None:
        return None
    value = number.quantize(_CENT)
    if value != number:
        raise Refused("money-fraction", f"金额{shown(raw)}不足一分，最多保留两位小数")
    if value < 0:
        raise Refused("money-negative", f"金额{shown(raw)}不能是负数")
    return abs(value)


def _money_text(raw: object) -> Decimal | None:
    if type(raw) is not str:
        number = _decimal(raw, "money-unreadable", "金额")
    else:
        text = compact(raw)
        if not text:
            return None
        found = _MONEY(text)
        number = _decimal(found[1] if found else text, "money-unreadable", "金额", raw)
        if number is not None and found and found[2] in ("万元", "万"):
            number *= 10000
    if number is not None and abs(number) >= _MOST_MONEY:
        raise Refused("money-too-large", f"金额{shown(raw)}过大，请核对单位是否为元")
    return number


def clean_integer(raw: object) -> int | None:
    """A whole number of at most 15 digits; a counter behind it (12人) is dropped."""
    if type(raw) is int and abs(raw) < _MOST_WHOLE:
        return raw
    if isinstance(raw, str):
        raw = _COUNTERS.sub("", compact(raw))
    number = _decimal(raw, "integer-unreadable", "数字")
    if number is None:
        return None
    if abs(number) >= _MOST_WHOLE:
        raise Refused("integer-too-large", f"数字{shown(raw)}过大，请核对")
    if number != number.to_integral_value():
        raise Refused("integer-fraction", f"{shown(raw)}应为整数")
    return int(number)


def clean_decimal(raw: object) -> Decimal | None:
    """A decimal number, trailing zeros as typed."""
    return _decimal(compact(raw) if isinstance(raw, str) else raw, "decimal-unreadable", "数字")


def decimal_cleaner(max_digits: int | None, places: int | None) -> Callable[[object], Decimal | None]:
    """A cleaner for decimals of at most so many digits and decimal places (those of a DecimalField)."""

    def clean(raw: object) -> Decimal | None:
        number = clean_decimal(raw)
        if number is None or places is None:
            return number
        if abs(number) >= Decimal(10) ** ((max_digits or 28) - places):
            raise Refused("decimal-too-large", f"数字{shown(raw)}过大，请核对")
        value = number.quantize(Decimal(1).scaleb(-places))
        if value != number:
            raise Refused("decimal-places", f"数字{shown(raw)}的小数过长，最多{places}位")
        return value

    return clean


def _decimal(raw: object, code: str, what: str, cell: object = None) -> Decimal | None:
    """The number a cell shows; a float as Excel shows it, with 15 significant digits."""
    cell = raw if cell is None else cell
    if raw is None or raw == "":
        if cell in (None, ""):
            return None
        raise Refused(code, f"{what}{shown(cell)}不是数字，请只填数字")
    if isinstance(raw, float):
        number = Decimal(format(raw, ".15g"))
    elif isinstance(raw, (int, Decimal)) and not isinstance(raw, bool):
        number = Decimal(raw)
    elif isinstance(raw, str) and _NUMBER(raw):
        number = Decimal(raw.replace(",", ""))
    else:
        raise Refused(code, f"{what}{shown(cell)}不是数字，请只填数字")
    if not number.is_finite():
        raise Refused(code, f"{what}{shown(cell)}不是数字，请只填数字")
    return number
