"""The figures of activities, each by a story small enough to count by hand."""

from decimal import Decimal

from activities.choices import Kind, State
from tests.grassroots.samples import year
from tests.members.samples import new_member
from unionoffice.organisation.models import Union

from .samples import activity, figures

HELD, TIMES = "activities.held.count", "activities.attendance.person_times"


def of(*unions: Union) -> frozenset[int]:
    return frozenset(union.pk for union in unions)


def test_joint_activity_is_one_in_the_town_and_one_in_each_union(
    town: Union, union: Union, other_union: Union
) -> None:
    activity(union, co_organisers=[other_union], came=120)

    assert figures(year(2026), HELD, TIMES) == [1, 120]
    assert figures(year(2026, of(union)), HELD, TIMES) == [1, 120]
    assert figures(year(2026, of(other_union)), HELD, TIMES) == [1, 120]
    assert figures(year(2026, of(union, other_union)), HELD, TIMES) == [1, 120]
    assert figures(year(2026, of(town)), HELD, TIMES) == [0, 0]
    assert figures(year(2026), "activities.co_organisers") == [("金河村",)]


def test_co_organiser_without_a_short_name_is_named_in_full(union: Union, other_union: Union) -> None:
    Union.objects.filter(pk=other_union.pk).update(short_name="")
    activity(union, co_organisers=[other_union])

    assert figures(year(2026), "activities.co_organisers") == [(other_union.name,)]


def test_cancelled_and_planned_are_not_held(union: Union) -> None:
    activity(
        union, title="篮球赛", kind=Kind.BASKETBALL, state=State.CANCELLED, cancel_reason="台风", came=None
    )
    activity(union, "2026-12-20", title="观影", kind=Kind.FILM, state=State.PLANNED, came=None)
    activity(union)

    keys = (HELD, TIMES, "activities.basketball.count", "activities.film.count", "activities.cancelled.count")
    assert figures(year(2026), *keys) == [1, 40, 0, 0, 1]
    assert figures(year(2026), "activities.kinds.titles") == [("健步走",)]


def test_series_is_one_activity_of_many_sessions(union: Union) -> None:
    activity(union, title="茶艺班", kind=Kind.INTEREST_CLASS, sessions=4, came=88)
    activity(union)

    keys = ("activities.titles.count", HELD, TIMES, "activities.interest_class.count")
    assert figures(year(2026), *keys) == [2, 5, 128, 4]


def test_person_at_two_activities_is_one_person(union: Union, other_union: Union) -> None:
    both, once = new_member(union), new_member(union, name="李芳")
    stranger = new_member(other_union, name="王强")
    activity(union, "2026-05-10", participants=[both, once])
    activity(union, "2026-06-10", participants=[both, stranger])
    activity(union, "2026-07-10", participants=[once], state=State.CANCELLED, cancel_reason="台风", came=None)

    assert figures(year(2026), "activities.persons.count", TIMES) == [3, 80]
    assert figures(year(2026, of(union)), "activities.persons.count") == [2]


def test_activity_belongs_to_the_year_it_began_in(union: Union) -> None:
    activity(union, "2025-12-31", ends_on="2026-01-02")

    assert figures(year(2025), HELD) + figures(year(2026), HELD) == [1, 0]


def test_months_with_an_activity_are_counted_once(union: Union, other_union: Union) -> None:
    for starts_on, holder in (("2026-03-08", union), ("2026-03-20", other_union), ("2026-06-01", union)):
        activity(holder, starts_on)
    activity(union, "2026-08-01", state=State.CANCELLED, cancel_reason="台风", came=None)

    assert figures(year(2026), "activities.months.count") == [2]
    assert figures(year(2026, of(other_union)), "activities.months.count") == [1]


def test_titles_stand_by_attendance(union: Union) -> None:
    activity(union, title="秋季健步走", came=40)
    activity(union, title="“迎春”健步走", came=189)
    activity(union, title="家风讲座", kind=Kind.LECTURE, came=None)

    assert figures(year(2026), "activities.walking.titles", "activities.lecture.titles") == [
        ("“迎春”健步走", "秋季健步走"),
        ("家风讲座",),
    ]


def test_cost_is_what_was_held(union: Union) -> None:
    activity(union, cost=Decimal("800.50"))
    activity(union, cost=Decimal("200"), state=State.CANCELLED, cancel_reason="台风", came=None)

    assert figures(year(2026), "activities.cost") == [Decimal("800.50")]
