"""Days and months in every way offices write them."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import Decimal

from .text import Refused, clean_text, half_width, shown

_EPOCH = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1850, 2100
# Smaller serials are days before 1910; a number that small in a date column is a slip (a year, a count).
_FIRST_SERIAL, _LAST_SERIAL = 3654, (date(_LAST_YEAR, 12, 31) - _EPOCH).days

_Y, _M, _D = r"(\d{4}) *[-/.年、] *", r"(\d{1,2}) *[-/.月、] *", r"(\d{1,2}) *[日号.]?"
_TIME = r"(?:[T ]*\d{1,2}[:时]\d{1,2}(?:[:分](?:\d{1,2}(?:\.\d+)?秒?)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_DAY = re.compile(rf"{_Y}{_M}{_D}{_TIME}", re.ASCII).fullmatch
_MONTH = re.compile(rf"{_Y}(\d{{1,2}}) *月?份?", re.ASCII).fullmatch
_DIGITS = re.compile(r"(\d{8}|\d{6})(?:\.0+)?", re.ASCII).fullmatch
_SERIAL = re.compile(r"(\d{4,5})(?:\.\d+)?", re.ASCII).fullmatch
_SHORT_YEAR = re.compile(r"\d{2} *[-/.年] *\d{1,2} *月?(?: *[-/.]? *\d{1,2} *[日号]?)?", re.ASCII).fullmatch
_CHINESE_DAY = re.compile(
    r"([〇○零Ｏ一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?"
).fullmatch
_CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | dict.fromkeys("〇○Ｏ", 0)
_SEPARATORS = str.maketrans("—–―‐−。\\", "-----./")


def clean_day(raw: object) -> date | None:
    """The day a cell means; of a month without a day its first (told by `correction`); Refused if unclear."""
    found = _read(raw)
    return None if found is None else found[0]


def clean_month(raw: object) -> date | None:
    """The first day of the month a cell means; Refused if unclear."""
    found = _read(raw)
    return None if found is None else found[0].replace(day=1)


def is_month_only(raw: object) -> bool:
    """Whether a cell that `clean_day` accepts gives no day of the month."""
    found = _read(raw)
    return found is not None and found[1]


def _read(raw: object) -> tuple[date, bool] | None:
    """(day, whether only the month was given); None for an empty cell."""
    if type(raw) is date:
        return _in_range(raw), False
    if isinstance(raw, datetime):
        return _in_range(raw.date()), False
    if isinstance(raw, str):
        return _from_text(raw)
    if raw is None:
        return None
    if isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool):
        return _from_number(float(raw), raw)
    raise _unreadable(raw)


def _from_text(raw: str) -> tuple[date, bool] | None:
    text = clean_text(raw)
    if text is None:
        return None
    if found := _CHINESE_DAY(text):
        year = int("".join(str(_CHINESE_DIGITS[c]) for c in found[1]))
        return _day(year, _chinese(found[2]), _chinese(found[3] or "一")), not found[3]
    text = half_width(text).translate(_SEPARATORS).strip().lstrip("'‘’")
    if found := _DAY(text):
        return _day(*map(int, found.groups())), False
    if found := _MONTH(text):
        return _day(int(found[1]), int(found[2]), 1), True
    if found := _DIGITS(text):
        return _from_digits(found[1])
    if found := _SERIAL(text):
        return _from_serial(int(found[1]), raw)
    if _SHORT_YEAR(text):
        raise Refused("date-year-two-digits", f"日期{shown(raw)}的年份只有两位，请写成四位，如2024-03-05")
    raise _unreadable(raw)


def _from_number(number: float, raw: object) -> tuple[date, bool]:
    if number.is_integer():
        digits = str(int(number))
        return _from_digits(digits) if len(digits) in (6, 8) else _from_serial(int(number), raw)
    if not _FIRST_YEAR <= number < _LAST_YEAR + 1:
        return _from_serial(int(number) if abs(number) < 1e9 else 0, raw)
    year, fraction = repr(number).split(".")
    if fraction == "1":
        raise Refused(
            "date-ambiguous", f"日期{shown(raw)}可能是1月，也可能是10月，请写成{year}-01或{year}-10"
        )
    if len(fraction) > 2:
        raise _unreadable(raw)
    return _day(int(year), int(fraction), 1), True


def _from_digits(digits: str) -> tuple[date, bool]:
    if len(digits) == 6:
        return _day(int(digits[:4]), int(digits[4:]), 1), True
    return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:])), False


def _from_serial(serial: int, raw: object) -> tuple[date, bool]:
    if _FIRST_YEAR <= serial <= _LAST_YEAR:
        raise Refused("date-year-only", f"日期{shown(raw)}只有年份，请补上月和日")
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        raise _unreadable(raw)
    return _EPOCH + timedelta(serial), False


def _day(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Refused("date-out-of-range", f"年份{year}不合理，应在{_FIRST_YEAR}至{_LAST_YEAR}年之间")
    if not 1 <= month <= 12:
        raise Refused("date-impossible", f"没有{month}月，月份应为1至12")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Refused("date-impossible", f"{year}年{month}月没有{day}日，日应为1至{last}")
    return date(year, month, day)


def _in_range(day: date) -> date:
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else _day(day.year, day.month, day.day)


def _chinese(numeral: str) -> int:
    """A numeral below 100 (十, 十二, 二十, 三十一); 0 for one that is none."""
    tens, ten, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0
    if not ten:
        return _CHINESE_DIGITS[tens]
    return (_CHINESE_DIGITS[tens] if tens else 1) * 10 + (_CHINESE_DIGITS[ones] if ones else 0)


def _unreadable(raw: object) -> Refused:
    return Refused("date-unreadable", f"日期{shown(raw)}看不懂，请写成2024-03-05这样的年月日")
