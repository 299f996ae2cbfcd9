"""A streaming .xlsx writer: rows go in, compressed bytes come out, memory stays constant.

Rows come as Python values (`write_rows`) or as PostgreSQL hands them out in COPY text format (`write_copy`), where
most cells never become Python objects. Text is written as inline strings, which no program evaluates, whatever
their first character is. Compression runs in a thread beside the formatting; zlib leaves the interpreter free.
"""

import os
import queue
import threading
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Literal, Self

from . import package
from .cells import text_width
from .formatting import Conversion, CopyFormatter, RowFormatter, clean

Kind = Literal["text", "code", "integer", "number", "money", "date", "moment", "bool"]
STYLES: Mapping[Kind, int] = {
    "text": package.GENERAL,
    "code": package.TEXT,
    "integer": package.INTEGER,
    "number": package.GENERAL,
    "money": package.MONEY,
    "date": package.DATE,
    "moment": package.MOMENT,
    "bool": package.GENERAL,
}
WIDTHS: Mapping[Kind, float] = {"code": 21, "date": 12, "moment": 18, "integer": 10, "money": 14, "bool": 8}
MOST_ROWS = 1_048_576
# zipfile refuses members from 2 GiB on, and Excel complains about ZIP64.
MOST_BYTES = 2_000_000_000
# Small enough to stay in the processor's cache while it is formatted.
BLOCK = 64 * 1024
# Large, because a thread that comes back from zlib waits some milliseconds for the interpreter.
PORTION = 1 << 19
# Level 6 would take twice the processor's time for files a quarter smaller.
LEVEL = 1


class SheetFull(ValueError):
    """More rows than one sheet of a workbook can hold."""


@dataclass(frozen=True)
class Column:
    """A column of a written sheet.

    Kinds: text; code (numbers that are names, such as ID numbers, kept as text when edited); integer, number,
    money (numbers); date (a day); moment (a day and time); bool (是/否). `width` is in characters.
    """

    header: str
    kind: Kind = "text"
    width: float | None = None

    @property
    def style(self) -> int:
        return STYLES[self.kind]

    @property
    def shown_width(self) -> float:
        """The given width, else the usual one of the kind, but never less than the header needs."""
        return self.width or max(WIDTHS.get(self.kind, 14), text_width(self.header) + 4)


class _Part:
    """One part of the package, compressed by a thread of its own."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.size = 0
        self._failure: BaseException | None = None
        self._pieces: list[bytes] = []
        self._gathered = 0
        self._queue: queue.Queue[bytes | None] = queue.Queue(maxsize=2)
        self._file = archive.open(name, "w")
        self._thread = threading.Thread(target=self._run, name="xlsx-deflate", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (portion := self._queue.get()) is not None:
            if self._failure is None:
                try:
                    self._file.write(portion)
                except BaseException as failure:  # raised again in the thread that writes rows
                    self._failure = failure

    def write(self, piece: bytes) -> None:
        self.size += len(piece)
        self._gathered += len(piece)
        self._pieces.append(piece)
        if self._gathered >= PORTION:
            self._hand_over()

    def _hand_over(self) -> None:
        if self._failure is not None:
            raise self._failure
        self._queue.put(b"".join(self._pieces))
        self._pieces, self._gathered = [], 0

    def stop(self) -> None:
        """Ends the thread, whatever became of the part."""
        self._queue.put(None)
        self._thread.join()
        self._file.close()

    def close(self) -> None:
        self._hand_over()
        self.stop()
        if self._failure is not None:
            raise self._failure


class SheetWriter:
    """One sheet being written; made by `XlsxWriter.sheet` and finished by the next one or by the end."""

    def __init__(self, name: str, columns: Sequence[Column], part: _Part, watermark: str) -> None:
        self.name, self.columns, self.watermark = name, columns, watermark
        self.count = 0
        self._part = part
        self._rows = RowFormatter([column.style for column in columns])
        part.write(package.sheet_opening([(column.shown_width, column.style) for column in columns]).encode())
        headers = RowFormatter([package.HEADER] * len(columns))
        part.write(headers.row(1, [column.header for column in columns]))

    def write_rows(self, rows: Iterable[Sequence[object]]) -> int:
        """Writes rows of Python values (None and "" leave the cell blank); returns how many."""
        before, pieces, size = self.count, [], 0
        for row in rows:
            self._count(1)
            pieces.append(self._rows.row(self.count + 1, row))
            size += len(pieces[-1])
            if size > BLOCK:
                self._part.write(b"".join(pieces))
                pieces, size = [], 0
        self._part.write(b"".join(pieces))
        return self.count - before

    def write_copy(
        self, chunks: Iterable[bytes | memoryview], convert: Mapping[int, Conversion] | None = None
    ) -> int:
        """Writes what `COPY (select …) TO STDOUT` hands out, one output column per column; returns the rows.

        `convert` maps a column, counted from 0, to a function over many of its values at once: texts as the
        database spells them ("" for NULL) to texts as they shall be shown or, in a date or number column,
        as the database would spell them; or maps it to the labels of its texts.
        """
        formatter = CopyFormatter(
            [column.kind for column in self.columns], [column.style for column in self.columns], convert
        )
        before = self.count
        for block in _blocks(chunks):
            xml, count = formatter.block(block, self.count + 2)
            self._count(count)
            self._part.write(xml)
        return self.count - before

    def _count(self, rows: int) -> None:
        self.count += rows
        if self.count >= MOST_ROWS or self._part.size > MOST_BYTES:
            raise SheetFull(f"工作表“{self.name}”写不下了：一张表最多 {MOST_ROWS - 1} 行，请缩小导出范围")

    def abandon(self) -> None:
        """Ends the compressing thread of a sheet nobody will finish."""
        self._part.stop()

    def close(self) -> package.SheetPart:
        finished = package.SheetPart(self.name, len(self.columns), self.count)
        self._part.write(package.sheet_closing(finished, self.watermark).encode())
        self._part.close()
        return finished


def _blocks(chunks: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """Whole lines in blocks of about BLOCK bytes."""
    pieces: list[bytes] = []
    size = 0
    for chunk in chunks:
        pieces.append(bytes(chunk))
        size += len(chunk)
        if size >= BLOCK:
            lines, end, rest = b"".join(pieces).rpartition(b"\n")
            if end:
                yield lines + end
            pieces, size = [rest], len(rest)
    if rest := b"".join(pieces):
        yield rest


class XlsxWriter:
    """Writes an .xlsx file to a path or a binary file object, which need not be seekable.

        with XlsxWriter(path, creator="张三", watermark="张三 2024-03-05 10:20 导出") as book:
            book.sheet("会员", [Column("姓名"), Column("证件号码", "code")]).write_rows(rows)

    `watermark` stands in the header and footer of every printed page; `title`, `creator` and `created` (now, unless
    given) in the properties of the file. When the block is left by an exception the file is unfinished and must be
    thrown away.
    """

    def __init__(
        self,
        target: str | os.PathLike[str] | IO[bytes],
        *,
        title: str = "",
        creator: str = "",
        watermark: str = "",
        created: datetime | None = None,
    ) -> None:
        self.created = created or datetime.now(UTC)
        self.watermark = clean(watermark)
        self._archive = zipfile.ZipFile(
            target, "w", zipfile.ZIP_DEFLATED, allowZip64=False, compresslevel=LEVEL
        )
        self._finished: list[package.SheetPart] = []
        self._current: SheetWriter | None = None
        self._put("[Content_Types].xml", package.CONTENT_TYPES)
        self._put("_rels/.rels", package.ROOT_RELATIONS)
        self._put("docProps/app.xml", package.APPLICATION)
        self._put("docProps/core.xml", package.core_properties(clean(title), clean(creator), self.created))
        self._put("xl/styles.xml", package.STYLES)

    def sheet(self, name: str, columns: Sequence[Column]) -> SheetWriter:
        """Begins the next sheet and finishes the one before."""
        self._finish_sheet()
        part = _Part(self._archive, f"xl/worksheets/sheet{len(self._finished) + 1}.xml")
        self._current = SheetWriter(self._free_name(name), columns, part, self.watermark)
        return self._current

    def close(self) -> None:
        """Finishes the file; a book without sheets is a programmer's error."""
        self._finish_sheet()
        if not self._finished:
            raise ValueError("a workbook needs at least one sheet")
        self._put("xl/workbook.xml", package.workbook(self._finished))
        self._put("xl/_rels/workbook.xml.rels", package.workbook_relations(len(self._finished)))
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
            return
        if self._current is not None:
            self._current.abandon()
        self._archive.close()

    def _finish_sheet(self) -> None:
        if self._current is not None:
            self._finished.append(self._current.close())
            self._current = None

    def _put(self, name: str, text: str) -> None:
        self._archive.writestr(name, text.encode())

    def _free_name(self, name: str) -> str:
        """A name Excel accepts: at most 31 characters, without []:*?/\\, not used before in this book."""
        plain = "".join("_" if letter in "[]:*?/\\" else letter for letter in clean(name)).strip("' ")[:31]
        used = {sheet.name.lower() for sheet in self._finished}
        free, number = plain or "表", 1
        while free.lower() in used:
            number += 1
            free = f"{plain[: 30 - len(str(number))]}{number}"
        return free
