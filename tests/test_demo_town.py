"""The demo town is plausible: every check of the data finds a few records, none of them half the town; always the same."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from members.choices import EventKind
from members.models import Member, MembershipEvent
from unionoffice.identity import age_on
from unionoffice.records import quality

pytestmark = pytest.mark.django_db
MEMBERS = 2_000
MANY = 60
# Asked of the whole town it is about the town alone, which holds something every month.
MAY_BE_NONE = {"union-idle-months"}


def names(day: date) -> list[tuple[str, date, str]]:
    with transaction.atomic():
        call_command("demo_town", members=120, today=day, verbosity=0)
        found = list(Member.objects.order_by("pk").values_list("name", "joined_on", "state"))
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2027, 7, 15)])
def test_same_day_gives_the_same_town(day: date) -> None:
    """Before the town of the other tests is loaded: it is loaded into an empty database only."""
    assert names(day) == names(day)


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
