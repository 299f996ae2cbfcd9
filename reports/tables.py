"""Attachments on demand: tables made of facts and of the rows behind them. No person's name stands in them."""

from collections.abc import Callable
from decimal import Decimal

from unionoffice import facts
from unionoffice.facts import Fact, FactValue
from unionoffice.organisation.models import Union

from . import wording
from .drafting import Draft
from .plans import reconciliation
from .scopes import by_month
from .summary import Table

MONTHLY = (
    "activities.held.count",
    "activities.attendance.person_times",
    "welfare.visits.count",
    "welfare.visits.season_amount",
)
VISITS = "welfare.visits."
STARS = ("five", "four", "three", "two", "one")


def tables_of(draft: Draft) -> tuple[Table, ...]:
    """The tables the order of a document asks for; one without rows is left out."""
    made = (TABLES[name][1](draft) for name in TABLES if name in draft.order.tables)
    return tuple(table for table in made if table.rows)


def _unions(draft: Draft) -> Table:
    fact = facts.registry.get("grassroots.unions.count")
    rows = fact.rows(draft.scope.for_slot(fact.slot)).order_by("name") if fact else Union.objects.none()
    return Table(
        "基层工会名册",
        (("序号", 8), ("工会名称", 50), ("类型", 22), ("建会日期", 20)),
        tuple(
            (str(number), union.name, union.get_kind_display(), str(union.founded_on or ""))
            for number, union in enumerate(rows, 1)
        ),
    )


def _stars(draft: Draft) -> Table:
    found = [fact for level in STARS if (fact := facts.registry.get(f"grassroots.stars.{level}.count"))]
    rows = [
        (fact.label.removesuffix("工会数"), str(union))
        for fact in found
        for union in fact.rows(draft.scope.for_slot(fact.slot)).order_by("name")
    ]
    return Table(
        "星级基层工会名册",
        (("序号", 10), ("星级", 20), ("工会名称", 70)),
        tuple((str(number), level, name) for number, (level, name) in enumerate(rows, 1)),
    )


def _visits(draft: Draft) -> Table:
    """Visits by occasion, those that took place."""
    counted = [
        fact for fact in facts.registry if fact.key.startswith(VISITS) and fact.key.endswith(".visits")
    ]
    names = [fact.key.removesuffix("visits") for fact in counted]
    keys = [f"{name}{measure}" for name in names for measure in ("visits", "persons", "season_amount")]
    values = facts.compute([key for key in keys if facts.registry.get(key)], draft.scope)
    rows = []
    for fact in counted:
        name = fact.key.removesuffix("visits")
        if values[fact.key].value:
            figures = (values.get(f"{name}{measure}") for measure in ("visits", "persons", "season_amount"))
            rows.append((fact.label, *(_amount(figure) for figure in figures)))
    return Table("慰问情况表", (("项目", 40), ("次数", 20), ("人数", 20), ("款物", 20)), tuple(rows))


def _monthly(draft: Draft) -> Table:
    known: list[Fact] = [fact for key in MONTHLY if (fact := facts.registry.get(key))]
    rows = tuple(
        (name, *(_amount(values[fact.key]) for fact in known))
        for name, values in by_month(draft.scope, [fact.key for fact in known])
        if any(values[fact.key].value for fact in known)
    )
    return Table("各月活动和慰问情况表", (("月份", 12), *((fact.label, 22) for fact in known)), rows)


def _plan(draft: Draft) -> Table:
    """The plan of the year line by line: done, partly, not, cancelled and why."""
    order = draft.order
    found = reconciliation(order.year, order.union, order.today)
    rows = tuple(
        (
            str(number),
            line.item.wording,
            f"{line.fact.label}{line.target}" if line.fact else "办成",
            line.shown or (wording.full_day(line.item.done_on) if line.item.done_on else ""),
            f"{line.word}{f'：{line.item.cancel_reason}' if line.item.cancel_reason else ''}",
        )
        for number, line in enumerate(found, 1)
    )
    columns = (("序号", 8), ("工作内容", 36), ("目标", 24), ("实绩", 14), ("完成情况", 18))
    return Table(f"{order.year}年计划完成情况表", columns, rows)


def _amount(found: FactValue | None) -> str:
    if found is None or not isinstance(found.value, int | Decimal):
        return ""
    return wording.amount(found.value, found.fact.unit) if found.value else ""


TABLES: dict[str, tuple[str, Callable[[Draft], Table]]] = {
    "plan": ("年度计划完成情况", _plan),
    "unions": ("基层工会名册", _unions),
    "stars": ("星级基层工会名册", _stars),
    "months": ("各月活动和慰问情况", _monthly),
    "visits": ("慰问情况", _visits),
}
