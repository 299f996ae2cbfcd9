"""Making the events say what a form or a roster wrote into union, state and joined_on of members, set by set."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from unionoffice.organisation.models import User

from .choices import ENDED_STATES, STATE_AFTER, EventKind, State
from .models import MembershipEvent

WITH_EVENTS = "select distinct member_id from members_membershipevent where member_id = any(%s)"
# Asked apart from who has events: while rows go into a table that was empty, a look into it would grow with each.
FIRST_EVENTS = """
insert into members_membershipevent (member_id, "on", kind, union_id, state, reason, from_state)
select m.id, m.joined_on, case m.state when 'active' then 'join' else 'register' end, m.union_id, m.state, '', ''
from members_member m where m.id = any(%s)
"""
IN_FIRST_EVENTS = "select set_config('unionoffice.first_events', %s, true)"
# Looked up member by member in the index: right after a large import the planner knows nothing of the new rows.
DIFFERENT = """
select m.id, m.union_id, m.state, m.joined_on, f.id, f."on", l.id, l."on", l.state, l.from_state,
  (m.union_id, m.state) is distinct from (l.union_id, l.state)
from members_member m
cross join lateral (
  select e.id, e."on" from members_membershipevent e where e.member_id = m.id order by e."on" limit 1
) f
cross join lateral (
  select e.id, e."on", e.union_id, e.state, e.from_state
  from members_membershipevent e where e.member_id = m.id and e."on" <= greatest(f."on", %s)
  order by e."on" desc limit 1
) l
where m.id = any(%s) and (m.union_id, m.state, m.joined_on) is distinct from (l.union_id, l.state, f."on")
"""
MOVE_FIRST = """
update members_membershipevent e set "on" = d.day
from unnest(%s::bigint[], %s::date[]) d(id, day) where e.id = d.id
"""
CORRECT_LAST = """
update members_membershipevent e set union_id = d.union_id, state = d.state, kind = d.kind
from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) d(id, union_id, state, kind) where e.id = d.id
"""
REASON = "名册更新"


class Different(NamedTuple):
    """A member whose row says something else than the events: what it says, and the first event and the last that has come."""

    member: int
    union: int
    state: str
    joined: date
    first: int
    first_on: date
    last: int
    last_on: date
    last_state: str
    state_before_last: str
    has_changed: bool


def follow_roster(pks: Sequence[int], by: User | None = None, on: date | None = None) -> None:
    """Write the events that follow from the rows of these members; call it inside the act that wrote the rows.

    The first event of a new member is on the day of joining: 入会, or 登记 when the roster gives a state other than
    正常, since the day of that change is unknown. Of a known member another day of joining moves the first event;
    another union or state is an event of the day `on`, or of today where the member has later events. Where the day
    already has an event, that one is corrected.
    """
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(WITH_EVENTS, [list(pks)])
        known = {row[0] for row in cursor.fetchall()}
        # They say what the members' rows say, so that nothing is left for the trigger to do.
        cursor.execute(IN_FIRST_EVENTS, ["on"])
        cursor.execute(FIRST_EVENTS, [[pk for pk in pks if pk not in known]])
        cursor.execute(IN_FIRST_EVENTS, ["off"])
        cursor.execute(DIFFERENT, [today, list(known)])
        different = [Different(*row) for row in cursor.fetchall()]
        moved = [row for row in different if row.joined != row.first_on]
        if moved:
            cursor.execute(MOVE_FIRST, [[row.first for row in moved], [row.joined for row in moved]])
        changed = [(row, _day(row, on or today, today)) for row in different if row.has_changed]
        corrected = [row for row, day in changed if day is None]
        if corrected:
            columns = zip(
                *((row.last, row.union, row.state, _corrected_kind(row)) for row in corrected), strict=True
            )
            cursor.execute(CORRECT_LAST, [list(column) for column in columns])
    MembershipEvent.objects.bulk_create(
        MembershipEvent(
            member_id=row.member,
            on=day,
            kind=_explained(row.last_state, row.state),
            union_id=row.union,
            state=row.state,
            reason=REASON,
        )
        for row, day in changed
        if day is not None
    )


def _day(row: Different, on: date, today: date) -> date | None:
    """The day of a member's new event; None where the last event is to be corrected instead."""
    last = row.joined if row.first == row.last else row.last_on
    if last < on:
        return on
    return today if on < last < today else None


def _corrected_kind(row: Different) -> EventKind:
    if row.state_before_last:
        return _explained(row.state_before_last, row.state)
    return EventKind.JOIN if row.state == State.ACTIVE else EventKind.REGISTER


def _explained(before: str, after: str) -> EventKind:
    """The kind of event that leads from one state to another."""
    if after == State.ACTIVE:
        if before == State.ACTIVE:
            return EventKind.TRANSFER
        return EventKind.REJOIN if before in (*ENDED_STATES, State.APPLIED) else EventKind.RESUME
    return next((kind for kind, state in STATE_AFTER.items() if state == after), EventKind.REGISTER)
