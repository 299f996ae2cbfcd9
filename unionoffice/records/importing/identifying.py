"""Which stored row a row of a file is about: by the system's number, else by the type's import keys, in sets."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

from unionoffice.fields import EncryptedField, HashField
from unionoffice.organisation import access
from unionoffice.organisation.models import User

from ..resources import PK, PK_HEADING
from ..types import RecordType
from .chunk import Chunk, filled, picked
from .relations import sight

PORTION = 10_000
AMBIGUOUS = "系统中有{}条这样的记录，无法判断是哪一条，请补上系统编号或证件号码、代码"


def hash_of(field: models.Field) -> HashField | None:
    """The keyed hash by which a whole encrypted value is found."""
    fields = field.model._meta.concrete_fields
    return next((f for f in fields if isinstance(f, HashField) and f.of == field.name and not f.last), None)


def among(pks: Sequence[int]) -> RawSQL:
    """The ids as one array parameter, for `pk__in`."""
    return RawSQL("select unnest(%s::bigint[])", [list(pks)])


def find_rows(
    model: type[models.Model], keys: Sequence[tuple[models.Field, Sequence[Any]]]
) -> dict[int, list[int]]:
    """Position in the given columns -> primary keys of the rows with these values."""
    quote = connection.ops.quote_name
    wanted, arrays, params = [], [], []
    for number, (field, values) in enumerate(keys):
        field = hash_of(field) or field if isinstance(field, EncryptedField) else field
        wanted.append(f"t.{quote(field.column)} = k.k{number}")
        arrays.append(f"%s::{field.db_type(connection)}[]")
        params.append(list(values))
    names = ", ".join([*(f"k{number}" for number in range(len(keys))), "n"])
    sql = (
        f"select k.n, t.{quote(model._meta.pk.column)} from unnest({', '.join(arrays)}) with ordinality k({names})"
        f" join {quote(model._meta.db_table)} t on {' and '.join(wanted)}"
    )
    found: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for position, pk in cursor.fetchall():
            found.setdefault(position - 1, []).append(pk)
    return found


class Identifier:
    """Finds the stored rows of a chunk and reads them."""

    def __init__(self, kind: RecordType, user: User | None, keys: Iterable[str]) -> None:
        self.kind, self.model, self.user = kind, kind.model, user
        present = set(keys)
        self.has_number = PK in present
        self.alternatives = [key for key in kind.import_key if present.issuperset(key)]
        self.whole_town = user is None or access.unions_of(user) is None
        fields = [kind.field(name) for name in kind.fields]
        self.columns = {f.name: hash_of(f) or f for f in fields if not f.many_to_many}
        self.hashed = [
            f.name for f in fields if f.name in present and isinstance(f, EncryptedField) and hash_of(f)
        ]
        self.many = [f for f in fields if f.many_to_many]
        # What may be blank in the table does not contradict a key that the file fills.
        self.may_fall_through = {
            key: any(kind.field(name).null or kind.field(name).blank for name in key)
            for key in self.alternatives
        }

    def identify(self, chunk: Chunk) -> list[int]:
        """Set `chunk.pks`; gives the indexes of rows that exist outside the user's sight."""
        for name in self.hashed:
            chunk.hashes[name] = hash_of(self.kind.field(name)).compute_all(chunk.values[name])
        if self.has_number:
            self._by_number(chunk)
        earlier: list[tuple[str, ...]] = []
        for key in self.alternatives:
            self._by_key(chunk, key, earlier)
            earlier.append(key)
        return self._outside(chunk)

    def _by_number(self, chunk: Chunk) -> None:
        given = {i: pk for i, pk in enumerate(chunk.values[PK]) if pk is not None and i not in chunk.refused}
        known = set(
            sight(self.user, self.model)
            .filter(pk__in=among(list(given.values())))
            .values_list("pk", flat=True)
        )
        for index, pk in given.items():
            if pk in known:
                chunk.pks[index], chunk.found_by[index] = pk, (PK,)
            else:
                chunk.refuse(index, PK, "pk-unknown", f"{PK_HEADING}{pk}不存在或不在您的范围内，请清空这一格")

    def _by_key(self, chunk: Chunk, key: tuple[str, ...], earlier: list[tuple[str, ...]]) -> None:
        columns = [chunk.values[name] for name in key]
        open_rows = [i for i, full in enumerate(filled(*columns)) if full]
        if earlier or self.has_number or chunk.refused:
            open_rows = [i for i in open_rows if self._is_open(chunk, i, earlier)]
        if not open_rows:
            return
        found = find_rows(
            self.model, [(self.kind.field(name), picked(chunk.sought(name), open_rows)) for name in key]
        )
        for position, pks in found.items():
            index = open_rows[position]
            if len(pks) > 1:
                chunk.refuse(index, key[0], "key-ambiguous", AMBIGUOUS.format(len(pks)))
                continue
            chunk.pks[index] = pks[0]
            if earlier:
                chunk.found_by[index] = key

    def _is_open(self, chunk: Chunk, index: int, earlier: list[tuple[str, ...]]) -> bool:
        """Whether a row may still be looked for by a further key: no earlier key was filled, or none had to match."""
        if chunk.pks[index] is not None or index in chunk.refused:
            return False
        return all(
            self.may_fall_through[key] or any(chunk.values[name][index] in (None, "") for name in key)
            for key in earlier
        )

    def _outside(self, chunk: Chunk) -> list[int]:
        if self.whole_town:
            return []
        pks = [pk for pk in chunk.pks if pk is not None]
        rows = sight(self.user, self.model).filter(pk__in=among(pks))
        seen = set(access.kept(self.user, rows).values_list("pk", flat=True))
        return [i for i, pk in enumerate(chunk.pks) if pk is not None and pk not in seen]

    def read(self, chunk: Chunk) -> None:
        """Fill `chunk.stored` for the rows that exist; of encrypted numbers their hashes."""
        if all(pk is None for pk in chunk.pks):
            return
        mine = [chunk.sought(name) for name in self.columns]
        columns: list[list[Any]] = [[] for _ in self.columns]
        nothing = (None,) * len(self.columns)
        for first in range(0, len(chunk), PORTION):
            pks = chunk.pks[first : first + PORTION]
            rows = self.stored([pk for pk in pks if pk is not None])
            parts = zip(*(rows.get(pk, nothing) for pk in pks), strict=True)
            for column, given, part in zip(columns, mine, parts, strict=True):
                # Of equal values the file's own stands for both: a hundred thousand rows would else be held twice.
                own = tuple(given[first : first + PORTION])
                both = zip(own, part, strict=True)
                column.extend(own if own == part else [a if a == b else b for a, b in both])
        chunk.stored.update(zip(self.columns, columns, strict=True))
        for field in self.many:
            lists = related_keys(field, [pk for pk in chunk.pks if pk is not None])
            chunk.stored[field.name] = [lists.get(pk, []) for pk in chunk.pks]
            if not self.whole_town and field.name in chunk.values:
                self._keep_unseen(chunk, field)

    def _keep_unseen(self, chunk: Chunk, field: models.ManyToManyField) -> None:
        """Related rows that the user does not see stay related: the file could not name them."""
        stored, given = chunk.stored[field.name], chunk.values[field.name]
        every = list({pk for pks in stored for pk in pks})
        rows = sight(self.user, field.related_model).filter(pk__in=among(every))
        seen = set(rows.values_list("pk", flat=True))
        for index, pks in enumerate(stored):
            unseen = [pk for pk in pks if pk not in seen]
            if unseen and given[index] is not None:
                given[index] = sorted({*given[index], *unseen})

    def stored(self, pks: Sequence[int], lock: bool = False) -> dict[int, tuple[Any, ...]]:
        """Stored values by primary key, in the order of `columns`; with `lock` nobody changes them until the end."""
        if not pks:
            return {}
        rows = self.model._base_manager.filter(pk__in=among(pks)).order_by()
        if lock:
            # In one order for all, so that nobody who changes many rows waits for another crosswise.
            rows = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
        fields = list(self.columns.values())
        # Hashes come as bytes from the driver; asking the field about each would cost as much as the query.
        loads = {
            n: f
            for n, f in enumerate(fields, 1)
            if hasattr(f, "from_db_value") and not isinstance(f, HashField)
        }
        with connection.cursor() as cursor:
            cursor.execute(*rows.values_list("pk", *(f.attname for f in fields)).query.sql_with_params())
            found = cursor.fetchall()
        if loads:
            found = [
                tuple(
                    loads[n].from_db_value(v, None, connection) if n in loads else v
                    for n, v in enumerate(row)
                )
                for row in found
            ]
        return {row[0]: row[1:] for row in found}

    def secrets(self, name: str, pks: Sequence[int]) -> dict[int, str | None]:
        """Stored encrypted numbers in full, by primary key."""
        if not pks:
            return {}
        return dict(self.model._base_manager.filter(pk__in=among(pks)).order_by().values_list("pk", name))


def related_keys(field: models.ManyToManyField, pks: Sequence[int]) -> dict[int, list[int]]:
    """Primary keys of the related rows, in order, by primary key of the row."""
    through = field.remote_field.through
    mine, theirs = field.m2m_field_name(), field.m2m_reverse_field_name()
    found: dict[int, list[int]] = {}
    rows = through._base_manager.filter(**{f"{mine}__in": among(pks)}).order_by(f"{theirs}_id")
    for pk, other in rows.values_list(f"{mine}_id", f"{theirs}_id"):
        found.setdefault(pk, []).append(other)
    return found
