"""Stories of memberships: whatever the order of entry, the chain of events and the figures of any day are right."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from members import queries
from members.actions import change_membership, transfer_member
from members.choices import EventKind, State
from members.models import Member, MembershipEvent
from members.roster import follow_roster
from unionoffice import facts
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Act
from unionoffice.records.steps import StepRefused
from unionoffice.records.taking_back import take_back

from .samples import chain, event, new_member

YEAR = (date(2024, 1, 1), date(2024, 12, 31))


def on(day: str, unions: frozenset[int] | None = None) -> int:
    return MembershipEvent.objects.filter(queries.active_on(date.fromisoformat(day), unions)).count()


def figures(unions: frozenset[int] | None = None, period: tuple[date, date] = YEAR) -> dict[str, int]:
    """The flow figures of a period and the stocks at its two ends."""
    names = ("joined", "resumed", "moved_in", "left", "moved_out", "retained", "transferred")
    scope = facts.Scope(*period, period[1], unions)
    values = facts.compute([f"members.{name}.count" for name in names], scope)
    found = {name: values[f"members.{name}.count"].value for name in names}
    opening = facts.compute(["members.active.count"], scope.at(as_of=period[0] - timedelta(days=1)))
    closing = facts.compute(["members.active.count"], scope)
    found["opening"] = opening["members.active.count"].value
    found["closing"] = closing["members.active.count"].value
    return found


def balances(found: dict[str, int]) -> bool:
    gained = found["joined"] + found["resumed"] + found["moved_in"]
    return found["opening"] + gained - found["left"] - found["moved_out"] == found["closing"]


def test_new_member_counts_from_the_day_of_joining(union: Union) -> None:
    member = new_member(union, "2024-03-01")

    assert chain(member) == [("2024-03-01", "join", None, "宏达机械")]
    assert (on("2024-02-29"), on("2024-03-01")) == (0, 1)


def test_late_entry_lands_where_it_belongs(union: Union, other_union: Union) -> None:
    member = new_member(union, "2020-01-01")
    event(member, EventKind.LEAVE, "2024-06-01")

    event(member, EventKind.TRANSFER, "2022-05-01", other_union)

    assert chain(member) == [
        ("2020-01-01", "join", "2022-05-01", "宏达机械"),
        ("2022-05-01", "transfer", "2024-06-01", "金河村"),
        ("2024-06-01", "leave", None, "宏达机械"),
    ]
    assert on("2023-01-01", frozenset({union.pk})) == 0
    assert on("2023-01-01", frozenset({other_union.pk})) == 1


def test_late_entry_does_not_change_where_a_member_stands_now(union: Union, other_union: Union) -> None:
    member = new_member(union, "2020-01-01")
    event(member, EventKind.TRANSFER, "2024-06-01", other_union)

    event(member, EventKind.RETAIN, "2022-05-01", union)

    assert (member.union, member.state, member.joined_on) == (other_union, State.ACTIVE, date(2020, 1, 1))


def test_changing_and_deleting_events_keeps_the_chain_and_the_member_right(
    union: Union, other_union: Union
) -> None:
    member = new_member(union, "2020-01-01")
    moved = event(member, EventKind.TRANSFER, "2022-05-01", other_union)
    left = event(member, EventKind.LEAVE, "2024-06-01", other_union)

    MembershipEvent.objects.filter(pk=moved.pk).update(on="2023-05-01")
    left.delete()
    member.refresh_from_db()

    assert chain(member) == [
        ("2020-01-01", "join", "2023-05-01", "宏达机械"),
        ("2023-05-01", "transfer", None, "金河村"),
    ]
    assert (member.union, member.state) == (other_union, State.ACTIVE)


def test_event_before_the_first_moves_the_day_of_joining(union: Union) -> None:
    member = new_member(union, "2020-01-01")

    event(member, EventKind.JOIN, "2018-07-01")

    assert member.joined_on == date(2018, 7, 1)


def test_only_event_of_a_member_cannot_be_deleted(union: Union) -> None:
    member = new_member(union)

    with pytest.raises(StepRefused):
        member.events.get().delete()

    assert member.events.count() == 1


def test_transfer_counts_for_both_unions_and_is_neither_joined_nor_left_for_the_town(
    union: Union, other_union: Union, staff: User
) -> None:
    member = new_member(union, "2020-01-01")
    new_member(other_union, "2019-01-01", name="王五")
    transfer_member(member, to=other_union, on=date(2024, 6, 1), by=staff)

    town, old, new = figures(), figures(frozenset({union.pk})), figures(frozenset({other_union.pk}))

    assert (town["joined"], town["left"], town["moved_in"], town["moved_out"]) == (0, 0, 0, 0)
    assert (town["transferred"], old["transferred"], new["transferred"]) == (1, 1, 1)
    assert (old["moved_out"], old["moved_in"], old["joined"], old["left"]) == (1, 0, 0, 0)
    assert (new["moved_in"], new["moved_out"], new["joined"], new["left"]) == (1, 0, 0, 0)
    assert all(balances(found) for found in (town, old, new))


def test_year_balances_for_the_town_and_for_each_union(union: Union, other_union: Union) -> None:
    stays, leaves, retires, returns, moves = (new_member(union, "2020-01-01") for _ in range(5))
    new_member(union, "2024-02-01")
    event(leaves, EventKind.LEAVE, "2024-03-01")
    event(retires, EventKind.RETIRE, "2024-04-01")
    event(returns, EventKind.LEAVE, "2023-05-01")
    event(returns, EventKind.REJOIN, "2024-05-01", other_union)
    event(moves, EventKind.TRANSFER, "2024-06-01", other_union)
    event(moves, EventKind.MOVE_OUT, "2024-07-01")
    arrives = new_member(other_union, "2024-08-01")
    arrives.events.update(kind=EventKind.MOVE_IN)
    event(stays, EventKind.STOP_DUES, "2024-09-01")
    event(stays, EventKind.RESUME, "2024-10-01")

    town, one, two = figures(), figures(frozenset({union.pk})), figures(frozenset({other_union.pk}))

    assert town == {
        "opening": 4,
        "joined": 2,
        "resumed": 1,
        "moved_in": 1,
        "left": 4,
        "retained": 1,
        "moved_out": 0,
        "transferred": 1,
        "closing": 4,
    }
    assert all(balances(found) for found in (town, one, two))
    assert (one["opening"], one["closing"]) == (4, 2)
    assert (two["opening"], two["moved_in"], two["joined"], two["left"], two["closing"]) == (0, 2, 1, 1, 2)


def test_closing_of_one_year_is_opening_of_the_next(union: Union) -> None:
    new_member(union, "2024-12-31")
    leaver = new_member(union, "2020-01-01")
    event(leaver, EventKind.LEAVE, "2025-01-01")

    this, following = figures(), figures(period=(date(2025, 1, 1), date(2025, 12, 31)))

    assert (this["closing"], following["opening"], following["closing"]) == (2, 2, 1)


def test_leaver_of_a_moved_union_is_still_seen_by_the_union_left(union: Union, other_union: Union) -> None:
    member = new_member(union, "2020-01-01")
    event(member, EventKind.TRANSFER, "2024-06-01", other_union)

    seen = MembershipEvent.objects.within(frozenset({union.pk})).order_by("on")

    assert [(row.kind, row.from_union) for row in seen] == [("join", None), ("transfer", union)]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (EventKind.RETAIN, State.RETAINED),
        (EventKind.RETIRE, State.RETIRED),
        (EventKind.STOP_DUES, State.DUES_STOPPED),
        (EventKind.MOVE_OUT, State.MOVED_OUT),
        (EventKind.LEAVE, State.LEFT),
        (EventKind.AUTO_LEAVE, State.AUTO_LEFT),
        (EventKind.EXPEL, State.EXPELLED),
        (EventKind.DECEASE, State.DECEASED),
    ],
)
def test_each_step_takes_the_member_out_of_the_count_and_can_be_taken_back(
    union: Union, staff: User, kind: EventKind, state: State
) -> None:
    member = new_member(union, "2020-01-01")
    change_membership(member, kind, on=date(2024, 6, 1), by=staff, reason="核实")
    member.refresh_from_db()
    assert (member.state, on("2024-05-31"), on("2024-06-01")) == (state, 1, 0)

    take_back(Act.objects.latest("pk"), user=staff)

    member.refresh_from_db()
    assert (member.state, on("2024-06-01")) == (State.ACTIVE, 1)
    assert chain(member) == [("2020-01-01", "join", None, "宏达机械")]


@pytest.mark.parametrize(
    ("out", "back"), [(EventKind.LEAVE, EventKind.REJOIN), (EventKind.RETAIN, EventKind.RESUME)]
)
def test_coming_back_to_another_union(
    union: Union, other_union: Union, staff: User, out: EventKind, back: EventKind
) -> None:
    member = new_member(union, "2020-01-01")
    change_membership(member, out, on=date(2023, 1, 1), by=staff)

    change_membership(member, back, on=date(2024, 1, 1), by=staff, union=other_union)

    member.refresh_from_db()
    assert (member.union, member.state, member.joined_on) == (other_union, State.ACTIVE, date(2020, 1, 1))
    take_back(Act.objects.latest("pk"), user=staff)
    member.refresh_from_db()
    assert (member.union, member.state) == (union, State.RETAINED if out == EventKind.RETAIN else State.LEFT)


@pytest.mark.parametrize(
    ("kind", "day", "line"),
    [
        (EventKind.LEAVE, "2019-12-31", "2020-01-01才入会"),
        (EventKind.LEAVE, "2020-01-01", "2020-01-01已有“入会”"),
        (EventKind.REJOIN, "2024-01-01", "状态是“正常”，不能办理重新入会"),
    ],
)
def test_step_that_makes_no_sense_is_refused_with_the_reason(
    union: Union, staff: User, kind: EventKind, day: str, line: str
) -> None:
    member = new_member(union, "2020-01-01")

    with pytest.raises(StepRefused, match=line):
        change_membership(member, kind, on=date.fromisoformat(day), by=staff)

    assert member.events.count() == 1


def test_step_far_in_the_future_is_refused(union: Union, staff: User) -> None:
    member = new_member(union)

    with pytest.raises(StepRefused, match="一年以后"):
        change_membership(member, EventKind.LEAVE, on=timezone.localdate() + timedelta(days=400), by=staff)


def test_transfer_to_the_same_or_an_ended_union_is_refused(
    union: Union, other_union: Union, staff: User
) -> None:
    member = new_member(union)
    Union.objects.filter(pk=other_union.pk).update(dissolved_on="2023-01-01")
    other_union.refresh_from_db()

    with pytest.raises(StepRefused, match="不用转会"):
        transfer_member(member, to=union, on=date(2024, 1, 1), by=staff)
    with pytest.raises(StepRefused, match="已于2023-01-01撤销"):
        transfer_member(member, to=other_union, on=date(2024, 1, 1), by=staff)


def test_roster_with_another_state_registers_somebody_who_never_counted(union: Union) -> None:
    member = new_member(union, "2024-03-01", state=State.LEFT)

    assert chain(member) == [("2024-03-01", "register", None, "宏达机械")]
    assert (figures()["joined"], figures()["closing"]) == (0, 0)


def test_roster_update_is_an_event_of_today(union: Union, other_union: Union) -> None:
    member = new_member(union, "2020-01-01")
    leaver = new_member(union, "2020-01-01")
    Member.objects.filter(pk=member.pk).update(union=other_union)
    Member.objects.filter(pk=leaver.pk).update(state=State.LEFT)

    follow_roster([member.pk, leaver.pk])

    today = str(timezone.localdate())
    assert chain(member)[1:] == [(today, "transfer", None, "金河村")]
    assert chain(leaver)[1:] == [(today, "leave", None, "宏达机械")]


def test_roster_update_holds_from_the_day_given(union: Union, other_union: Union) -> None:
    early, late, same = (new_member(union, "2020-01-01") for _ in range(3))
    event(late, EventKind.STOP_DUES, "2024-09-01")
    event(same, EventKind.STOP_DUES, "2024-06-01")
    pks = [early.pk, late.pk, same.pk]
    Member.objects.filter(pk__in=pks).update(union=other_union, state=State.ACTIVE)

    follow_roster(pks, on=date(2024, 6, 1))

    assert chain(early)[1:] == [("2024-06-01", "transfer", None, "金河村")]
    assert chain(late)[2:] == [(str(timezone.localdate()), "resume", None, "金河村")]
    assert chain(same)[1:] == [("2024-06-01", "transfer", None, "金河村")]


def test_roster_update_on_the_day_of_an_event_corrects_that_event(union: Union, other_union: Union) -> None:
    member = new_member(union, timezone.localdate())
    Member.objects.filter(pk=member.pk).update(union=other_union)

    follow_roster([member.pk])

    member.refresh_from_db()
    assert member.union == other_union
    assert chain(member) == [(str(timezone.localdate()), "join", None, "金河村")]


def test_roster_with_another_day_of_joining_moves_the_first_event(union: Union, other_union: Union) -> None:
    member = new_member(union, "2020-01-01")
    event(member, EventKind.RETAIN, "2023-01-01")
    Member.objects.filter(pk=member.pk).update(joined_on="2019-01-01", union=other_union)

    follow_roster([member.pk])

    member.refresh_from_db()
    assert [row[:2] for row in chain(member)] == [
        ("2019-01-01", "join"),
        ("2023-01-01", "retain"),
        (str(timezone.localdate()), "retain"),
    ]
    assert (member.joined_on, member.union) == (date(2019, 1, 1), other_union)


def test_same_roster_again_writes_nothing(union: Union) -> None:
    member = new_member(union, "2020-01-01")
    before = list(MembershipEvent.objects.values())

    follow_roster([member.pk])

    assert list(MembershipEvent.objects.values()) == before
