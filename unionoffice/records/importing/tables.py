"""Rows into tables by COPY: values are spelled column by column and streamed while the database stores them.

The history triggers see COPY and UPDATE like any other statement, once for each.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone

from unionoffice.fields import DerivedField, EncryptedField, HashField, LinesField, with_derived
from unionoffice.values import goods

NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
SLICE = 2000
# Within a COPY the connection can answer no other question, not even whether to stop.
PER_COPY = 10 * SLICE

Values = Mapping[str, Sequence[Any]]
Pair = tuple[int, int]
Speller = Callable[[Sequence[Any]], list[str]]


class _Spelled(dict[Any, str]):
    """Remembers how values are spelled; for columns where few differ."""

    def __init__(self, spell: Callable[[Any], str]) -> None:
        super().__init__({None: NULL})
        self.spell = spell

    def __missing__(self, value: Any) -> str:
        self[value] = text = self.spell(value)
        return text


def _texts(values: Sequence[str | None]) -> list[str]:
    joined = "".join(filter(None, values))
    if "\\" in joined or "\n" in joined or "\t" in joined or "\r" in joined:
        return [NULL if value is None else value.translate(ESCAPES) for value in values]
    return [NULL if value is None else value for value in values]


def _bytes(values: Sequence[bytes | None]) -> list[str]:
    return [NULL if value is None else f"\\\\x{value.hex()}" for value in values]


def _json(field: models.JSONField) -> Speller:
    def spell(values: Sequence[Any]) -> list[str]:
        if isinstance(field, LinesField):
            values = [goods.stored(goods.clean_lines(value)) for value in values]
        return [NULL if v is None else json.dumps(v, ensure_ascii=False).translate(ESCAPES) for v in values]

    return spell


def speller(field: models.Field) -> Speller:
    """How the values of a field are spelled in COPY's text format."""
    match field:
        case EncryptedField():
            return lambda values: _bytes([field.seal(value) for value in values])
        case HashField() | models.BinaryField():
            return _bytes
        case models.JSONField():
            return _json(field)
        case models.ForeignKey():
            return speller(field.target_field)
        case models.BooleanField():
            return lambda values: [NULL if value is None else "t" if value else "f" for value in values]
        case models.IntegerField():
            return lambda values: [NULL if value is None else str(value) for value in values]
        case models.DateField():
            known = _Spelled(lambda value: value.isoformat())
            return lambda values: list(map(known.__getitem__, values))
        case models.CharField() | models.TextField():
            return _texts
        case _:
            return lambda values: [
                NULL if value is None else str(field.get_db_prep_save(value, connection)).translate(ESCAPES)
                for value in values
            ]


def nothing(field: models.Field) -> Any:
    """What stands in a field that was left blank: its default, else NULL or the empty text."""
    if field.has_default():
        return field.get_default()
    return None if field.null or not field.empty_strings_allowed else ""


class Table:
    """The columns of a model that COPY fills."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.name = connection.ops.quote_name(model._meta.db_table)
        self.fields = [f for f in model._meta.concrete_fields if not f.generated]
        self.spellers: dict[str, Speller] = {field.name: speller(field) for field in self.fields}

    def columns(self, values: Values, names: Sequence[str], count: int) -> list[tuple[str, Sequence[Any]]]:
        """(field name, its values) for these fields: given, computed from another field, or the default."""
        now = timezone.now()
        made = []
        for field in self.fields:
            if field.name not in names:
                continue
            if isinstance(field, DerivedField) and field.name not in values:
                source = self.model._meta.get_field(field.of)
                column = _Lazy(field.compute_all, values.get(field.of) or [nothing(source)] * count)
            elif getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
                column = [now if isinstance(field, models.DateTimeField) else timezone.localdate(now)] * count
            elif field.name in values:
                column = values[field.name]
            else:
                column = [nothing(field) for _ in range(count)]
            made.append((field.name, column))
        return made

    def lines(self, columns: Sequence[tuple[str, Sequence[Any]]], first: int, last: int) -> Iterator[bytes]:
        """The rows from `first` to before `last` in COPY's text format, slice by slice."""
        for start in range(first, last, SLICE):
            part = slice(start, min(start + SLICE, last))
            spelled = [self.spellers[name](column[part]) for name, column in columns]
            yield ("\n".join(map("\t".join, zip(*spelled, strict=True))) + "\n").encode()

    def listed(self, columns: Sequence[tuple[str, Sequence[Any]]]) -> str:
        return ", ".join(
            connection.ops.quote_name(self.model._meta.get_field(name).column) for name, _ in columns
        )


class _Lazy(Sequence[Any]):
    """A column computed slice by slice, while the database takes the slice before."""

    def __init__(self, compute_all: Callable[[Sequence[Any]], list[Any]], source: Sequence[Any]) -> None:
        self.compute_all, self.source = compute_all, source

    def __len__(self) -> int:
        return len(self.source)

    def __getitem__(self, part: Any) -> Any:
        if isinstance(part, slice):
            return self.compute_all(self.source[part])
        return self.compute_all([self.source[part]])[0]


class Copy:
    """Writes sets of rows inside the present transaction, on the connection of the thread that made it."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self.raw = connection.connection
        self.tables: dict[type[models.Model], Table] = {}
        self.sequences: dict[type[models.Model], str] = {}
        self.told: Callable[[int], None] = lambda done: None
        self.stages = 0

    def table(self, model: type[models.Model]) -> Table:
        if model not in self.tables:
            self.tables[model] = Table(model)
        return self.tables[model]

    def keys(self, model: type[models.Model], count: int) -> list[int]:
        """So many fresh primary keys."""
        meta = model._meta
        with self.raw.cursor() as cursor:
            if model not in self.sequences:
                name = [connection.ops.quote_name(meta.db_table), meta.pk.column]
                self.sequences[model] = cursor.execute(
                    "select pg_get_serial_sequence(%s, %s)", name
                ).fetchone()[0]
            sql = "select array_agg(nextval(%s::regclass)) from generate_series(1, %s)"
            return cursor.execute(sql, [self.sequences[model], count]).fetchone()[0] or []

    def insert(
        self, model: type[models.Model], values: Values, pks: Sequence[int] | None = None
    ) -> list[int]:
        """Insert rows given by columns of values (relations as primary keys); gives their primary keys."""
        count = len(next(iter(values.values()), ()))
        if not count:
            return []
        pks = list(pks) if pks is not None else self.keys(model, count)
        table = self.table(model)
        names = [field.name for field in table.fields]
        columns = table.columns({model._meta.pk.name: pks, **values}, names, count)
        for first in range(0, count, PER_COPY):
            last = min(first + PER_COPY, count)
            with (
                connection.wrap_database_errors,
                self.raw.cursor() as cursor,
                cursor.copy(f"copy {table.name} ({table.listed(columns)}) from stdin") as copy,
            ):
                for lines in table.lines(columns, first, last):
                    copy.write(lines)
            self.told(last)
        return pks

    def update(self, model: type[models.Model], pks: Sequence[int], values: Values) -> None:
        """Set columns of existing rows, and what is derived from them, in one statement."""
        if not pks or not values:
            return
        table, quote = self.table(model), connection.ops.quote_name
        touched = [f.name for f in table.fields if getattr(f, "auto_now", False)]
        names = [*with_derived(model, values), *touched]
        pk = model._meta.pk
        columns = table.columns({pk.name: pks, **values}, [pk.name, *names], len(pks))
        self.stages += 1
        stage = f"import_stage_{self.stages}"
        setting = ", ".join(
            f"{quote(c)} = s.{quote(c)}" for c in (model._meta.get_field(n).column for n in names)
        )
        key = quote(pk.column)
        with connection.wrap_database_errors, self.raw.cursor() as cursor:
            cursor.execute(
                f"create temp table {stage} on commit drop as select {table.listed(columns)} from {table.name} where false"
            )
            with cursor.copy(f"copy {stage} ({table.listed(columns)}) from stdin") as copy:
                for lines in table.lines(columns, 0, len(pks)):
                    copy.write(lines)
            cursor.execute(f"update {table.name} t set {setting} from {stage} s where t.{key} = s.{key}")
            cursor.execute(f"drop table {stage}")

    def relate(
        self, field: models.ManyToManyField, added: Sequence[Pair], removed: Sequence[Pair] = ()
    ) -> None:
        """Add and remove pairs of (row, related row)."""
        through = field.remote_field.through
        if removed:
            quote = connection.ops.quote_name
            mine, theirs = quote(field.m2m_column_name()), quote(field.m2m_reverse_name())
            with connection.cursor() as cursor:
                cursor.execute(
                    f"delete from {quote(through._meta.db_table)} t"
                    f" using unnest(%s::bigint[], %s::bigint[]) r(mine, theirs)"
                    f" where t.{mine} = r.mine and t.{theirs} = r.theirs",
                    [list(column) for column in zip(*removed, strict=True)],
                )
        if added:
            rows, others = zip(*added, strict=True)
            self.insert(through, {field.m2m_field_name(): rows, field.m2m_reverse_field_name(): others})
