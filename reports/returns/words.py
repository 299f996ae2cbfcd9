"""Texts a form asks for beside figures: who fills it in, when, for whom and for which time."""

from collections.abc import Callable

from reports import wording
from reports.drafting import Order, words_of
from unionoffice.facts import Scope
from unionoffice.organisation.models import User

from .grid import plain

LABELS = {
    "office": "填报单位",
    "filled_by": "填表人",
    "phone": "填表人电话",
    "filled_on": "填报日期",
    "period": "时期",
    "year": "年度",
    "year_number": "年份（数字）",
    "span": "起止日期",
    "as_of": "数据截止日期",
    "upper": "上级工会全称",
    "town": "镇名",
    "county": "县（市、区）名",
}
# Other names under which forms ask for them.
ALIASES = {
    "office": (
        "单位",
        "单位名称",
        "报送单位",
        "上报单位",
        "工会名称",
        "填表单位",
        "单位盖章",
        "填报单位盖章",
        "单位全称",
    ),
    "filled_by": ("填报人", "制表人", "经办人", "联系人", "填表人签字"),
    "phone": ("联系电话", "电话", "手机", "联系方式", "填报人电话"),
    "filled_on": ("填表日期", "报送日期", "上报日期", "制表日期", "日期", "填报时间", "填表时间", "报出日期"),
    "period": ("报告期", "统计时期"),
    "span": ("统计期间", "统计时间"),
    "as_of": ("统计截止日期", "截止日期", "截至日期"),
}
WORD_OF = {plain(label): word for word, label in LABELS.items()} | {
    plain(alias): word for word, aliases in ALIASES.items() for alias in aliases
}
OWN: dict[str, Callable[[Order, Scope, User], str]] = {
    "filled_by": lambda order, scope, user: user.name,
    "phone": lambda order, scope, user: user.phone,
    "filled_on": lambda order, scope, user: wording.full_day(order.today),
    "year_number": lambda order, scope, user: str(order.year),
    "span": lambda order, scope, user: wording.span(order.period.start, order.period.end),
    "as_of": lambda order, scope, user: wording.full_day(scope.as_of),
}


def values(order: Order, scope: Scope, user: User) -> dict[str, str]:
    """What each word says for this order and user; empty where nothing is set."""
    known = words_of(order, scope)
    return {word: OWN[word](order, scope, user) if word in OWN else known[word] for word in LABELS}
