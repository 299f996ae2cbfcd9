"""E-card and real-name data of a past day are those of that day: changes of later days leave its figures alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from members.choices import Flag
from members.models import CollectionTask, FlagSpan, Member
from members.queries import done_by_year_end
from unionoffice import facts
from unionoffice.organisation.models import Union
from unionoffice.records.models import Act, ActKind

from .samples import new_member

FILL = import_module("members.migrations.0004_flagspan").FILL
# The figure of a flag, and the values with which it stands and falls.
FLAGS = {
    Flag.CARD: ("members.ecard.count", {"app_bound": True}, {"app_bound": False}),
    Flag.COMPLETE: ("members.realname.complete.count", {"phone": "13800000000"}, {"phone": ""}),
}
each_flag = pytest.mark.parametrize("flag", Flag)


@contextmanager
def on(day: str) -> Iterator[None]:
    """What is written inside is written on that day."""
    with transaction.atomic(), connection.cursor() as cursor:
        at = timezone.make_aware(datetime.fromisoformat(f"{day}T00:30"))
        opened = Act.objects.create(kind=ActKind.CHANGE, at=at)
        cursor.execute("select set_config('unionoffice.act', %s, true)", [str(opened.pk)])
        yield
        cursor.execute("select set_config('unionoffice.act', '', true)")


@pytest.fixture
def member(union: Union) -> Member:
    return new_member(union, "2020-01-01")


def write(member: Member, day: str, values: dict[str, object]) -> None:
    with on(day):
        Member.objects.filter(pk=member.pk).update(**values)


def counted(flag: Flag, day: str) -> int:
    key, as_of = FLAGS[flag][0], date.fromisoformat(day)
    found = facts.compute([key], facts.Scope(as_of.replace(month=1, day=1), as_of, as_of))[key]
    assert found.value == found.fact.rows(found.scope).count()
    return found.value


def through(flag: Flag, *days: str) -> list[int]:
    return [counted(flag, day) for day in days]


@each_flag
def test_a_flag_entered_with_the_member_stands_from_the_joining_on(union: Union, flag: Flag) -> None:
    new_member(union, "2020-01-01", app_bound=True)

    assert through(flag, "2019-12-31", "2020-01-01", "2026-01-01") == [0, 1, 1]


@each_flag
def test_a_flag_turned_today_leaves_the_past_as_it_was(member: Member, flag: Flag) -> None:
    _, stands, falls = FLAGS[flag]
    Member.objects.filter(pk=member.pk).update(**falls)
    FlagSpan.objects.all().delete()

    write(member, "2024-03-01", stands)
    write(member, "2025-06-01", falls)
    write(member, "2025-09-01", stands)

    days = ("2024-02-29", "2024-03-01", "2025-05-31", "2025-06-01", "2025-08-31", "2025-09-01", "2026-01-01")
    assert through(flag, *days) == [0, 1, 1, 0, 0, 1, 1]


@each_flag
def test_a_flag_turned_and_turned_back_on_one_day_leaves_no_trace(
    union: Union, member: Member, flag: Flag
) -> None:
    _, stands, falls = FLAGS[flag]
    write(member, "2024-01-01", stands)
    before = through(flag, "2024-05-01", "2025-01-01")

    write(member, "2024-06-01", falls)
    write(member, "2024-06-01", stands)

    assert through(flag, "2024-05-01", "2025-01-01") == before
    assert through(flag, "2024-05-31", "2024-06-01") == [1, 1]


@each_flag
def test_a_member_brought_back_keeps_what_stood(member: Member, flag: Flag) -> None:
    _, stands, falls = FLAGS[flag]
    write(member, "2024-01-01", stands)
    write(member, "2024-06-01", falls)
    events = list(member.events.all())
    row = Member.objects.get(pk=member.pk)

    row.delete()
    row.pk = events[0].member_id
    row.save(force_insert=True)
    member.events.bulk_create(events)

    assert through(flag, "2024-05-31", "2024-06-01") == [1, 0]


def test_an_e_card_counts_from_its_own_day(member: Member) -> None:
    write(member, "2024-06-01", {"app_bound": True, "app_bound_on": date(2024, 4, 1)})
    assert through(Flag.CARD, "2024-03-31", "2024-04-01") == [0, 1]

    write(member, "2025-06-01", {"app_bound": False, "app_bound_on": None})
    assert through(Flag.CARD, "2024-03-31", "2024-04-01", "2025-05-31", "2025-06-01") == [0, 1, 1, 0]

    write(member, "2025-07-01", {"app_bound": True})
    assert through(Flag.CARD, "2025-06-30", "2025-07-01") == [0, 1]
    write(member, "2025-08-01", {"app_bound_on": date(2025, 6, 20)})
    assert through(Flag.CARD, "2025-06-19", "2025-06-20") == [0, 1]


@each_flag
def test_what_turned_before_is_read_from_the_history(member: Member, flag: Flag) -> None:
    _, stands, falls = FLAGS[flag]
    days = ("2024-01-31", "2024-02-01", "2025-06-01", "2025-09-01", "2026-01-01")
    for day, values in (("2024-02-01", falls), ("2025-06-01", stands), ("2025-09-01", falls)):
        write(member, day, values)
    write(member, "2025-12-01", stands)
    kept = through(flag, *days)

    FlagSpan.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(FILL)

    assert through(flag, *days) == kept


def test_collected_members_of_a_past_year_stay(cast: SimpleNamespace, union: Union) -> None:
    task = CollectionTask.objects.create(year=2024, union=union, target=2)
    member = new_member(union, "2020-01-01")
    write(member, "2025-02-01", {"phone": ""})

    done = CollectionTask.objects.annotate(done=done_by_year_end()).get(pk=task.pk).done
    assert done == 1
