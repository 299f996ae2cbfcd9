"""How figures, names and days are worded in an official text. Plain values in, Chinese text out."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

TEN_THOUSAND = 10_000
DIGITS = "零一二三四五六七八九"
# Titles that stand wholly within marks.
MARKED = re.compile("《[^》]*》|“[^”]*”")
# A rounded figure may differ from the exact one by a twentieth; "近600" for 512 would be a boast.
CLOSE = 20


def is_empty(value: object) -> bool:
    """Whether a value has nothing to say: missing, zero, no names."""
    return value is None or value == 0 or value in ("", ())


def plain(value: Decimal) -> str:
    """A decimal without an exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: int | Decimal, unit: str) -> str:
    """The exact figure with its counter: 8000名, 9580元, 12.35万元, 98.5%."""
    if unit == "元":
        return money(Decimal(value))
    if unit == "%":
        return rate(Decimal(value))
    return f"{plain(Decimal(value))}{unit}"


def money(value: Decimal) -> str:
    """Yuan, whole below ten thousand, from there in 万元 with at most two decimals."""
    yuan = value.quantize(Decimal(1), ROUND_HALF_UP)
    if abs(yuan) < TEN_THOUSAND:
        return f"{yuan}元"
    return f"{plain((value / TEN_THOUSAND).quantize(Decimal('0.01'), ROUND_HALF_UP))}万元"


def rate(value: Decimal) -> str:
    """Per cent with at most one decimal; never rounded up to 100% nor down to 0%."""
    rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if rounded == 100 and value < 100:
        return "99.9%"
    if rounded == 0 and value > 0:
        return "不足0.1%"
    return f"{plain(rounded)}%"


def nearly(value: int | Decimal, unit: str) -> str:
    """近N: rounded up to the next hundred or ten; exact where that would stray too far."""
    scale, step = _step(value, unit, upwards=True)
    if step is None:
        return amount(value, unit)
    rounded = (Decimal(value) // step + 1) * step
    return f"近{plain(rounded / scale)}{_wan(scale)}{unit}"


def over(value: int | Decimal, unit: str) -> str:
    """N余: rounded down to a hundred or ten; exact where that would stray too far."""
    scale, step = _step(value, unit, upwards=False)
    if step is None:
        return amount(value, unit)
    rounded = Decimal(value) // step * step
    return f"{plain(rounded / scale)}{_wan(scale)}余{unit}"


def above(value: int | Decimal, unit: str) -> str:
    """N以上: a rate rounded down to whole per cent, a number rounded down as for 余."""
    if unit == "%":
        whole = Decimal(value).quantize(Decimal(1), ROUND_DOWN)
        return rate(Decimal(value)) if whole in (0, value) else f"{whole}%以上"
    scale, step = _step(value, unit, upwards=False)
    if step is None:
        return amount(value, unit)
    return f"{plain(Decimal(value) // step * step / scale)}{_wan(scale)}{unit}以上"


def _wan(scale: int) -> str:
    return "万" if scale == TEN_THOUSAND else ""


def _step(value: int | Decimal, unit: str, *, upwards: bool) -> tuple[int, int | None]:
    """The scale to print in and the coarsest step that stays close; None when the exact figure must stand."""
    exact = Decimal(value)
    in_wan = unit == "元" and exact >= TEN_THOUSAND
    for step in (TEN_THOUSAND,) if in_wan else (100, 10):
        rest = exact % step
        gap = step - rest if upwards else rest
        if rest and gap * CLOSE <= exact and (upwards or exact > step):
            return (TEN_THOUSAND if in_wan else 1), step
    return 1, None


def change(now: int | Decimal, before: int | Decimal, unit: str, against: str = "上年") -> str:
    """Comparison with an earlier figure: 比上年增加120名, 比上年下降1.2个百分点, 与上年持平."""
    difference = Decimal(now) - Decimal(before)
    if unit == "%":
        points = abs(difference).quantize(Decimal("0.1"), ROUND_HALF_UP)
        if not points:
            return f"与{against}持平"
        return f"比{against}{'提高' if difference > 0 else '下降'}{plain(points)}个百分点"
    if not difference:
        return f"与{against}持平"
    return f"比{against}{'增加' if difference > 0 else '减少'}{amount(abs(difference), unit)}"


def names(items: Sequence[str], shown: int, unit: str = "", noun: str = "") -> str:
    """甲、乙等5家企业; all names and nothing more when none is left out."""
    text = "、".join(items[:shown])
    return text if len(items) <= shown else f"{text}等{len(items)}{unit}{noun}"


def titles(items: Sequence[str], shown: int) -> str:
    """“甲”“乙”等; titles within marks stand side by side without a comma (GB/T 15834, 4.5.3.5)."""
    named = [quoted(title) for title in items[:shown]]
    text = ("" if all(map(MARKED.fullmatch, named)) else "、").join(named)
    return text if len(items) <= shown else f"{text}等"


def quoted(title: str) -> str:
    """A title in quotation marks; one that marks a name itself stays as it is: 《书名》讲座, “迎国庆”健步走."""
    return title if re.search("《[^》]+》|“[^”]+”", title) else f"“{title}”"


def numeral(number: int) -> str:
    """A heading's number from 1 to 99 in Chinese: 一, 十, 十二, 二十一."""
    if not 0 < number < 100:
        raise ValueError(f"no heading carries the number {number}")
    tens, ones = divmod(number, 10)
    return f"{DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{DIGITS[ones] if ones else ''}"


def full_day(day: date) -> str:
    """2024年1月5日, as documents are dated: no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_day(day: date) -> str:
    """1月5日: a day of the year that is spoken of."""
    return f"{day.month}月{day.day}日"


def as_of(day: date) -> str:
    """A day of the report's year as texts name it: 年底, 10月底, 10月15日."""
    if (day.month, day.day) == (12, 31):
        return "年底"
    return f"{day.month}月底" if (day + timedelta(days=1)).day == 1 else month_day(day)


def span(start: date, end: date) -> str:
    """2024年1月1日至12月31日; the second year only where it differs."""
    last = full_day(end) if start.year != end.year else month_day(end)
    return f"{full_day(start)}至{last}"
