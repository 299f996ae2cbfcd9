"""Text tables (.csv and the like): encoding and separator found from the content."""

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from .cells import Row, SheetRefused
from .limits import NOT_A_WORKBOOK, Limits

SAMPLE = 64 * 1024
UNREADABLE = "文字编码无法识别，请用 WPS 或 Excel 另存为 .xlsx 后再上传"
SEPARATORS = ",;\t"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What spreadsheet programs never export, so a file with one of these is something else.
BINARY = frozenset(range(32)) - {9, 10, 12, 13, 26}


def encoding_of(file: BinaryIO) -> str:
    """The encoding in which the whole file can be read: UTF-8, UTF-16 with or without mark, or GB18030."""
    file.seek(0)
    sample = file.read(SAMPLE)
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return _whole(file, encoding)
    if not BINARY.isdisjoint(sample):
        return _whole(file, _utf16_of(sample))
    for encoding in ("utf-8", "gb18030"):
        try:
            return _whole(file, encoding)
        except SheetRefused:
            continue
    raise SheetRefused("encoding", UNREADABLE)


def _utf16_of(sample: bytes) -> str:
    """UTF-16 without a mark shows by the zero bytes of its separators and digits, all on one side."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd and not even:
        return "utf-16-le"
    if even and not odd:
        return "utf-16-be"
    raise SheetRefused("not-a-workbook", NOT_A_WORKBOOK)


def _whole(file: BinaryIO, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    file.seek(0)
    try:
        while chunk := file.read(1 << 20):
            text = decoder.decode(chunk)
            if "\0" in text:
                raise SheetRefused("not-a-workbook", NOT_A_WORKBOOK)
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise SheetRefused("encoding", UNREADABLE) from error
    return encoding


def separator_of(sample: str) -> str:
    """The separator that splits the sample's lines most evenly: comma, semicolon or tab."""

    def worth(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator)][:50]
        wide = [width for width in widths if width > 1]
        usual = max(set(wide), key=wide.count, default=0)
        return wide.count(usual), usual

    return max(SEPARATORS, key=worth)


def _plain(value: str) -> str:
    """Undoes `="0123"`, by which exports keep spreadsheet programs from dropping zeros."""
    return value[2:-1] if value.startswith('="') and value.endswith('"') else value


class TextTable:
    """The rows of a text table; every cell is text."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self.file, self.limits = file, limits
        self.encoding = encoding_of(file)
        file.seek(0)
        sample = file.read(SAMPLE).decode(self.encoding, "ignore")
        if (
            sample.lstrip("\ufeff \t\r\n")
            .lower()
            .startswith(("<html", "<!doctype", "<?xml", "<table", "<meta"))
        ):
            raise SheetRefused(
                "not-a-workbook",
                "这是网页格式的表格，只是换了扩展名，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传",
            )
        if sample.startswith(("{\\rtf", "%PDF")):
            raise SheetRefused("not-a-workbook", NOT_A_WORKBOOK)
        self.separator = separator_of(sample.rpartition("\n")[0] or sample)

    def count_lines(self) -> int:
        """The number of lines, which is at least the number of rows. Raises SheetRefused for too many rows."""
        self.file.seek(0)
        lines = sum(chunk.count(b"\n") for chunk in iter(lambda: self.file.read(1 << 20), b""))
        if lines > self.limits.rows:
            # Lines within quotes are no rows, so only reading them tells.
            deque(self.rows(), maxlen=0)
        return lines

    def rows(self) -> Iterator[Row]:
        """All rows from the first line on; a quoted line break does not begin a new row."""
        self.file.seek(0)
        text = io.TextIOWrapper(_Kept(self.file), self.encoding, newline="")
        csv.field_size_limit(self.limits.file_bytes)
        reader = csv.reader(text, delimiter=self.separator, strict=True)
        try:
            for number, row in enumerate(reader, 1):
                if number > self.limits.rows:
                    self.limits.check_box("文件", number, 1)
                self.limits.check_box("文件", 1, len(row))
                yield [_plain(value) for value in row]
        except csv.Error as error:
            raise SheetRefused("damaged", f"第 {reader.line_num} 行的引号不成对，读不下去") from error


class _Kept(io.RawIOBase):
    """A binary file for a text reader that closes its source when it goes; the upload must stay open."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        chunk = self.file.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)
