"""Related rows that an import makes because its rows name them and nobody has them yet."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from ..cells import naming_path
from .chunk import Chunk
from .cleaning import Cleaner
from .extension import Importer
from .relations import folded
from .tables import Copy

KEYS_AT_ONCE = 50


class Makers:
    """Gives keys to rows nobody has yet: related rows an extension makes, and rows of the file others of it refer to.

    While nothing is written the keys are negative; when writing they are the real ones, and `flush` inserts the rows.
    """

    def __init__(self, cleaner: Cleaner, extension: Importer, copy: Copy | None) -> None:
        self.cleaner, self.extension, self.copy = cleaner, extension, copy
        self.waiting: dict[int, tuple[type[models.Model], dict[str, Any]]] = {}
        self.untold: dict[tuple[str, int], str] = {}
        self.made: dict[tuple[str, str], int] = {}
        model = cleaner.kind.model
        self.reflexive = [
            column.key
            for column in cleaner.columns
            if column.is_relation and column.field.related_model is model and not column.field.many_to_many
        ]
        self.fresh: dict[type[models.Model], list[int]] = {}
        self.rows_by_name: dict[str, int] = {}
        self.own: dict[int, int] = {}

    def know(self, chunk: Chunk) -> None:
        """Note the names of the file's own rows, where its rows may refer to one another."""
        names = chunk.values.get(naming_path(self.cleaner.kind.model)) if self.reflexive else None
        for index, name in enumerate(names or ()):
            if name:
                self.rows_by_name.setdefault(folded(name), index)

    def recognise(self, chunk: Chunk) -> None:
        """Rows of the file that turn out to be stored ones are referred to by their stored keys."""
        for index, pk in list(self.own.items()):
            stored = chunk.pks[index]
            if stored is not None:
                del self.own[index]
                for key in self.reflexive:
                    chunk.values[key] = [stored if value == pk else value for value in chunk.values[key]]

    def settle(self, chunk: Chunk) -> None:
        """Refuse rows that refer to a row of the file that is refused itself."""
        rows_of = {pk: index for index, pk in self.own.items()}
        open_rows = True
        while open_rows:
            open_rows = [
                (index, key, rows_of[value])
                for key in self.reflexive
                for index, value in enumerate(chunk.final[key])
                if value in rows_of and rows_of[value] in chunk.refused and index not in chunk.refused
            ]
            for index, key, other in open_rows:
                message = f"所指的第{chunk.numbers[other]}行没有导入，请先改正那一行"
                chunk.refuse(index, key, "relation-refused", message)

    def make(self, key: str, text: str, companions: Mapping[str, Any]) -> int | None:
        """The key of the row made for a cell and its companions; None where the type makes none."""
        if key in self.reflexive:
            return self._own(text)
        if key not in self.extension.makes:
            return None
        plain = {path.partition(".")[2]: value for path, value in companions.items()}
        names = [*filter(None, plain.values()), folded(text)]
        known = self.made.get((key, names[0]))
        if known is None:
            known = self._new(key, text, plain)
            for name in names:
                self.made.setdefault((key, name), known)
        return known

    def _own(self, text: str) -> int | None:
        index = self.rows_by_name.get(folded(text))
        if index is None:
            return None
        if index not in self.own:
            self.own[index] = self._key(self.cleaner.kind.model, len(self.own))
        return self.own[index]

    def _key(self, model: type[models.Model], count: int) -> int:
        if self.copy is None:
            return -count - 1
        if not self.fresh.get(model):
            self.fresh[model] = self.copy.keys(model, KEYS_AT_ONCE)
        return self.fresh[model].pop()

    def _new(self, key: str, text: str, companions: dict[str, Any]) -> int:
        values, told = self.extension.make(key, text, companions)
        model = self.cleaner.kind.field(key).related_model
        pk = self._key(model, len(self.made))
        self.waiting[pk], self.untold[key, pk] = (model, values), told
        return pk

    def tell(self, chunk: Chunk, indexes: Sequence[int]) -> None:
        """Say at the first row that is kept what was made for it."""
        for key in {key for key, _ in self.untold}:
            column = chunk.final[key]
            for index in indexes:
                told = self.untold.pop((key, column[index]), None)
                if told is not None:
                    chunk.find(index, key, "corrected", "made", told)

    def flush(self, used: Iterable[int]) -> None:
        """Insert those rows made so far that kept rows refer to."""
        by_model: dict[type[models.Model], dict[int, dict[str, Any]]] = {}
        for pk in used:
            if pk in self.waiting:
                model, values = self.waiting.pop(pk)
                by_model.setdefault(model, {})[pk] = values
        for model, rows in by_model.items():
            names = next(iter(rows.values()))
            self.copy.insert(
                model, {name: [row[name] for row in rows.values()] for name in names}, list(rows)
            )
