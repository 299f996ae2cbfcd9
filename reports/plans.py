"""The plan: targets bound to facts, moved by the records themselves, suggested from the year before, reconciled after."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from django.db.models import Count

from unionoffice import facts
from unionoffice.facts import Fact, FactValue, Scope
from unionoffice.organisation import access
from unionoffice.organisation.models import Union

from . import wording
from .plan_items import Measure, PlanItem

Tone = Literal["good", "warn", "bad", ""]
# A flow this far behind an even pace is slow; a stock or a step turns yellow this long before its day.
PACE = Decimal("0.8")
SOON = timedelta(days=60)


@dataclass(frozen=True)
class Standing:
    """A target on a day: what the records say, how it stands, in one word and a colour."""

    item: PlanItem
    fact: Fact | None
    value: FactValue | None
    tone: Tone
    word: str
    first_on: date | None = None

    @property
    def shown(self) -> str:
        """The figure reached, with its counter; of something to be done by a day, when it was."""
        if self.value is None or self.fact is None:
            return ""
        if self.item.measure == Measure.DATE:
            return f"{wording.month_day(self.first_on)}办成" if self.first_on else ""
        return wording.amount(_number(self.value), self.fact.unit)

    @property
    def target(self) -> str:
        if self.item.measure == Measure.DATE:
            return f"{wording.month_day(self.item.due_on)}前办成"
        if self.item.target is None or self.fact is None:
            return ""
        return aim(self.item.measure, self.item.target, self.fact).removeprefix("达到")

    @property
    def percent(self) -> int:
        """How much of the target is reached, 0 to 100."""
        if self.word in (DONE, LATE):
            return 100
        if self.value is None or not self.item.target or self.item.measure != Measure.REACH:
            return 0
        return min(int(_number(self.value) * 100 / self.item.target), 99)

    @property
    def is_done(self) -> bool:
        return self.word == DONE


def aim(measure: str, target: Decimal, fact: Fact) -> str:
    """What a figure is to come to: 达到100%, 不超过3家, 清零."""
    if measure == Measure.AT_MOST and not target:
        return "清零"
    return f"{'不超过' if measure == Measure.AT_MOST else '达到'}{wording.amount(target, fact.unit)}"


DONE, LATE, PARTLY, NOT, CANCELLED = "已完成", "逾期完成", "部分完成", "未完成", "已取消"


def scope_of_year(year: int, union: Union | None, today: date) -> Scope:
    """The plan's year up to today; every stock as it stands on that day."""
    unions = access.subtree(union.pk) if union else None
    last = max(min(date(year, 12, 31), today), date(year, 1, 1))
    return Scope(date(year, 1, 1), last, last, unions)


def board(year: int, union: Union | None, today: date) -> list[Standing]:
    """Every target of the year as it stands today, in the order of the plan."""
    items = list(PlanItem.objects.filter(year=year, union=union).order_by("due_on", "pk"))
    keys = {item.key for item in items if facts.registry.get(item.key)}
    scope = scope_of_year(year, union, today)
    values, first = facts.compute(keys, scope), first_days(items, scope)
    return [standing(item, values.get(item.key), today, first.get(item.pk)) for item in items]


def first_days(items: Iterable[PlanItem], scope: Scope) -> dict[int, date]:
    """Of things to be done by a day: by line, the day of the first record in the scope that shows them done."""
    found = {}
    for item in items:
        fact = facts.registry.get(item.key)
        if item.measure == Measure.DATE and fact is not None:
            months = [scope.start.replace(month=month) for month in range(1, scope.end.month + 1)]
            ends = [
                min(month.replace(day=monthrange(month.year, month.month)[1]), scope.end) for month in months
            ]
            if end := _first_with_rows(fact, scope, ends):
                days = [end.replace(day=day) for day in range(1, end.day + 1)]
                found[item.pk] = _first_with_rows(fact, scope, days)
    return found


def _first_with_rows(fact: Fact, scope: Scope, days: Iterable[date]) -> date | None:
    """The first of these days up to which the figure has rows; one query."""
    parts = {f"d{day:%Y%m%d}": Count("pk", filter=fact.where(scope.at(end=day, as_of=day))) for day in days}
    answer = fact.model.objects.all().within(scope.unions).aggregate(**parts)
    return next((day for day in days if answer[f"d{day:%Y%m%d}"]), None)


def standing(item: PlanItem, value: FactValue | None, today: date, first_on: date | None = None) -> Standing:
    """How one target stands: green, yellow or red by its day and its figure."""
    tone, word = _judged(item, value, today, first_on)
    return Standing(item, value.fact if value else None, value, tone, word, first_on)


def _judged(item: PlanItem, value: FactValue | None, today: date, first_on: date | None) -> tuple[Tone, str]:
    if item.cancelled_on:
        return "", CANCELLED
    if first_on is not None:
        return ("good", DONE) if first_on <= item.due_on else ("warn", LATE)
    if is_reached(item, value):
        return "good", DONE
    if today > item.due_on:
        return "bad", PARTLY if _is_partly(item, value) else NOT
    if _is_slow(item, value, today):
        return "warn", "偏慢" if item.measure == Measure.REACH else "快到期"
    return "good", "按进度"


def is_reached(item: PlanItem, value: FactValue | None) -> bool:
    if item.measure == Measure.STEP:
        return item.done_on is not None
    if value is None or value.value is None or item.target is None:
        return False
    number = _number(value)
    return number >= item.target if item.measure == Measure.REACH else number <= item.target


def _is_partly(item: PlanItem, value: FactValue | None) -> bool:
    return item.measure == Measure.REACH and value is not None and _number(value) > 0


def _is_slow(item: PlanItem, value: FactValue | None, today: date) -> bool:
    """A yearly count against an even pace from 1 January to its day; anything else by the days that are left."""
    if (
        item.measure == Measure.REACH
        and value is not None
        and value.fact.kind in facts.IN_PERIOD
        and item.target
    ):
        start = date(item.year, 1, 1)
        whole = max((item.due_on - start).days, 1)
        share = Decimal(max((today - start).days, 0)) / whole
        return _number(value) < item.target * share * PACE
    return item.due_on - today <= SOON


def _number(value: FactValue) -> Decimal:
    if isinstance(value.value, tuple):
        return Decimal(len(value.value))
    return Decimal(value.value) if isinstance(value.value, int | Decimal) else Decimal(0)


@dataclass(frozen=True)
class Suggestion:
    """A target the records or the last plan propose, and why. carried: the item it carries over."""

    why: str
    wording: str
    measure: str
    key: str
    target: Decimal | None
    due_on: date
    owner: str = ""
    carried: PlanItem | None = None

    @property
    def fact(self) -> Fact | None:
        return facts.registry.get(self.key)

    @property
    def name(self) -> str:
        """What a suggestion is known by between showing and taking it."""
        return f"{self.key} {self.wording}"

    @property
    def target_text(self) -> str:
        return "" if self.target is None or self.fact is None else aim(self.measure, self.target, self.fact)


@dataclass(frozen=True)
class NotCarried:
    """An item of the last plan that stays behind, and why."""

    item: PlanItem
    why: str


@dataclass(frozen=True)
class _Rule:
    """Proposes a target from a figure of the year before.

    when   lapses: there is some; short: below 100 %; wrong: there should be none; well: it went well, repeat it;
           again: it was done, do it again by the end of the month
    key    the figure looked at; bound is the one the target is bound to
    """

    when: Literal["lapses", "short", "wrong", "well", "again"]
    key: str
    bound: str
    month: int
    wording: str


RULES = (
    _Rule(
        "lapses",
        "grassroots.reelection.due_next_year.count",
        "grassroots.reelection.all.count",
        12,
        "对任期届满的工会提前提醒、逐家指导，依法按期完成换届选举",
    ),
    _Rule(
        "wrong",
        "grassroots.reelection.overdue.count",
        "grassroots.reelection.overdue.count",
        6,
        "督促超期未换届的工会限期换届",
    ),
    _Rule(
        "short",
        "grassroots.units.coverage_rate",
        "grassroots.units.coverage_rate",
        12,
        "对尚未建会的单位逐家走访、分类指导，应建尽建",
    ),
    _Rule(
        "again",
        "members.rostercheck.rounds",
        "members.rostercheck.rounds",
        6,
        "会同有关部门开展基层工会数据比对核实",
    ),
    _Rule("short", "members.realname.rate", "members.realname.rate", 9, "对照清单补齐会员实名信息"),
    _Rule("short", "grassroots.confirmed.rate", "grassroots.confirmed.rate", 12, "按期确认基层工会信息"),
    _Rule("well", "activities.held.count", "activities.held.count", 12, "按月排定职工活动，做到月月有活动"),
    _Rule("well", "welfare.visits.persons", "welfare.visits.persons", 12, "继续开展节日慰问和困难职工帮扶"),
)
WHY = {
    "lapses": "{year}年到期：上年末查得{label}{shown}",
    "short": "上年未满：{label}{shown}",
    "wrong": "上年遗留：{label}{shown}",
    "well": "上年做得好：{label}{shown}，继续保持",
    "again": "上年做过：{label}{shown}，今年按期再做",
}


def suggestions(year: int, union: Union | None, today: date) -> list[Suggestion]:
    """Targets for a year that its plan does not have yet: from the year before, and carried over from its plan."""
    scope = scope_of_year(year - 1, union, today)
    rules = [r for r in RULES if facts.registry.get(r.key) and facts.registry.get(r.bound)]
    values = facts.compute({r.key for r in rules}, scope)
    proposed = [*carried_over(year, union, today), *_proposed(rules, values, year)]
    planned = set(PlanItem.objects.filter(year=year, union=union).values_list("key", "wording"))
    bound = {key for key, _ in planned if key}
    kept: dict[tuple[str, str], Suggestion] = {}
    for suggestion in proposed:
        is_planned = (suggestion.key, suggestion.wording) in planned or suggestion.key in bound
        if not is_planned:
            kept.setdefault((suggestion.key, "" if suggestion.key else suggestion.wording), suggestion)
    return list(kept.values())


def take(chosen: Iterable[Suggestion], year: int, union: Union | None) -> list[PlanItem]:
    """The suggestions as items of the plan; call it within an act."""
    return [
        PlanItem.objects.create(
            year=year,
            union=union,
            wording=each.wording,
            measure=each.measure,
            key=each.key,
            target=each.target,
            due_on=each.due_on,
            owner=each.owner,
            carried_from=each.carried,
            carries_rest=each.carried is not None and each.carried.carries_rest,
        )
        for each in chosen
    ]


def _proposed(rules: Iterable[_Rule], values: dict[str, FactValue], year: int) -> Iterator[Suggestion]:
    for rule in rules:
        found = values[rule.key]
        if wording.is_empty(found.value):
            continue
        number = _number(found)
        if rule.when == "short" and number >= 100:
            continue
        target = {"short": Decimal(100), "wrong": Decimal(0), "again": None}.get(rule.when, number)
        yield Suggestion(
            WHY[rule.when].format(
                year=year, label=found.fact.label, shown=wording.amount(number, found.fact.unit)
            ),
            rule.wording,
            {"wrong": Measure.AT_MOST, "again": Measure.DATE}.get(rule.when, Measure.REACH),
            rule.bound,
            target,
            _month_end(year, rule.month),
        )


def carried_over(year: int, union: Union | None, today: date) -> Iterator[Suggestion]:
    """Open items of the last plan, a stock, rate or upper bound as the level it is, of a yearly count what is left of it
    where its line says so; cancelled items are not carried over."""
    for standing_ in board(year - 1, union, today):
        if reason_to_stay(standing_):
            continue
        item = standing_.item
        due_on = item.due_on.replace(year=year, day=min(item.due_on.day, 28))
        yield Suggestion(
            f"上年结转：{standing_.word}{f'（{standing_.shown}）' if standing_.shown else ''}",
            item.wording,
            item.measure,
            item.key,
            remainder(standing_),
            _month_end(year, due_on.month),
            item.owner,
            item,
        )


def is_yearly(found: Standing) -> bool:
    """Whether a target is a count to be reached within its year, which begins anew in the next."""
    is_count = found.fact is not None and found.fact.kind in facts.IN_PERIOD
    return is_count and found.item.measure == Measure.REACH


def remainder(found: Standing) -> Decimal | None:
    """The target a line is carried over with: of a yearly count what is left of it, else the same level."""
    if found.item.target is None or found.value is None or not is_yearly(found):
        return found.item.target
    return found.item.target - _number(found.value)


def reason_to_stay(found: Standing) -> str:
    """Why an item of a plan is not carried over; empty for one that is."""
    if found.is_done or found.word == LATE:
        return "已经完成"
    if found.item.cancelled_on:
        return f"已取消：{found.item.cancel_reason}"
    if is_yearly(found) and not found.item.carries_rest:
        return "年度指标，不结转"
    return ""


def not_carried(year: int, union: Union | None, today: date) -> list[NotCarried]:
    """Items of the last plan that were not done and yet stay behind."""
    return [
        NotCarried(found.item, why)
        for found in board(year - 1, union, today)
        if not found.is_done and found.word != LATE and (why := reason_to_stay(found))
    ]


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def reconciliation(year: int, union: Union | None, today: date) -> list[Standing]:
    """The plan of a year line by line as its summary tells it: done, partly, not, cancelled and why.

    A target whose day has not come counts as it stands at the end of what is known."""
    items = board(year, union, today)
    return [standing(found.item, found.value, date.max, found.first_on) for found in items]
