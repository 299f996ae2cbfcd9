"""Nobody comes into a union before its founding or after its end: for steps, requests, forms and imports alike."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q

from unionoffice.organisation.models import Union
from unionoffice.records.importing.identifying import among
from unionoffice.records.rules import Batch, Problem, refused, warned

from .choices import EventKind
from .models import Member, MembershipEvent

# What a roster calls the day of joining may be that of an earlier union: one joins once and moves with the job (§1.3).
FIRST = (EventKind.JOIN, EventKind.REGISTER)
MOVING = (EventKind.TRANSFER, EventKind.REJOIN, EventKind.RESUME, EventKind.MOVE_IN)


def unfounded(union: Union, on: date) -> str:
    """Why nobody is in the union on that day: it was founded later. Empty where it was there or its day is unknown."""
    if union.founded_on is None or union.founded_on <= on:
        return ""
    return f"{union}{union.founded_on}才建会，日期{on}早于建会日期"


def ended(union: Union, on: date) -> str:
    """Why nobody is in the union on that day: it had ended. Empty where it had not."""
    if union.dissolved_on is None or on < union.dissolved_on:
        return ""
    return f"{union}已于{union.dissolved_on}撤销"


def joins_in_life(batch: Batch) -> Iterator[Problem]:
    """A member joins a union, or is moved to it by a roster, while it is there."""
    unions = _dated(batch.column("union"))
    stored, moved = _as_stored(batch) if unions else ({}, frozenset())
    for index, (union_pk, joined) in batch.rows("union", "joined_on"):
        union, pk = unions.get(union_pk), batch.pks[index]
        if union is None or joined is None:
            continue
        before, joined_before = stored.get(pk, (union_pk, None))
        if before != union_pk:
            yield from _moves(index, union, batch.since or batch.today, "union")
        elif joined != joined_before and pk not in moved:
            yield from _joins(index, union, joined)


def events_in_life(batch: Batch) -> Iterator[Problem]:
    """What happens to a membership happens in a union that is there."""
    unions = _dated(batch.column("union"))
    for index, (union_pk, on, kind) in batch.rows("union", "on", "kind"):
        union = unions.get(union_pk)
        if union is None or on is None:
            continue
        if kind in FIRST:
            yield from _joins(index, union, on, "on")
        elif kind in MOVING:
            yield from _moves(index, union, on, "on")
        elif said := ended(union, on):
            yield refused(index, "on", "union-ended", said)


def requests_in_life(batch: Batch) -> Iterator[Problem]:
    """Nobody is asked for by a union from a day on which it was not there."""
    unions = _dated(batch.column("to_union"))
    for index, (union_pk, on) in batch.rows("to_union", "on"):
        if on is not None and union_pk in unions:
            yield from _moves(index, unions[union_pk], on, "on")


def _joins(index: int, union: Union, on: date, field: str = "joined_on") -> Iterator[Problem]:
    if said := ended(union, on):
        yield refused(index, field, "union-ended", said)
    elif said := unfounded(union, on):
        hint = "请核对；以前在其他工会入会的请写明原因"
        yield warned(index, field, "joined-before-founding", f"{said}，{hint}")


def _moves(index: int, union: Union, on: date, field: str) -> Iterator[Problem]:
    if said := ended(union, on):
        yield refused(index, field, "union-ended", said)
    elif said := unfounded(union, on):
        yield refused(index, field, "union-not-founded", said)


def _dated(pks: Iterable[int | None]) -> dict[int, Union]:
    """Of these unions the ones whose beginning or end is known."""
    dated = Q(founded_on__isnull=False) | Q(dissolved_on__isnull=False)
    return {union.pk: union for union in Union.objects.filter(dated, pk__in=set(pks) - {None})}


def _as_stored(batch: Batch) -> tuple[dict[int, tuple[int, date]], frozenset[int]]:
    """Union and day of joining of the stored members, and those of them who joined in some other union."""
    known = among([pk for pk in batch.pks if pk is not None])
    rows = Member.objects.filter(pk__in=known).values_list("pk", "union", "joined_on")
    moved = MembershipEvent.objects.filter(member__in=known, kind__in=MOVING).values_list("member", flat=True)
    return {pk: (union, joined) for pk, union, joined in rows}, frozenset(moved)
