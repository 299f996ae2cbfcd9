"""Reads over memberships: who was a member on a day, who came and went in a period. Conditions are over MembershipEvent.

unions is the scope of the question (None: the whole town). It is the union of the day asked for that counts, not
today's, and a move inside the scope is neither coming nor going.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Greatest, Least, NullIf, Round

from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union
from unionoffice.organisation.today import Today

from .choices import ENDED_STATES, KEPT_STATES, SUSPENDED, EventKind, Flag, State
from .models import CollectionTask, FlagSpan, MembershipEvent

Unions = frozenset[int] | None
# Where a membership stood that did not end and counts again.
INTERRUPTED = Q(from_state__in=(*SUSPENDED, State.MOVING_OUT))


def _now_in(unions: Unions) -> Q:
    counted = Q(state=State.ACTIVE)
    return counted if unions is None else counted & Q(union__in=unions)


def _before_in(unions: Unions) -> Q:
    counted = Q(from_state=State.ACTIVE)
    return counted if unions is None else counted & Q(from_union__in=unions)


def in_force(day: date) -> Q:
    """The one event of each member that says where the member stood on that day."""
    return Q(on__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


def active_on(day: date, unions: Unions = None) -> Q:
    """Events by which a person counts as a member on that day, one per person."""
    return in_force(day) & _now_in(unions)


def flagged(flag: Flag, day: Any, outer_day: Any = None) -> Q:
    """Events of members whose flag stood on that day, whatever it is today. outer_day: the day as a subquery calls it."""
    outer_day = day if outer_day is None else outer_day
    if flag == Flag.CARD:
        unknown = Q(member__app_bound_on__isnull=True)
        now = Q(member__app_bound=True) & (unknown | Q(member__app_bound_on__lte=day))
    else:
        now = Q(member__is_complete=True)
    spans = FlagSpan.objects.filter(member=OuterRef("member"), flag=flag)
    begun = Q(since__isnull=True) | Q(since__lte=outer_day)
    later = spans.filter(until__isnull=True, since__gt=outer_day)
    return (now & ~Q(Exists(later))) | Q(Exists(spans.filter(begun, until__gt=outer_day)))


def happened(start: date, end: date) -> Q:
    """Events of the period, both days included, as far as their day has come."""
    return Q(on__range=(start, end), on__lte=Today())


def gained(start: date, end: date, unions: Unions = None) -> Q:
    """Events by which somebody not counted before is counted from that day on, both days included."""
    return happened(start, end) & _now_in(unions) & ~_before_in(unions)


def lost(start: date, end: date, unions: Unions = None) -> Q:
    """Events by which somebody counted before is no longer counted."""
    return happened(start, end) & _before_in(unions) & ~_now_in(unions)


def _entered(start: date, end: date, unions: Unions) -> Q:
    """Nobody counted them before, anywhere in the town, and they did not come from outside it."""
    return gained(start, end, unions) & ~Q(from_state=State.ACTIVE) & ~Q(kind=EventKind.MOVE_IN)


def joined(start: date, end: date, unions: Unions = None) -> Q:
    """入会 and 重新入会: whose membership had not begun, or had ended."""
    return _entered(start, end, unions) & ~INTERRUPTED


def first_joined(start: date, end: date, unions: Unions = None) -> Q:
    """入会 for the first time, as far as the office knows."""
    return joined(start, end, unions) & ~Q(from_state__in=ENDED_STATES)


def rejoined(start: date, end: date, unions: Unions = None) -> Q:
    """重新入会: whose membership had ended."""
    return joined(start, end, unions) & Q(from_state__in=ENDED_STATES)


def resumed(start: date, end: date, unions: Unions = None) -> Q:
    """恢复会籍: somebody retained or suspended counts again, whatever the event is called."""
    return _entered(start, end, unions) & INTERRUPTED


def moved_in(start: date, end: date, unions: Unions = None) -> Q:
    """From outside the town, or from a union outside the scope."""
    return gained(start, end, unions) & (Q(from_state=State.ACTIVE) | Q(kind=EventKind.MOVE_IN))


def left(start: date, end: date, unions: Unions = None) -> Q:
    """减员: out of the count in any way but a transfer: left, moved out of town, retained, expelled, deceased."""
    return lost(start, end, unions) & ~Q(state=State.ACTIVE)


def moved_out(start: date, end: date, unions: Unions = None) -> Q:
    """To a union of the town outside the scope; always empty for the whole town."""
    return lost(start, end, unions) & Q(state=State.ACTIVE)


def retained(start: date, end: date, unions: Unions = None) -> Q:
    """Of those who left the count, the ones whose membership is kept."""
    return left(start, end, unions) & Q(state__in=KEPT_STATES)


def transferred(start: date, end: date, unions: Unions = None) -> Q:
    """Moves between unions of the town, seen from either side."""
    moves = happened(start, end) & Q(state=State.ACTIVE, from_state=State.ACTIVE)
    if unions is not None:
        moves &= Q(union__in=unions) | Q(from_union__in=unions)
    return moves


def tasks_of(year: int, unions: Unions = None) -> Q:
    """The collection tasks that make up a year's target: the town's own task where there is one, else the unions'."""
    found = Q(year=year)
    if unions is not None:
        return found & Q(union__in=unions)
    whole = CollectionTask.objects.filter(year=year, union__kind=UnionKind.TOWNSHIP)
    return found & Q(union__kind=UnionKind.TOWNSHIP) if whole.exists() else found


def collected(day: date, year: int, unions: Unions = None) -> Q:
    """Members on that day with complete real-name data, in the unions that have a task in the year."""
    tasks = CollectionTask.objects.filter(tasks_of(year, unions))
    done = active_on(day, unions) & flagged(Flag.COMPLETE, day)
    if Union.objects.filter(kind=UnionKind.TOWNSHIP, pk__in=tasks.values("union")).exists():
        return done
    return done & Q(union__in=tasks.values("union"))


def done_by_year_end() -> Case:
    """Of a task: how many members in its union (of the town's task: in all) are complete, at the end of its year or now."""
    end = Func(OuterRef("year"), Value(12), Value(31), function="make_date", output_field=DateField())
    members = MembershipEvent.objects.alias(day=Least(end, Today()))
    rows = members.filter(active_on(F("day")), flagged(Flag.COMPLETE, F("day"), OuterRef("day")))
    return Case(
        When(union__kind=UnionKind.TOWNSHIP, then=_counted(rows)),
        default=_counted(rows.filter(union=OuterRef("union"))),
        output_field=IntegerField(),
    )


def rest_to_do() -> Greatest:
    """Of a task: how many members are still missing; none once it is exceeded."""
    return Greatest(F("target") - done_by_year_end(), 0)


def share_done() -> Round:
    """Of a task: done by target in per cent, one decimal; None where the target is none."""
    exact = DecimalField(max_digits=14, decimal_places=4)
    done, target = Cast(done_by_year_end(), exact), NullIf(Cast("target", exact), Value(Decimal()))
    return Round(
        done * Value(Decimal(100)) / target, 1, output_field=DecimalField(max_digits=14, decimal_places=1)
    )


def _counted(rows: QuerySet) -> Subquery:
    return Subquery(rows.order_by().annotate(n=Func(F("pk"), function="count")).values("n"))
