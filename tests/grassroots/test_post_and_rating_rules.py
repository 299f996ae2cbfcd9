"""V08 and V09: posts, stars, confirmations."""

from datetime import date
from typing import Any

import pytest

from grassroots.choices import Post, RatingKind
from members.choices import EventKind
from tests.members.samples import event, new_member
from unionoffice.organisation.models import Union, User

from .judging import codes, verdicts
from .samples import post, rating, single, term

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(town: Union) -> Union:
    return single(town)


def a_post(union: Union, name: str = "赵一", **fields: Any) -> dict[str, Any]:
    return {"union": union.pk, "name": name, "post": Post.MEMBER, "started_on": date(2024, 1, 1)} | fields


def test_holder_is_an_active_member_of_the_union(own: Union, other_union: Union) -> None:
    member = new_member(own, name="赵一")
    elsewhere = new_member(other_union, name="钱二")

    assert verdicts("posts", a_post(own, member=member.pk), a_post(own)) == []
    assert verdicts("posts", a_post(own, "钱二", member=elsewhere.pk)) == [(0, "warned", "holder-no-member")]
    assert verdicts("posts", a_post(own, "孙三")) == [(0, "warned", "holder-no-member")]
    event(member, EventKind.RETIRE, "2024-02-01")
    assert codes("posts", a_post(own, member=member.pk)) == {"holder-no-member"}


def test_township_people_and_former_holders_need_be_no_members(town: Union, own: Union) -> None:
    assert codes("posts", a_post(town, "孙三")) == set()
    assert codes("posts", a_post(own, "孙三", ended_on=date(2024, 2, 1))) == set()
    assert codes("posts", a_post(own, "孙三", post=Post.PART_TIME_ASSISTANT)) == set()


def test_name_is_that_of_the_member(own: Union) -> None:
    member = new_member(own, name="赵一")

    assert verdicts("posts", a_post(own, "钱二", member=member.pk)) == [(0, "refused", "holder-other-name")]


def test_union_has_one_chair_at_a_time(own: Union) -> None:
    new_member(own, name="赵一")
    post(own, "钱二", started_on="2020-01-01", ended_on="2024-02-01")
    chair = a_post(own, post=Post.CHAIR)

    assert verdicts("posts", chair) == [(0, "warned", "two-chairs")]
    assert codes("posts", chair | {"started_on": date(2024, 2, 1)}) == set()
    assert codes("posts", chair | {"post": Post.VICE_CHAIR}) == set()


def test_post_belongs_to_a_term_of_its_union(own: Union, other_union: Union) -> None:
    new_member(own, name="赵一")

    assert codes("posts", a_post(own, term=term(own, "2023-01-01").pk)) == set()
    assert codes("posts", a_post(own, term=term(other_union, "2023-01-01").pk)) == {"term-of-other-union"}


def test_post_ends_after_it_began(own: Union) -> None:
    assert "post-ends-before-start" in codes("posts", a_post(own, ended_on=date(2023, 12, 31)))


def test_only_the_township_appoints_part_time_officers(own: Union, staff: User, chair: User) -> None:
    new_member(own, name="赵一")
    stored = post(own, "赵一", Post.PART_TIME_CHAIR, "2020-01-01")
    appointed = a_post(own, post=Post.PART_TIME_CHAIR)

    assert codes("posts", appointed, user=staff) == set()
    assert codes("posts", appointed, user=chair) == {"township-appointment"}
    assert codes("posts", a_post(own), user=chair) == set()
    assert codes("posts", a_post(own), user=chair, pks=[stored.pk]) == {"township-appointment"}


def a_rating(union: Union, **fields: Any) -> dict[str, Any]:
    row = {
        "union": union.pk,
        "kind": RatingKind.NEW,
        "level": 4,
        "awarded_on": date(2024, 3, 1),
        "period_from": date(2024, 1, 1),
        "period_to": date(2025, 12, 31),
    }
    return row | fields


def test_right_rating_passes(own: Union) -> None:
    assert verdicts("stars", a_rating(own)) == []


def test_there_are_one_to_five_stars(own: Union) -> None:
    assert codes("stars", a_rating(own, level=6)) == {"star-level"}
    assert codes("stars", a_rating(own, level=0)) == {"star-level"}
    assert codes("stars", a_rating(own, level=1)) == codes("stars", a_rating(own, level=5)) == set()


def test_period_is_whole_or_not_named_and_ends_after_it_begins(own: Union) -> None:
    """Letters of the county name no period."""
    assert codes("stars", a_rating(own, period_to=date(2023, 12, 31))) == {"period-ends-before-start"}
    assert codes("stars", a_rating(own, period_to=None)) == {"half-a-period"}
    assert codes("stars", a_rating(own, period_from=None)) == {"half-a-period"}
    assert codes("stars", a_rating(own, period_from=None, period_to=None)) == set()
    rating(own, 5, "2022-01-01")
    lowered = a_rating(own, kind=RatingKind.DOWNGRADE, period_from=None, period_to=None)
    assert codes("stars", lowered) == set()


def test_no_two_ratings_for_one_period(own: Union, other_union: Union) -> None:
    stored = rating(own, 3, "2024-01-01", period_from=date(2024, 1, 1), period_to=date(2025, 12, 31))

    assert verdicts("stars", a_rating(own)) == [(0, "refused", "rated-twice")]
    assert codes("stars", a_rating(own), pks=[stored.pk]) == set()
    assert codes("stars", a_rating(other_union)) == set()
    twice = verdicts("stars", a_rating(other_union), a_rating(other_union, level=5))
    assert twice == [(0, "refused", "rated-twice"), (1, "refused", "rated-twice")]


def test_overlapping_periods_are_doubted(own: Union) -> None:
    rating(own, 3, "2023-06-01", years=1)

    assert verdicts("stars", a_rating(own)) == [(0, "warned", "periods-overlap")]


def test_review_downgrade_and_revocation_need_stars(own: Union) -> None:
    none = {"period_from": None, "period_to": None}
    lowered = a_rating(own, kind=RatingKind.DOWNGRADE, **none)
    assert verdicts("stars", lowered) == [(0, "refused", "no-stars-to-lower")]
    assert codes("stars", a_rating(own, kind=RatingKind.REVOKE, **none)) == {"no-stars-before"}
    assert codes("stars", a_rating(own, kind=RatingKind.RE_REVIEW)) == {"no-stars-before"}
    rating(own, 4, "2022-01-01", years=1)
    assert codes("stars", a_rating(own, kind=RatingKind.RE_REVIEW, level=5)) == set()
    assert codes("stars", a_rating(own, kind=RatingKind.DOWNGRADE, **none)) == {"no-downgrade"}
    assert codes("stars", a_rating(own, kind=RatingKind.DOWNGRADE, level=3, **none)) == set()
    assert codes("stars", a_rating(own, kind=RatingKind.REVOKE, level=3, **none)) == {"revokes-other-level"}
    assert codes("stars", a_rating(own, kind=RatingKind.REVOKE, **none)) == set()


def test_ratings_of_one_file_follow_each_other(own: Union) -> None:
    none = {"period_from": None, "period_to": None}
    rows = (
        a_rating(own, awarded_on=date(2024, 9, 1), kind=RatingKind.REVOKE, level=3, **none),
        a_rating(own, awarded_on=date(2024, 6, 1), kind=RatingKind.DOWNGRADE, level=3, **none),
        a_rating(own, awarded_on=date(2024, 3, 1), level=5),
    )

    assert verdicts("stars", *rows) == []


@pytest.mark.parametrize(
    ("period", "right"),
    [
        ("2026上半年", True),
        ("2026下半年", True),
        ("2026第三季度", True),
        ("2026年11月", True),
        ("2026年度", True),
        ("2026", False),
        ("2026年13月", False),
        ("上半年", False),
    ],
)
def test_confirmation_names_its_period(own: Union, period: str, right: bool) -> None:
    row = {"union": own.pk, "period": period, "confirmed_on": date(2024, 1, 1)}

    assert codes("confirmations", row) == (set() if right else {"period-name"})
