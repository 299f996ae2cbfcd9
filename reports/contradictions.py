"""Figures that cannot stand beside each other: the reconciliation rules R1 to R15 that the present facts allow.

R5 and R14 look at the document itself: at the figures it prints, also those typed over, and at their days.

R2 to R4, R6 and R13 are questions about single records and stand among the data-quality checks; a list of names (R13)
is read from the records themselves. R8, R9, R11 and R15 wait for contracts, cases, insurance and the county's figures.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from unionoffice import facts
from unionoffice.facts import FactValue, Scope

from .drafting import Draft, Order
from .figures import exact
from .models import FrozenFigure, Report, State
from .periods import Period
from .scopes import months
from .wording import full_day


@dataclass(frozen=True)
class AtMost:
    """One figure may not be above another."""

    rule: str
    smaller: str
    larger: str


@dataclass(frozen=True)
class Balance:
    """A stock at the start, with what came and without what went, is the stock at the end."""

    rule: str
    label: str
    stocks: tuple[str, ...]
    plus: tuple[str, ...]
    minus: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.stocks, *self.plus, *self.minus)


@dataclass(frozen=True)
class Contradiction:
    """One rule broken: its number, one Chinese line, and the figures to look at as (label, address)."""

    rule: str
    message: str
    figures: tuple[FactValue, ...]


AT_MOST = (
    *(
        AtMost("R1", f"members.{group}.count", "members.active.count")
        for group in ("women", "migrant", "new_form", "ecard")
    ),
    AtMost("R7", "grassroots.stars.five.count", "grassroots.stars.rated.count"),
    AtMost("R7", "grassroots.stars.rated.count", "grassroots.unions.count"),
    AtMost("R10", "grassroots.posts.part_time_chair.count", "grassroots.unions.count"),
)
BALANCES = (
    Balance(
        "R5",
        "会员",
        ("members.active.count",),
        (
            "members.joined.first.count",
            "members.joined.again.count",
            "members.resumed.count",
            "members.moved_in.count",
        ),
        ("members.left.count", "members.moved_out.count"),
    ),
    Balance(
        "R5",
        "工会",
        ("grassroots.unions.count", "grassroots.unions.federation.count"),
        ("grassroots.unions.founded.count",),
        ("grassroots.unions.dissolved.count", "grassroots.unions.merged.count"),
    ),
)
# Figures of which those of the months make that of the year (R12).
MONTHLY = (
    "members.joined.count",
    "members.left.count",
    "welfare.visits.count",
    "welfare.visits.amount",
    "welfare.visits.season_amount",
    "activities.held.count",
)


def contradictions(draft: Draft) -> list[Contradiction]:
    """Every rule the figures of a document and of its period break."""
    return [*_above(draft.scope), *_uneven(draft.scope), *between_totals(draft)]


def between_totals(draft: Draft) -> list[Contradiction]:
    """What was, came, went and is, as the document prints it (R5), and as last year's final one closed (R14)."""
    if draft.order.kind == "plan":
        return []
    scope, known = draft.scope, [b for b in BALANCES if all(map(facts.registry.get, b.keys))]
    opening = scope.at(as_of=scope.start - timedelta(days=1), as_ofs=())
    before = facts.compute({key for b in known for key in b.stocks}, opening)
    unsaid = {key for b in known for key in b.keys} - draft.values.now.keys()
    printed = facts.compute(unsaid, scope) | dict(draft.values.now)
    return [*_unbalanced(known, before, printed), *_unlike_last_year(draft.order, before)]


def _above(scope: Scope) -> Iterator[Contradiction]:
    known = [r for r in AT_MOST if facts.registry.get(r.smaller) and facts.registry.get(r.larger)]
    # Both sides of a comparison hold for one day, whatever their slots say.
    values = facts.compute({key for r in known for key in (r.smaller, r.larger)}, scope.at(as_ofs=()))
    for rule in known:
        smaller, larger = values[rule.smaller], values[rule.larger]
        if (smaller.value or 0) > (larger.value or 0):
            yield Contradiction(rule.rule, f"{_told(smaller)}多于{_told(larger)}", (smaller, larger))


def _told(found: FactValue) -> str:
    return f"{found.fact.label}（{found.value or 0}{found.fact.unit}）"


def _unbalanced(
    known: Iterable[Balance], before: Mapping[str, FactValue], printed: Mapping[str, FactValue]
) -> Iterator[Contradiction]:
    for balance in known:
        start, end = _sum(before, balance.stocks), _sum(printed, balance.stocks)
        came, went = _sum(printed, balance.plus), _sum(printed, balance.minus)
        if start + came - went != end:
            said = (
                f"{balance.label}期初{start}＋增加{came}－减少{went}＝{start + came - went}，与期末{end}不符"
            )
            stock, flow = printed[balance.stocks[0]].scope.as_of, printed[balance.keys[-1]].scope.end
            days = f"（总数截至{full_day(stock)}，增减截至{full_day(flow)}）" if stock != flow else ""
            yield Contradiction(balance.rule, said + days, tuple(printed[key] for key in balance.keys))


def _unlike_last_year(order: Order, before: Mapping[str, FactValue]) -> Iterator[Contradiction]:
    """Opening figures that are not those with which the last final document closed."""
    day = order.period.start - timedelta(days=1)
    closed = Report.objects.filter(state=State.FINAL, union=order.union, end=day).exclude(kind="plan")
    last = closed.filter(Q(superseded_by__isnull=True) | ~Q(superseded_by__state=State.FINAL))
    for figure in FrozenFigure.objects.filter(
        report=last.order_by("-start", "-finalised_at").first(), key__in=before, compared=False
    ):
        now = exact(before[figure.key])
        if figure.printed != now:
            yield Contradiction(
                "R14",
                f"{figure.label}期初为{now}（{full_day(day)}），上期定稿为{figure.printed}（截至{full_day(figure.as_of)}）",
                (before[figure.key],),
            )


def _sum(values: Mapping[str, FactValue], keys: tuple[str, ...]) -> int:
    return sum(int(values[key].value or 0) for key in keys)


def _uneven(scope: Scope) -> Iterator[Contradiction]:
    if Period(scope.start, scope.end).kind == "month" or scope.start.year != scope.end.year:
        return
    known = [key for key in MONTHLY if facts.registry.get(key)]
    whole = facts.compute(known, scope.at(as_ofs=()))
    parts = [facts.compute(known, part) for part in months(scope)]
    for key in known:
        summed = sum(month[key].value or 0 for month in parts)
        if summed != (whole[key].value or 0):
            label, unit = whole[key].fact.label, whole[key].fact.unit
            yield Contradiction(
                "R12",
                f"{label}各月合计{summed}{unit}，与全期{whole[key].value or 0}{unit}不符",
                (whole[key],),
            )
