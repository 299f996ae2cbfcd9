"""The demo town is plausible: every check of the data finds a few records, none of them half the town; always the same."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from activities.models import Activity
from grassroots.models import CommitteeTerm, OfficerPost, StarRating
from members.choices import EventKind
from members.models import Member, MembershipEvent
from unionoffice.identity import age_on
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Coverage, Union
from unionoffice.records import quality
from unionoffice.records.rules import Batch, judge
from unionoffice.records.types import registry
from welfare.models import CareVisit

pytestmark = pytest.mark.django_db
MEMBERS = 2_000
MANY = 60
# Asked of the whole town it is about the town alone, which holds something every month.
MAY_BE_NONE = {"union-idle-months"}
# What the town is to show as wrong, and doubts that it is not to leave.
MEANT = {"single-other-unit", "staff-part", "step-other-day", "visit-repeated"}
NEVER_DOUBTED = {"periods-overlap", "joined-before-founding", "elected-before-founding", "no-stars-before"}


def faults(day: date) -> dict[str, set[str]]:
    """What the rules of each type refuse in its records, all of them as if typed on that day."""
    found: dict[str, set[str]] = {}
    for kind in registry:
        rows = list(kind.model.objects.all())
        values = {name: [_typed(row, kind.field(name)) for row in rows] for name in kind.fields}
        for problem in judge(kind.rules, Batch(values, [row.pk for row in rows], today=day)):
            if problem.verdict == "refused" or problem.code in NEVER_DOUBTED:
                found.setdefault(problem.code, set()).add(f"{rows[problem.index]}：{problem.message}")
    return found


def _typed(row: Any, field: Any) -> Any:
    if field.many_to_many:
        return list(getattr(row, field.name).values_list("pk", flat=True))
    return getattr(row, field.attname)


def loaded(day: date) -> tuple[list[tuple[str, date, str]], dict[str, set[str]]]:
    """Who is in the town of that day, and what the rules say against it."""
    with transaction.atomic():
        call_command("demo_town", members=120, today=day, verbosity=0)
        found = list(Member.objects.order_by("pk").values_list("name", "joined_on", "state")), faults(day)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2027, 7, 15)])
def test_same_day_gives_the_same_town_with_no_fault_but_those_meant(day: date) -> None:
    """Before the town of the other tests is loaded: it is loaded into an empty database only."""
    names, wrong = loaded(day)

    assert (names, wrong) == loaded(day)
    assert wrong.keys() == MEANT, wrong


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo_town", members=MEMBERS, verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("check", quality.checks(), ids=lambda check: check.key)
def test_every_check_finds_a_few(check: quality.Check, town: None) -> None:
    found = list(check.findings())

    assert len(found) <= MANY, [finding.message for finding in found[:5]]
    assert found or check.key in MAY_BE_NONE
    assert all(finding.message for finding in found)


def test_who_retired_was_old_enough(town: None) -> None:
    retired = MembershipEvent.objects.filter(kind=EventKind.RETIRE).select_related("member")

    assert retired
    assert all(age_on(event.member.born_on, event.on) >= 50 for event in retired)
    assert all(event.member.joined_on < event.on for event in retired)


def test_nobody_joined_as_a_child_or_after_retirement(town: None) -> None:
    members = Member.objects.all()

    assert all(age_on(member.born_on, member.joined_on) >= 16 for member in members)
    assert all(member.joined_on <= timezone.localdate() for member in members)


def test_nothing_of_a_union_is_older_than_the_union(town: None) -> None:
    founded = F("union__founded_on")
    for model, day in (
        (StarRating, "awarded_on"),
        (CommitteeTerm, "elected_on"),
        (OfficerPost, "started_on"),
    ):
        assert not model.objects.filter(**{f"{day}__lt": founded}), model
    for model, day in ((Coverage, "started_on"), (Activity, "starts_on"), (CareVisit, "visited_on")):
        assert not model.objects.filter(**{f"{day}__lt": founded}), model
    parts = Union.objects.filter(kind=UnionKind.GROUP, founded_on__lt=F("parent__founded_on"))
    assert not parts


def test_a_union_was_approved_in_the_year_of_its_founding(town: None) -> None:
    approved = Union.objects.exclude(approval_no="").exclude(founded_on=None)

    assert approved.count() > 50
    assert all(f"〔{union.founded_on.year}〕" in union.approval_no for union in approved)
