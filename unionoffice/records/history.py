"""History kept by the database: every write to a tracked table is noted by a trigger under the act in whose name it is done.

`act(...)` opens the act; whatever is written inside it, by form, bulk write, COPY or SQL, is noted with it. A write
outside any act is noted under an act of its own kind "direct", so that nothing escapes. The triggers run as the owner of
the tables, so whoever writes records needs no right to write history.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from unionoffice.organisation.models import Record, User

from .models import Act, Attachment, Change, Disclosure
from .requests import act_id, request_id

# Columns whose change is no event of the office's work, or whose value may not be kept.
UNTRACKED_COLUMNS = {"organisation_user": ("last_login", "password", "sessions_key")}
APPEND_ONLY = (Act, Change, Disclosure)

FUNCTIONS = """
create or replace function record_act() returns bigint language plpgsql as $$
declare current_act text := nullif(current_setting('unionoffice.act', true), '');
        new_act bigint;
begin
  if current_act is not null then return current_act::bigint; end if;
  insert into records_act (kind, at, summary, reason, request_id)
  values ('direct', now(), left(session_user || ' ' || current_setting('application_name'), 200), '', '')
  returning id into new_act;
  perform set_config('unionoffice.act', new_act::text, true);
  return new_act;
end $$;

create or replace function record_inserted() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
declare current_act bigint;
begin
  if not exists (select from new_rows) then return null; end if;
  current_act := record_act();
  insert into records_change (act_id, "table", "row", kind)
  select current_act, tg_table_name, id, 'I' from new_rows;
  return null;
end $$;

create or replace function record_updated() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
declare current_act bigint;
begin
  if not exists (select from old_rows o join new_rows n using (id) where o is distinct from n) then return null; end if;
  if tg_nargs > 0 and not exists (
    select from old_rows o join new_rows n using (id)
    where to_jsonb(o) - tg_argv::text[] is distinct from to_jsonb(n) - tg_argv::text[]
  ) then return null; end if;
  current_act := record_act();
  insert into records_change (act_id, "table", "row", kind, before, after)
  select current_act, tg_table_name, d.id, 'U', d.before, d.after
  from (
    select p.id,
      (select jsonb_object_agg(e.key, e.value) from jsonb_each(p.o) e where e.value is distinct from p.n -> e.key) before,
      (select jsonb_object_agg(e.key, e.value) from jsonb_each(p.n) e where e.value is distinct from p.o -> e.key) after
    from (select o.id, to_jsonb(o) - coalesce(tg_argv::text[], '{}') as o, to_jsonb(n) - coalesce(tg_argv::text[], '{}') as n
          from old_rows o join new_rows n using (id) where o is distinct from n) p
  ) d
  where d.before is not null;
  return null;
end $$;

create or replace function record_deleted() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
declare current_act bigint;
begin
  if not exists (select from old_rows) then return null; end if;
  current_act := record_act();
  insert into records_change (act_id, "table", "row", kind, before)
  select current_act, tg_table_name, o.id, 'D', to_jsonb(o) - coalesce(tg_argv::text[], '{}') from old_rows o;
  return null;
end $$;

create or replace function record_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' and current_setting('unionoffice.allow_truncate', true) = 'on' then return null; end if;
  raise exception '% of % is not allowed: history is kept', tg_op, tg_table_name;
end $$;

-- Attached to a table of somebody's own they would write history that never happened.
revoke execute on function record_inserted(), record_updated(), record_deleted() from public;
"""

TRACKED = """
create or replace trigger record_inserted after insert on {table}
  referencing new table as new_rows for each statement execute function record_inserted();
create or replace trigger record_updated after update on {table}
  referencing old table as old_rows new table as new_rows for each statement execute function record_updated({skip});
create or replace trigger record_deleted after delete on {table}
  referencing old table as old_rows for each statement execute function record_deleted({skip});
create or replace trigger record_truncated before truncate on {table}
  for each statement execute function record_kept();
-- The row of a new key would be another one to the history.
create or replace trigger record_renumbered before update of id on {table}
  for each statement execute function record_kept();
"""
KEPT = """
create or replace trigger record_kept before update or delete or truncate on {table}
  for each statement execute function record_kept();
"""


def tracked_models() -> list[type[Model]]:
    """Every model whose rows have a history: all records, their many-to-many rows, accounts and attachments."""
    found: list[type[Model]] = [User, Attachment]
    for model in apps.get_models():
        if issubclass(model, Record) and not model._meta.proxy:
            found.append(model)
            found += [f.remote_field.through for f in model._meta.local_many_to_many]
    return list(dict.fromkeys(found))


def install_triggers(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """After migrations: (re)create the functions and triggers, so that a new record type has its history at once."""
    if sender.label != "records":
        return
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        present = set(connection.introspection.table_names(cursor))
        for model in tracked_models():
            table = model._meta.db_table
            if table in present:
                skip = ", ".join(f"'{column}'" for column in UNTRACKED_COLUMNS.get(table, ()))
                cursor.execute(TRACKED.format(table=connection.ops.quote_name(table), skip=skip))
        for model in APPEND_ONLY:
            if model._meta.db_table in present:
                cursor.execute(KEPT.format(table=connection.ops.quote_name(model._meta.db_table)))


_current: ContextVar[Act | None] = ContextVar("current_act", default=None)


@contextmanager
def act(
    kind: str, *, user: User | None = None, summary: str = "", reason: str = "", takes_back: Act | None = None
) -> Iterator[Act]:
    """One transaction under one act; inside another act it joins that one. Yields the act."""
    current = _current.get()
    if current is not None:
        with transaction.atomic():
            yield current
        return
    with transaction.atomic():
        opened = Act.objects.create(
            kind=kind,
            at=timezone.now(),
            user=user,
            summary=summary[:200],
            reason=reason[:500],
            request_id=request_id.get(),
            takes_back=takes_back,
        )
        _declare(str(opened.pk))
        token, log_token = _current.set(opened), act_id.set(str(opened.pk))
        try:
            yield opened
        finally:
            _current.reset(token)
            act_id.reset(log_token)
        _declare("")


def _declare(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('unionoffice.act', %s, true)", [value])
