"""Which row of another table a cell means: by name, short name, code or identity number, within what the user may see."""

import difflib
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from unionoffice.fields import CreditCodeField, HashField, IdNumberField
from unionoffice.organisation import access
from unionoffice.organisation.models import Record, User
from unionoffice.values import Refused, half_width, shown

from ..resources import name_of, naming_field
from ..types import RecordType

# A table of at most so many rows is read once; of a larger one only what the file names.
SMALL = 5000
NEAR = 0.6


def sight(user: User | None, model: type[models.Model]) -> QuerySet:
    """The rows a user may see or choose; of the system itself (None) all of them."""
    if user is None:
        return model._default_manager.all()
    return access.narrow(user, model)


def folded(text: str) -> str:
    """A name as it is compared: half-width, without blanks, in one case."""
    return "".join(half_width(text).split()).casefold()


class Relation:
    """Finds rows of one related table for the cells of one column.

    `find` gives a primary key or Refused; `prepare` fetches what a chunk of rows needs in one query.
    """

    def __init__(self, kind: RecordType, field: models.Field, user: User | None) -> None:
        self.model = field.related_model
        self.title = name_of(self.model)
        self.rows = sight(user, self.model)
        if user is not None and field.name in kind.choices_shown:
            self.rows = self.rows.filter(pk__in=kind.choices_shown[field.name](user).values("pk"))
        self.naming = naming_field(self.model)
        fields = self.model._meta.concrete_fields
        self.paths = list(
            dict.fromkeys([self.naming.attname, *(f.attname for f in fields if _identifies(f))])
        )
        self.hashes = [f for f in fields if isinstance(f, HashField) and not f.last and _of_identity(f)]
        self.union = (
            "union_id" if issubclass(self.model, Record) and any(f.name == "union" for f in fields) else None
        )
        self.known: dict[str, list[tuple[int, int | None]]] = {}
        self.folded: dict[str, list[tuple[int, int | None]]] = {}
        self.names: dict[int, str] = {}
        self.asked: set[str] = set()
        self.unknown: dict[str, Refused] = {}
        self.is_whole = self._read_whole()

    def _read_whole(self) -> bool:
        wanted = ("pk", *([self.union] if self.union else []), *self.paths)
        rows = list(self.rows.order_by().values_list(*wanted)[: SMALL + 1])
        if len(rows) > SMALL:
            return False
        for row in rows:
            self._remember(row)
        return True

    def _remember(self, row: tuple[Any, ...]) -> None:
        pk, texts = row[0], row[2:] if self.union else row[1:]
        candidate = (pk, row[1] if self.union else None)
        self.names[pk] = str(texts[0])
        for text in dict.fromkeys(str(text) for text in texts if text):
            self._add(self.known, text, candidate)
            self._add(self.folded, folded(text), candidate)

    @staticmethod
    def _add(
        where: dict[str, list[tuple[int, int | None]]], text: str, candidate: tuple[int, int | None]
    ) -> None:
        there = where.setdefault(text, [])
        if candidate not in there:
            there.append(candidate)

    def prepare(self, texts: Iterable[str | None]) -> None:
        """Look up all these texts at once."""
        new = {text for text in texts if text} - self.asked - self.known.keys()
        self.asked |= new
        if not new:
            return
        if not self.is_whole:
            wanted = ("pk", *([self.union] if self.union else []), *self.paths)
            named = Q()
            for path in self.paths:
                named |= Q(**{f"{path}__in": new})
            for row in self.rows.filter(named).order_by().values_list(*wanted):
                self._remember(row)
        for field in self.hashes:
            self._prepare_numbers(field, [text for text in new if text not in self.known])

    def _prepare_numbers(self, field: HashField, texts: list[str]) -> None:
        by_hash = {field.index_of(text): text for text in texts if len(text) >= 8}
        if not by_hash:
            return
        wanted = ("pk", field.attname, *([self.union] if self.union else []), self.naming.attname)
        for row in self.rows.filter(**{f"{field.attname}__in": list(by_hash)}).values_list(*wanted):
            self.names[row[0]] = str(row[-1])
            self._add(self.known, by_hash[row[1]], (row[0], row[2] if self.union else None))

    def find(self, text: str, union: int | None = None) -> int | Refused:
        """The row a text means; of several the one in that union."""
        found = self.known.get(text) or self.folded.get(folded(text))
        if not found:
            if text not in self.unknown:
                self.unknown[text] = self._unknown(text)
            return self.unknown[text]
        if len(found) > 1 and union is not None:
            found = [candidate for candidate in found if candidate[1] == union] or found
        if len(found) == 1:
            return found[0][0]
        how = "请改填证件号码" if self.hashes else "请改填代码或全称"
        return Refused("relation-ambiguous", f"有{len(found)}个{self.title}都叫{shown(text)}，{how}")

    def _unknown(self, text: str) -> Refused:
        near = difflib.get_close_matches(text, self.names.values(), n=3, cutoff=NEAR) if self.is_whole else []
        asked = f"，是否为“{'”“'.join(dict.fromkeys(near))}”？" if near else "，请先登记或改正名称"
        return Refused("relation-unknown", f"没有名为{shown(text)}的{self.title}{asked}")


def _identifies(field: models.Field) -> bool:
    if field.name == "short_name" or isinstance(field, CreditCodeField):
        return True
    return isinstance(field, models.CharField) and field.unique


def _of_identity(field: HashField) -> bool:
    return isinstance(field.model._meta.get_field(field.of), IdNumberField)
