"""Reminders of the desk, filters of the lists and the checks of data quality."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grassroots.actions.confirmation import present_period
from grassroots.choices import Post, RatingKind, Stage
from grassroots.desk import running_reelections
from grassroots.models import ReelectionStep, UnionConfirmation
from members.choices import EventKind
from tests.members.samples import event, new_member
from unionoffice.identity import add_months
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union, Unit, User
from unionoffice.records import quality
from unionoffice.records.desk import Reminder, reminders

from .samples import cover, joint, post, rating, single, term, unit

pytestmark = pytest.mark.django_db


def ending_in(union: Union, days: int, **fields: object) -> None:
    """A term of the union that runs out so many days from today."""
    ends = timezone.localdate() + timedelta(days=days)
    made = term(union, add_months(ends, -36).isoformat(), years=3, **fields)
    made.postponed_until = ends if made.ends_on != ends else None
    made.save()


def found(user: User) -> dict[str, Reminder]:
    return {reminder.title: reminder for reminder in reminders(user)}


def test_terms_stand_in_the_nearest_band(town: Union, staff: User) -> None:
    for days in (-1, 0, 30, 31, 90, 91, 180, 181):
        ending_in(single(town), days)

    told = {title: reminder.tone for title, reminder in found(staff).items() if "任期" in title}

    assert told == {
        "1家工会任期已超期": "bad",
        "2家工会30天内任期届满": "bad",
        "2家工会31—90天任期届满": "warn",
        "2家工会91—180天任期届满": "info",
    }


def test_reminder_names_the_first_and_leads_to_the_list(
    town: Union, staff: User, login: Callable[[User], Client]
) -> None:
    for name in ("甲", "乙", "丙", "丁"):
        ending_in(single(town, unit(f"{name}厂")), -10)

    overdue = found(staff)["4家工会任期已超期"]

    assert overdue.text == "丁厂工会、丙厂工会、乙厂工会等4家"
    assert len(login(staff).get(overdue.url).context["rows"]) == 4


def test_chair_is_reminded_of_the_own_union_only(union: Union, other_union: Union, chair: User) -> None:
    ending_in(other_union, -10)
    assert "1家工会任期已超期" not in found(chair)
    ending_in(union, -10)
    assert found(chair)["1家工会任期已超期"].text == union.name


def test_leader_is_told_what_waits(union: Union, make_user: Callable[..., User]) -> None:
    ending_in(union, -10)

    assert found(make_user("leader"))["1家工会任期已超期"].text == union.name


def test_late_step_of_a_running_reelection_is_told(town: Union, staff: User) -> None:
    union = single(town)
    ending_in(union, 200)
    following = term(union, None, number=2)
    filed = ReelectionStep.objects.create(
        term=following, kind=Stage.REQUEST_FILED, on=timezone.localdate() - timedelta(days=15)
    )
    title = f"{following}换届逾期"
    assert title not in found(staff)

    filed.on -= timedelta(days=1)
    filed.save()

    assert "请示批复" in found(staff)[title].text


def test_three_late_reelections_cost_no_more_than_one(
    town: Union, staff: User, django_assert_num_queries: Any
) -> None:
    def late() -> None:
        union = single(town)
        ending_in(union, -10)
        following = term(union, None, number=2)
        ReelectionStep.objects.create(term=following, kind=Stage.REQUEST_FILED, on=date(2024, 1, 1))

    late()
    with CaptureQueriesContext(connection) as one:
        list(running_reelections(staff))
    late()
    late()

    with django_assert_num_queries(len(one)):
        assert len(list(running_reelections(staff))) == 3


def test_ratings_and_certificates_are_told(town: Union, staff: User) -> None:
    today = timezone.localdate()
    due, fresh = single(town), single(town)
    rating(due, 4, add_months(today, -25).isoformat(), years=2)
    rating(fresh, 4, add_months(today, -2).isoformat(), years=2)
    lowered = single(town)
    rating(lowered, 4, add_months(today, -25).isoformat(), years=2)
    rating(lowered, 3, add_months(today, -20).isoformat(), kind=RatingKind.DOWNGRADE)
    number = {"legal_person_no": "1"}
    single(town, legal_person_until=today - timedelta(days=1), **number)
    single(town, legal_person_until=today + timedelta(days=60), **number)
    single(town, legal_person_until=today + timedelta(days=61), **number)

    told = found(staff)

    assert "2家工会星级待复评" in told
    assert "1家工会法人证书已过期" in told
    assert "1家工会法人证书即将到期" in told


def test_vacant_chair_is_told_after_six_months(town: Union, staff: User) -> None:
    today = timezone.localdate()
    union = single(town)
    held = post(union, ended_on=add_months(today, -6) + timedelta(days=1))
    assert "1家工会主席长期空缺" not in found(staff)

    held.ended_on = add_months(today, -6)
    held.save()

    assert "1家工会主席长期空缺" in found(staff)
    assert _messages("union-chair-vacant") == [f"主席自{held.ended_on}起空缺"]


def test_new_union_is_given_time_to_elect_a_chair(town: Union) -> None:
    single(town, founded_on=add_months(timezone.localdate(), -5))

    assert _messages("union-chair-vacant") == []


def test_neither_the_town_nor_a_group_of_a_union_lacks_a_chair(
    town: Union, staff: User, login: Callable[[User], Client]
) -> None:
    bare = single(town)
    joint(bare, 0, kind=UnionKind.GROUP)

    rows = login(staff).get("/unions/?chair=none").context["rows"]

    assert [row.pk for row in rows] == [bare.pk]


def test_filters_of_the_union_list_split_the_unions(
    town: Union, staff: User, login: Callable[[User], Client]
) -> None:
    rated, bare = single(town), single(town)
    rating(rated, 5, "2023-01-01")
    post(rated)
    ending_in(rated, 20)
    number = {"legal_person_no": "1", "legal_person_until": timezone.localdate() - timedelta(days=1)}
    Union.objects.filter(pk=bare.pk).update(**number)
    UnionConfirmation.objects.create(union=rated, period=present_period(), confirmed_on=timezone.localdate())
    gone = single(town, dissolved_on=date(2023, 1, 1))
    browser = login(staff)

    def shown(query: str) -> set[int]:
        return {row.pk for row in browser.get(f"/unions/?{query}").context["rows"]} - {town.pk}

    assert shown("star=5") == {rated.pk}
    assert shown("star=none") == {bare.pk}
    assert shown("star=review") == {rated.pk}
    assert shown("term=30") == shown("term=180") == {rated.pk}
    assert shown("term=overdue") == set()
    assert shown("term=none") == {bare.pk}
    assert shown("chair=none") == {bare.pk}
    assert shown("legal=expired") == {bare.pk}
    assert shown("legal=no") == {rated.pk}
    assert shown("confirmed=no") == {bare.pk}
    assert shown("confirmed=yes") == {rated.pk}
    assert shown("life=dissolved") == {gone.pk}
    assert shown("life=standing") == {rated.pk, bare.pk}
    assert shown("employer.category=170") == {rated.pk, bare.pk, gone.pk}


def test_filters_of_units_tell_how_they_are_unionised(
    town: Union, staff: User, login: Callable[[User], Client]
) -> None:
    own, alone = unit("甲厂"), unit("乙厂")
    single(town, own)
    village = joint(town, 1).coverages.get().unit
    browser = login(staff)

    def shown(query: str) -> set[int]:
        return {row.pk for row in browser.get(f"/units/?{query}").context["rows"]}

    assert shown("union=yes") == {own.pk, village.pk}
    assert shown("union=no") == {alone.pk}
    assert shown("union=single") == {own.pk}
    assert shown("union=joint") == {village.pk}


def _messages(key: str, unions: frozenset[int] | None = None) -> list[str]:
    return [found.message for found in quality.find(key).findings(unions)]


def test_parts_and_members_above_the_staff_are_found(town: Union) -> None:
    own = unit("甲厂", staff_total=1, staff_women=1)
    union = single(town, own)
    Unit.objects.filter(pk=own.pk).update(staff_women=2)
    new_member(union, name="赵一", unit=own)
    new_member(union, name="钱二", unit=own, employment_form="flexible")
    assert _messages("unit-members-above-staff") == []

    new_member(union, name="孙三", unit=own)

    assert _messages("unit-members-above-staff") == ["会员2名，职工1名"]
    assert len(_messages("unit-staff-parts")) == 1


def test_wrong_numbers_of_units_are_found(town: Union) -> None:
    single(town)
    bare = single(town)
    bare.coverages.update(ended_on=date(2020, 1, 1))
    joint(town, 1)
    joint(town, 2)

    assert sorted(_messages("union-number-of-units")) == [
        "单独基层工会涵盖单位0个，应正好1个",
        "联合基层工会涵盖单位1个，一般应有2个以上",
    ]


def test_units_of_two_base_unions_are_found(town: Union) -> None:
    own = unit("甲厂")
    single(town, own)
    cover(joint(town, 0, kind=UnionKind.FEDERATION), own)
    assert _messages("unit-in-two-unions") == []

    cover(joint(town, 0), own)

    assert len(_messages("unit-in-two-unions")) == 1


def test_gap_between_declared_and_real_members_is_found(town: Union) -> None:
    more, less, equal = single(town, declared_members=3), single(town, declared_members=0), single(town)
    for union in (more, less, equal):
        new_member(union)

    assert _messages("union-member-gap") == [
        "上报会员3名，实名会员1名，上报多2名",
        "上报会员0名，实名会员1名，上报少1名",
    ]
    assert _messages("union-member-gap", frozenset({less.pk})) == ["上报会员0名，实名会员1名，上报少1名"]


def test_odd_stars_posts_and_steps_are_found(town: Union) -> None:
    group = Union.objects.create(name="一车间小组", kind=UnionKind.GROUP, parent=town)
    rating(group, 3, "2024-01-01")
    union = single(town)
    for name in ("赵一", "钱二"):
        post(union, name, Post.PART_TIME_CHAIR)
    member = new_member(union, name="孙三")
    post(union, "孙三", Post.MEMBER, member=member)
    elected = term(union, "2024-03-01", number=2)
    ReelectionStep.objects.create(term=elected, kind=Stage.MEETING_HELD, on=date(2024, 3, 1))
    assert _messages("post-holder-no-member") == _messages("step-other-day") == []

    event(member, EventKind.LEAVE, "2024-01-01")
    ReelectionStep.objects.create(term=elected, kind=Stage.RESULT_APPROVED, on=date(2024, 3, 20))

    assert _messages("stars-of-groups") == ["“一车间小组”是工会小组，不计入星级工会"]
    assert len(_messages("union-part-time-chairs")) == 1
    assert len(_messages("post-holder-no-member")) == 1
    assert _messages("step-other-day") == ["步骤日期2024-03-20，届次登记的是空"]


def test_what_figures_would_miss_is_found(town: Union) -> None:
    single(town, founded_on="2020-01-01")
    single(town, unit("甲厂", category=None), founded_on="2020-01-01")
    moved = single(town, founded_on="2020-01-01")
    Union.objects.filter(pk=moved.pk).update(founded_on=None, employer=unit("新厂"))
    large = single(town)
    for number in range(25):
        new_member(large, name=f"李{'甲乙丙丁戊己庚辛壬癸'[number % 10]}", phone="")

    assert len(_messages("unit-category-unknown")) == 1
    assert len(_messages("union-other-employer")) == 1
    assert len(_messages("union-founding-unknown")) == 1
    assert _messages("union-without-committee") == ["会员25名，没有登记委员会届次"]


def test_unions_late_to_register_as_legal_persons_are_found(town: Union) -> None:
    today = timezone.localdate()
    single(town, founded_on=today - timedelta(days=61))
    single(town, founded_on=today - timedelta(days=60))
    single(town, founded_on=today - timedelta(days=61), legal_person_no="1")

    assert _messages("union-not-registered") == [f"{today - timedelta(days=61)}建会，没有法人资格证号"]


def test_every_check_stays_inside_the_unions(town: Union, union: Union, other_union: Union) -> None:
    """Whatever is wrong with another union is not shown."""
    own = unit("甲厂", staff_total=1, staff_women=2)
    single(other_union, own, declared_members=9, legal_person_no="1", legal_person_until=date(2020, 1, 1))
    keys = [check.key for check in quality.checks() if check.rows.__module__ == "grassroots.quality"]

    assert len(keys) == 16
    assert {key for key in keys if _messages(key, frozenset({union.pk}))} <= {
        "union-number-of-units",
        "union-chair-vacant",
        "union-not-registered",
    }
    assert _messages("union-member-gap") and _messages("union-certificate-expired")


def test_gap_can_be_shown_and_sorted_in_the_list(
    town: Union, staff: User, login: Callable[[User], Client]
) -> None:
    less, more = single(town, declared_members=1), single(town, declared_members=7)
    Union.objects.filter(pk=town.pk).update(declared_members=0)

    page = login(staff).get("/unions/?col=name&col=member_gap&sort=-member_gap&life=standing")

    assert [row.texts[1] for row in page.context["rows"]] == ["7", "1", "0"]
    assert [row.pk for row in page.context["rows"]] == [more.pk, less.pk, town.pk]
