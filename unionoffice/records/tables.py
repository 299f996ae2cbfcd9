"""Rows of a type as a table shows them, in lists and on the pages of the records they belong to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import lru_cache

from django.db.models import Q, QuerySet

from unionoffice.organisation import access
from unionoffice.organisation.models import User

from . import cells
from .types import RecordType, Tone

TABLES = 500  # combinations of columns remembered; an office uses a few for each type


@dataclass(frozen=True)
class Column:
    """tones: those of its texts that stand out, and how."""

    path: str
    title: str
    kind: str
    tones: Mapping[str, Tone] = attribute(default_factory=dict)

    @property
    def numeric(self) -> bool:
        return self.kind == "number"


@dataclass(frozen=True, slots=True)
class Row:
    """texts: one for each column of the table."""

    pk: int
    url: str
    texts: Sequence[str]


class Table:
    """Some columns of a type as they are read by those who see phone numbers, or by those who see them masked."""

    def __init__(self, kind: RecordType, paths: Sequence[str], masks_phones: bool) -> None:
        self.kind, self.paths = kind, paths
        fields = [kind.resolve(path) for path in paths]
        self.look_ups = [cells.look_up(path, field) for path, field in zip(paths, fields, strict=True)]
        self.formats = [cells.formatter(field, masks_phones) for field in fields]
        self.columns = [
            Column(path, kind.heading(path), self._kind_of(path), self._tones_of(path)) for path in paths
        ]

    def _kind_of(self, path: str) -> str:
        found = self.kind.resolve(path)
        if found is None:
            rows = cells.annotated(self.kind.model.objects.all(), self.kind.annotations, [path])
            found = rows.query.annotations[cells.look_up(path, None)].output_field
        return cells.kind_of(found)

    def _tones_of(self, path: str) -> dict[str, Tone]:
        labels = dict(self.kind.field(path).flatchoices) if path in self.kind.tones else {}
        return {str(labels[value]): tone for value, tone in self.kind.tones.get(path, {}).items()}

    def rows(self, found: QuerySet, veil: Q | None = None) -> list[Row]:
        """The rows in their order; those under the veil without what identifies somebody."""
        found = cells.annotated(found, self.kind.annotations, self.paths)
        if veil is not None:
            found = found.annotate(is_veiled=cells.veil_of(veil))
        read = list(found.values_list("pk", *self.look_ups, *(["is_veiled"] if veil is not None else [])))
        if not read:
            return []
        pks, *values = zip(*read, strict=True)
        veiled = values.pop() if veil is not None else ()
        columns = [[*map(form, column)] for form, column in zip(self.formats, values, strict=True)]
        if any(veiled):
            columns = [
                self._veiled(column, veiled) if self.kind.identifies(path) else column
                for path, column in zip(self.paths, columns, strict=True)
            ]
        base = self.kind.url("list")
        return [
            Row(pk, f"{base}{pk}/", texts) for pk, texts in zip(pks, zip(*columns, strict=True), strict=True)
        ]

    @staticmethod
    def _veiled(column: Sequence[str], veiled: Sequence[bool]) -> list[str]:
        return [
            cells.ONLY_FOR_HANDLERS if hidden else text for hidden, text in zip(veiled, column, strict=True)
        ]


@lru_cache(TABLES)
def _table(kind: RecordType, paths: tuple[str, ...], masks_phones: bool) -> Table:
    return Table(kind, paths, masks_phones)


def table(kind: RecordType, paths: Sequence[str], user: User) -> Table:
    """The table of these columns (field names, dotted look-ups or keys of the type's annotations), as far as this user
    may read them."""
    readable = tuple(path for path in paths if kind.may_read(user, path))
    return _table(kind, readable, access.personal_data_masked(user))
