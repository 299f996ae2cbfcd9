"""Old-style Office files (OLE compound files): what is inside, and the bounds of .xls sheets.

Layout: [MS-CFB] for the container, [MS-XLS] 2.3 and 2.4 for the records.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from .cells import SheetRefused
from .limits import DAMAGED, MACRO, NOT_A_WORKBOOK, PASSWORD, WORD, Limits
from .scanning import SheetScan

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_SECTOR = 0xFFFFFFFA  # this and above are marks, not sectors

BOF, EOF, FILEPASS, BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
FORMULA, BOOLERR, DIMENSIONS = 0x0006, 0x0205, 0x0200
MOST_ROWS, MOST_COLUMNS = 65_536, 256
# Records of one filled cell; MULRK holds several in one row and ends with its last column.
SINGLE = {FORMULA, BOOLERR, 0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6}
MULRK = 0x00BD
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

# Kinds of sheet in BOUNDSHEET that hold commands: Excel 4.0 macro sheets and Visual Basic modules.
MACRO_SHEETS = {1, 6}


@dataclass(frozen=True)
class Stream:
    """One named stream of a compound file: where it starts and how many bytes it holds."""

    name: str
    start: int
    size: int


class CompoundFile:
    """The directory and the streams of a compound file held in memory.

    Raises SheetRefused("damaged", …) when sectors point nowhere or in circles.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        try:
            self._read_header()
        except (struct.error, IndexError) as error:
            raise SheetRefused("damaged", DAMAGED) from error

    def _read_header(self) -> None:
        sector_shift, mini_shift = struct.unpack_from("<HH", self.content, 30)
        if sector_shift not in (9, 12) or mini_shift != 6:
            raise SheetRefused("damaged", DAMAGED)
        self.sector_size, self.mini_size = 1 << sector_shift, 1 << mini_shift
        (directory,) = struct.unpack_from("<I", self.content, 48)
        self.mini_cutoff, mini_table = struct.unpack_from("<II", self.content, 56)
        self.table: list[int] = []
        enough = len(self.content) // self.sector_size + 1
        for sector in self._table_sectors():
            if len(self.table) > enough + self.sector_size:
                raise SheetRefused("damaged", DAMAGED)
            self.table.extend(self._integers(sector))
        entries = self._chain(directory)
        self.streams = [
            stream
            for offset in range(0, len(entries), 128)
            if (stream := self._stream(entries[offset : offset + 128]))
        ]
        self.mini_table = [
            number for sector in self._sectors(mini_table) for number in self._integers(sector)
        ]
        self.mini_content = self._chain(self.streams[0].start)

    def _table_sectors(self) -> Iterator[int]:
        """Sectors of the allocation table: 109 named in the header, the rest in a chain of their own."""
        extra, count = struct.unpack_from("<II", self.content, 68)
        first = struct.unpack_from("<109I", self.content, 76)
        yield from (number for number in first if number < NO_SECTOR)
        for _ in range(min(count, len(self.content) // self.sector_size)):
            if extra >= NO_SECTOR:
                return
            *numbers, extra = self._integers(extra)
            yield from (number for number in numbers if number < NO_SECTOR)

    def _integers(self, sector: int) -> tuple[int, ...]:
        return struct.unpack(f"<{self.sector_size // 4}I", self._sector(sector))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector_size
        return self.content[start : start + self.sector_size].ljust(self.sector_size, b"\0")

    def _sectors(self, number: int) -> list[int]:
        numbers: list[int] = []
        while number < NO_SECTOR:
            if len(numbers) > len(self.table):
                raise SheetRefused("damaged", DAMAGED)
            numbers.append(number)
            number = self.table[number]
        return numbers

    def _chain(self, number: int) -> bytes:
        return b"".join(self._sector(sector) for sector in self._sectors(number))

    @staticmethod
    def _stream(entry: bytes) -> Stream | None:
        length, kind = struct.unpack_from("<HB", entry, 64)
        if kind == 0 or not 2 <= length <= 64:
            return None
        start, size = struct.unpack_from("<II", entry, 116)
        return Stream(entry[: length - 2].decode("utf-16-le", "replace"), start, size)

    @property
    def names(self) -> set[str]:
        """Names of all streams and folders inside."""
        return {stream.name for stream in self.streams}

    def read(self, *names: str) -> bytes | None:
        """The content of the first stream bearing one of `names`; None when there is none."""
        found = {stream.name: stream for stream in reversed(self.streams)}
        stream = next((found[name] for name in names if name in found), None)
        if stream is None:
            return None
        try:
            if stream.size >= self.mini_cutoff:
                return self._chain(stream.start)[: stream.size]
            return self._read_mini(stream)
        except (struct.error, IndexError) as error:
            raise SheetRefused("damaged", DAMAGED) from error

    def _read_mini(self, stream: Stream) -> bytes:
        pieces, number = [], stream.start
        while number < NO_SECTOR and len(pieces) * self.mini_size < stream.size:
            start = number * self.mini_size
            pieces.append(self.mini_content[start : start + self.mini_size])
            number = self.mini_table[number]
        return b"".join(pieces)[: stream.size]


def records(book: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, offset and length of every record in a BIFF stream."""
    position, end = 0, len(book) - 4
    unpack = struct.Struct("<HH").unpack_from
    while position <= end:
        kind, length = unpack(book, position)
        yield kind, position + 4, length
        position += 4 + length


def scan_book(book: bytes) -> list[SheetScan]:
    """Scans of the sheets in a BIFF stream, in the order of the workbook.

    Raises SheetRefused for a book with a password or with macro sheets, and for sheets that are not where the
    book says, because the parser would read there what was not looked at here.
    """
    starts: list[int] = []
    scans: dict[int, SheetScan] = {}
    current, depth = SheetScan(), 0
    for kind, at, length in records(book):
        if kind == BOF:
            # What is embedded, such as a chart, counts to the sheet around it.
            current = current if depth else scans.setdefault(at - 4, SheetScan())
            depth += 1
        elif kind == EOF:
            depth = max(depth - 1, 0)
        elif kind == FILEPASS:
            raise SheetRefused("password", PASSWORD)
        elif kind == BOUNDSHEET and length >= 6:
            if book[at + 5] in MACRO_SHEETS:
                raise SheetRefused("macro", MACRO)
            starts.append(struct.unpack_from("<I", book, at)[0])
        elif kind == DIMENSIONS:
            _check_dimensions(book, at, length)
        else:
            _take(current, book, kind, at, length)
    if not scans.keys() >= set(starts):
        raise SheetRefused("damaged", DAMAGED)
    return [scans[start] for start in starts]


def _check_dimensions(book: bytes, at: int, length: int) -> None:
    """Refuses a claim no .xls can make good: the parser sets memory aside for what DIMENSIONS says."""
    if length >= 14:
        first_row, last_row, first_column, last_column = struct.unpack_from("<IIHH", book, at)
        if not (first_row <= last_row <= MOST_ROWS and first_column <= last_column <= MOST_COLUMNS):
            raise SheetRefused("damaged", DAMAGED)


def _take(scan: SheetScan, book: bytes, kind: int, at: int, length: int) -> None:
    if kind in SINGLE and length >= 6:
        row, column = struct.unpack_from("<HH", book, at)
        scan.fill(row, column)
        if kind == BOOLERR and length >= 8 and book[at + 7] == 1:
            scan.note_error(row, column, ERRORS.get(book[at + 6], "#VALUE!"))
        elif (
            kind == FORMULA and length >= 14 and book[at + 6] == 2 and book[at + 12 : at + 14] == b"\xff\xff"
        ):
            scan.note_error(row, column, ERRORS.get(book[at + 8], "#VALUE!"))
    elif kind == MULRK and length >= 6:
        row = struct.unpack_from("<H", book, at)[0]
        scan.fill(row, struct.unpack_from("<H", book, at + length - 2)[0])


def scan_compound(content: bytes, limits: Limits) -> list[SheetScan]:
    """Scans of the sheets of an .xls or .et file, refusing everything else that comes in a compound file."""
    compound = CompoundFile(content)
    if "EncryptedPackage" in compound.names:
        raise SheetRefused("password", PASSWORD)
    if compound.names & {"_VBA_PROJECT_CUR", "_VBA_PROJECT"}:
        raise SheetRefused("macro", MACRO)
    if "WordDocument" in compound.names:
        raise SheetRefused("not-a-workbook", WORD)
    book = compound.read("Workbook", "Book")
    if book is None:
        raise SheetRefused("not-a-workbook", NOT_A_WORKBOOK)
    scans = scan_book(book)
    for number, scan in enumerate(scans, 1):
        limits.check_box(f"第 {number} 张工作表", scan.rows, scan.columns)
    return scans
