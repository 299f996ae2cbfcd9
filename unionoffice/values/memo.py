"""Cleaning whole columns: every different cell is judged once, and what was changed is told."""

import re
from collections.abc import Callable, Hashable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .days import is_month_only
from .text import Refused, half_width

Cleaner = Callable[[Any], Any]
_MIDNIGHT = datetime.min.time()
_HIDDEN_OR_BLANK = re.compile(r"[\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u2060-\u206f\ufeff]+")
_TIME_OF_DAY = re.compile(r"\d[:时]\d")


class Memo(dict[Any, Any]):
    """Cleaned values by cell: `[memo[cell] for cell in column]`; a refused cell gives its Refused.

    refused      whether any cell was
    corrections  cell -> what was changed, for the cells that were not canonical
    """

    def __init__(self, clean: Cleaner, cell: Callable[[Any], Any] | None = None, plain: bool = False) -> None:
        super().__init__()
        self.clean = clean
        self.cell = cell
        self.plain = plain
        self.refused = False
        self.corrections: dict[Any, str] = {}

    def __missing__(self, raw: Hashable) -> Any:
        try:
            value = self.clean(raw)
        except Refused as refusal:
            value = refusal.with_traceback(None)
            self.refused = True
        else:
            if value is not raw:
                told = correction(raw, self.cell(value) if self.cell else value, self.plain)
                if told:
                    self.corrections[raw] = told
        # 1 == 1.0 == True and 0 == 0.0 == False are one key of a dictionary but different cells.
        if type(raw) is str or raw not in (0, 1):
            self[raw] = value
        return value


def memo(clean: Cleaner, cell: Callable[[Any], Any] | None = None, plain: bool = False) -> Memo:
    """A fresh Memo for one column.

    cell   gives the canonical cell of a value, e.g. a choice's label; without it the value itself is canonical
    plain  says that the sheet holds nothing but text (CSV), where 2024-03-05 as text is canonical
    """
    return Memo(clean, cell, plain)


def correction(raw: object, value: object, plain: bool = False) -> str:
    """What was changed between a cell and its canonical cell in a few Chinese words, "" if nothing was."""
    if raw is None or value is None or raw is value:
        return ""
    if isinstance(value, date):
        return _day_told(raw, value, plain)
    if isinstance(value, str):
        return _text_told(raw, value) if isinstance(raw, str) else _cell_told(raw, value)
    if isinstance(raw, str) and isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _number_told(raw, value)
    return ""


def _day_told(raw: object, value: date, plain: bool) -> str:
    if isinstance(raw, datetime):
        return "" if raw.time() == _MIDNIGHT else "去掉了时间"
    if isinstance(raw, date):
        return "" if raw == value else "只记到月"
    if is_month_only(raw):
        return "只有年月，按1日记"
    if not isinstance(raw, str):
        return "日期写法已统一" if raw >= 10_000_000 else "日期序号已转为日期"  # type: ignore[operator]
    if raw == value.isoformat():
        return "" if plain else "文字已转为日期"
    if raw.strip().replace(".", "").isdigit() and len(raw.strip().split(".")[0]) == 5:
        return "日期序号已转为日期"
    return "去掉了时间" if _TIME_OF_DAY.search(raw) and "00:00" not in raw else "日期写法已统一"


def _cell_told(raw: object, value: str) -> str:
    if isinstance(raw, (date, bool)) or not value.isascii():
        return f"记为“{value}”"
    return "数字已转为文本"


def _text_told(raw: str, value: str) -> str:
    if raw == value:
        return ""
    bare, told = _HIDDEN_OR_BLANK.sub("", raw), []
    if len(raw) - len(bare) > len(value) - len(_HIDDEN_OR_BLANK.sub("", value)):
        told.append("去除空格")
    half, target = half_width(bare), _HIDDEN_OR_BLANK.sub("", value)
    if half != bare and half_width(target) == target:
        told.append("全角已转半角")
    if half != half_width(target):
        told.append(_letters_told(half, half_width(target), value))
    return "，".join(told) or _rewritten(value)


def _letters_told(half: str, target: str, value: str) -> str:
    if half.upper() == target.upper():
        return "小写x已改为X" if half.replace("x", "X") == target else "字母大小写已统一"
    return _rewritten(value)


def _rewritten(value: str) -> str:
    # Numbers of persons are never repeated in a message.
    return "写法已统一" if value.isascii() else f"记为“{value}”"


def _number_told(raw: str, value: float | Decimal) -> str:
    try:
        same = raw.isascii() and raw.strip() == raw and Decimal(raw) == Decimal(str(value))
    except ArithmeticError:
        same = False
    return "" if same else "数字写法已统一"
