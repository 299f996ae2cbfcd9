"""A re-election step by step, its deadlines, and the stars."""

from datetime import date

import pytest
from django.utils import timezone

from grassroots.actions import ratings, reelection
from grassroots.choices import Post, RatingKind, Stage
from grassroots.deadlines import (
    CONFIRM_MONTHS,
    Deadline,
    limits,
    next_step,
    period_label,
    workdays_after,
)
from grassroots.models import CommitteeTerm, OfficerPost, ReelectionStep, StarRating
from grassroots.steps.terms import TERM_STEPS
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Act
from unionoffice.records.steps import StepRefused
from unionoffice.records.taking_back import take_back

from .samples import figure, post, rating, single, term, unit, year

pytestmark = pytest.mark.django_db
RIGHT = {"seats": 5, "candidates": 6, "due": 30, "present": 25, "has_relatives": False}


@pytest.fixture
def running(town: Union) -> CommitteeTerm:
    union = single(town, legal_person_no="浙工法证字第1号", legal_person_until=date(2024, 12, 31))
    return term(union, "2019-05-10", number=1)


def offered(of: CommitteeTerm) -> list[str]:
    fresh = CommitteeTerm.objects.get(pk=of.pk)
    return [step.key for step in TERM_STEPS if step.shown(fresh)]


def test_whole_way_from_request_to_certificate(running: CommitteeTerm, staff: User) -> None:
    union = running.union
    post(union, "旧主席")
    assert offered(running) == ["reelect", "postpone"]

    following = reelection.open_reelection(
        running, on=date(2024, 3, 1), years=5, by=staff, document_no="请1号"
    )
    assert (following.label, offered(running)) == (f"{union} 第2届", [])
    assert offered(following) == ["request_approved", "meeting"]
    for stage, day in (
        (Stage.REQUEST_APPROVED, date(2024, 3, 10)),
        (Stage.CANDIDATES_FILED, date(2024, 3, 20)),
        (Stage.PUBLICISED, date(2024, 4, 1)),
    ):
        reelection.take_step(following, stage, on=day, by=staff)
    assert offered(following) == ["meeting"]
    reelection.hold_meeting(following, on=date(2024, 4, 20), by=staff, figures=RIGHT, posts_end=True)
    assert offered(following) == ["continue", "result_filed", "approve"]
    reelection.take_step(following, Stage.RESULT_FILED, on=date(2024, 4, 22), by=staff)
    assert figure("grassroots.reelection.done.count", year(2024)) == 0
    reelection.approve_result(following, on=date(2024, 4, 30), by=staff, document_no="批1号")
    assert figure("grassroots.reelection.done.count", year(2024)) == 1
    reelection.update_certificate(following, on=date(2024, 5, 6), by=staff, until=date(2029, 5, 6))

    following.refresh_from_db()
    running.refresh_from_db()
    union.refresh_from_db()
    elected, approved = date(2024, 4, 20), date(2024, 4, 30)
    assert (following.elected_on, following.ends_on) == (elected, date(2029, 4, 20))
    assert (following.approved_on, following.approval_no, following.seats) == (approved, "批1号", 5)
    assert (running.ended_on, running.ends_on) == (elected, elected)
    assert (union.legal_person_no, union.legal_person_until) == ("浙工法证字第1号", date(2029, 5, 6))
    assert OfficerPost.objects.get(name="旧主席").ended_on == date(2024, 4, 20)
    assert list(following.steps.order_by("kind").values_list("kind", flat=True)) == list(Stage)
    assert offered(following) == ["reelect", "postpone"]


def test_meeting_is_taken_back_with_all_it_changed(running: CommitteeTerm, staff: User) -> None:
    post(running.union, "旧主席")
    following = reelection.open_reelection(running, on=date(2024, 3, 1), years=3, by=staff)
    reelection.hold_meeting(following, on=date(2024, 4, 20), by=staff, figures=RIGHT, posts_end=True)

    take_back(Act.objects.latest("pk"), user=staff)

    following.refresh_from_db()
    running.refresh_from_db()
    assert (following.elected_on, following.seats, following.ends_on) == (None, None, None)
    assert (running.ended_on, running.ends_on) == (None, date(2024, 5, 10))
    assert OfficerPost.objects.get(name="旧主席").ended_on is None
    assert not ReelectionStep.objects.filter(kind=Stage.MEETING_HELD).exists()


def test_reelection_starts_once_and_on_the_last_term(running: CommitteeTerm, staff: User) -> None:
    following = reelection.open_reelection(running, on=date(2024, 3, 1), years=5, by=staff)

    with pytest.raises(StepRefused, match="第2届已经登记"):
        reelection.open_reelection(running, on=date(2024, 3, 1), years=5, by=staff)
    with pytest.raises(StepRefused, match="尚未选举"):
        reelection.open_reelection(following, on=date(2024, 3, 1), years=5, by=staff)


def test_step_that_does_not_fit_is_refused(running: CommitteeTerm, staff: User) -> None:
    following = reelection.open_reelection(running, on=date(2024, 3, 1), years=5, by=staff)

    with pytest.raises(StepRefused, match="请核对日期"):
        reelection.take_step(following, Stage.REQUEST_APPROVED, on=date(2024, 2, 1), by=staff)
    with pytest.raises(StepRefused, match="已经登记"):
        reelection.take_step(following, Stage.REQUEST_FILED, on=date(2024, 3, 1), by=staff)
    with pytest.raises(StepRefused, match="晚于今天"):
        reelection.take_step(following, Stage.REQUEST_APPROVED, on=date(2999, 2, 1), by=staff)


def test_doubtful_election_needs_a_reason(running: CommitteeTerm, staff: User) -> None:
    new_member(running.union)
    following = reelection.open_reelection(running, on=date(2024, 3, 1), years=5, by=staff)
    doubtful = RIGHT | {"seats": 9, "candidates": 9, "present": 10}

    with pytest.raises(StepRefused) as refusal:
        reelection.hold_meeting(following, on=date(2024, 4, 20), by=staff, figures=doubtful)
    assert all(word in str(refusal.value) for word in ("3至5人", "多5%以上", "三分之二"))
    assert CommitteeTerm.objects.get(pk=following.pk).elected_on is None
    reelection.hold_meeting(following, on=date(2024, 4, 20), by=staff, figures=doubtful, reason="上级同意")
    assert CommitteeTerm.objects.get(pk=following.pk).elected_on == date(2024, 4, 20)


def test_postponement_moves_the_end(running: CommitteeTerm, staff: User) -> None:
    with pytest.raises(StepRefused, match="延期换届最长6个月"):
        reelection.postpone(running, until=date(2025, 1, 1), by=staff, document_no="延1号", reason="疫情")

    reelection.postpone(running, until=date(2024, 11, 10), by=staff, document_no="延1号", reason="厂区搬迁")

    running.refresh_from_db()
    assert running.ends_on == date(2024, 11, 10)
    assert figure("grassroots.reelection.overdue.count", year(2024)) == 1


@pytest.mark.parametrize(
    ("taken", "stage", "due"),
    [
        ({}, Stage.REQUEST_FILED, date(2024, 5, 10)),
        ({1: date(2024, 3, 1)}, Stage.REQUEST_APPROVED, date(2024, 3, 16)),
        ({2: date(2024, 3, 10)}, Stage.CANDIDATES_FILED, date(2024, 5, 10)),
        ({4: date(2024, 4, 1)}, Stage.MEETING_HELD, date(2024, 5, 10)),
        ({5: date(2024, 4, 20)}, Stage.RESULT_FILED, None),
        ({6: date(2024, 4, 22)}, Stage.RESULT_APPROVED, date(2024, 5, 7)),
        ({7: date(2024, 4, 30)}, Stage.CERTIFICATE_UPDATED, date(2024, 5, 30)),
    ],
)
def test_next_step_and_its_deadline(taken: dict[int, date], stage: Stage, due: date | None) -> None:
    lengths = limits(date(2024, 1, 1))

    assert next_step(taken, date(2024, 5, 10), lengths, is_legal_person=True) == Deadline(stage, due)


def test_nothing_is_due_after_the_last_step() -> None:
    lengths = limits(date(2024, 1, 1))

    assert next_step({8: date(2024, 5, 1)}, None, lengths, is_legal_person=True) is None
    assert next_step({7: date(2024, 5, 1)}, None, lengths, is_legal_person=False) is None


def test_workdays_skip_the_weekend() -> None:
    assert workdays_after(date(2024, 4, 5), 1) == date(2024, 4, 8)
    assert workdays_after(date(2024, 4, 1), 5) == date(2024, 4, 8)


@pytest.mark.parametrize(
    ("months", "first", "last"),
    [
        (1, "2024年1月", "2024年12月"),
        (3, "2024第一季度", "2024第四季度"),
        (6, "2024上半年", "2024下半年"),
        (12, "2024年度", "2024年度"),
    ],
)
def test_confirmation_periods(months: int, first: str, last: str) -> None:
    assert period_label(date(2024, 1, 31), months) == first
    assert period_label(date(2024, 12, 31), months) == last
    assert limits(timezone.localdate())[CONFIRM_MONTHS] == 6


def test_review_continues_the_period(town: Union, staff: User) -> None:
    first = rating(single(town), 4, "2022-01-01")

    made = ratings.re_review(
        first,
        level=5,
        on=date(2024, 2, 1),
        period_from=date(2024, 1, 2),
        period_to=date(2026, 1, 1),
        by=staff,
    )

    assert (made.kind, made.level) == (RatingKind.RE_REVIEW, 5)
    assert figure("grassroots.stars.new_five.count", year(2024)) == 1
    with pytest.raises(StepRefused, match="不是该工会现行"):
        ratings.revoke(first, on=date(2024, 3, 1), by=staff, reason="x")
    take_back(Act.objects.latest("pk"), user=staff)
    assert figure("grassroots.stars.five.count", year(2024)) == 0


def test_stars_are_lowered_and_taken_away(town: Union, staff: User) -> None:
    first = rating(single(town), 5, "2022-01-01")
    with pytest.raises(StepRefused, match="更低的星级"):
        ratings.downgrade(first, level=5, on=date(2024, 2, 1), by=staff, reason="台账缺失")
    with pytest.raises(StepRefused, match="早于现行星级"):
        ratings.downgrade(first, level=4, on=date(2021, 2, 1), by=staff, reason="台账缺失")

    lowered = ratings.downgrade(first, level=4, on=date(2024, 2, 1), by=staff, reason="台账缺失")
    ratings.revoke(lowered, on=date(2024, 9, 1), by=staff, reason="长期不活动")

    assert figure("grassroots.stars.rated.count", year(2024)) == 0
    take_back(Act.objects.latest("pk"), user=staff)
    assert figure("grassroots.stars.rated.count", year(2024)) == 1
    assert StarRating.objects.latest("pk") == lowered


def test_reelected_go_on_in_the_new_term(running: CommitteeTerm, staff: User, login) -> None:
    union = running.union
    for name, kind in (("沈芳", Post.CHAIR), ("王明", Post.VICE_CHAIR), ("李强", Post.PART_TIME_CHAIR)):
        post(union, name, kind, term=running, started_on="2019-05-10")
    following = term(union, "2024-05-10", number=2)
    office, page = login(staff), f"/terms/{following.pk}/steps/continue/"
    offered_posts = dict(office.get(page).context["form"].fields["posts"].choices)

    first = next(pk for pk, text in offered_posts.items() if text.startswith("沈芳"))
    answer = office.post(page, {"posts": [first]})

    assert list(offered_posts.values()) == ["沈芳（主席）", "王明（副主席）"]
    assert answer.status_code == 302
    assert list(following.posts.values_list("name", "post", "started_on", "appointment")) == [
        ("沈芳", "chair", date(2024, 5, 10), "elected")
    ]
    ended = OfficerPost.objects.filter(term=running).exclude(ended_on=None)
    assert list(ended.values_list("name", "ended_on")) == [("沈芳", date(2024, 5, 10))]
    assert [text for _, text in office.get(page).context["form"].fields["posts"].choices] == [
        "王明（副主席）"
    ]


def test_nobody_chosen_to_go_on_is_told(running: CommitteeTerm, staff: User, login) -> None:
    post(running.union, "沈芳", term=running, started_on="2019-05-10")
    following = term(running.union, "2024-05-10", number=2)

    answer = login(staff).post(f"/terms/{following.pk}/steps/continue/", {})

    assert answer.status_code == 422
    assert "请勾选连任的人。" in answer.content.decode()


def test_term_leads_to_the_one_that_is_prepared(running: CommitteeTerm, staff: User, login) -> None:
    following = reelection.open_reelection(running, on=date(2024, 3, 1), years=5, by=staff)

    page = login(staff).get(f"/terms/{running.pk}/")

    assert ("去办理第2届", f"/terms/{following.pk}/") in [
        (action["label"], action["url"]) for action in page.context["actions"]
    ]


def test_history_names_the_step_taken(running: CommitteeTerm, staff: User, login) -> None:
    login(staff).post(
        f"/terms/{running.pk}/steps/postpone/",
        {"until": "2024-08-01", "document_no": "批1号", "reason": "企业搬迁"},
    )

    page = login(staff).get(f"/terms/{running.pk}/").context["timeline"]

    assert (page[0].kind_label, page[0].summary) == ("延期换届", "企业搬迁")


def test_downgrade_offers_lower_levels_only(town: Union, staff: User, login) -> None:
    given = rating(single(town), 3, "2024-01-01")

    form = login(staff).get(f"/stars/{given.pk}/steps/downgrade/").context["form"]

    assert [label for _, label in form.fields["level"].choices] == ["请选择", "一星级", "二星级"]


def test_step_that_makes_a_record_leads_to_it(
    running: CommitteeTerm, town: Union, staff: User, login
) -> None:
    office, given = login(staff), rating(single(town), 3, "2024-01-01")
    steps = {
        f"/terms/{running.pk}/steps/reelect/": {"on": "2024-03-01", "years": 5},
        f"/stars/{given.pk}/steps/downgrade/": {"on": "2024-06-01", "level": 2, "reason": "活动停了"},
        f"/units/{unit().pk}/steps/found/": {"name": "新建工会", "on": "2024-06-01"},
    }

    led = [office.post(address, sent)["Location"] for address, sent in steps.items()]

    assert led == [
        f"/terms/{CommitteeTerm.objects.latest('pk').pk}/",
        f"/stars/{StarRating.objects.latest('pk').pk}/",
        f"/unions/{Union.objects.get(name='新建工会').pk}/",
    ]


def test_replaced_rating_leads_to_the_one_that_holds(town: Union, staff: User, login) -> None:
    old = rating(single(town), 3, "2024-01-01")
    made = ratings.downgrade(old, level=2, on=date(2024, 6, 1), by=staff, reason="活动停了")
    office = login(staff)

    shown = [
        {action["label"]: action["url"] for action in office.get(f"/stars/{one.pk}/").context["actions"]}
        for one in (old, made)
    ]

    assert shown[0]["看最近一次：2024-06-01 降级"] == f"/stars/{made.pk}/"
    assert not any(label.startswith("看最近一次") for label in shown[1])


def test_review_of_a_letter_without_a_period_is_kept(town: Union, staff: User) -> None:
    first = rating(single(town), 4, "2020-01-01", period_from=None, period_to=None)

    made = ratings.re_review(first, level=4, on=date(2022, 1, 10), period_from=None, period_to=None, by=staff)

    assert (made.period_from, made.period_to, made.kind) == (None, None, "re_review")
