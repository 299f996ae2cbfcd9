"""The first large load of a table: its secondary indexes and foreign keys are put aside and made anew at the end.

So PostgreSQL's manual advises (14.4 Populating a Database): sorting all keys once costs a fifth of inserting each of
them, and one join checks all references. It happens in the transaction of the import, under a lock on the tables, and
only while they hold little: nobody waits for long, and a failure leaves everything as it was. Primary keys and unique
constraints stay in force throughout.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError, connection, models, transaction

FEWEST = 20_000
WAIT = "2s"

INDEXES = """
select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
where indrelid = %s::regclass and not indisunique order by 1
"""
FOREIGN_KEYS = """
select conname, pg_get_constraintdef(oid) from pg_constraint
where conrelid = %s::regclass and contype = 'f' order by 1
"""
REFERRED = """
select distinct confrelid::regclass::text from pg_constraint
where contype = 'f' and conrelid = any(%s::regclass[]) and not confrelid = any(%s::regclass[]) order by 1
"""
OWNED = "select bool_and(pg_has_role(relowner, 'usage')) from pg_class where oid = any(%s::regclass[])"


@dataclass(frozen=True)
class Aside:
    """What was put aside: how to make each index and foreign key again."""

    indexes: list[str]
    foreign_keys: list[str]


def is_first_load(model: type[models.Model], count: int) -> bool:
    """Whether so many new rows are by far the greater part of what the table will hold."""
    return count >= FEWEST and model._base_manager.all()[: count // 4 + 1].count() <= count // 4


@contextmanager
def first_load(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """Put indexes and foreign keys of these tables aside; where somebody is using the tables, go on without."""
    names = [connection.ops.quote_name(model._meta.db_table) for model in tables]
    aside: list[Aside] = []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(OWNED, [names])
            if cursor.fetchone()[0]:
                aside = _put_aside(names)
    except DatabaseError:
        aside = []
    yield
    if aside:
        _make_again(aside)


def _put_aside(names: Sequence[str]) -> list[Aside]:
    with connection.cursor() as cursor:
        cursor.execute(f"set local lock_timeout = '{WAIT}'")
        cursor.execute(f"lock table {', '.join(names)} in access exclusive mode")
        # The locks that making references again will need: taken now, nobody can wait for us crosswise.
        cursor.execute(REFERRED, [names, names])
        if referred := [name for (name,) in cursor.fetchall()]:
            cursor.execute(f"lock table {', '.join(referred)} in share row exclusive mode")
        cursor.execute("set local lock_timeout = default")
        # A table whose deferred checks are still due cannot be altered.
        cursor.execute("set constraints all immediate")
        found = [_drop(name) for name in names]
        cursor.execute("set constraints all deferred")
    return found


def _drop(name: str) -> Aside:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(INDEXES, [name])
        indexes = cursor.fetchall()
        cursor.execute(FOREIGN_KEYS, [name])
        keys = cursor.fetchall()
        for index, _ in indexes:
            cursor.execute(f"drop index {index}")
        for key, _ in keys:
            cursor.execute(f"alter table {name} drop constraint {quote(key)}")
    again = [f"alter table {name} add constraint {quote(key)} {definition}" for key, definition in keys]
    return Aside([definition for _, definition in indexes], again)


def _make_again(aside: Sequence[Aside]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for table in aside:
            for statement in (*table.indexes, *table.foreign_keys):
                cursor.execute(statement)
        cursor.execute("set constraints all deferred")
