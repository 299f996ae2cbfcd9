"""A change of DATA_KEY: what is stored under an old key is stored anew under the present one.

Numbers and the hashes by which they are found, what the history keeps of them, files, and searches of waiting exports.
Batch by batch, each written whole or not at all; whatever is under the present key already is passed over, so an
interrupted change goes on where it stopped. Nothing of it is an event of the office's work, so the history notes none.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from unionoffice import crypto
from unionoffice.fields import EncryptedField, HashField
from unionoffice.records.models import Blob, Change, Job
from unionoffice.running import clients
from unionoffice.running.errors import RunningError
from unionoffice.running.models import Installation

BATCH = 2_000
BATCH_BYTES = 32 << 20
Say = Callable[[str], None]
OTHERS = f"""
select count(*) from pg_stat_activity
where datname = current_database() and {clients.IS_CLIENT} and pid <> pg_backend_pid()
"""


class Sealed:
    """The columns of a table that depend on the key."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        self.table, self.title = model._meta.db_table, str(model._meta.verbose_name)
        self.pk = model._meta.pk.column
        self.secrets = [field for field in fields if isinstance(field, EncryptedField)]
        self.hashes = [field for field in fields if isinstance(field, HashField)]
        self.sources = {field.name: model._meta.get_field(field.of) for field in self.hashes}

    @property
    def columns(self) -> list[str]:
        """Every column read: secrets, hashes, and the plain texts that are hashed."""
        plain = [source.column for source in self.sources.values() if source not in self.secrets]
        return list(dict.fromkeys([f.column for f in (*self.secrets, *self.hashes)] + plain))

    def renewed(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row's columns under the present key. A hash whose text the row does not carry stays."""
        found, texts = dict(row), dict(row)
        for field in self.secrets:
            if row.get(field.column) is not None:
                texts[field.column] = crypto.decrypt(row[field.column])
                found[field.column] = crypto.renewed(row[field.column], field.stable)
        for field in self.hashes:
            source = self.sources[field.name].column
            if row.get(field.column) is not None and texts.get(source):
                found[field.column] = field.compute(texts[source])
        return found


def sealed_tables() -> list[Sealed]:
    """Every table with encrypted columns."""
    made = [Sealed(model) for model in apps.get_models() if not model._meta.proxy and model._meta.managed]
    return [sealed for sealed in made if sealed.secrets or sealed.hashes]


def is_wanted() -> bool:
    """Whether something is still stored under an old key."""
    return Installation.objects.exclude(key_fingerprint=crypto.key_fingerprint()).exists()


def rotate(say: Say) -> None:
    """Bring everything stored under the present key. Raises RunningError while the office is open."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        others = cursor.fetchone()[0]
    if others:
        raise RunningError(f"数据库还有 {others} 个连接在使用，请先停止网站、后台任务和定时任务，再更换密钥")
    tables = sealed_tables()
    for sealed in tables:
        _in_batches(sealed.title, sealed.table, partial(_renew_rows, sealed), say)
    history = {sealed.table: sealed for sealed in tables}
    _in_batches("变更记录", Change._meta.db_table, partial(_renew_history, history), say)
    _in_batches("文件", Blob._meta.db_table, _renew_files, say)
    with transaction.atomic():
        _renew_searches()
        Installation.objects.update(key_fingerprint=crypto.key_fingerprint())


def _in_batches(title: str, table: str, renew: Callable[[int], tuple[int, int]], say: Say) -> None:
    """Renew a table batch by batch; `renew` gets the last id done and gives the next one, and how many it rewrote."""
    after = rewritten = 0
    while True:
        with transaction.atomic(), _unwatched(table):
            last, count = renew(after)
        rewritten += count
        if last == after:
            break
        after = last
        say(f"{title}：已更换 {rewritten} 条…")
    say(f"{title}：完成，共更换 {rewritten} 条")


@contextmanager
def _unwatched(table: str) -> Iterator[None]:
    """Without the triggers that note and refuse changes: the contents stay what they are."""
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(f"alter table {name} disable trigger user")
        yield
        cursor.execute(f"alter table {name} enable trigger user")


def _renew_rows(sealed: Sealed, after: int) -> tuple[int, int]:
    quote, columns = connection.ops.quote_name, sealed.columns
    table, pk = quote(sealed.table), quote(sealed.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {pk}, {', '.join(map(quote, columns))} from {table} where {pk} > %s order by {pk} limit %s",
            [after, BATCH],
        )
        rows = [(key, dict(zip(columns, values, strict=True))) for key, *values in cursor.fetchall()]
        kept = [field.column for field in (*sealed.secrets, *sealed.hashes)]
        renewed = [(key, sealed.renewed(row), row) for key, row in rows]
        changed = [(key, new) for key, new, row in renewed if any(new[c] != row[c] for c in kept)]
        _set(sealed.table, sealed.pk, changed, dict.fromkeys(kept, "bytea"))
    return (rows[-1][0] if rows else after), len(changed)


def _set(table: str, pk: str, rows: Sequence[tuple[int, dict[str, Any]]], types: dict[str, str]) -> None:
    """Write columns of rows in one statement. types: column -> type."""
    quote = connection.ops.quote_name
    arrays = ", ".join(["%s::bigint[]", *(f"%s::{kind}[]" for kind in types.values())])
    names = ", ".join(["key", *(f"v{number}" for number in range(len(types)))])
    wanted = ", ".join(f"{quote(column)} = v.v{number}" for number, column in enumerate(types))
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {quote(table)} t set {wanted} from unnest({arrays}) v({names}) where t.{quote(pk)} = v.key",
            [[key for key, _ in rows], *([row[column] for _, row in rows] for column in types)],
        )


def _renew_history(tables: dict[str, Sealed], after: int) -> tuple[int, int]:
    """What the history keeps of numbers must stay readable too: an act may be taken back years later."""
    columns = sorted({field.column for s in tables.values() for field in (*s.secrets, *s.hashes)})
    with connection.cursor() as cursor:
        cursor.execute(
            'select id, "table", before, after from records_change where id > %s and "table" = any(%s)'
            " and (before ?| %s or after ?| %s) order by id limit %s",
            [after, list(tables), columns, columns, BATCH],
        )
        rows = cursor.fetchall()
    renewed = [
        (key, *(_renewed_state(tables[table], state) for state in states)) for key, table, *states in rows
    ]
    changed = [
        (key, {"before": before and json.dumps(before), "after": then and json.dumps(then)})
        for (key, before, then), (_, _, *old) in zip(renewed, rows, strict=True)
        if [before, then] != [_state(state) for state in old]
    ]
    _set("records_change", "id", changed, {"before": "jsonb", "after": "jsonb"})
    return (rows[-1][0] if rows else after), len(changed)


def _state(kept: str | dict[str, Any] | None) -> dict[str, Any] | None:
    return json.loads(kept) if isinstance(kept, str) else kept


def _renewed_state(sealed: Sealed, kept: str | dict[str, Any] | None) -> dict[str, Any] | None:
    """A row as the history keeps it, whose bytes are spelled as PostgreSQL spells them."""
    state = _state(kept)
    if state is None:
        return None
    sealed_columns = {field.column for field in (*sealed.secrets, *sealed.hashes)} & state.keys()
    row = state | {c: state[c] and bytes.fromhex(state[c].removeprefix("\\x")) for c in sealed_columns}
    new = sealed.renewed(row)
    return state | {c: None if new[c] is None else f"\\x{new[c].hex()}" for c in sealed_columns}


def _renew_files(after: int) -> tuple[int, int]:
    changed, last, size = 0, after, 0
    for blob in Blob.objects.filter(pk__gt=after).order_by("pk").iterator(chunk_size=1):
        stored = bytes(blob.data)
        renewed = crypto.renewed(stored)
        if renewed != stored:
            Blob.objects.filter(pk=blob.pk).update(data=renewed)
            changed += 1
        last, size = blob.pk, size + len(stored)
        if size > BATCH_BYTES:
            break
    return last, changed


def _renew_searches() -> None:
    for job in Job.objects.filter(arguments__query__gt=""):
        query = crypto.renewed(bytes.fromhex(job.arguments["query"])).hex()
        Job.objects.filter(pk=job.pk).update(arguments=job.arguments | {"query": query})
