"""The calendar shows what is on a day to whom it concerns."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.choices import Kind
from activities.models import Activity
from grassroots.models import CommitteeTerm
from tests.welfare.samples import visit
from unionoffice.organisation.models import Union, User
from welfare.choices import Occasion

Login = Callable[[User], Client]


def entries(client: Client, query: str = "?month=2026-03") -> dict[date, list[str]]:
    """Labels and titles of the days that have any."""
    weeks = client.get(f"/calendar/{query}").context["weeks"]
    days: list[Any] = [day for week in weeks for day in week]
    return {day.on: [f"{entry.label}{entry.title}" for entry in day.entries] for day in days if day.entries}


@pytest.fixture
def month(union: Union, other_union: Union) -> None:
    Activity.objects.create(union=union, title="三八登山", kind=Kind.OTHER, starts_on="2026-03-08")
    Activity.objects.create(union=other_union, title="别家的活动", kind=Kind.OTHER, starts_on="2026-03-08")
    CommitteeTerm.objects.create(union=union, number=2, years=5, elected_on="2021-03-20")
    visit(union, "2026-03-08", name="王师傅", occasion=Occasion.ILLNESS)


@pytest.mark.usefixtures("month")
def test_chair_sees_the_days_of_the_own_union_alone(cast: SimpleNamespace, login: Login) -> None:
    assert entries(login(cast.chair)) == {
        date(2026, 3, 8): ["2026-03-08生病住院慰问", "三八登山"],
        date(2026, 3, 20): ["届满宏达机械有限公司工会委员会 第2届"],
    }


@pytest.mark.usefixtures("month")
def test_one_kind_and_the_neighbouring_month(cast: SimpleNamespace, login: Login) -> None:
    client = login(cast.staff)

    page = client.get("/calendar/?month=2026-02&kind=activities")
    later = entries(client, page.context["after_url"])

    assert later == {date(2026, 3, 8): ["三八登山", "别家的活动"]}
    assert page.context["is_empty"] is True


@pytest.mark.parametrize("month", ["2026-13", "0-0", "x", "99999-1", "2026-03-08"])
def test_impossible_month_shows_the_present_one(month: str, staff: User, login: Login) -> None:
    page = login(staff).get(f"/calendar/?month={month}")

    assert any(day.is_today and day.in_month for week in page.context["weeks"] for day in week)


def test_who_sees_no_dated_record_has_no_calendar(cast: SimpleNamespace, login: Login) -> None:
    client = login(cast.administrator)

    assert 'href="/calendar/"' not in client.get("/").content.decode()
    assert entries(client) == {}


def test_page_costs_the_same_for_one_record_and_for_many(union: Union, staff: User, login: Login) -> None:
    client = login(staff)
    visit(union, "2026-03-08", name="王师傅")
    entries(client)
    with CaptureQueriesContext(connection) as one:
        entries(client)
    for day in range(10, 20):
        visit(union, f"2026-03-{day}", name=f"赵师傅{day}")

    with CaptureQueriesContext(connection) as many:
        assert len(entries(client)) == 11

    assert len(many) == len(one)


def test_month_that_is_none_is_told(cast: SimpleNamespace, login: Login) -> None:
    page = login(cast.staff).get("/calendar/?month=2026-99").content.decode()

    assert "没有“2026-99”这个月份，显示的是本月。" in page
