"""The office's settings: names, as-of days, ceilings, brands. Each value is dated, none is code.

`SETTINGS` names every key; a page lets staff set a value from a day on; `setting` gives the value of a day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from .models import OfficeSetting


@dataclass(frozen=True)
class SettingKey:
    """One key. kind: text, day_of_year (MM-DD), integer, lines (a list of texts) or table (a list of dicts with `columns`).

    check  what is wrong with a value about to be stored, as one Chinese line; empty if nothing
    """

    key: str
    label: str
    kind: str
    default: Any
    help: str = ""
    group: str = "名称"
    columns: tuple[str, ...] = ()
    check: Callable[[Any], str] = lambda value: ""


SETTINGS: dict[str, SettingKey] = {}


def declare(*keys: SettingKey) -> None:
    """Add setting keys; work areas declare their own at import (ceilings, brands)."""
    for key in keys:
        SETTINGS[key.key] = key


declare(
    SettingKey("office.name", "单位全称", "text", "镇总工会", "文件标题和落款使用"),
    SettingKey("town.short_name", "镇名", "text", "", "如“青溪镇”，用于正文"),
    SettingKey("county.short_name", "县（市、区）名", "text", "", "如“宁海县”，用于正文"),
    SettingKey("county.office_name", "上级工会全称", "text", "县总工会", "用于主送机关"),
    SettingKey("app.name", "会员APP名称", "text", "", "推广的电子会员证APP名称"),
    SettingKey(
        "asof.organisation",
        "组织数据截止日",
        "day_of_year",
        "12-31",
        "总结中工会数、会员数的截止日期；不是年底的，写增减的句子会注明两个日期",
        "统计口径",
    ),
    SettingKey(
        "asof.mediation", "调解数据截止日", "day_of_year", "12-31", "总结中调解数据的截止日期", "统计口径"
    ),
)


def setting(key: str, on: date | None = None) -> Any:
    """The value of a setting on a day (today if none is given). KeyError for a key nobody declared."""
    spec = SETTINGS[key]
    row = (
        OfficeSetting.objects.filter(key=key, valid_from__lte=on or timezone.localdate())
        .order_by("-valid_from")
        .values_list("value", flat=True)
        .first()
    )
    return spec.default if row is None else row


def setting_by_day(key: str) -> Callable[[date], Any]:
    """A function giving the value of a setting on any day, from one query. KeyError for a key nobody declared."""
    default = SETTINGS[key].default
    rows = list(
        OfficeSetting.objects.filter(key=key).order_by("-valid_from").values_list("valid_from", "value")
    )
    return lambda day: next((value for valid_from, value in rows if valid_from <= day), default)


def settings_on(keys: tuple[str, ...], on: date) -> dict[str, Any]:
    """Several settings of a day in one query."""
    found = dict(
        OfficeSetting.objects.filter(key__in=keys, valid_from__lte=on)
        .order_by("valid_from")
        .values_list("key", "value")
    )
    return {key: found.get(key, SETTINGS[key].default) for key in keys}


def day_in(year: int, month_day: str) -> date:
    """`10-31` in a year as a day."""
    month, day = map(int, month_day.split("-"))
    return date(year, month, day)
