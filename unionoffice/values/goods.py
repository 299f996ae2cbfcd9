"""Lines of goods: what was given, how many, at what price."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .numbers import clean_decimal, clean_money
from .text import Refused, clean_text, half_width, shown

_CENT = Decimal("0.01")
RULE = "每种物品一段：名称|数量|单位|单价，几种之间用分号隔开，如：大米|2|袋|45.00；食用油|1|桶|60.00"


@dataclass(frozen=True, slots=True)
class Line:
    """So many units of an item at a unit price in yuan."""

    item: str
    quantity: Decimal
    unit: str
    unit_price: Decimal

    @property
    def amount(self) -> Decimal:
        """Quantity times unit price in yuan, rounded to the cent."""
        return (self.quantity * self.unit_price).quantize(_CENT)

    def __str__(self) -> str:
        return f"{self.item}|{_plain(self.quantity)}|{self.unit}|{self.unit_price:.2f}"


class Lines(tuple[Line, ...]):
    """The goods of one record; `total` is their value in yuan, the text form reads back the same."""

    __slots__ = ()

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self), Decimal("0.00"))

    @property
    def words(self) -> str:
        """The lines as people read them: 大米 2袋×45.00元."""
        return "；".join(
            f"{line.item} {_plain(line.quantity)}{line.unit}×{line.unit_price:.2f}元" for line in self
        )

    def __str__(self) -> str:
        return "；".join(map(str, self))


def clean_lines(raw: Any) -> Lines | None:
    """Lines from the text form, lists of mappings (JSON) or of lines; Refused names the line at fault."""
    if raw is None or isinstance(raw, Lines):
        return raw or None
    if isinstance(raw, str):
        parts = [part for part in re.split(r"[;；\n]+", raw) if clean_text(part)]
        lines = [_from_text(number, part) for number, part in enumerate(parts, 1)]
    elif isinstance(raw, Iterable):
        lines = [_from_any(number, part) for number, part in enumerate(raw, 1)]
    else:
        raise Refused("goods-unreadable", f"物品{shown(raw)}看不懂。{RULE}")
    return Lines(lines) or None


def stored(lines: Lines | None) -> list[dict[str, str]]:
    """The lines as JSON keeps them, numbers as text."""
    return [
        {
            "item": line.item,
            "quantity": _plain(line.quantity),
            "unit": line.unit,
            "unit_price": f"{line.unit_price:.2f}",
        }
        for line in lines or ()
    ]


def _from_text(number: int, part: str) -> Line:
    cells = [cell.strip() for cell in half_width(part).split("|")]
    if len(cells) != 4:
        raise Refused("goods-unreadable", f"第{number}种物品{shown(part)}应写成：名称|数量|单位|单价")
    return _line(number, *cells)


def _from_any(number: int, part: Any) -> Line:
    if isinstance(part, Line):
        return part
    if not isinstance(part, dict):
        raise Refused("goods-unreadable", f"第{number}种物品看不懂。{RULE}")
    return _line(number, *(part.get(key) for key in ("item", "quantity", "unit", "unit_price")))


def _line(number: int, item: Any, quantity: Any, unit: Any, unit_price: Any) -> Line:
    name = clean_text(item)
    if not name:
        raise Refused("goods-item", f"第{number}种物品没有名称")
    try:
        amount, price = clean_decimal(quantity), clean_money(unit_price)
    except Refused as refused:
        raise Refused(refused.code, f"第{number}种物品“{name}”：{refused.message}") from None
    if amount is None or amount <= 0:
        raise Refused("goods-quantity", f"第{number}种物品“{name}”的数量应大于0")
    if price is None:
        raise Refused("goods-price", f"第{number}种物品“{name}”没有单价")
    return Line(name, amount, clean_text(unit) or "", price)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
