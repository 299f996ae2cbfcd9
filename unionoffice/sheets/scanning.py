"""Bounds of the sheets inside an unpacked workbook, found before it is parsed.

The parser lays a sheet out as one dense box from A1 to its last filled cell, so two cells far apart can ask for
all the memory there is; and it returns error cells as blanks. One pass over the raw XML answers both: how large
is the box, and where are the errors. `QuickScan` proves at the speed of unpacking that no cell lies outside a
small box, for XML as spreadsheet programs write it; whatever it cannot prove is read by a real XML parser.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from .cells import SheetRefused, column_index
from .limits import DAMAGED, PROVEN_COLUMNS, Limits

CHUNK = 1 << 20
MOST_ERRORS = 50_000
# Cells and rows under a namespace prefix, or a text that looks like them.
PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
UNIQUE_COUNT = re.compile(rb"niqueCount\s*=\s*[\"']\s*(\d{1,18})\s*[\"']")
ATTRIBUTE = 64
VALUES = (b"<v", b"<is", b":v", b":is")
ERROR_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]* t="e"[^>]*>(.*?)</c>', re.DOTALL)
ERROR_VALUE = re.compile(rb"<v>([^<]*)</v>")
REFERENCE = re.compile(r"([A-Za-z]{1,9})([0-9]+)")


@dataclass
class SheetScan:
    """Filled rows and columns (upper bounds, counted from A1) and error codes by (row, column) from 0."""

    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    # Corners of merged cells; only for OpenDocument, where the parser does not tell them.
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)

    def fill(self, row: int, column: int) -> None:
        """Widens the box to hold the cell at `row` and `column`, counted from 0."""
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)

    def note_error(self, row: int, column: int, code: str) -> None:
        """Remembers the error value of a cell; refuses a sheet that is nothing but errors."""
        if len(self.errors) >= MOST_ERRORS:
            raise SheetRefused(
                "too-many-errors", f"表中的错误值（如 {code}）超过 {MOST_ERRORS} 个，请先改好公式再上传"
            )
        self.errors[row, column] = code or "#VALUE!"


def chunks_of(part: BinaryIO) -> Iterator[bytes]:
    """The content of `part` in pieces of at most CHUNK bytes."""
    while chunk := part.read(CHUNK):
        yield chunk


def outside_pattern(limits: Limits) -> re.Pattern[bytes]:
    """Finds a cell outside the provable box, or written in a way the quick look does not understand."""
    digits, lead = len(str(limits.rows)), str(limits.rows)[0]
    # Nearly every cell is a column of one letter and a short row number; this settles it in one step.
    near = rf'(?! r="[A-Z][0-9]{{1,{digits - 1}}}")'
    # PROVEN_COLUMNS ends at column AX.
    beyond = rf"[A-Z]{{3}}|A[YZ]|[B-Z][A-Z]|[A-Z]{{1,2}}(?:\d{{{digits + 1}}}|[{lead}-9]\d{{{digits - 1}}})"
    odd = r"[^A-Z]|[A-Z]{1,2}[^0-9A-Z]|[A-Z]{1,2}[0-9]+[^0-9\"]"
    return re.compile(rf'<c{near}(?: r="(?:{beyond}|{odd})|[\t\r\n/>]| [^r]| r[^=]| r=[^"])'.encode())


class QuickScan:
    """Looks at a worksheet part while it is unpacked, chunk by chunk, at little more than the cost of unpacking.

    After `close`, `scan` holds the box of `limits` when every filled cell provably lies inside it, and None when
    that stays open; `is_worksheet` tells whether the part holds cells at all, `has_zeros` whether
    it holds the escape of the zero character, which no database takes.
    """

    def __init__(self, outside: re.Pattern[bytes], limits: Limits) -> None:
        self.outside, self.limits = outside, limits
        self.scan: SheetScan | None = SheetScan(limits.rows, PROVEN_COLUMNS)
        self.is_worksheet = self.has_zeros = False
        self.rest = b""

    def feed(self, chunk: bytes) -> None:
        """Looks at the next piece of the part; what may be the beginning of a cell waits for the piece after."""
        chunk = self.rest + chunk
        self.is_worksheet = self.is_worksheet or b"sheetData" in chunk
        cut = chunk.rfind(b"<c")
        is_whole = cut >= 0 and len(chunk) - cut <= CHUNK
        if not is_whole:
            # Without a tag in sight an attribute may still be split; its longest part is kept together.
            cut = max(chunk.rfind(b"<"), 0) or max(len(chunk) - ATTRIBUTE, 0)
        self.rest = chunk[cut:]
        self._look(chunk[:cut], is_whole)

    def close(self) -> None:
        """Looks at the end of the part."""
        self._look(self.rest, is_whole=True)
        self.rest = b""

    def _check_count(self, chunk: bytes) -> None:
        """Refuses a number of shared texts that cannot be: the parser sets memory aside for it."""
        counts = UNIQUE_COUNT.findall(chunk)
        if len(counts) < chunk.count(b"niqueCount") or any(
            int(count) > self.limits.cells for count in counts
        ):
            raise SheetRefused("damaged", DAMAGED)

    def _look(self, chunk: bytes, is_whole: bool) -> None:
        """Judges cells; when `is_whole`, each one begins and ends in `chunk`, and so does its value."""
        self.has_zeros = self.has_zeros or (b"_" in chunk and b"_x0000_" in chunk)
        if b"niqueCount" in chunk:
            self._check_count(chunk)
        if self.scan is None:
            return
        if PREFIXED.search(chunk):
            self.scan = None
        # Formatted blanks down to row 1,048,576 are common and are not part of the box.
        elif is_whole and not any(value in chunk for value in VALUES):
            return
        elif self.outside.search(chunk):
            self.scan = None
        elif b't="e"' in chunk:
            for letters, number, inner in ERROR_CELL.findall(chunk):
                value = ERROR_VALUE.search(inner)
                code = value[1].decode("utf-8", "replace") if value else "#VALUE!"
                self.scan.note_error(int(number) - 1, column_index(letters.decode()), code)


def _parser() -> "expat.XMLParserType":
    # Whatever encoding a part declares, the workbook parser reads it as UTF-8.
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise SheetRefused("damaged", DAMAGED)

    parser.StartDoctypeDeclHandler = refuse
    return parser


def elements(part: BinaryIO, name: str) -> list[dict[str, str]]:
    """The attributes of every element called `name`, whatever its prefix."""
    found: list[dict[str, str]] = []
    parser = _parser()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == name:
            found.append(attributes)

    parser.StartElementHandler = start
    _run(parser, part)
    return found


def _run(parser: "expat.XMLParserType", part: BinaryIO) -> None:
    try:
        for chunk in chunks_of(part):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise SheetRefused("damaged", DAMAGED) from error


class _WorksheetReader:
    """Follows the cells of a worksheet the way the parser counts them, with or without references."""

    def __init__(self) -> None:
        self.scan = SheetScan()
        self.row, self.column = -1, -1
        self.is_error = self.is_filled = False
        self.text: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self.place(attributes.get("r"))
            self.is_error, self.is_filled = attributes.get("t") == "e", False
        elif tag in ("v", "is"):
            self.is_filled = True
            self.text = [] if self.is_error else None
        elif tag == "row":
            self.row = _whole(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1

    def place(self, reference: str | None) -> None:
        if reference is None:
            self.column += 1
            return
        match = REFERENCE.fullmatch(reference)
        if match is None:
            raise SheetRefused("damaged", DAMAGED)
        self.row, self.column = _whole(match[2]) - 1, column_index(match[1])

    def characters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "v" and self.text is not None:
            self.scan.note_error(self.row, self.column, "".join(self.text))
            self.text = None
        elif tag == "c" and self.is_filled:
            self.scan.fill(self.row, self.column)


def exact_scan(part: BinaryIO) -> SheetScan:
    """The scan of a worksheet part by an XML parser: slower, right for any spelling of the XML."""
    reader, parser = _WorksheetReader(), _parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    _run(parser, part)
    return reader.scan


class _TablesReader:
    """Follows the tables of an OpenDocument sheet with its repeated rows and cells."""

    def __init__(self) -> None:
        self.scans: list[tuple[str, SheetScan]] = []
        self.is_inside = False
        self.row = self.column = self.repeat = 0
        self.filled_to = 0
        self.text: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            # A table in a cell would be counted otherwise than the parser counts it.
            if self.is_inside:
                raise SheetRefused("damaged", DAMAGED)
            self.scans.append((attributes.get("table:name", ""), SheetScan()))
            self.row, self.is_inside = 0, True
        elif not self.is_inside:
            return
        elif tag == "table:table-row":
            self.repeat = _count(attributes, "table:number-rows-repeated")
            self.column = self.filled_to = 0
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            if (height := _count(attributes, "table:number-rows-spanned")) > 1:
                corner = self.row, self.column
                self.scans[-1][1].merged.append((corner, (self.row + height - 1, self.column)))
            self.column += _count(attributes, "table:number-columns-repeated")
            if any(name.startswith("office:") for name in attributes):
                self.filled_to = self.column
            if attributes.get("calcext:value-type") == "error":
                self.text = []
        elif tag == "text:p":
            self.filled_to = self.column

    def characters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, tag: str) -> None:
        if tag == "table:table-cell" and self.text is not None:
            self.scans[-1][1].note_error(self.row, self.column - 1, "".join(self.text))
            self.text = None
        elif tag == "table:table":
            self.is_inside = False
        elif tag == "table:table-row" and self.is_inside:
            if self.filled_to:
                self.scans[-1][1].fill(self.row + self.repeat - 1, self.filled_to - 1)
            self.row += self.repeat


def _count(attributes: dict[str, str], name: str) -> int:
    return _whole(attributes.get(name, "1"))


def _whole(text: str) -> int:
    """A number of rows or columns; what is none is refused, because the parser might see one in it."""
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise SheetRefused("damaged", DAMAGED)
    return int(text)


def scan_tables(part: BinaryIO) -> list[tuple[str, SheetScan]]:
    """Name and scan of every table in the content part of an OpenDocument sheet."""
    reader, parser = _TablesReader(), _parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    _run(parser, part)
    return reader.scans
