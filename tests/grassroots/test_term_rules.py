"""V06 and V07: terms, elections and the steps of a re-election."""

from datetime import date
from typing import Any

import pytest

from grassroots.choices import Stage
from grassroots.models import ReelectionStep
from grassroots.rules.terms import size_band
from tests.members.samples import new_member
from unionoffice.organisation.models import OfficeSetting, Union

from .judging import codes, verdicts
from .samples import single, term

pytestmark = pytest.mark.django_db


def a_term(union: Union, elected_on: str | None = "2024-03-01", **fields: Any) -> dict[str, Any]:
    day = date.fromisoformat(elected_on) if elected_on else None
    return {"union": union.pk, "number": 2, "years": 5, "elected_on": day} | fields


@pytest.fixture
def own(town: Union) -> Union:
    return single(town)


def test_right_term_passes(own: Union) -> None:
    row = a_term(own, approved_on=date(2024, 3, 20), seats=20, candidates=21, due=3, present=2)

    assert verdicts("terms", row, a_term(own, None, number=3)) == []


def test_term_lasts_three_or_five_years(own: Union) -> None:
    assert codes("terms", a_term(own, years=4)) == {"term-years"}
    assert codes("terms", a_term(own, years=3)) == set()


def test_approval_follows_the_election(own: Union) -> None:
    assert codes("terms", a_term(own, approved_on=date(2024, 2, 29))) == {"approved-before-election"}
    assert codes("terms", a_term(own, approved_on=date(2024, 3, 1))) == set()
    assert codes("terms", a_term(own, None, approved_on=date(2024, 3, 1))) == {"approved-without-election"}


def test_terms_of_a_union_do_not_overlap(own: Union, other_union: Union) -> None:
    first = term(own, "2019-03-02", number=1)

    assert codes("terms", a_term(own, "2024-03-01")) == {"terms-overlap"}
    assert codes("terms", a_term(own, "2024-03-02")) == set()
    assert codes("terms", a_term(other_union, "2024-03-01")) == set()
    assert codes("terms", a_term(own, "2024-03-01"), pks=[first.pk]) == set()


def test_early_reelection_needs_the_early_end_of_the_term_before(own: Union) -> None:
    term(own, "2019-03-02", number=1, ended_on="2023-06-01")

    assert codes("terms", a_term(own, "2023-06-01")) == set()


def test_postponed_term_lasts_until_then(own: Union) -> None:
    term(own, "2019-03-02", number=1, postponed_until="2024-06-01")

    assert codes("terms", a_term(own, "2024-04-01")) == {"terms-overlap"}
    assert codes("terms", a_term(own, "2024-06-01")) == set()


def test_terms_of_one_file_are_judged_together(own: Union) -> None:
    rows = (a_term(own, "2019-03-02", number=1), a_term(own, "2022-01-01", number=2))

    assert {code for _, _, code in verdicts("terms", *rows)} == {"terms-overlap"}


def test_higher_number_does_not_lie_earlier(own: Union) -> None:
    term(own, "2010-01-01", number=3)

    assert codes("terms", a_term(own, "2020-01-01", number=2)) == {"term-order"}
    assert codes("terms", a_term(own, "2020-01-01", number=4)) == set()


def test_postponement_is_limited(own: Union) -> None:
    assert codes("terms", a_term(own, postponed_until=date(2029, 3, 1))) == {"postponed-to-earlier"}
    assert codes("terms", a_term(own, postponed_until=date(2029, 9, 1))) == set()
    assert codes("terms", a_term(own, postponed_until=date(2029, 9, 2))) == {"postponed-too-long"}
    OfficeSetting.objects.create(key="reelection.postpone_months", value=12, valid_from=date(2020, 1, 1))
    assert codes("terms", a_term(own, postponed_until=date(2029, 9, 2))) == set()


def test_early_end_lies_within_the_term(own: Union) -> None:
    assert codes("terms", a_term(own, ended_on=date(2024, 2, 1))) == {"ended-outside-term"}
    assert codes("terms", a_term(own, ended_on=date(2029, 3, 2))) == {"ended-outside-term"}
    assert codes("terms", a_term(own, ended_on=date(2026, 1, 1))) == set()


@pytest.mark.parametrize(
    ("members", "band"),
    [
        (24, (3, 5)),
        (25, (3, 7)),
        (200, (3, 7)),
        (201, (7, 15)),
        (1000, (7, 15)),
        (5001, (21, 29)),
        (50001, None),
    ],
)
def test_size_of_the_committee_follows_the_members(members: int, band: tuple[int, int] | None) -> None:
    assert size_band(members) == band


def test_committee_outside_the_band_is_doubted(own: Union) -> None:
    new_member(own)

    assert verdicts("terms", a_term(own, seats=6)) == [(0, "warned", "committee-size")]
    assert codes("terms", a_term(own, seats=5)) == set()


def test_size_is_that_of_the_day_of_election(own: Union) -> None:
    new_member(own, "2024-06-01")

    assert codes("terms", a_term(own, "2024-03-01", seats=6)) == set()


def test_five_per_cent_more_candidates_than_seats(own: Union) -> None:
    assert codes("terms", a_term(own, seats=20, candidates=20)) == {"too-few-candidates"}
    assert codes("terms", a_term(own, seats=20, candidates=21)) == set()
    assert codes("terms", a_term(own, seats=21, candidates=22)) == {"too-few-candidates"}


def test_two_thirds_are_present(own: Union) -> None:
    assert verdicts("terms", a_term(own, due=31, present=20)) == [(0, "warned", "no-quorum")]
    assert codes("terms", a_term(own, due=30, present=20)) == set()
    assert verdicts("terms", a_term(own, due=30, present=31)) == [(0, "refused", "present-above-due")]


def test_relatives_among_the_candidates_are_told(own: Union) -> None:
    assert verdicts("terms", a_term(own, has_relatives=True)) == [(0, "warned", "relatives")]
    assert codes("terms", a_term(own, has_relatives=False)) == set()


def test_election_before_founding_is_doubted(town: Union) -> None:
    union = single(town, founded_on="2024-06-01")

    assert codes("terms", a_term(union)) == {"elected-before-founding"}


def a_step(prepared: Any, stage: Stage, on: str) -> dict[str, Any]:
    return {"term": prepared.pk, "kind": int(stage), "on": date.fromisoformat(on)}


def test_steps_follow_each_other_in_time(own: Union) -> None:
    prepared = term(own, None, number=2)
    ReelectionStep.objects.create(term=prepared, kind=Stage.REQUEST_FILED, on=date(2024, 3, 1))

    assert codes("reelection-steps", a_step(prepared, Stage.REQUEST_APPROVED, "2024-02-29")) == {"step-order"}
    assert codes("reelection-steps", a_step(prepared, Stage.REQUEST_APPROVED, "2024-03-01")) == set()


def test_meeting_and_approval_are_on_the_days_of_the_term(own: Union) -> None:
    elected = term(own, "2024-03-01", number=2, approved_on="2024-03-20")

    assert codes("reelection-steps", a_step(elected, Stage.MEETING_HELD, "2024-03-02")) == {"step-other-day"}
    assert codes("reelection-steps", a_step(elected, Stage.MEETING_HELD, "2024-03-01")) == set()
    assert codes("reelection-steps", a_step(elected, Stage.RESULT_APPROVED, "2024-03-21")) == {
        "step-other-day"
    }


def test_late_answer_and_short_notice_are_doubted(own: Union) -> None:
    prepared = term(own, None, number=2)
    filed = a_step(prepared, Stage.REQUEST_FILED, "2024-03-01")
    published = a_step(prepared, Stage.PUBLICISED, "2024-04-01")

    late = verdicts("reelection-steps", filed, a_step(prepared, Stage.REQUEST_APPROVED, "2024-03-17"))
    assert late == [(1, "warned", "answered-late")]
    assert verdicts("reelection-steps", filed, a_step(prepared, Stage.REQUEST_APPROVED, "2024-03-16")) == []
    short = verdicts("reelection-steps", published, a_step(prepared, Stage.MEETING_HELD, "2024-04-07"))
    assert short == [(1, "warned", "notice-too-short")]
    assert verdicts("reelection-steps", published, a_step(prepared, Stage.MEETING_HELD, "2024-04-08")) == []
