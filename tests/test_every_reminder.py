"""Every reminder of every role: its number is that of the page it leads to, and whoever may open that page is told."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from activities.choices import State
from grassroots.choices import Stage
from grassroots.models import ReelectionStep
from members.models import TransferRequest
from reports.models import Ask
from tests.activities.samples import activity
from tests.grassroots.samples import rating, single, term
from tests.members.samples import new_member
from tests.welfare.samples import visit
from unionoffice.identity import add_months
from unionoffice.organisation.models import Union, User
from unionoffice.records import desk

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]
# Reminders of a chair's alone: they ask for something only the chair can do, or count too much for a whole town.
OF_CHAIRS = {"asked_for", "findings"}


def ending_in(union: Union, days: int) -> None:
    ends = timezone.localdate() + timedelta(days=days)
    made = term(union, add_months(ends, -36).isoformat(), years=3)
    made.postponed_until = ends if made.ends_on != ends else None
    made.save()


def lacking_everything(union: Union, other: Union, staff: User) -> None:
    """One or several of all that a reminder may be about, in the union and unions below it."""
    today = timezone.localdate()
    yesterday, certificate = today - timedelta(days=1), {"legal_person_no": "1"}
    for days in (-9, -1, 0, 30, 31, 90, 91, 180, 181):
        ending_in(single(union, legal_person_until=today + timedelta(days=days), **certificate), days)
    late = single(union)
    following = term(late, None, number=2)
    ReelectionStep.objects.create(term=following, kind=Stage.REQUEST_FILED, on=date(2024, 1, 1))
    rating(late, 4, add_months(today, -25).isoformat(), years=2)
    for number in range(2):
        visit(union, str(today), name=f"王师傅{number}")
        activity(union, str(yesterday), title=f"春游{number}", state=State.PLANNED, came=None)
        activity(union, str(today), title=f"健步走{number}")
    activity(other, str(yesterday), title="联办", state=State.PLANNED, came=None, co_organisers=[union])
    activity(other, str(today), title="联办", co_organisers=[union])
    for leaving, joining in ((union, other), (other, union)):
        for number in range(2):
            who = new_member(leaving, name=f"李小{'一二'[number]}")
            TransferRequest.objects.create(
                member=who,
                from_union=leaving,
                to_union=joining,
                on=today,
                reason="换单位",
                requested_by=staff,
            )
    Ask.objects.create(key="activities.job_fair.count", union=union, start=today, end=today, asked_by=staff)


@pytest.fixture
def told(
    cast: SimpleNamespace, union: Union, other_union: Union
) -> dict[str, dict[str, list[desk.Reminder]]]:
    """What each offer tells each role."""
    lacking_everything(union, other_union, cast.staff)
    return {
        role: {offer.__name__: list(offer(user)) for offer in desk._reminders}
        for role, user in vars(cast).items()
    }


def test_everything_that_waits_is_told_to_chair_staff_and_leader(told: dict) -> None:
    silent = {role: {name for name, found in offers.items() if not found} for role, offers in told.items()}

    assert silent["chair"] == set()
    assert silent["staff"] == silent["leader"] == OF_CHAIRS
    assert silent["administrator"] == silent["mediator"] == set(told["staff"])


def test_number_of_every_reminder_is_that_of_its_page(
    told: dict, cast: SimpleNamespace, login: Login
) -> None:
    for role, offers in told.items():
        client = login(getattr(cast, role))
        for reminder in (reminder for found in offers.values() for reminder in found):
            page = client.get(reminder.url)
            assert page.status_code == 200, (role, reminder)
            if reminder.count is None:
                assert not re.match(r"\d", reminder.title), (role, reminder)
                continue
            total = page.context["page"].total if "problems" in page.context else page.context["total"]
            assert page.context.get("problems", []) == [], (role, reminder)
            assert (total, str(total) in reminder.title) == (reminder.count, True), (role, reminder)
