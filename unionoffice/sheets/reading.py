"""Reading uploaded workbooks: what the file is, whether it is safe, and its rows.

`open_book` looks at the content, never at the extension, and raises SheetRefused with one Chinese line for
everything that is not read. Formulas give the values stored with them, links to other files are never followed.
"""

import io
import os
from collections.abc import Iterator
from itertools import chain, islice, repeat
from pathlib import PurePath
from typing import BinaryIO, Self

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from .archives import Archive
from .cells import Cell, ErrorCell, Row, SheetRefused, is_blank_row, without_zeros
from .compound import SIGNATURE, scan_compound
from .delimited import TextTable
from .faults import refusing
from .guard import bounded
from .limits import Limits
from .scanning import SheetScan

CHUNK_ROWS = 4000
DEFAULT_LIMITS = Limits()
HEAD_ROWS = 15
Source = str | os.PathLike[str] | bytes | memoryview | BinaryIO


class Sheet:
    """One sheet: its name and its rows, numbered as the clerk sees them; `_rows` and `row_count` are its kind's own."""

    def __init__(self, name: str, is_hidden: bool = False) -> None:
        self.name, self.is_hidden = name, is_hidden

    def rows(self) -> Iterator[Row]:
        """Rows from row 1 on, blank ones included; blank rows below the data are left out.

        A cell merged over several rows gives its value to each of them. Raises SheetRefused where a row cannot be read.
        """
        with refusing():
            yield from self._rows()

    def _rows(self) -> Iterator[Row]:
        raise NotImplementedError

    def head(self, count: int = HEAD_ROWS) -> list[Row]:
        """The first `count` rows."""
        return list(islice(self.rows(), count))

    def chunks(self, size: int = CHUNK_ROWS, first: int = 1) -> Iterator[tuple[int, list[Row]]]:
        """Lists of at most `size` rows, each with the sheet's number of its first row, from row `first` on."""
        rows = islice(self.rows(), first - 1, None)
        while chunk := list(islice(rows, size)):
            yield first, chunk
            first += len(chunk)

    @property
    def row_count(self) -> int:
        """The number of the last row, for showing progress; parses the sheet, or counts a text's lines."""
        raise NotImplementedError


class TextSheet(Sheet):
    """The only sheet of a text table."""

    def __init__(self, name: str, table: TextTable) -> None:
        super().__init__(name)
        self.table = table

    def _rows(self) -> Iterator[Row]:
        return self.table.rows()

    @property
    def row_count(self) -> int:
        return self.table.count_lines()


class WorkbookSheet(Sheet):
    """A sheet of .xlsx, .xls, .et or .ods, parsed when its rows are first asked for."""

    def __init__(self, book: "Book", name: str, is_hidden: bool, scan: SheetScan) -> None:
        super().__init__(name, is_hidden)
        self.book, self.scan = book, scan

    @property
    def row_count(self) -> int:
        end = self.book.load(self.name).end
        return end[0] + 1 if end else 0

    def _rows(self) -> Iterator[Row]:
        sheet = self.book.load(self.name)
        rows: Iterator[Row] = iter(()) if sheet.end is None else sheet.iter_rows()
        if sheet.start and sheet.start[1]:
            margin = [""] * sheet.start[1]
            rows = (margin + row for row in rows)
        if self.book.has_zeros:
            rows = map(without_zeros, rows)
        if self.scan.errors:
            rows = self._with_errors(rows)
        merged = self._merged_down(sheet)
        return filled_down(rows, merged) if merged else rows

    def _with_errors(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Puts error values back, which the parser returns as blanks or, at the edges, not at all."""
        errors: dict[int, list[tuple[int, ErrorCell]]] = {}
        for (row, column), code in self.scan.errors.items():
            errors.setdefault(row, []).append((column, ErrorCell(code)))
        for number, row in enumerate(chain(rows, map(list, repeat(())))):
            for column, error in errors.pop(number, ()):
                row.extend([""] * (column + 1 - len(row)))
                row[column] = error
            if not row and not errors:
                return
            yield row

    def _merged_down(self, sheet: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
        """By first row: (last row, column) of the cells merged over several rows, all counted from 0."""
        merged: dict[int, list[tuple[int, int]]] = {}
        for (first, column), (last, _) in sheet.merged_cell_ranges or self.scan.merged:
            if last > first:
                merged.setdefault(first, []).append((last, column))
        return merged


def filled_down(rows: Iterator[Row], merged: dict[int, list[tuple[int, int]]]) -> Iterator[Row]:
    """Rows in which every row of a merged cell has its value, as it reads on the screen.

    A row with nothing of its own stays as it is: it is the lower part of a title or a note, not a record.
    """
    open_cells: dict[int, tuple[int, Cell]] = {}
    for number, row in enumerate(rows):
        if open_cells and not is_blank_row(row):
            for column, (last, value) in list(open_cells.items()):
                if number > last:
                    del open_cells[column]
                elif row[column] == "":
                    row[column] = value
        for last, column in merged.get(number, ()):
            if column < len(row):
                open_cells[column] = last, row[column]
        yield row


class Book:
    """An opened file and its sheets, in the order of the workbook; a context manager.

    `kind` is "xlsx", "xls", "ods" or "csv". One parsed sheet is kept in memory at a time.
    """

    def __init__(self, kind: str, workbook: CalamineWorkbook | None = None, has_zeros: bool = False) -> None:
        self.kind, self.has_zeros = kind, has_zeros
        self.sheets: list[Sheet] = []
        self._workbook = workbook
        self._loaded: tuple[str, CalamineSheet] | None = None

    def load(self, name: str) -> CalamineSheet:
        """The parsed sheet of that name, out of memory when it was the last one asked for."""
        if self._loaded is None or self._loaded[0] != name:
            self._loaded = None
            with refusing():
                self._loaded = name, self._workbook.get_sheet_by_name(name)
        return self._loaded[1]

    def release(self) -> None:
        """Frees the parsed sheet; it is parsed anew when it is asked for again."""
        self._loaded = None

    def close(self) -> None:
        """Frees the parsed sheets; the source stays open."""
        self._loaded = None
        if self._workbook is not None:
            self._workbook.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@bounded(60)
def open_book(source: Source, filename: str = "", limits: Limits = DEFAULT_LIMITS) -> Book:
    """The book in `source`: a path, bytes, or a seekable binary file, which stays open and is not closed here.

    `filename` only names the sheet of a text table. Raises SheetRefused when the file is not to be read.
    """
    if isinstance(source, bytes | memoryview):
        source = io.BytesIO(source)
    if not isinstance(source, str | os.PathLike):
        return _open(source, source, filename, limits)
    with open(source, "rb") as file:
        return _open(file, source, filename or os.fspath(source), limits)


@refusing()
def _open(file: BinaryIO, source: Source, filename: str, limits: Limits) -> Book:
    limits.check_file(file.seek(0, io.SEEK_END))
    file.seek(0)
    beginning = file.read(8)
    file.seek(0)
    if beginning.startswith(b"PK"):
        archive = Archive(file, limits)
        return _workbook(archive.kind, file, source, archive.scans, archive.has_zeros)
    if beginning == SIGNATURE:
        return _workbook("xls", file, source, scan_compound(file.read(), limits), has_zeros=True)
    book = Book("csv")
    if source is not file:
        file = io.BytesIO(file.read())
    book.sheets.append(TextSheet(PurePath(filename).stem or "数据", TextTable(file, limits)))
    return book


def _workbook(
    kind: str,
    file: BinaryIO,
    source: Source,
    scans: dict[str, SheetScan] | list[SheetScan],
    has_zeros: bool,
) -> Book:
    file.seek(0)
    workbook = load_workbook(source)
    book = Book(kind, workbook, has_zeros)
    if isinstance(scans, list):
        scans = dict(zip(workbook.sheet_names, scans, strict=False))
    for sheet in workbook.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet:
            is_hidden = sheet.visible != SheetVisibleEnum.Visible
            scan = scans.get(sheet.name, SheetScan())
            book.sheets.append(WorkbookSheet(book, sheet.name, is_hidden, scan))
    if not book.sheets:
        raise SheetRefused("no-sheet", "文件里没有可读的工作表")
    return book
