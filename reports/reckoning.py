"""The plan of a year reckoned up in its summary: one sentence for each line, worded by what the records say.

The verdict is the choice of a variant, so it follows every figure, also one the office typed over.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from unionoffice import facts
from unionoffice.facts import FactValue, Scope
from unionoffice.organisation.models import Union

from . import plans, wording
from .outline import Chapter, Document, Section, Sentence, Variant, When, none, say
from .plan_items import Measure, PlanItem

# Words of the opening sentence: what they are called, and the verdict they count.
COUNTS = {
    "plan_lines": ("计划项数", ""),
    "plan_done": ("计划已完成项数", plans.DONE),
    "plan_late": ("计划逾期完成项数", plans.LATE),
    "plan_partly": ("计划部分完成项数", plans.PARTLY),
    "plan_not": ("计划未完成项数", plans.NOT),
    "plan_cancelled": ("计划取消项数", plans.CANCELLED),
}
LABELS = {word: label for word, (label, _) in COUNTS.items()}
OPENING = say(
    "plan.reckoned",
    "{year}列入计划{plan_lines}[，[、|完成{plan_done}|逾期完成{plan_late}|部分完成{plan_partly}|未完成{plan_not}"
    "|取消{plan_cancelled}]]。",
)
UNREADABLE = str.maketrans({"{": "（", "}": "）", "[": "（", "]": "）", "|": "、"})
CENT = Decimal("0.01")


def items_of(year: int, union: Union | None) -> list[PlanItem]:
    """The lines of a year's plan in its order."""
    planned = PlanItem.objects.filter(year=year, union=union).prefetch_related("carried_to")
    return list(planned.order_by("due_on", "pk"))


def with_plan(document: Document, year: int, union: Union | None, today: date) -> Document:
    """The document whose first part, the summary, ends with the plan line by line; as it was where nothing was planned."""
    items = items_of(year, union)
    if not items:
        return document
    first_days = plans.first_days(items, plans.scope_of_year(year, union, today))
    lines = tuple((_sentence(item, first_days.get(item.pk)),) for item in items)
    section = Section("对照计划逐项交账", ((replace(OPENING, stands_alone=True),), *lines))
    summary, *others = document.parts
    chapters = (*summary.chapters, Chapter("年度计划落实情况", (section,)))
    return replace(document, parts=(replace(summary, chapters=chapters), *others))


def counts(items: Sequence[PlanItem], values: Mapping[str, FactValue], scope: Scope) -> dict[str, str]:
    """The words of the opening sentence: how many lines came to what; empty for none."""
    first_days = plans.first_days(items, scope)
    found = Counter(
        plans.standing(item, values.get(item.key), date.max, first_days.get(item.pk)).word for item in items
    )
    numbers = {word: found[verdict] if verdict else found.total() for word, (_, verdict) in COUNTS.items()}
    return {word: f"{number}项" if number else "" for word, number in numbers.items()}


def plain_words(typed: str) -> str:
    """What an office typed as part of a sentence: without signs of the grammar and marks at its end."""
    return typed.translate(UNREADABLE).rstrip("。；，、 ")


def _sentence(item: PlanItem, first_on: date | None) -> Sentence:
    said = plain_words(item.wording)
    rest = "，结转{next_year}继续办理" if item.carried_to.all() else ""
    known = item.measure == Measure.STEP or facts.registry.get(item.key)
    wordings = _cancelled if item.cancelled_on else _WORDINGS[item.measure] if known else _without_figure
    variants = (
        variant if isinstance(variant, Variant) else Variant(variant)
        for variant in wordings(item, rest, first_on)
    )
    told = tuple(replace(variant, text=f"{said}：{variant.text}。") for variant in variants)
    return Sentence(f"plan.line.{item.pk}", told, stands_alone=True)


Wordings = Iterator[str | Variant]


def _cancelled(item: PlanItem, rest: str, first_on: date | None) -> Wordings:
    yield f"已取消，原因是{plain_words(item.cancel_reason)}"


def _without_figure(item: PlanItem, rest: str, first_on: date | None) -> Wordings:
    yield "所用的数据已经停用，没有核对"


def _step(item: PlanItem, rest: str, first_on: date | None) -> Wordings:
    yield f"已于{wording.month_day(item.done_on)}办成" if item.done_on else f"未完成{rest}"


def _by_day(item: PlanItem, rest: str, first_on: date | None) -> Wordings:
    due, figure = wording.month_day(item.due_on), f"{{{item.key}}}"
    if first_on is None:
        yield f"计划{due}前办成，没有记录，未完成{rest}"
    elif first_on <= item.due_on:
        yield f"{wording.month_day(first_on)}办成[，{{throughout}}共{figure}]，按期完成"
    else:
        yield f"{wording.month_day(first_on)}办成[，{{throughout}}共{figure}]，晚于计划的{due}"


def _reach(item: PlanItem, rest: str, first_on: date | None) -> Wordings:
    label, target = _target(item)
    figure = f"{{{item.key}}}"
    reached = When("at_least", item.key, item.target)
    yield Variant(f"{label}目标{target}，实际{figure}，已完成", (reached,))
    yield Variant(f"{label}目标{target}，已完成", (reached,))
    why = f"，原因是{plain_words(item.lag_reason)}" if item.lag_reason else ""
    yield f"{label}目标{target}，实际{figure}，部分完成{why}{rest}"
    yield f"{label}目标{target}，没有记录，未完成{why}{rest}"


def _at_most(item: PlanItem, rest: str, first_on: date | None) -> Wordings:
    label, target = _target(item)
    figure = f"{{{item.key}}}"
    aim = f"{label}要求不超过{target}" if item.target else f"{label}要求清零"
    yield Variant(f"{aim}，实际{figure}，未完成{rest}", (When("at_least", item.key, item.target + CENT),))
    yield Variant(f"{aim}，实际没有，已完成", (none(item.key),))
    yield f"{aim}，实际{figure}，已完成"
    yield f"{aim}，没有数据可以核对"


def _target(item: PlanItem) -> tuple[str, str]:
    """The figure's name, and the target with its counter."""
    fact = facts.registry[item.key]
    return fact.label, wording.amount(item.target, fact.unit)


_WORDINGS: dict[str, Callable[[PlanItem, str, date | None], Wordings]] = {
    Measure.REACH: _reach,
    Measure.AT_MOST: _at_most,
    Measure.DATE: _by_day,
    Measure.STEP: _step,
}
