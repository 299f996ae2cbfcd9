"""One sheet through an import: read and cleaned chunk by chunk, judged as a whole, then written in sets.

All rows are judged before the first is written, so that what was shown for review is what is done.
"""

import gc
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from django.core.exceptions import PermissionDenied

from unionoffice.fields import EncryptedField, cell_for
from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.sheets.cells import is_blank_row, row_text
from unionoffice.sheets.headers import Header
from unionoffice.sheets.reading import Book, Sheet, WorkbookSheet

from ..cells import plain
from ..resources import JOINED_BY, RecordResource
from .bulk import first_load, is_first_load
from .chunk import Chunk, picked
from .cleaning import Cleaner, Repairs
from .extension import Importer
from .findings import CHANGED, NEW, REFUSED, UNCHANGED, Judgement, KeptRow
from .identifying import among, hash_of
from .judging import Judge
from .making import Makers
from .relations import sight
from .tables import Copy

CHUNK = 5000
Progress = Callable[[int, int], None]


def no_progress(done: int, total: int) -> None:
    """For callers who do not wait."""


class SheetImport:
    """The import of one sheet as records of one type.

    book, sheet, header  where the rows are
    user                 who imports; None is the system, which sees the whole town
    options              answers to the extension's questions, and `leave_doubtful`
    repairs              row number -> column key -> cell typed instead
    """

    def __init__(
        self,
        resource: RecordResource,
        user: User | None,
        book: Book,
        sheet: Sheet,
        header: Header,
        *,
        options: Mapping[str, Any] | None = None,
        repairs: Repairs | None = None,
    ) -> None:
        self.resource, self.kind, self.user = resource, resource.kind, user
        self.sheet, self.header, self.options = sheet, header, dict(options or {})
        places = {key: place for place, key in header.columns.items()}
        extension = self.kind.importer or Importer
        self.extension: Importer = extension(self.kind, user, self.options)
        self.cleaner = Cleaner(
            resource,
            user,
            places,
            plain=book.kind == "csv",
            has_errors=_has_errors(sheet),
            repairs=repairs,
            headed=header.texts,
        )
        self.book = book
        self.judgement = Judgement()

    def judge(self, progress: Progress = no_progress) -> Judgement:
        """What the import would do. Writes nothing."""
        with _unhurried_gc():
            self._note(self._judged(Makers(self.cleaner, self.extension, None), progress, steps=1))
        return self.judgement

    def write(self, progress: Progress = no_progress) -> Judgement:
        """Judge and write; must be called inside an act."""
        copy = Copy()
        makers = Makers(self.cleaner, self.extension, copy)
        with _unhurried_gc():
            chunk = self._judged(makers, progress, steps=2)
            self._note(chunk)
            self._store(chunk, copy, makers, progress)
        return self.judgement

    def _judged(self, makers: Makers, progress: Progress, steps: int) -> Chunk:
        """All rows, judged; reading them is one of so many equal steps."""
        parts, total = [], self.sheet.row_count
        self._note_edges(total)
        progress(0, total * steps)
        for first, rows in self.sheet.chunks(CHUNK, self.header.first_data_row):
            last = first + len(rows) - 1
            parts.append(self.cleaner.chunk(first, rows))
            progress(min(total, last), total * steps)
        self.book.release()
        judge = Judge(self.resource, self.user, self.cleaner, self.extension, makers)
        return judge.judge(Chunk.joined(parts or [self.cleaner.chunk(1, [])]), lock=steps > 1)

    def _note_edges(self, last_row: int) -> None:
        """What stands above the headings, and where the sheet ends; what the cleaner passes over comes to it."""
        above = enumerate(self.sheet.head(self.header.top - 1), 1)
        self.judgement.above = [(number, row_text(row)) for number, row in above if not is_blank_row(row)]
        self.judgement.last_row = last_row
        self.judgement.skipped, self.judgement.unnamed = self.cleaner.skipped, self.cleaner.unnamed

    def _note(self, chunk: Chunk) -> None:
        """Count and keep what somebody has to look at."""
        tally = self.judgement.tally
        leaves_doubtful = self.options.get("leave_doubtful")
        for index, found in chunk.findings.items():
            verdicts = {finding.verdict for finding in found}
            if leaves_doubtful and "warned" in verdicts and index not in chunk.refused:
                chunk.outcome[index] = REFUSED
            if chunk.outcome[index] != REFUSED:
                tally.warned += "warned" in verdicts
                tally.corrected += "corrected" in verdicts
                self.judgement.add(found)
            else:
                self.judgement.add(finding for finding in found if finding.verdict != "corrected")
        tally.new += chunk.outcome.count(NEW)
        tally.changed += chunk.outcome.count(CHANGED)
        tally.unchanged += chunk.outcome.count(UNCHANGED)
        tally.refused += chunk.outcome.count(REFUSED)
        repaired = {index for index, number in enumerate(chunk.numbers) if number in self.cleaner.repairs}
        odd = chunk.findings.keys() | chunk.changes.keys() | repaired
        for index in sorted(
            odd, key=lambda index: (index not in repaired, self._urgency(chunk, index), index)
        ):
            self._keep(chunk, index)

    @staticmethod
    def _urgency(chunk: Chunk, index: int) -> int:
        """Refused rows are kept for review before doubtful, changed and merely corrected ones."""
        if chunk.outcome[index] == REFUSED:
            return 0
        if any(found.verdict == "warned" for found in chunk.findings.get(index, ())):
            return 1
        return 2 if chunk.outcome[index] == CHANGED else 3

    def _keep(self, chunk: Chunk, index: int) -> None:
        if self.judgement.is_full:
            return
        cells = chunk.kept.get(index) or self._rendered(chunk, index)
        before = {}
        if chunk.outcome[index] == CHANGED:
            before = {name: self._stood(name, old) for name, old in chunk.changes[index].items()}
        self.judgement.kept[chunk.numbers[index]] = KeptRow(chunk.outcome[index], cells, before)

    def _rendered(self, chunk: Chunk, index: int) -> dict[str, Any]:
        """The cells of a row whose file cells were in their right form and are not kept."""
        found = {}
        for column in self.cleaner.columns:
            value = chunk.values[column.key][index]
            if column.is_relation:
                found[column.key] = self._stood(column.key, value) if value is not None else ""
            elif isinstance(column.field, EncryptedField):
                found[column.key] = value or ""
            else:
                found[column.key] = "" if value is None else column.widget.render(value)
        return found

    def _stood(self, name: str, value: Any) -> str:
        """What stood in a field before, as a cell."""
        field = self.kind.field(name)
        if isinstance(field, EncryptedField):
            return "已登记的号码" if value else ""
        if field.is_relation:
            relation = self.cleaner.relations.get(name)
            names = relation.names if relation is not None else {}
            pks = value if isinstance(value, list) else [value]
            return JOINED_BY.join(names.get(pk, str(pk)) for pk in pks if pk is not None)
        return plain(cell_for(field)(value))

    def _store(self, chunk: Chunk, copy: Copy, makers: Makers, progress: Progress) -> None:
        """Write a judged chunk, and what the type writes after its rows."""
        new = [index for index, outcome in enumerate(chunk.outcome) if outcome == NEW]
        changed = [index for index, outcome in enumerate(chunk.outcome) if outcome == CHANGED]
        makers.flush(self._made(chunk, [*new, *changed]))
        rows = len(chunk)
        copy.told = lambda done: progress(rows + done, rows * 2)
        model = self.kind.model
        aside = (
            first_load([model, *self.extension.loads]) if is_first_load(model, len(new)) else nullcontext()
        )
        with aside:
            pks = [*self._insert(chunk, new, copy, makers), *self._update(chunk, changed, copy)]
            if pks:
                self.extension.written(pks)
        self._still_in_sight(pks)

    def _made(self, chunk: Chunk, indexes: list[int]) -> set[int]:
        return {chunk.final[name][index] for name in self.extension.makes for index in indexes} - {None}

    def _insert(self, chunk: Chunk, indexes: list[int], copy: Copy, makers: Makers) -> list[int]:
        if not indexes:
            return []
        own = {name: column for name, column in chunk.final.items() if not self.kind.field(name).many_to_many}
        if len(indexes) < len(chunk):
            own = {name: picked(column, indexes) for name, column in own.items()}
        for name, hashes in chunk.hashes.items():
            own[hash_of(self.kind.field(name)).name] = picked(hashes, indexes)
        fresh = iter(copy.keys(self.kind.model, len(indexes)))
        pks = [makers.own.get(index) or next(fresh) for index in indexes]
        copy.insert(self.kind.model, own, pks)
        self._relate(chunk, dict(zip(pks, indexes, strict=True)), copy)
        return pks

    def _update(self, chunk: Chunk, indexes: list[int], copy: Copy) -> list[int]:
        if not indexes:
            return []
        fields = [self.kind.field(name) for name in chunk.final]
        touched = {name for index in indexes for name in chunk.changes[index]}
        own = [field.name for field in fields if field.name in touched and not field.many_to_many]
        pks = picked(chunk.pks, indexes)
        copy.update(self.kind.model, pks, {name: picked(chunk.final[name], indexes) for name in own})
        self._relate(chunk, dict(zip(pks, indexes, strict=True)), copy)
        return pks

    def _relate(self, chunk: Chunk, rows: Mapping[int, int], copy: Copy) -> None:
        """Make related rows of several those the file lists, touching only what differs. `rows`: pk -> index."""
        for name, column in chunk.final.items():
            field = self.kind.field(name)
            if not field.many_to_many:
                continue
            added, removed = [], []
            for pk, index in rows.items():
                before = set(
                    chunk.changes.get(index, {}).get(name, column[index] if chunk.pks[index] else ())
                )
                added += [(pk, other) for other in column[index] if other not in before]
                removed += [(pk, other) for other in before.difference(column[index])]
            copy.relate(field, added, removed)

    def _still_in_sight(self, pks: list[int]) -> None:
        """Whoever may see only some unions must not write a row into another."""
        if self.user is not None and pks and access.unions_of(self.user) is not None:
            seen = sight(self.user, self.kind.model).filter(pk__in=among(pks)).count()
            if seen != len(pks):
                raise PermissionDenied(f"{self.user.username} may not write these rows of {self.kind.slug}")


def _has_errors(sheet: Sheet) -> bool:
    return isinstance(sheet, WorkbookSheet) and bool(sheet.scan.errors)


_hurry = threading.Lock()
_without_gc = 0


@contextmanager
def _unhurried_gc() -> Iterator[None]:
    """Millions of cells come and go without cycles; looking for cycles among them costs more than all the rest."""
    global _without_gc
    with _hurry:
        _without_gc += 1
        gc.disable()
    try:
        yield
    finally:
        with _hurry:
            _without_gc -= 1
            if not _without_gc:
                gc.enable()
