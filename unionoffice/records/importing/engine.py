"""One sheet through an import: read lazily, clean, judge and, when asked, write; chunk by chunk in constant memory.

While the database stores one chunk, the next one is read and cleaned.
"""

import gc
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from unionoffice.fields import EncryptedField, cell_for
from unionoffice.organisation.models import User
from unionoffice.sheets.headers import Header
from unionoffice.sheets.reading import Book, Sheet, TextSheet, WorkbookSheet

from ..cells import plain
from ..resources import JOINED_BY, RecordResource
from .chunk import Chunk, picked
from .cleaning import Cleaner, Repairs
from .extension import Importer
from .findings import CHANGED, NEW, REFUSED, UNCHANGED, Judgement, KeptRow
from .identifying import among
from .judging import Judge
from .making import Makers
from .relations import sight
from .tables import Copy

CHUNK = 5000
FOLLOWED_AT_ONCE = 25_000
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
        self.cleaner = Cleaner(resource, user, places, plain=book.kind == "csv", repairs=repairs)
        self.unfollowed: list[int] = []
        self.judgement = Judgement(first_row=header.first_data_row)
        names_itself = any(column.field.related_model is self.kind.model for column in resource.columns if column.is_relation)
        # Rows that name each other must be judged together.
        self.size = 10**6 if names_itself else CHUNK

    def judge(self, progress: Progress = no_progress) -> Judgement:
        """What the import would do. Writes nothing."""
        makers = Makers(self.cleaner, self.extension, None)
        judge = Judge(self.resource, self.user, self.cleaner, self.extension, makers)
        with _unhurried_gc():
            for chunk in self._chunks(judge, progress):
                self._note(judge.judge(chunk))
        return self.judgement

    def write(self, progress: Progress = no_progress) -> Judgement:
        """Judge and write; must be called inside an act."""
        copy = Copy()
        makers = Makers(self.cleaner, self.extension, copy)
        judge = Judge(self.resource, self.user, self.cleaner, self.extension, makers)
        with _unhurried_gc(), _Beside() as beside:
            for chunk in self._chunks(judge, progress):
                beside.wait()
                self._note(judge.judge(chunk, lock=True))
                beside.start(self._store, chunk, copy, makers)
            beside.wait()
            self._follow_up()
        return self.judgement

    def _chunks(self, judge: Judge, progress: Progress) -> Iterator[Chunk]:
        total = _size(self.sheet)
        progress(0, total)
        for first, rows in self.sheet.chunks(self.size, self.header.first_data_row):
            count = len(rows)
            chunk = judge.clean(first, rows)
            del rows
            yield chunk
            self.judgement.last_row = first + count - 1
            progress(min(total, first + count - 1), total)

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
        for index in sorted(chunk.findings.keys() | chunk.changes.keys()):
            self._keep(chunk, index)

    def _keep(self, chunk: Chunk, index: int) -> None:
        cells = {key: column[index] for key, column in chunk.cells.items()}
        before = {}
        if chunk.outcome[index] == CHANGED:
            before = {name: self._stood(name, old) for name, old in chunk.changes[index].items()}
        self.judgement.keep(chunk.numbers[index], KeptRow(chunk.outcome[index], cells, before))

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

    def _store(self, chunk: Chunk, copy: Copy, makers: Makers) -> None:
        """Write a judged chunk; runs beside the reading of the next."""
        new = [index for index, outcome in enumerate(chunk.outcome) if outcome == NEW]
        changed = [index for index, outcome in enumerate(chunk.outcome) if outcome == CHANGED]
        makers.flush(self._made(chunk, [*new, *changed]))
        self.unfollowed += [*self._insert(chunk, new, copy), *self._update(chunk, changed, copy)]
        if len(self.unfollowed) >= FOLLOWED_AT_ONCE:
            self._follow_up()

    def _follow_up(self) -> None:
        """What the type writes after its rows, for many rows at once: it may have to look through whole tables."""
        pks, self.unfollowed = self.unfollowed, []
        if pks:
            self.extension.written(pks)
            self._still_in_sight(pks)

    def _made(self, chunk: Chunk, indexes: list[int]) -> set[int]:
        return {chunk.final[name][index] for name in self.extension.makes for index in indexes} - {None}

    def _insert(self, chunk: Chunk, indexes: list[int], copy: Copy) -> list[int]:
        if not indexes:
            return []
        own = {name: column for name, column in chunk.final.items() if not self.kind.field(name).many_to_many}
        if len(indexes) < len(chunk):
            own = {name: picked(column, indexes) for name, column in own.items()}
        pks = copy.insert(self.kind.model, own)
        self._relate(chunk, dict(zip(pks, indexes, strict=True)), copy, fresh=True)
        return pks

    def _update(self, chunk: Chunk, indexes: list[int], copy: Copy) -> list[int]:
        if not indexes:
            return []
        fields = [self.kind.field(name) for name in chunk.final]
        touched = {name for index in indexes for name in chunk.changes[index]}
        own = [field.name for field in fields if field.name in touched and not field.many_to_many]
        pks = picked(chunk.pks, indexes)
        copy.update(self.kind.model, pks, {name: picked(chunk.final[name], indexes) for name in own})
        self._relate(chunk, dict(zip(pks, indexes, strict=True)), copy, fresh=False)
        return pks

    def _relate(self, chunk: Chunk, rows: Mapping[int, int], copy: Copy, *, fresh: bool) -> None:
        for name, column in chunk.final.items():
            field = self.kind.field(name)
            if not field.many_to_many:
                continue
            wanted = {pk: column[i] for pk, i in rows.items() if (column[i] if fresh else name in chunk.changes.get(i, ()))}
            if wanted:
                copy.relate(field, wanted, fresh)

    def _still_in_sight(self, pks: list[int]) -> None:
        """Whoever may see only some unions must not write a row into another."""
        if self.user is not None:
            seen = sight(self.user, self.kind.model).filter(pk__in=among(pks)).count()
            if seen != len(pks):
                raise PermissionDenied(f"{self.user.username} may not write these rows of {self.kind.slug}")


class _Beside:
    """A thread that uses this thread's database connection while this thread does not: one piece of work at a time."""

    def __enter__(self) -> "_Beside":
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="import")
        self.running: Future[None] | None = None
        connection.inc_thread_sharing()
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown()
        connection.dec_thread_sharing()

    def start(self, work: Callable[..., None], *args: Any) -> None:
        shared, context = connections[connection.alias], copy_context()

        def run() -> None:
            connections[shared.alias] = shared
            try:
                context.run(work, *args)
            finally:
                del connections[shared.alias]

        self.running = self.pool.submit(run)

    def wait(self) -> None:
        """Until the work is done; raises what it raised."""
        if self.running is not None:
            running, self.running = self.running, None
            running.result()


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


def _size(sheet: Sheet) -> int:
    """Number of the sheet's last row."""
    match sheet:
        case WorkbookSheet():
            return sheet.book.load(sheet.name).total_height
        case TextSheet():
            return sum(1 for _ in sheet.rows())
        case _:
            return 0

