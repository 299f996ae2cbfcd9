"""The figures, told as stories with small numbers."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from grassroots.choices import Post, RatingKind
from grassroots.models import UnionConfirmation
from tests.members.samples import new_member
from unionoffice import facts
from unionoffice.organisation.choices import UnionKind, UnitCategory
from unionoffice.organisation.models import Coverage, Union, Unit

from .samples import cover, figure, joint, on, post, rating, single, term, unit, year

pytestmark = pytest.mark.django_db
KEYS = [fact.key for fact in facts.registry if fact.key.startswith("grassroots.")]


def test_unions_are_not_units(town: Union) -> None:
    """The worked example of domain §1.1 (62 unions, 372 units) in miniature, with a federation beside it."""
    for _ in range(6):
        single(town)
    joint(town, 4)
    joint(town, 6)
    federation = joint(town, 2, kind=UnionKind.FEDERATION)
    member_union = Union.objects.filter(kind=UnionKind.SINGLE).first()
    member_union.parent = federation
    member_union.save()
    unit()

    day = on("2024-10-31")
    assert figure("grassroots.unions.count", day) == 8
    assert figure("grassroots.unions.single.count", day) == 6
    assert figure("grassroots.unions.joint.count", day) == 2
    assert figure("grassroots.unions.federation.count", day) == 1
    assert figure("grassroots.units.covered", day) == 18
    assert figure("grassroots.units.joint.count", day) == 10
    assert figure("grassroots.units.count", day) == 19
    assert figure("grassroots.units.coverage_rate", day) == Decimal("94.7")


def test_unit_of_two_unions_counts_once(town: Union) -> None:
    own = unit(staff_total=30)
    single(town, own)
    federation = joint(town, 0, kind=UnionKind.FEDERATION)
    cover(federation, own)

    assert figure("grassroots.units.covered", on("2024-10-31")) == 1
    assert figure("grassroots.staff.total", on("2024-10-31")) == 30


def test_coverage_counts_between_its_days(town: Union) -> None:
    union = joint(town, 1)
    cover(union, unit(), "2023-03-01", "2024-06-30")

    assert figure("grassroots.units.covered", on("2023-02-28")) == 1
    assert figure("grassroots.units.covered", on("2023-03-01")) == 2
    assert figure("grassroots.units.covered", on("2024-06-29")) == 2
    assert figure("grassroots.units.covered", on("2024-06-30")) == 1


def test_closed_unit_and_ended_union_cover_nothing(town: Union) -> None:
    single(town, unit(closed_on=date(2023, 5, 1)))
    ended = single(town, dissolved_on=date(2023, 7, 1))

    assert figure("grassroots.units.covered", on("2023-04-30")) == 2
    assert figure("grassroots.units.covered", on("2023-05-01")) == 1
    assert figure("grassroots.units.covered", on("2023-07-01")) == 0
    assert figure("grassroots.unions.count", on("2023-06-30")) == 2
    assert figure("grassroots.unions.count", on("2023-07-01")) == 1
    assert ended.dissolved_on == date(2023, 7, 1)


def test_unions_come_and_go(town: Union) -> None:
    """R5: opening + founded - merged - dissolved = closing."""
    for _ in range(3):
        single(town, founded_on="2020-01-01")
    heir = joint(town, 2, founded_on=date(2020, 1, 1))
    single(town, founded_on="2024-02-01")
    single(town, founded_on="2024-03-01", dissolved_on=date(2024, 9, 1))
    single(town, founded_on="2020-01-01", dissolved_on=date(2024, 5, 1), merged_into=heir)

    opening = figure("grassroots.unions.all.count", on("2023-12-31"))
    closing = figure("grassroots.unions.all.count", on("2024-12-31"))
    founded = figure("grassroots.unions.founded.count", year(2024))
    dissolved = figure("grassroots.unions.dissolved.count", year(2024))
    merged = figure("grassroots.unions.merged.count", year(2024))
    assert (opening, founded, dissolved, merged, closing) == (5, 2, 1, 1, 5)
    assert opening + founded - dissolved - merged == closing


def test_late_entry_lands_where_it_belongs(town: Union) -> None:
    before = figure("grassroots.unions.count", on("2022-12-31"))
    single(town, founded_on="2022-11-01")

    assert figure("grassroots.unions.count", on("2022-12-31")) == before + 1
    assert figure("grassroots.unions.founded.count", year(2022)) == 1
    assert figure("grassroots.unions.founded.count", year(2024)) == 0


def test_new_five_stars_are_not_the_stock(town: Union) -> None:
    old, risen, new, four = (single(town) for _ in range(4))
    rating(old, 5, "2021-03-01", years=3)
    rating(old, 5, "2024-03-01", kind=RatingKind.RE_REVIEW)
    rating(risen, 4, "2022-03-01")
    rating(risen, 5, "2024-03-02")
    rating(new, 5, "2024-04-01")
    rating(four, 4, "2024-04-01")

    assert figure("grassroots.stars.new_five.count", year(2024)) == 2
    assert set(figure("grassroots.stars.new_five.names", year(2024))) == {risen.name, new.name}
    assert figure("grassroots.stars.five.count", on("2024-12-31")) == 3
    assert figure("grassroots.stars.rated.count", on("2024-12-31")) == 4
    assert figure("grassroots.stars.re_reviewed.count", year(2024)) == 1


def test_five_stars_regained_are_not_new(town: Union) -> None:
    union = single(town)
    rating(union, 5, "2019-01-01")
    rating(union, 5, "2021-01-01", kind=RatingKind.REVOKE)
    rating(union, 5, "2024-01-01")

    assert figure("grassroots.stars.new_five.count", year(2024)) == 0
    assert figure("grassroots.stars.five.count", on("2023-12-31")) == 0
    assert figure("grassroots.stars.five.count", on("2024-01-01")) == 1


def test_downgrade_replaces_and_revocation_ends(town: Union) -> None:
    lowered, revoked = single(town), single(town)
    rating(lowered, 5, "2023-01-01")
    rating(lowered, 3, "2024-05-01", kind=RatingKind.DOWNGRADE)
    rating(revoked, 5, "2023-01-01")
    rating(revoked, 5, "2024-06-01", kind=RatingKind.REVOKE)

    assert figure("grassroots.stars.five.count", on("2024-04-30")) == 2
    assert figure("grassroots.stars.five.count", on("2024-05-31")) == 1
    assert figure("grassroots.stars.rated.count", on("2024-05-31")) == 2
    assert figure("grassroots.stars.rated.count", on("2024-06-01")) == 1
    assert figure("grassroots.stars.five.count", on("2024-12-31")) == 0
    assert figure("grassroots.stars.downgraded.count", year(2024)) == 1
    assert figure("grassroots.stars.revoked.count", year(2024)) == 1


def test_rating_counts_after_its_period_until_revoked(town: Union) -> None:
    rating(single(town), 5, "2020-01-01", years=2)

    assert figure("grassroots.stars.five.count", on("2024-12-31")) == 1


def test_stars_of_an_ended_union_count_no_longer(town: Union) -> None:
    union = single(town, dissolved_on=date(2024, 8, 1))
    rating(union, 5, "2023-01-01")

    assert figure("grassroots.stars.rated.count", on("2024-07-31")) == 1
    assert figure("grassroots.stars.rated.count", on("2024-12-31")) == 0


def test_visited_unions_count_once(town: Union) -> None:
    union = single(town)
    rating(union, 3, "2023-02-01", visited_on="2024-01-10")
    rating(union, 4, "2024-02-01", visited_on="2024-01-20")

    assert figure("grassroots.stars.visited.count", year(2024)) == 1


def test_reelections_of_enterprises_by_size(town: Union) -> None:
    small, large = single(town, short_name="小厂"), single(town, short_name="大厂")
    school = single(town, unit("青溪小学", category=UnitCategory.INSTITUTION))
    village = joint(town, 2)
    for union in (small, large, school, village):
        term(union, "2024-03-01", number=2, approved_on="2024-03-20")
    first = single(town)
    term(first, "2024-03-01", number=1, approved_on="2024-03-20")
    late = single(town)
    term(late, "2023-12-20", number=3, approved_on="2024-01-05")
    waiting = single(town)
    term(waiting, "2024-11-01", number=2)
    for number in range(3):
        new_member(large, name=f"张{'甲乙丙'[number]}")
    new_member(small)

    assert figure("grassroots.reelection.done.count", year(2024)) == 3
    assert figure("grassroots.reelection.done.names", year(2024)) == ("大厂", "小厂", late.name)
    assert figure("grassroots.reelection.all.count", year(2024)) == 5


def test_terms_due_next_year_and_overdue(town: Union) -> None:
    due, overdue, postponed, renewed = (single(town) for _ in range(4))
    term(due, "2022-05-01", years=3)
    term(overdue, "2021-05-01", years=3)
    term(postponed, "2021-09-01", years=3, postponed_until="2025-01-31")
    term(renewed, "2019-06-01", years=5)
    term(renewed, "2024-06-01", number=2, years=5)

    assert figure("grassroots.reelection.overdue.count", on("2024-12-31")) == 1
    assert figure("grassroots.reelection.due_next_year.count", on("2024-12-31")) == 2
    assert set(figure("grassroots.reelection.due_next_year.names", on("2024-12-31"))) == {
        due.name,
        postponed.name,
    }


def test_term_is_overdue_from_the_day_after_its_end(town: Union) -> None:
    term(single(town), "2021-05-01", years=3)

    assert figure("grassroots.reelection.overdue.count", on("2024-05-01")) == 0
    assert figure("grassroots.reelection.overdue.count", on("2024-05-02")) == 1


def test_past_day_knows_nothing_of_the_reelection_that_came_later(town: Union) -> None:
    union = single(town)
    term(union, "2016-05-01", years=3)
    term(union, "2021-05-01", number=2)

    assert figure("grassroots.reelection.overdue.count", on("2020-06-30")) == 1
    assert figure("grassroots.reelection.overdue.count", on("2021-06-30")) == 0


def test_union_that_names_no_employer_is_one_of_the_firm_it_covers(town: Union) -> None:
    for category in (UnitCategory.PRIVATE, UnitCategory.VILLAGE):
        union = single(town, unit(category=category), employer=None)
        term(union, "2024-05-01", number=2, approved_on="2024-05-10")

    assert figure("grassroots.reelection.all.count", year(2024)) == 2
    assert figure("grassroots.reelection.done.count", year(2024)) == 1


def test_persons_with_two_posts_count_once(town: Union) -> None:
    first, second = single(town), single(town)
    member = new_member(first, name="赵一")
    post(first, "赵一", Post.PART_TIME_CHAIR, member=member)
    post(second, "赵一", Post.PART_TIME_CHAIR, member=member)
    post(town, "钱二", Post.PART_TIME_ASSISTANT, phone="13900000001")
    post(first, "钱二", Post.PART_TIME_ASSISTANT, phone="13900000001")
    post(second, "钱二", Post.PART_TIME_ASSISTANT, phone="13900000002")
    post(town, "孙三", Post.PART_TIME_ASSISTANT, ended_on="2024-06-01")

    assert figure("grassroots.posts.part_time_chair.count", on("2024-12-31")) == 1
    assert figure("grassroots.posts.part_time_assistant.count", on("2024-12-31")) == 2
    assert figure("grassroots.posts.part_time_assistant.count", on("2024-05-31")) == 3
    assert figure("grassroots.posts.chairs.count", on("2024-12-31")) == 1


def test_person_seen_from_one_union_is_counted_there(town: Union) -> None:
    """The one post that stands for a person lies inside the unions asked about."""
    first, second = single(town), single(town)
    member = new_member(first, name="赵一")
    for union in (first, second):
        post(union, "赵一", Post.PART_TIME_CHAIR, member=member)

    for union in (first, second):
        scope = on("2024-12-31", frozenset({union.pk}))
        assert figure("grassroots.posts.part_time_chair.count", scope) == 1


def test_front_line_and_full_time_officers(town: Union) -> None:
    union = single(town)
    post(union, "赵一", Post.MEMBER, is_frontline=True)
    post(union, "钱二", Post.VICE_CHAIR, is_full_time=True)

    assert figure("grassroots.posts.frontline.count", on("2024-12-31")) == 1
    assert figure("grassroots.posts.full_time.count", on("2024-12-31")) == 1


def test_legal_persons_hold_a_valid_certificate(town: Union) -> None:
    certificate = {"legal_person_no": "浙工法证字第1号"}
    single(town, **certificate, legal_person_on=date(2022, 1, 1), legal_person_until=date(2024, 12, 31))
    single(town, **certificate, legal_person_on=date(2024, 11, 1))
    single(town)

    assert figure("grassroots.legal_person.count", on("2021-12-31")) == 0
    assert figure("grassroots.legal_person.count", on("2024-10-31")) == 1
    assert figure("grassroots.legal_person.rate", on("2024-10-31")) == Decimal("33.3")
    assert figure("grassroots.legal_person.count", on("2024-12-31")) == 2
    assert figure("grassroots.legal_person.count", on("2025-01-01")) == 1


def test_confirmations_count_for_their_period(town: Union) -> None:
    done, late = single(town), single(town)
    UnionConfirmation.objects.create(union=done, period="2024下半年", confirmed_on=date(2024, 9, 1))
    UnionConfirmation.objects.create(union=late, period="2024上半年", confirmed_on=date(2024, 7, 5))

    assert figure("grassroots.confirmed.count", on("2024-08-31")) == 0
    assert figure("grassroots.confirmed.count", on("2024-12-31")) == 1
    assert figure("grassroots.confirmed.rate", on("2024-12-31")) == Decimal("50.0")
    assert figure("grassroots.confirmed.count", on("2024-06-30")) == 0


def test_declared_members_and_those_of_joint_unions(town: Union) -> None:
    village, firm = joint(town, 2, declared_members=4), single(town, declared_members=3)
    for union in (village, village, firm):
        new_member(union)

    assert figure("grassroots.declared.total", on("2024-10-31")) == 7
    assert figure("grassroots.members.joint.count", on("2024-10-31")) == 2
    assert figure("members.active.count", on("2024-10-31")) == 3


def test_bodies_of_unions(town: Union) -> None:
    single(town, has_audit_committee=True, has_women_committee=True)
    single(town, has_audit_committee=True)

    assert figure("grassroots.bodies.audit.count", on("2024-10-31")) == 2
    assert figure("grassroots.bodies.women.count", on("2024-10-31")) == 1


@pytest.mark.parametrize("key", KEYS)
def test_nothing_recorded_counts_nothing(town: Union, key: str) -> None:
    assert not figure(key, year(2024))


def busy_unions(town: Union) -> None:
    """Unions of which every figure of 2024 has something to say."""
    fields = {"legal_person_no": "1", "has_audit_committee": True, "has_women_committee": True}
    rated, lowered, stripped = (single(town, unit(staff_women=5), **fields) for _ in range(3))
    rating(rated, 5, "2024-02-01", visited_on="2024-02-01")
    rating(rated, 5, "2024-03-01", kind=RatingKind.RE_REVIEW)
    rating(lowered, 3, "2024-02-01", kind=RatingKind.DOWNGRADE)
    rating(stripped, 3, "2024-02-01", kind=RatingKind.REVOKE)
    for level in (1, 2, 4):
        rating(single(town), level, "2024-02-01")
    term(rated, "2024-02-01", number=2, approved_on="2024-02-20")
    term(lowered, "2022-02-01", years=3)
    term(stripped, "2021-02-01", years=3)
    post(rated, "赵一", Post.PART_TIME_CHAIR, is_frontline=True, is_full_time=True)
    post(rated, "钱二", Post.PART_TIME_ASSISTANT)
    new_member(joint(town, 2, declared_members=3))
    joint(town, 1, kind=UnionKind.FEDERATION)
    for heir in (None, rated):
        single(town, founded_on="2024-01-01", dissolved_on=date(2024, 11, 30), merged_into=heir)
    UnionConfirmation.objects.create(union=rated, period="2024下半年", confirmed_on=date(2024, 9, 1))


@pytest.mark.parametrize("key", KEYS)
def test_other_unions_are_not_seen(town: Union, key: str) -> None:
    mine = joint(town, 0, kind=UnionKind.GROUP)
    busy_unions(town)

    assert figure(key, year(2024))
    assert not figure(key, year(2024, frozenset({mine.pk})))


def test_a_unit_or_union_without_a_day_leaves_past_figures_as_they_were(town: Union, union: Union) -> None:
    last_year = on(f"{timezone.localdate().year - 1}-12-31")
    keys = ("grassroots.units.count", "grassroots.unions.count", "grassroots.units.coverage_rate")
    before = [figure(key, last_year) for key in keys]

    Unit.objects.create(name="今天登记的单位")
    Union.objects.create(name="今天登记的工会", kind=UnionKind.JOINT, parent=town)

    assert [figure(key, last_year) for key in keys] == before
    today = on(str(timezone.localdate()))
    assert [figure(key, today) for key in keys[:2]] == [1, 2]


def test_a_unit_without_a_day_counts_from_its_coverage(town: Union, union: Union) -> None:
    unit = Unit.objects.create(name="先涵盖的单位")
    Coverage.objects.create(union=union, unit=unit, started_on="2023-05-01")

    counted = [figure("grassroots.units.count", on(day)) for day in ("2023-04-30", "2023-05-01")]

    assert counted == [0, 1]
