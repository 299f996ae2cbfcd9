"""Cleaning whole columns: every different cell is judged once, and what was changed is told."""

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .days import is_month_only
from .text import Refused, half_width

Cleaner = Callable[[Any], Any]
_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]")


class Memo(dict[Any, Any]):
    """Cleaned values by cell: `[memo[cell] for cell in column]`; a refused cell gives its Refused.

    `corrections` tells for which cells what was changed, `refusals` which were refused. `cell` gives the
    canonical cell of a value (a choice's label); `plain` says that the sheet holds nothing but text (CSV).
    """

    def __init__(self, clean: Cleaner, cell: Callable[[Any], Any] | None = None, plain: bool = False) -> None:
        super().__init__()
        self.clean = clean
        self.cell = cell
        self.plain = plain
        self.corrections: dict[Any, str] = {}
        self.refusals: dict[Any, Refused] = {}

    def __missing__(self, raw: Hashable) -> Any:
        try:
            value = self.clean(raw)
        except Refused as refused:
            value = refused.with_traceback(None)
            self.refusals[raw] = value
        else:
            if value is not raw:
                told = correction(raw, self.cell(value) if self.cell else value, self.plain)
                if told:
                    self.corrections[raw] = told
        # 1 == 1.0 == True and 0 == 0.0 == False are one dictionary key but different cells.
        if not (isinstance(raw, (int, float, Decimal)) and raw in (0, 1)):
            self[raw] = value
        return value


def memo(clean: Cleaner, cell: Callable[[Any], Any] | None = None, plain: bool = False) -> Memo:
    """A fresh Memo for one column."""
    return Memo(clean, cell, plain)


def clean_column(clean: Cleaner, cells: Iterable[Any]) -> list[Any]:
    """The cleaned values of a column, a Refused where a cell was refused."""
    known = Memo(clean)
    return [known[cell] for cell in cells]


def correction(raw: object, value: object, plain: bool = False) -> str:
    """What was changed between a cell and its canonical cell in a few Chinese words, "" if nothing was.

    In a sheet of nothing but text (`plain`) a day written 2024-03-05 is canonical.
    """
    if raw is None or value is None or raw is value:
        return ""
    if isinstance(value, date):
        return _day_correction(raw, value, plain)
    if isinstance(raw, str):
        return _text_correction(raw, value)
    if isinstance(value, str) and not isinstance(raw, bool):
        return "数字已转为文本"
    return ""


def _day_correction(raw: object, value: date, plain: bool) -> str:
    if isinstance(raw, datetime):
        return "" if raw.time() == datetime.min.time() else "已去掉时间"
    if isinstance(raw, date):
        return "" if raw == value else "只记到月"
    if plain and raw == value.isoformat():
        return ""
    if is_month_only(raw):
        return "只有年月，按1日记"
    if isinstance(raw, str):
        return "文字已转为日期" if raw == value.isoformat() else "日期写法已统一"
    return "日期写法已统一" if raw >= 10_000_000 else "日期序号已转为日期"  # type: ignore[operator]


def _text_correction(raw: str, value: object) -> str:
    if isinstance(value, bool) or raw == value:
        return ""
    if isinstance(value, (int, float, Decimal)):
        return _number_correction(raw, value)
    if not isinstance(value, str):
        return ""
    bare, half = _BLANKS.sub("", raw), _BLANKS.sub("", half_width(raw))
    told = []
    if raw.strip() != raw or len(bare) - len(raw) != len(_BLANKS.sub("", value)) - len(value):
        told.append("去除空格")
    return _told(bare, half, value, told)


def _told(bare: str, half: str, value: str, told: list[str]) -> str:
    plain = _BLANKS.sub("", value)
    if half != bare and bare != plain:
        told.append("全角已转半角")
    if half != plain and half.upper() == plain:
        told.append("小写x已改为X" if half[:-1] == plain[:-1] and half[-1:] == "x" else "小写已改为大写")
    elif half != plain and not told:
        told.append("写法已统一")
    return "，".join(told)


def _number_correction(raw: str, value: float | Decimal) -> str:
    try:
        return "" if Decimal(raw) == value and raw.strip() == raw and raw.isascii() else "数字写法已统一"
    except ArithmeticError:
        return "数字写法已统一"
