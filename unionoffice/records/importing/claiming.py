"""Rows of one file that mean the same record: the first stays, later ones are refused."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..resources import PK
from .chunk import Chunk, filled

Key = tuple[str, ...]


class Claims:
    """Judges which rows of a file claim a record that an earlier row has claimed.

    keys    the type's import keys of which the file has all columns, in order
    unique  further sets of fields that no two rows may share
    """

    def __init__(self, keys: Sequence[Key], unique: Iterable[Key], headings: Mapping[str, str]) -> None:
        self.keys, self.headings = keys, headings
        self.unique = [names for names in unique if names not in keys[:1]]

    def settle(self, chunk: Chunk) -> None:
        """Refuse every row but the first of those that mean the same."""
        if len(self.keys) == 1:
            self._once(chunk, self.keys[0])
        elif self.keys:
            self._by_keys(chunk)
        for names in self.unique:
            self._once(chunk, names)
        claimed: dict[int, int] = {}
        for index, pk in enumerate(chunk.pks):
            if pk is not None and index not in chunk.refused:
                first = claimed.setdefault(pk, index)
                if first != index:
                    self._refuse(chunk, index, self.keys[0] if self.keys else (PK,), first)

    def _once(self, chunk: Chunk, names: Key) -> None:
        columns = [chunk.final[name] for name in names]
        values = columns[0] if len(names) == 1 else list(zip(*columns, strict=True))
        claimed: dict[Any, int] = {}
        for index, full in enumerate(filled(*columns)):
            if full and index not in chunk.refused:
                first = claimed.setdefault(values[index], index)
                if first != index:
                    self._refuse(chunk, index, names, first)

    def _by_keys(self, chunk: Chunk) -> None:
        """A row is the same as an earlier one by its first filled key, or by a later one if the other has no earlier."""
        claimed: dict[tuple[Key, Any], tuple[int, Key]] = {}
        for index in range(len(chunk)):
            own = self._filled(chunk, index)
            if index in chunk.refused or not own:
                continue
            first_names = own[0][0]
            for key in own:
                first, names = claimed.get(key, (index, first_names))
                if first != index and (key is own[0] or names == key[0]):
                    self._refuse(chunk, index, key[0], first)
                    break
            else:
                for key in own:
                    claimed.setdefault(key, (index, first_names))

    def _filled(self, chunk: Chunk, index: int) -> list[tuple[Key, Any]]:
        found = []
        for names in self.keys:
            values = tuple(chunk.final[name][index] for name in names)
            if None not in values and "" not in values:
                found.append((names, values))
        return found

    def _refuse(self, chunk: Chunk, index: int, names: Key, first: int) -> None:
        listed = "、".join(self.headings.get(name, name) for name in names)
        chunk.refuse(index, names[0], "duplicate-row", f"{listed}与第{chunk.numbers[first]}行重复")
