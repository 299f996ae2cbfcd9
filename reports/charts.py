"""Attachments on demand: charts made of facts, each of the very figures the lists behind them count."""

from collections.abc import Callable, Iterable

from django.db.models import Count

from unionoffice import facts
from unionoffice.facts import ROWS, Scope
from unionoffice.organisation.models import Union

from . import wording
from .drafting import Draft
from .scopes import by_month
from .summary import Chart, ChartKind, Series

MEMBERS = "members.active.count"
EVENTS = ("activities.held.count", "welfare.visits.count")
ATTENDANCE = "activities.attendance.person_times"
MOST_UNIONS = 10
# A line or a row of columns says something from two points on.
LEAST_POINTS = 2


def charts_of(draft: Draft) -> tuple[Chart, ...]:
    """The charts the order of a document asks for; one without anything to show is left out."""
    made = (CHARTS[name][1](draft) for name in CHARTS if name in draft.order.charts)
    return tuple(chart for chart in made if _says_something(chart))


def _says_something(chart: Chart) -> bool:
    return len(chart.categories) >= LEAST_POINTS and any(
        value != "0" for series in chart.series for value in series.values
    )


def _members(draft: Draft) -> Chart:
    return _by_month(draft.scope, "各月末会员人数", "line", [MEMBERS])


def _events(draft: Draft) -> Chart:
    return _by_month(draft.scope, "各月活动场次和慰问次数", "column", EVENTS)


def _attendance(draft: Draft) -> Chart:
    return _by_month(draft.scope, "各月参加活动人次", "column", [ATTENDANCE])


def _by_month(scope: Scope, title: str, kind: ChartKind, keys: Iterable[str]) -> Chart:
    """A chart with a point for every month and a series for every fact."""
    known = [fact for key in keys if (fact := facts.registry.get(key))]
    parts = by_month(scope, [fact.key for fact in known])
    return Chart(
        title,
        kind,
        tuple(name for name, _ in parts),
        tuple(
            Series(
                fact.label,
                fact.unit,
                tuple(wording.plain(values[fact.key].value or 0) for _, values in parts),
            )
            for fact in known
        ),
    )


def _unions(draft: Draft) -> Chart:
    """The unions with most members; those of equal size by name."""
    fact = facts.registry.get(MEMBERS)
    if fact is None or fact.measure != ROWS:
        raise ValueError(f"{MEMBERS} does not count rows")
    path = fact.model.union_path
    rows = fact.rows(draft.scope.for_slot(fact.slot))
    counted = rows.values(path).annotate(members=Count("pk"))
    largest = list(counted.order_by("-members", f"{path}__name")[:MOST_UNIONS])
    unions = Union.objects.in_bulk([row[path] for row in largest])
    return Chart(
        f"会员最多的{len(largest)}家基层工会",
        "bar",
        tuple(unions[row[path]].short_name or unions[row[path]].name for row in largest),
        (Series(fact.label, fact.unit, tuple(str(row["members"]) for row in largest)),),
    )


CHARTS: dict[str, tuple[str, Callable[[Draft], Chart]]] = {
    "members": ("各月末会员人数", _members),
    "unions": ("会员最多的基层工会", _unions),
    "events": ("各月活动场次和慰问次数", _events),
    "attendance": ("各月参加活动人次", _attendance),
}
