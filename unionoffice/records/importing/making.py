"""Related rows that an import makes because its rows name them and nobody has them yet."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from .chunk import Chunk
from .cleaning import Cleaner
from .extension import Importer
from .relations import folded
from .tables import Copy


class Makers:
    """Makes unknown related rows for an extension, and new rows of the type itself that others of the file name.

    While nothing is written the keys are negative; when writing they are the real ones, and `flush` inserts the rows.
    """

    def __init__(self, cleaner: Cleaner, extension: Importer, copy: Copy | None) -> None:
        self.cleaner, self.extension, self.copy = cleaner, extension, copy
        self.waiting: dict[int, tuple[type[models.Model], dict[str, Any]]] = {}
        self.untold: dict[tuple[str, int], str] = {}
        self.made: dict[tuple[str, str], int] = {}

    def make(self, key: str, text: str, companions: Mapping[str, Any]) -> int | None:
        """The key of the row made for a cell and its companions; None where the type makes none."""
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

    def _new(self, key: str, text: str, companions: dict[str, Any]) -> int:
        values, told = self.extension.make(key, text, companions)
        model = self.cleaner.kind.field(key).related_model
        pk = -len(self.made) - 1 if self.copy is None else self.copy.keys(model, 1)[0]
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
            self.copy.insert(model, {name: [row[name] for row in rows.values()] for name in names}, list(rows))
