"""The first large load of a table: its secondary indexes and foreign keys are put aside and made anew at the end.

So PostgreSQL's manual advises (14.4 Populating a Database): sorting all keys once costs a fifth of inserting each of
them, and one join checks all references. It happens in the transaction of the import, under a lock on the tables, and
only while they hold little: nobody waits for long, and a failure leaves everything as it was. Primary keys and unique
constraints stay in force throughout.

A large removal puts aside the foreign keys that refer to the table: two look-ups for every row and reference cost more
than all the rest of deleting, where one join when they come back finds what still refers to a row that went.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, models, transaction
from django.db.backends.utils import CursorWrapper

FEWEST = 20_000
WAIT = "2s"

# Only who owns a table may alter it, and the office's role does not: it asks these functions, which do no more than this.
# What was put aside and not made again keeps the transaction from being committed.
FUNCTIONS = """
create table if not exists records_aside (
  id bigint generated always as identity primary key, definition text not null
);

create or replace function records_put_aside(tables regclass[]) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
declare each record;
begin
  if exists (select from unnest(tables) t where not exists (
    select from pg_trigger where tgrelid = t and tgname = 'record_inserted')
  ) then raise exception 'only tables of records are loaded so'; end if;
  for each in
    select format('drop index %s', indexrelid::regclass) as dropped, pg_get_indexdef(indexrelid) as definition
    from pg_index where indrelid = any(tables) and not indisunique
    union all
    select format('alter table %s drop constraint %I', conrelid::regclass, conname),
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where conrelid = any(tables) and contype = 'f'
  loop
    insert into records_aside (definition) values (each.definition);
    execute each.dropped;
  end loop;
end $$;

create or replace function records_put_references_aside(tables regclass[]) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
declare each record;
begin
  if exists (select from unnest(tables) t where not exists (
    select from pg_trigger where tgrelid = t and tgname = 'record_deleted')
  ) then raise exception 'only rows of records are removed so'; end if;
  for each in
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as dropped,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as definition
    from pg_constraint where confrelid = any(tables) and contype = 'f'
  loop
    insert into records_aside (definition) values (each.definition);
    execute each.dropped;
  end loop;
end $$;

create or replace function records_make_again() returns void language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  definitions text[] := (select array_agg(definition order by id) from records_aside);
  each text;
begin
  delete from records_aside;
  -- A table whose deferred checks are still due cannot be altered.
  set constraints all immediate;
  foreach each in array coalesce(definitions, '{}') loop execute each; end loop;
  set constraints all deferred;
end $$;

create or replace function records_made_again() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  if exists (select from records_aside where id = new.id) then
    raise exception 'put aside and not made again: %', new.definition;
  end if;
  return null;
end $$;

drop trigger if exists made_again on records_aside;
create constraint trigger made_again after insert on records_aside deferrable initially deferred
  for each row execute function records_made_again();
"""
REFERRED = """
select distinct confrelid::regclass::text from pg_constraint
where contype = 'f' and conrelid = any(%s::regclass[]) and not confrelid = any(%s::regclass[]) order by 1
"""

REFERRING = """
select distinct conrelid::regclass::text from pg_constraint
where contype = 'f' and confrelid = any(%s::regclass[]) and not conrelid = any(%s::regclass[]) order by 1
"""


def install(sender: Any, **kwargs: Any) -> None:
    """After migrations: (re)create the functions, as the owner of the tables."""
    if sender.label == "records":
        with connection.cursor() as cursor:
            cursor.execute(FUNCTIONS)


def is_first_load(model: type[models.Model], count: int) -> bool:
    """Whether so many new rows are by far the greater part of what the table will hold."""
    return count >= FEWEST and model._base_manager.all()[: count // 4 + 1].count() <= count // 4


@contextmanager
def first_load(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """Put indexes and foreign keys of these tables aside; where somebody is using the tables, go on without."""
    names = [connection.ops.quote_name(model._meta.db_table) for model in tables]
    with _aside(lambda: _put_aside(names)):
        yield


@contextmanager
def large_removal(tables: Sequence[str]) -> Iterator[None]:
    """Put foreign keys that refer to these tables aside; where somebody is using the tables, go on without.

    Raises IntegrityError at the end when something still refers to a row that went.
    """
    names = [connection.ops.quote_name(table) for table in tables]
    with _aside(lambda: _put_references_aside(names)):
        yield


@contextmanager
def _aside(put: Callable[[], None]) -> Iterator[None]:
    is_aside = False
    try:
        with transaction.atomic():
            put()
        is_aside = True
    except DatabaseError:
        pass
    yield
    if is_aside:
        with connection.cursor() as cursor:
            cursor.execute("select records_make_again()")


def _put_aside(names: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        # The locks that making references again will need: taken now, nobody can wait for us crosswise.
        _lock(cursor, {"access exclusive": names, "share row exclusive": _others(cursor, REFERRED, names)})
        cursor.execute("select records_put_aside(%s::regclass[])", [names])


def _put_references_aside(names: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        _lock(cursor, {"access exclusive": [*names, *_others(cursor, REFERRING, names)]})
        cursor.execute("select records_put_references_aside(%s::regclass[])", [names])


def _others(cursor: CursorWrapper, query: str, names: Sequence[str]) -> list[str]:
    cursor.execute(query, [names, names])
    return [name for (name,) in cursor.fetchall()]


def _lock(cursor: CursorWrapper, tables: dict[str, Sequence[str]]) -> None:
    """Lock tables, by mode, and leave none of them with checks that are still due: such a table cannot be altered."""
    cursor.execute(f"set local lock_timeout = '{WAIT}'")
    for mode, names in tables.items():
        if names:
            cursor.execute(f"lock table {', '.join(names)} in {mode} mode")
    cursor.execute("set local lock_timeout = default")
    cursor.execute("set constraints all immediate")
    cursor.execute("set constraints all deferred")
