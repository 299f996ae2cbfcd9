"""The first large load: what is put aside comes back exactly, and nothing is put aside where it would disturb."""

import threading
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from members.models import Member, MembershipEvent
from tests.members.samples import id_number
from unionoffice.identity import MALE
from unionoffice.organisation.models import Coverage, Union, Unit, User
from unionoffice.records.importing import bulk
from unionoffice.records.importing.bulk import first_load, is_first_load
from unionoffice.records.importing.tables import Copy
from unionoffice.records.taking_back import take_back

from . import brought_in

DAY = date(2020, 1, 1)
SHAPE = """
select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'organisation_coverage'::regclass
union all
select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'organisation_coverage'::regclass
"""


def shape() -> list[str]:
    """Indexes and constraints of the table as the database would print them."""
    with connection.cursor() as cursor:
        cursor.execute(SHAPE)
        return sorted(definition for (definition,) in cursor.fetchall())


@pytest.mark.django_db
def test_indexes_and_references_come_back_as_they_were(town: Union) -> None:
    unit = Unit.objects.create(name="甲厂")
    before = shape()

    with first_load([Coverage]):
        within = shape()
        Copy().insert(Coverage, {"union": [town.pk], "unit": [unit.pk], "started_on": [DAY]})

    assert shape() == before
    assert len(within) < len(before)
    assert Coverage.objects.get().unit == unit


@pytest.mark.django_db
def test_wrong_reference_is_found_when_they_come_back(town: Union) -> None:
    before = shape()

    with pytest.raises(IntegrityError), transaction.atomic(), first_load([Coverage]):
        Copy().insert(Coverage, {"union": [town.pk], "unit": [987654], "started_on": [DAY]})

    assert shape() == before
    assert not Coverage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_commits_without_what_was_put_aside(town: Union) -> None:
    before = shape()

    with pytest.raises(DatabaseError, match="put aside and not made again"), transaction.atomic():
        bulk._put_aside(["organisation_coverage"])

    assert shape() == before


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["records_change", "records_act", "running_installation"])
@pytest.mark.parametrize("function", ["records_put_aside", "records_put_references_aside"])
def test_nothing_but_tables_of_records_is_put_aside(table: str, function: str) -> None:
    with pytest.raises(DatabaseError, match=r"only (tables|rows) of records"), connection.cursor() as cursor:
        cursor.execute(f"select {function}(array[%s::regclass])", [table])


@pytest.mark.django_db
def test_only_a_load_far_larger_than_the_table_counts_as_first(
    town: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "FEWEST", 8)
    Unit.objects.bulk_create(Unit(name=f"单位{n}") for n in range(3))

    assert [is_first_load(Unit, count) for count in (7, 8, 11, 12)] == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_table_in_use_is_loaded_with_its_indexes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "WAIT", "50ms")
    before = shape()
    in_use, done = threading.Event(), threading.Event()

    def use() -> None:
        try:
            with transaction.atomic():
                list(Coverage.objects.all())
                in_use.set()
                done.wait(10)
        finally:
            connection.close()

    reader = threading.Thread(target=use)
    reader.start()
    try:
        assert in_use.wait(10)
        with transaction.atomic(), first_load([Coverage]):
            assert shape() == before
    finally:
        done.set()
        reader.join()


@pytest.mark.django_db
def test_first_roster_is_complete_and_found(
    union: Union, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "FEWEST", 5)
    lines = "姓名,证件号码,手机号码,所属工会,入会日期,是否农民工\n"
    for n in range(1, 9):
        number = id_number(date(1985, 6, 15), MALE, n)
        lines += f"李建{'一二三四五六七八'[n - 1]},{number},1380000000{n},{union.name},2020-03-05,否\n"
    dropped: list[str] = []
    put_aside = bulk._put_aside
    monkeypatch.setattr(bulk, "_put_aside", lambda names: dropped.extend(names) or put_aside(names))

    _, done = brought_in("members", lines, staff)

    assert dropped == ['"members_member"', '"members_membershipevent"']
    assert MembershipEvent.objects.filter(union=union, kind="join").count() == 8
    assert Member.objects.get(name__grams="建三").id_number == id_number(date(1985, 6, 15), MALE, 3)
    take_back(done, user=staff)
    assert not Member.objects.exists() and not MembershipEvent.objects.exists()
