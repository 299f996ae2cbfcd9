"""Judging rows: what is new, changed or unchanged, and what cannot be kept and why. Nothing is written here."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from unionoffice.fields import EncryptedField, LinesField
from unionoffice.organisation.models import User
from unionoffice.values import Lines

from ..resources import PK, PK_HEADING, RecordResource
from ..rules import Batch
from ..types import RecordType
from .chunk import Chunk, picked
from .claiming import Claims
from .cleaning import Cleaner, masker
from .constraints import checks, unique_keys, violations
from .extension import Importer
from .findings import CHANGED, NEW, REFUSED, UNCHANGED
from .identifying import Identifier, find_rows, hash_of
from .making import Makers

MASKED_DIFFERS = "打了星号的号码与系统中的不一致，可能错行，请核对或填完整号码"
MISMATCH = f"{PK_HEADING}所指的记录与本行对不上，可能错行，请核对或清空{PK_HEADING}"


class Judge:
    """Judges the rows of one sheet."""

    def __init__(
        self,
        resource: RecordResource,
        user: User | None,
        cleaner: Cleaner,
        extension: Importer,
        makers: Makers,
    ) -> None:
        self.kind: RecordType = resource.kind
        self.user, self.cleaner, self.extension, self.makers = user, cleaner, extension, makers
        self.headings = {column.key: column.heading for column in resource.columns}
        self.keys = [column.key for column in cleaner.columns]
        self.names = [key for key in self.keys if key in self.kind.fields]
        self.identifier = Identifier(self.kind, user, self.keys)
        self.unique = unique_keys(self.kind)
        self.checks = checks(self.kind)
        alternatives = self.identifier.alternatives
        self._sought = (
            frozenset(alternatives[0]) if alternatives and len(alternatives[0]) == 1 else frozenset()
        )
        self.claims = Claims(alternatives, self.unique, self.headings)
        self.defaults = {name: self.kind.field(name) for name in self.kind.fields}

    def judge(self, chunk: Chunk, lock: bool = False) -> Chunk:
        """Find out what becomes of each row; with `lock` the rows that will change cannot change meanwhile."""
        self.makers.know(chunk)
        self._relate(chunk)
        for index in self.identifier.identify(chunk):
            chunk.refuse(index, self._key_of(chunk, index), "outside", self.extension.outside)
        self.makers.recognise(chunk)
        self.identifier.read(chunk)
        self._part_contradicted(chunk)
        self._compare_masked(chunk)
        self._merge(chunk)
        if self.kind.complete is not None:
            self.kind.complete(chunk.final)
        self._fill_defaults(chunk)
        self._compare(chunk)
        if lock:
            self._lock(chunk)
        self._reveal(chunk)
        self._require(chunk)
        self.claims.settle(chunk)
        self._apply_rules(chunk)
        self._check(chunk)
        self.makers.settle(chunk)
        self.makers.tell(chunk, self._written(chunk))
        return chunk

    def _relate(self, chunk: Chunk) -> None:
        for index, key, refusal in self.cleaner.relate(chunk, self.makers.make):
            chunk.refuse(index, key, refusal.code, f"{self.headings[key]}：{refusal.message}")

    def _part_contradicted(self, chunk: Chunk) -> None:
        """A row found by a later key is another one where an earlier key says so; one found by number must resemble."""
        for index, found_by in chunk.found_by.items():
            if index in chunk.refused:
                continue
            alternatives = self.identifier.alternatives
            if found_by == (PK,):
                if self._agreements(chunk, index, alternatives) == {False}:
                    chunk.refuse(index, PK, "pk-mismatch", MISMATCH)
            elif False in self._agreements(chunk, index, alternatives[: alternatives.index(found_by)]):
                chunk.pks[index] = None

    def _agreements(self, chunk: Chunk, index: int, keys: Sequence[tuple[str, ...]]) -> set[bool]:
        """Whether the fields of these keys are the same in row and stored row, where both are filled."""
        found = set()
        for name in {name for key in keys for name in key}:
            mine, theirs = chunk.sought(name)[index], chunk.stored[name][index]
            if mine not in (None, "") and theirs not in (None, ""):
                found.add(mine == theirs)
        return found

    def _key_of(self, chunk: Chunk, index: int) -> str:
        keys = self.identifier.alternatives or [(self.keys[0],)]
        return next((key[0] for key in keys if chunk.values[key[0]][index] not in (None, "")), keys[0][0])

    def _compare_masked(self, chunk: Chunk) -> None:
        """A masked number stands for the stored one, if there is one that looks like it."""
        for key, cells in chunk.masked.items():
            hide = masker(self.defaults[key])
            stored = self.identifier.secrets(key, [chunk.pks[i] for i in cells if chunk.pks[i] is not None])
            for index, cell in cells.items():
                pk = chunk.pks[index]
                value = stored.get(pk) if pk is not None else None
                if value is None:
                    chunk.refuse(
                        index, key, "masked", "这是打了星号的号码，不能当作原号码使用，请填完整号码或留空"
                    )
                elif hide(value) != cell:
                    chunk.refuse(index, key, "masked-differs", MASKED_DIFFERS)

    def _merge(self, chunk: Chunk) -> None:
        """Rows as they would stand: the file's value, else the stored one, else blank."""
        known, all_known = any(pk is not None for pk in chunk.pks), None not in chunk.pks
        for name, field in self.defaults.items():
            given = chunk.values[name] if name in self.names else [None] * len(chunk)
            # Of an encrypted number only the hash was read.
            stored = chunk.stored.get(name) if known and not isinstance(field, EncryptedField) else None
            if stored is not None and all_known and name not in self.names:
                chunk.final[name] = list(stored)
                continue
            blank = _blank(field)
            if callable(blank):
                chunk.final[name] = [blank() if value is None else value for value in given]
            elif None not in given:
                chunk.final[name] = given
            else:
                chunk.final[name] = [blank if value is None else value for value in given]
            if stored is not None and None in given:
                chunk.final[name] = [
                    old if value is None and pk is not None else final
                    for value, old, final, pk in zip(given, stored, chunk.final[name], chunk.pks, strict=True)
                ]

    def _fill_defaults(self, chunk: Chunk) -> None:
        """A new row gets the field's default where neither the file nor the type's own knowledge fills it."""
        for name, field in self.defaults.items():
            final = chunk.final[name]
            if field.has_default() and not field.many_to_many and (None in final or "" in final):
                for index, pk in enumerate(chunk.pks):
                    if pk is None and final[index] in (None, ""):
                        final[index] = field.get_default()

    def _compare(self, chunk: Chunk) -> None:
        """Which existing rows differ, and in what."""
        existing = [index for index, pk in enumerate(chunk.pks) if pk is not None]
        if existing:
            for name in self.defaults:
                if name in chunk.stored:
                    self._compare_column(chunk, name, existing)
        for index, pk in enumerate(chunk.pks):
            if index not in chunk.refused:
                chunk.outcome[index] = NEW if pk is None else CHANGED if index in chunk.changes else UNCHANGED

    def _compare_column(self, chunk: Chunk, name: str, existing: Sequence[int]) -> None:
        field, final, stored = self.defaults[name], chunk.final[name], chunk.stored[name]
        if isinstance(field, EncryptedField):
            given, sought = chunk.column(name), chunk.sought(name)
            changed = [i for i in existing if given[i] is not None and sought[i] != stored[i]]
        else:
            changed = [i for i in existing if final[i] != stored[i]] if final != stored else []
        for index in changed:
            chunk.changes.setdefault(index, {})[name] = stored[index]

    def _lock(self, chunk: Chunk) -> None:
        """Read the rows to be changed again, locked; a row somebody changed meanwhile is compared anew."""
        indexes = [i for i in chunk.changes if i not in chunk.refused]
        rows = self.identifier.stored([chunk.pks[i] for i in indexes], lock=True)
        names = list(self.identifier.columns)
        stale = [
            i for i in indexes if rows.get(chunk.pks[i]) != tuple(chunk.stored[name][i] for name in names)
        ]
        for index in stale:
            key = self._key_of(chunk, index)
            chunk.refuse(index, key, "changed-meanwhile", "核对期间这条记录被他人改动，请再导入一次")

    def _reveal(self, chunk: Chunk) -> None:
        """Encrypted numbers of changed rows in full, which the rules may want to see."""
        for name, field in self.defaults.items():
            if not isinstance(field, EncryptedField):
                continue
            given = chunk.column(name)
            wanted = [i for i in chunk.changes if given[i] is None and chunk.pks[i] is not None]
            stored = self.identifier.secrets(name, [chunk.pks[i] for i in wanted])
            for index in wanted:
                chunk.final[name][index] = stored.get(chunk.pks[index])

    def _require(self, chunk: Chunk) -> None:
        for name, field in self.defaults.items():
            final = chunk.final[name]
            if field.blank or field.has_default() or field.many_to_many or not (None in final or "" in final):
                continue
            for index, outcome in enumerate(chunk.outcome):
                is_bare = final[index] in (None, "") and chunk.pks[index] is None
                if is_bare and outcome in (NEW, REFUSED) and not chunk.has_finding(index, name):
                    chunk.refuse(index, name, "required", f"{self.headings[name]}不能为空")

    def _apply_rules(self, chunk: Chunk) -> None:
        """The very rules of the form, over the rows that will be written; settled ones stay as they are."""
        indexes = self._written(chunk)
        if not indexes:
            return
        whole = len(indexes) == len(chunk)
        values = {n: column if whole else picked(column, indexes) for n, column in chunk.final.items()}
        pks = chunk.pks if whole else picked(chunk.pks, indexes)
        batch = Batch(values, pks, self.user, sought=self._sought, since=self.extension.since)
        for problem in self.kind.judge(batch):
            chunk.find(indexes[problem.index], problem.field, problem.verdict, problem.code, problem.message)

    def _written(self, chunk: Chunk) -> list[int]:
        return [index for index, outcome in enumerate(chunk.outcome) if outcome in (NEW, CHANGED)]

    def _check(self, chunk: Chunk) -> None:
        """The table's check constraints, and values that another stored row has taken."""
        indexes = self._written(chunk)
        for name, condition, message in self.checks:
            values = {n: picked(column, indexes) for n, column in chunk.final.items()}
            for position in violations(condition, values, len(indexes)):
                chunk.refuse(indexes[position], name, "constraint", message)
        for names, message in self.unique.items():
            self._check_unique(chunk, names, message)

    def _check_unique(self, chunk: Chunk, names: tuple[str, ...], message: str) -> None:
        columns = [chunk.final[name] for name in names]
        found_by = self.identifier.alternatives[0] if self.identifier.alternatives else ()
        suspects = []
        for index in self._written(chunk):
            is_new = chunk.outcome[index] == NEW
            touched = is_new or any(name in chunk.changes[index] for name in names)
            # A new row with a full first key was just looked for by it.
            if touched and not (is_new and names == found_by) and all(c[index] is not None for c in columns):
                suspects.append(index)
        if not suspects:
            return
        keys = []
        for name, column in zip(names, columns, strict=True):
            field, values = self.defaults[name], picked(column, suspects)
            if isinstance(field, EncryptedField) and (hashed := hash_of(field)):
                values = hashed.compute_all(values)
            keys.append((field, values))
        for position, pks in find_rows(self.kind.model, keys).items():
            index = suspects[position]
            if set(pks) - {chunk.pks[index]}:
                said = message or f"{self._listed(names)}与系统中另一条记录重复"
                chunk.refuse(index, names[0], "taken", said)

    def _listed(self, names: Sequence[str]) -> str:
        return "、".join(self.headings[name] for name in names)


def _blank(field: models.Field) -> Any:
    """What stands in a field of a new row that nobody filled, or a function making it anew for each."""
    if field.many_to_many:
        return list
    if isinstance(field, LinesField):
        return Lines
    return None if field.null or not field.empty_strings_allowed else ""
