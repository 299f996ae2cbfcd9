"""Months, quarters and years as dimensions of a day."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth, TruncQuarter, TruncYear

from .dimensions import BadCut, Dimension
from .scopes import Scope

Days = tuple[date, date]


def month_span(text: str) -> tuple[date, date]:
    """First and last day of 2026-05. BadCut for another text."""
    return _span(text, "-", 1)


def quarter_span(text: str) -> tuple[date, date]:
    """First and last day of 2026-q2."""
    return _span(text, "-q", 3)


def year_span(text: str) -> tuple[date, date]:
    """First and last day of 2026."""
    return _span(f"{text}/1", "/", 12)


def _span(text: str, sign: str, months: int) -> tuple[date, date]:
    year, _, number = text.partition(sign)
    if not (year.isdecimal() and number.isdecimal() and 1 <= int(number) <= 12 // months):
        raise BadCut(f"{text} is no period")
    if not 1900 <= int(year) <= 2200:
        raise BadCut(f"{year} is no year the office could ask for")
    last = int(number) * months
    after = date(int(year) + 1, 1, 1) if last == 12 else date(int(year), last + 1, 1)
    return date(int(year), last - months + 1, 1), after - timedelta(days=1)


def _quarter_of(day: date) -> str:
    return f"{day.year}-q{(day.month + 2) // 3}"


def _month_called(text: str) -> str:
    year, _, month = text.partition("-")
    return f"{year}年{int(month)}月"


def _quarter_called(text: str) -> str:
    year, _, quarter = text.partition("-q")
    return f"{year}年第{'一二三四'[int(quarter) - 1]}季度"


def _month_recalled(words: str) -> str | None:
    named = re.fullmatch(r"(\d{4})年(\d{1,2})月", words)
    return f"{named[1]}-{int(named[2]):02}" if named else None


def _quarter_recalled(words: str) -> str | None:
    named = re.fullmatch(r"(\d{4})年第([一二三四])季度", words)
    return f"{named[1]}-q{'一二三四'.index(named[2]) + 1}" if named else None


def _year_recalled(words: str) -> str | None:
    return words.removesuffix("年") if re.fullmatch(r"\d{4}年", words) else None


@dataclass(frozen=True)
class Period:
    """One kind of period: how days are cut, and its values between keys, days and words."""

    label: str
    cut: Callable[[str], Combinable]
    parse: Callable[[str], Days]
    write: Callable[[date], str]
    called: Callable[[str], str]
    recall: Callable[[str], str | None]


PERIODS = {
    "month": Period("月份", TruncMonth, month_span, "{:%Y-%m}".format, _month_called, _month_recalled),
    "quarter": Period("季度", TruncQuarter, quarter_span, _quarter_of, _quarter_called, _quarter_recalled),
    "year": Period("年份", TruncYear, year_span, "{:%Y}".format, "{}年".format, _year_recalled),
}


def periods(day: str) -> dict[str, Dimension]:
    """Months, quarters and years of a day field."""
    return {key: _dimension(key, period, day) for key, period in PERIODS.items()}


def _dimension(key: str, period: Period, day: str) -> Dimension:
    def where(scope: Scope, spans: list[Any]) -> Q:
        conditions = [
            Q(**{f"{day}__isnull": True} if span is None else {f"{day}__range": span}) for span in spans
        ]
        return reduce(or_, conditions)

    return Dimension(
        key=key,
        label=period.label,
        sort="period",
        grouped=lambda scope: period.cut(day),
        where=where,
        parse=period.parse,
        write=period.write,
        called=lambda values: {value: period.called(value) for value in values},
        recall=period.recall,
    )
