"""What an activity still lacks and which months were idle, on the desk and among the findings."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activities.choices import State
from activities.models import Activity
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records import desk, quality
from unionoffice.records.blobs import store
from unionoffice.records.models import Attachment

from .samples import activity

Login = Callable[[User], Client]
PLANNED = {"state": State.PLANNED, "came": None}


def attached(made: Activity, kind: str) -> Activity:
    Attachment.objects.create(
        table="activities_activity", row=made.pk, kind=kind, name="1.jpg", blob=store(b"x", "image/jpeg")
    )
    return made


def found(key: str, unions: frozenset[int] | None = None) -> list[tuple[str, str]]:
    check = quality.find(key)
    assert check is not None
    return [(str(finding.record), finding.message) for finding in check.findings(unions)]


@pytest.fixture
def in_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2026, 5, 20))


def test_attendance_without_sheet_or_photo_is_found(union: Union) -> None:
    attached(activity(union, title="有照片"), "photo")
    attached(activity(union, title="有签到表"), "sign_in")
    attached(activity(union, title="只有通知"), "notice")
    activity(union, title="没有人次", came=None)

    assert found("activity-unproved") == [("只有通知", "2026-05-10参加40人次，没有签到表也没有照片")]


def test_planned_activity_past_its_day_is_found(union: Union, in_may: None) -> None:
    activity(union, "2026-05-19", title="过期", **PLANNED)
    activity(union, "2026-05-20", title="今天", **PLANNED)
    activity(union, "2026-05-19", title="办了")

    assert found("activity-overdue") == [("过期", "原定2026-05-19，仍是“计划中”，不计入已举办")]


def test_held_activity_without_attendance_or_theme_is_found(union: Union) -> None:
    activity(union, title="没有人次", came=None)
    activity(union, title="没有主题", theme="")
    activity(union, title="取消的", state=State.CANCELLED, cancel_reason="台风", came=None, theme="")

    assert [title for title, _ in found("activity-without-attendance")] == ["没有人次"]
    assert [title for title, _ in found("activity-without-theme")] == ["没有主题"]


def test_idle_months_of_the_town_and_of_a_union(
    town: Union, union: Union, other_union: Union, in_may: None
) -> None:
    activity(union, "2026-01-10", co_organisers=[other_union])
    activity(union, "2026-03-10")
    activity(union, "2026-04-10", state=State.CANCELLED, cancel_reason="台风", came=None)
    activity(union, "2026-05-10")

    assert found("union-idle-months") == [(town.name, "2026年2月、4月没有活动")]
    assert found("union-idle-months", frozenset({union.pk, other_union.pk})) == [
        (union.name, "2026年2月、4月没有活动"),
        (other_union.name, "2026年2月、3月、4月没有活动"),
    ]


def test_month_before_founding_is_not_idle(union: Union, in_may: None) -> None:
    Union.objects.filter(pk=union.pk).update(founded_on="2026-03-15")
    activity(union, "2026-04-10")

    assert found("union-idle-months", frozenset({union.pk})) == [(union.name, "2026年3月没有活动")]


def test_in_january_the_whole_last_year_is_looked_at(union: Union, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2027, 1, 5))
    for month in range(1, 12):
        activity(union, f"2026-{month:02}-10")

    assert found("union-idle-months", frozenset({union.pk})) == [(union.name, "2026年12月没有活动")]


def test_desk_asks_about_one_overdue_activity_and_lists_several(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    first = activity(union, str(yesterday), **PLANNED)
    activity(other_union, str(yesterday), co_organisers=[union], **PLANNED)

    one = next(found for found in desk.reminders(chair) if "办了吗" in found.title)
    second = activity(union, str(yesterday - timedelta(days=9)), **PLANNED)
    several = next(found for found in desk.reminders(chair) if "已过日期" in found.title)

    assert one.url == f"/activities/{first.pk}/steps/hold/"
    assert several.title == "2项计划的活动已过日期"
    rows = login(chair).get(several.url).context["rows"]
    assert {first.pk, second.pk} <= {row.pk for row in rows}


def test_desk_leads_to_this_years_activities_without_proof(union: Union, chair: User, login: Login) -> None:
    today = timezone.localdate()
    lacking = activity(union, str(today))
    attached(activity(union, str(today)), "photo")

    reminder = next(found for found in desk.reminders(chair) if "签到表" in found.title)

    assert reminder.title == "今年1项活动缺签到表和照片"
    assert [row.pk for row in login(chair).get(reminder.url).context["rows"]] == [lacking.pk]


def test_member_and_union_pages_show_activities(
    union: Union, other_union: Union, staff: User, login: Login
) -> None:
    member = new_member(union)
    made = activity(union, co_organisers=[other_union], participants=[member])
    client = login(staff)

    def shown(page: str, title: str) -> list[str]:
        part = next(part for part in client.get(page).context["related"] if part["title"] == title)
        return [row.url for row in part["rows"]]

    address = [f"/activities/{made.pk}/"]
    assert shown(f"/members/{member.pk}/", "参加的活动") == address
    assert shown(f"/unions/{union.pk}/", "活动") == address
    assert shown(f"/unions/{other_union.pk}/", "联合主办的活动") == address
