"""From cells to values: every different cell is cleaned once, relations are looked up in sets."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from django.db import models

from unionoffice.fields import EncryptedField, MobileField
from unionoffice.identity import is_masked, mask_mobile
from unionoffice.organisation.models import User
from unionoffice.sheets.cells import Cell, ErrorCell, Row, is_blank, is_blank_row, row_text
from unionoffice.sheets.headers import is_record_row
from unionoffice.values import Memo, Refused

from ..resources import PK, RecordField, RecordResource
from ..types import RecordType
from .chunk import Chunk
from .namesakes import as_stood
from .relations import Relation

# A column with more different cells than this is hardly worth remembering.
REMEMBERED = 20_000
SEPARATORS = str.maketrans(dict.fromkeys("，,;；\n/", "、"))
Repairs = Mapping[int, Mapping[str, str]]
Make = Callable[[str, str, Mapping[str, Any]], int | None]


class Cleaner:
    """Turns rows of one sheet into chunks of cleaned values.

    places   column key -> position in the row
    repairs  row number -> column key -> cell typed on the review page
    plain    the sheet holds nothing but text; has_errors  some cells are formulas that failed
    headed   positions of columns that bear a heading, read or not
    skipped  rows with content that are no records, and what they show; unnamed: columns with content and no heading
    """

    def __init__(
        self,
        resource: RecordResource,
        user: User | None,
        places: Mapping[str, int],
        *,
        plain: bool = False,
        has_errors: bool = False,
        repairs: Repairs | None = None,
        headed: Collection[int] = (),
    ) -> None:
        self.kind: RecordType = resource.kind
        self.repairs = repairs or {}
        self.headed = set(headed)
        self.skipped: list[tuple[int, str]] = []
        self.unnamed: set[int] = set()
        self.columns: list[RecordField] = [column for column in resource.columns if column.key in places]
        self.places = [(column.key, places[column.key]) for column in self.columns]
        self.width = max((place for _, place in self.places), default=0) + 1
        self.memos: dict[str, Memo] = {
            column.key: _memo(column, plain, has_errors) for column in self.columns
        }
        self.relations = {
            column.key: Relation(self.kind, column.field, user)
            for column in self.columns
            if column.is_relation
        }
        required = [c.key for c in self.columns if c.field is not None and not c.field.blank]
        self.telling = [place for key, place in self.places if key in required]

    def chunk(self, first: int, rows: Sequence[Row]) -> Chunk:
        """The records among these rows, the first of which is the sheet's row `first`."""
        columns = self._columns(rows)
        left_out = self._left_out(columns, first, rows)
        numbers: Sequence[int] = range(first, first + len(rows))
        if left_out:
            rows = [row for index, row in enumerate(rows) if index not in left_out]
            numbers = [number for index, number in enumerate(numbers) if index not in left_out]
            columns = self._columns(rows)
        self.unnamed |= {
            place for place in range(len(columns)) if self._is_unnamed(place) and not _is_bare(columns[place])
        }
        cells = {key: columns[place] for key, place in self.places}
        chunk = Chunk(numbers)
        if self.repairs:
            self._repair(chunk, cells)
        for column in self.columns:
            self._clean(chunk, column, cells[column.key])
        for index in {*chunk.findings, *(i for masked in chunk.masked.values() for i in masked)}:
            chunk.kept[index] = {key: column[index] for key, column in cells.items()}
        return chunk

    def _left_out(self, columns: Sequence[Sequence[Cell]], first: int, rows: Sequence[Row]) -> set[int]:
        """Rows that are no records; those with content are noted."""
        found = set()
        for index in sorted(self._odd(columns, len(rows))):
            if is_blank_row(rows[index]):
                found.add(index)
            elif not is_record_row(rows[index]):
                found.add(index)
                self.skipped.append((first + index, row_text(rows[index])))
        return found

    def _is_unnamed(self, place: int) -> bool:
        return place not in self.headed and place not in self.unnamed

    def _columns(self, rows: Sequence[Row]) -> list[Sequence[Cell]]:
        columns: list[Sequence[Cell]] = list(zip_longest(*rows, fillvalue=""))
        return columns + [("",) * len(rows)] * (self.width - len(columns))

    def _odd(self, columns: Sequence[Sequence[Cell]], count: int) -> set[int]:
        """Rows that may hold no record: the first, and those blank where a record cannot be."""
        if not self.telling:
            return set(range(count))
        gappy = [columns[place] for place in self.telling if "" in columns[place]]
        blank = {index for column in gappy for index, cell in enumerate(column) if cell == ""}
        return blank | ({0} if count else set())

    def _repair(self, chunk: Chunk, cells: dict[str, Sequence[Cell]]) -> None:
        for index, number in enumerate(chunk.numbers):
            for key, cell in self.repairs.get(number, {}).items():
                if key in cells:
                    cells[key] = [*cells[key][:index], cell, *cells[key][index + 1 :]]

    def _clean(self, chunk: Chunk, column: RecordField, cells: Sequence[Cell]) -> None:
        key, memo = column.key, self.memos[column.key]
        values = list(map(memo.__getitem__, cells))
        if memo.refused and Refused in set(map(type, values)):
            self._refuse(chunk, column, cells, values)
        if memo.corrections and not memo.corrections.keys().isdisjoint(cells):
            for index, cell in enumerate(cells):
                if told := memo.corrections.get(cell):
                    chunk.find(index, key, "corrected", "corrected", told)
        if len(memo) > REMEMBERED:
            memo.clear()
            memo.corrections.clear()
        chunk.values[key] = values

    def _refuse(self, chunk: Chunk, column: RecordField, cells: Sequence[Cell], values: list[Any]) -> None:
        hides = masker(column.field)
        for index, value in enumerate(values):
            if not isinstance(value, Refused):
                continue
            cell = cells[index]
            values[index] = None
            if hides is not None and is_masked(cell):
                chunk.masked.setdefault(column.key, {})[index] = cell.strip()
            else:
                chunk.refuse(index, column.key, value.code, value.message)

    def relate(self, chunk: Chunk, make: Make) -> Iterator[tuple[int, str, Refused]]:
        """Replace the texts of relations by primary keys; yields (row, column, refusal) for those not found.

        `make` is asked for rows nobody knows: (column, text, companions) -> primary key or None.
        """
        for column in self.columns:
            if column.is_relation and column.field.many_to_many:
                yield from self._relate_many(chunk, column)
            elif column.is_relation:
                yield from self._relate_one(chunk, column, make)

    def _relate_one(
        self, chunk: Chunk, column: RecordField, make: Make
    ) -> Iterator[tuple[int, str, Refused]]:
        key, relation = column.key, self.relations[column.key]
        paths = [path for path in self.kind.companions if path.startswith(f"{key}.") and path in chunk.values]
        texts, codes = chunk.values[key], [chunk.values[path] for path in paths]
        relation.prepare(text for column_of in (texts, *codes) for text in column_of)
        scopes = chunk.column("union") if relation.union and key != "union" else [None] * len(chunk)
        cells = list(zip(texts, scopes, *codes, strict=True))
        found: dict[Any, int | Refused | None] = {}
        for text, scope, *given in set(cells):
            result = _first(relation, [*given, text], scope if type(scope) is int else None)
            if isinstance(result, Refused) and result.code == "relation-unknown" and text:
                result = make(key, text, dict(zip(paths, given, strict=True))) or result
            found[text, scope, *given] = result
        keys = list(map(found.__getitem__, cells))
        if Refused in set(map(type, keys)):
            stood = self._as_stood(
                chunk, column, {i: [texts[i]] for i, k in enumerate(keys) if _is_ambiguous(k)}
            )
            for index, result in enumerate(keys):
                if isinstance(result, Refused):
                    keys[index] = next(iter(stood.get(index, {}).get(texts[index], ())), None)
                    if keys[index] is None:
                        yield index, key, result
        chunk.values[key] = keys

    def _relate_many(self, chunk: Chunk, column: RecordField) -> Iterator[tuple[int, str, Refused]]:
        relation = self.relations[column.key]
        lists = [_parts(text) for text in chunk.values[column.key]]
        relation.prepare(part for parts in lists for part in parts)
        results = [{part: relation.find(part) for part in parts} for parts in lists]
        doubtful = {
            i: [p for p, key in known.items() if _is_ambiguous(key)] for i, known in enumerate(results)
        }
        stood = self._as_stood(chunk, column, {i: names for i, names in doubtful.items() if names})
        found: list[Any] = [None] * len(chunk)
        for index, known in enumerate(results):
            keys: set[int] = set()
            for part, result in known.items():
                meant = stood.get(index, {}).get(part, []) if isinstance(result, Refused) else [result]
                keys.update(meant)
                if not meant:
                    yield index, column.key, result
            if known:
                found[index] = sorted(keys)
        chunk.values[column.key] = found

    def _as_stood(
        self, chunk: Chunk, column: RecordField, names: Mapping[int, Sequence[str]]
    ) -> dict[int, dict[str, list[int]]]:
        """By row and name: what rows that give their system's number refer to now, for names that several bear."""
        numbers = chunk.values.get(PK) or [None] * len(chunk)
        asked = {numbers[index]: named for index, named in names.items() if numbers[index] is not None}
        stood = as_stood(column.field, asked) if asked else {}
        return {index: stood[numbers[index]] for index in names if numbers[index] in stood}


def _is_bare(column: Sequence[Cell]) -> bool:
    return all(map(is_blank, set(column)))


def _parts(text: str | None) -> list[str]:
    """The names in a cell that may hold several."""
    return [part.strip() for part in text.translate(SEPARATORS).split("、") if part.strip()] if text else []


def _is_ambiguous(result: Any) -> bool:
    return isinstance(result, Refused) and result.code == "relation-ambiguous"


def _first(relation: Relation, texts: Sequence[str | None], union: int | None) -> int | Refused | None:
    """What the first text that is known means: a code before a name; otherwise why the last one is not."""
    result: int | Refused | None = None
    for text in texts:
        if text:
            result = relation.find(text, union)
            if isinstance(result, int):
                return result
    return result


def _memo(column: RecordField, plain: bool, has_errors: bool) -> Memo:
    memo = column.memo(plain)
    if has_errors:
        clean = memo.clean

        def guarded(cell: Cell) -> Any:
            if isinstance(cell, ErrorCell):
                raise Refused("error-cell", f"单元格是公式错误 {cell.code}，请改正或清空")
            return clean(cell)

        memo.clean = guarded
    return memo


def masker(field: models.Field | None) -> Callable[[str], str] | None:
    """How a field's values look in an export that masks them; None for fields that are never masked."""
    if isinstance(field, EncryptedField):
        return field.masked
    return mask_mobile if isinstance(field, MobileField) else None
