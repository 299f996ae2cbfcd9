"""Figures of the roster: what they count, for whom, on which day; and that the list shows the very rows."""

from datetime import date
from decimal import Decimal

import pytest

from members import queries
from members.choices import EventKind
from members.models import CollectionTask
from unionoffice import facts
from unionoffice.identity import FEMALE
from unionoffice.organisation.models import Union

from .samples import event, new_member

SCOPE = facts.Scope(date(2024, 1, 1), date(2024, 12, 31), date(2024, 12, 31))


def value(key: str, scope: facts.Scope = SCOPE) -> object:
    return facts.compute([key], scope)[key].value


def test_members_by_kind(union: Union) -> None:
    new_member(union, sex=FEMALE, is_migrant=True, app_bound=True, new_form_group="courier")
    new_member(union, new_form_group="", phone="")
    gone = new_member(union, sex=FEMALE, is_migrant=True, app_bound=True)
    event(gone, EventKind.LEAVE, "2024-12-31")

    counts = {
        name: value(f"members.{name}.count")
        for name in ("active", "women", "migrant", "new_form", "ecard", "realname.complete")
    }
    assert counts == {
        "active": 2,
        "women": 1,
        "migrant": 1,
        "new_form": 1,
        "ecard": 1,
        "realname.complete": 1,
    }
    assert (str(value("members.realname.rate")), str(value("members.ecard.rate"))) == ("50.0", "50.0")


def test_figure_of_a_past_day_counts_by_the_union_of_that_day(union: Union, other_union: Union) -> None:
    member = new_member(union, "2020-01-01")
    event(member, EventKind.TRANSFER, "2025-03-01", other_union)
    own, other = frozenset({union.pk}), frozenset({other_union.pk})

    later = SCOPE.at(as_of=date(2025, 12, 31))
    assert [value("members.active.count", SCOPE.at(unions=unions)) for unions in (own, other)] == [1, 0]
    assert [value("members.active.count", later.at(unions=unions)) for unions in (own, other)] == [0, 1]


def come_and_go(union: Union, other_union: Union) -> None:
    """A year in which somebody comes or goes in every way there is."""
    new_member(union, "2024-02-01")
    resting, moving, dying, restless, returning = (
        new_member(where, "2020-01-01") for where in (union, union, union, other_union, other_union)
    )
    event(resting, EventKind.RETAIN, "2024-03-01")
    event(resting, EventKind.RESUME, "2024-05-01")
    event(moving, EventKind.TRANSFER, "2024-04-01", other_union)
    event(dying, EventKind.DECEASE, "2024-08-01")
    event(restless, EventKind.LEAVE, "2024-07-01")
    event(restless, EventKind.REJOIN, "2024-09-01", union)
    event(returning, EventKind.RETAIN, "2023-05-01")
    event(returning, EventKind.RESUME, "2024-10-01", union)
    newcomer = new_member(union, "2024-06-01")
    newcomer.events.update(kind=EventKind.MOVE_IN)


def test_everybody_who_comes_or_goes_is_counted_once_and_the_balance_holds(
    union: Union, other_union: Union
) -> None:
    come_and_go(union, other_union)
    names = ("joined", "resumed", "moved_in", "left", "retained", "moved_out", "transferred")
    year_before = SCOPE.at(as_of=date(2023, 12, 31))

    found = {}
    for unions in (None, frozenset({union.pk}), frozenset({other_union.pk})):
        flows = [value(f"members.{name}.count", SCOPE.at(unions=unions)) for name in names]
        stock = [value("members.active.count", day.at(unions=unions)) for day in (year_before, SCOPE)]
        assert stock[0] + sum(flows[:3]) - flows[3] - flows[5] == stock[1]
        found[unions] = (flows, stock)

    assert list(found.values()) == [
        ([2, 2, 1, 3, 1, 0, 1], [4, 6]),
        ([2, 2, 1, 2, 1, 1, 1], [3, 5]),
        ([0, 0, 1, 1, 0, 0, 1], [1, 1]),
    ]


def test_who_returns_is_told_from_who_joins_and_from_whose_membership_rested(union: Union) -> None:
    """What the event was called does not decide: a retained member noted as 重新入会 has resumed."""
    new_member(union, "2024-02-01")
    returning, resting = new_member(union, "2020-01-01"), new_member(union, "2020-01-01")
    event(returning, EventKind.LEAVE, "2023-07-01")
    event(returning, EventKind.REJOIN, "2024-09-01")
    event(resting, EventKind.RETAIN, "2023-03-01")
    event(resting, EventKind.REJOIN, "2024-05-01")

    names = ("joined", "joined.first", "joined.again", "resumed")
    assert [value(f"members.{name}.count") for name in names] == [2, 1, 1, 1]


def test_rate_without_members_is_no_number(union: Union) -> None:
    found = facts.compute(["members.realname.rate"], SCOPE)["members.realname.rate"]

    assert (found.value, found.warning) == (None, "分母“会员总数”为零，无法计算")


@pytest.mark.parametrize(("with_town_task", "target", "done"), [(True, 10, 3), (False, 4, 2)])
def test_collection_follows_the_towns_task_or_else_those_of_the_unions(
    town: Union, union: Union, other_union: Union, with_town_task: bool, target: int, done: int
) -> None:
    new_member(union)
    new_member(union)
    new_member(union, phone="")
    new_member(other_union)
    CollectionTask.objects.create(year=2024, union=union, target=4)
    CollectionTask.objects.create(year=2023, union=union, target=100)
    if with_town_task:
        CollectionTask.objects.create(year=2024, union=town, target=10)

    assert value("members.collection.target") == target
    assert value("members.collection.done") == done
    assert str(value("members.collection.rate")) == str(round(done * 100 / target, 1))
    tasks = CollectionTask.objects.filter(year=2024).annotate(done=queries.done_by_year_end())
    assert dict(tasks.values_list("union", "done")) == {union.pk: 2} | (
        {town.pk: 3} if with_town_task else {}
    )


def test_collection_of_one_union(town: Union, union: Union, other_union: Union) -> None:
    new_member(union)
    new_member(other_union)
    CollectionTask.objects.create(year=2024, union=town, target=10)
    CollectionTask.objects.create(year=2024, union=union, target=4)
    own = SCOPE.at(unions=frozenset({union.pk}))

    found = [value(f"members.collection.{name}", own) for name in ("target", "done", "rate")]

    assert [str(part) for part in found] == ["4", "1", "25.0"]


def test_every_figure_counts_its_rows_and_nothing_of_other_unions(union: Union, other_union: Union) -> None:
    for year in (2019, 2024):
        member = new_member(union, date(year, 2, 1), app_bound=True)
        event(member, EventKind.RETAIN, date(year, 3, 1))
        event(member, EventKind.RESUME, date(year, 4, 1))
        event(member, EventKind.TRANSFER, date(year, 5, 1), other_union)
    nobody = SCOPE.at(unions=frozenset({0}))
    own = [fact for fact in facts.registry if fact.key.startswith("members.")]

    values = facts.compute([fact.key for fact in own], SCOPE)
    elsewhere = facts.compute([fact.key for fact in own], nobody)

    assert own
    for fact in own:
        assert values[fact.key].records == fact.rows(SCOPE.for_slot(fact.slot)).count(), fact.key
        assert not elsewhere[fact.key].value, fact.key


def test_all_counts_over_events_take_one_query(
    union: Union, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    new_member(union)
    keys = [f"members.{name}.count" for name in ("active", "women", "joined", "left", "transferred")]

    with django_assert_num_queries(1):
        facts.compute(keys, SCOPE)


def test_task_shows_how_far_it_is_and_never_less_than_nothing_to_do(
    town: Union, union: Union, other_union: Union
) -> None:
    for _ in range(3):
        new_member(union)
    for year, target in ((2024, 7), (2025, 2), (2026, 0)):
        CollectionTask.objects.create(year=year, union=union, target=target)

    tasks = CollectionTask.objects.annotate(share=queries.share_done(), rest=queries.rest_to_do())

    assert list(tasks.order_by("year").values_list("year", "share", "rest")) == [
        (2024, Decimal("42.9"), 4),
        (2025, Decimal("150.0"), 0),
        (2026, None, 0),
    ]
