"""Zip containers (.xlsx, .ods): checked in full before anything parses them."""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from .cells import SheetRefused, column_letters
from .faults import refusing
from .limits import BOMB, DAMAGED, MACRO, MEGABYTE, PACKING, PASSWORD, WANTED, WORD, Limits
from .scanning import (
    QuickScan,
    SheetScan,
    chunks_of,
    elements,
    exact_scan,
    outside_pattern,
    scan_tables,
)

KNOWN_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
# Parts the parser keeps in memory as a whole; names and styles left over from years of copying make some MB.
INDEX_PARTS = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
INDEX_BYTES = 32 * MEGABYTE
# What office programs use; others unpack with libraries whose memory nobody bounds here.
PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class Archive:
    """A zip workbook whose every part was unpacked once, within limits, and whose sheets were scanned.

    `kind` is "xlsx" or "ods", or "docx" where the caller `takes_word`; `scans` are the sheets' scans by sheet
    name; `has_zeros` tells that some text holds zero characters. Raises SheetRefused for everything that must
    not reach the parser.
    """

    def __init__(self, file: BinaryIO, limits: Limits, *, takes_word: bool = False) -> None:
        self.limits, self.takes_word = limits, takes_word
        self.has_zeros = False
        with refusing(), zipfile.ZipFile(file) as archive:
            self.archive = archive
            self._check_entries(archive.infolist())
            self.kind = self._kind({name.lower() for name in archive.namelist()})
            worksheets = self._unpack(archive.infolist())
            self.scans = self._scans(worksheets)

    def _check_entries(self, entries: list[zipfile.ZipInfo]) -> None:
        if len(entries) > self.limits.entries:
            raise SheetRefused("zip-bomb", BOMB)
        if len({entry.filename for entry in entries}) < len(entries):
            raise SheetRefused("damaged", DAMAGED)
        if any(entry.flag_bits & 1 for entry in entries):
            raise SheetRefused("password", PASSWORD)
        if any(entry.compress_type not in PACKINGS for entry in entries):
            raise SheetRefused("packing", PACKING)
        self._check_size(sum(e.file_size for e in entries), sum(e.compress_size for e in entries))

    def _check_size(self, unpacked: int, packed: int) -> None:
        if unpacked > 16 * MEGABYTE and unpacked > packed * self.limits.ratio:
            raise SheetRefused("zip-bomb", BOMB)
        if unpacked > self.limits.unpacked_bytes:
            raise SheetRefused(
                "zip-bomb",
                f"文件解开后超过 {self.limits.unpacked_bytes // MEGABYTE} MB，没有读取，"
                "请删去数据下方成片的空行和格式后再上传",
            )

    def _kind(self, names: set[str]) -> str:
        if any(
            name.endswith("vbaproject.bin") or name.startswith(("xl/macrosheets/", "basic/"))
            for name in names
        ):
            raise SheetRefused("macro", MACRO)
        if "xl/workbook.xml" in names:
            if b"macroenabled" in self._read("[Content_Types].xml").lower():
                raise SheetRefused("macro", MACRO)
            return "xlsx"
        if "xl/workbook.bin" in names:
            raise SheetRefused("unsupported", "这是二进制的 .xlsb 文件，请另存为 .xlsx 后再上传")
        if "content.xml" in names and b"opendocument.spreadsheet" in self._read("mimetype"):
            if b"encryption-data" in self._read("META-INF/manifest.xml"):
                raise SheetRefused("password", PASSWORD)
            return "ods"
        if "word/document.xml" in names:
            if not self.takes_word:
                raise SheetRefused("not-a-workbook", WORD)
            if b"macroenabled" in self._read("[Content_Types].xml").lower():
                raise SheetRefused("macro", MACRO)
            return "docx"
        raise SheetRefused("not-a-workbook", f"这是压缩包，{WANTED}")

    def _entry(self, name: str) -> zipfile.ZipInfo | None:
        """The part of that name, whatever its case."""
        return next((e for e in self.archive.infolist() if e.filename.lower() == name.lower()), None)

    def _read(self, name: str) -> bytes:
        """The beginning of a part; empty when there is none."""
        entry = self._entry(name)
        if entry is None:
            return b""
        with self.archive.open(entry) as part:
            return part.read(INDEX_BYTES)

    def _unpack(self, entries: list[zipfile.ZipInfo]) -> dict[str, SheetScan | None]:
        """Unpacks every part once, counting what really comes out; returns the quick scans of worksheets."""
        packed, unpacked, found = sum(e.compress_size for e in entries), 0, {}
        for entry in entries:
            if entry.filename.lower() in INDEX_PARTS and entry.file_size > INDEX_BYTES:
                raise SheetRefused("zip-bomb", BOMB)
        outside = outside_pattern(self.limits)
        for entry in entries:
            quick, items = QuickScan(outside, self.limits), 0
            with self.archive.open(entry) as part:
                for number, chunk in enumerate(chunks_of(part)):
                    # The parser could understand UTF-16 where this scan would not.
                    if number == 0 and chunk[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
                        raise SheetRefused("damaged", DAMAGED)
                    if b"\0" in chunk and entry.filename.lower().endswith((".xml", ".rels")):
                        raise SheetRefused("damaged", DAMAGED)
                    unpacked += len(chunk)
                    self._check_size(unpacked, packed)
                    quick.feed(chunk)
                    if not quick.is_worksheet:
                        items += chunk.count(b"<si") + chunk.count(b":si")
            quick.close()
            self.has_zeros = self.has_zeros or quick.has_zeros
            if items > self.limits.cells:
                raise SheetRefused("zip-bomb", BOMB)
            if quick.is_worksheet:
                found[entry.filename] = quick.scan
        return found

    def _scans(self, worksheets: dict[str, SheetScan | None]) -> dict[str, SheetScan]:
        match self.kind:
            case "ods":
                return self._tables()
            case "xlsx":
                return self._worksheets(worksheets)
            case _:
                return {}

    def _tables(self) -> dict[str, SheetScan]:
        with self.archive.open("content.xml") as part:
            scans = scan_tables(part)
        for name, scan in scans:
            self.limits.check_box(f"工作表“{name}”", scan.rows, scan.columns)
        return dict(scans)

    def _worksheets(self, quick_scans: dict[str, SheetScan | None]) -> dict[str, SheetScan]:
        names = dict(self._sheet_parts())
        scans = {}
        for path, scan in quick_scans.items():
            name = names.get(path.lower(), path)
            scans[name] = scan or self._exact_scan(path, name)
            self._check_errors(name, scans[name])
        return scans

    def _exact_scan(self, path: str, name: str) -> SheetScan:
        if self.archive.getinfo(path).file_size > self.limits.unproven_bytes:
            raise SheetRefused(
                "too-many-cells", f"工作表“{name}”太大，请拆成几个文件，或删去数据之外多余的行和列"
            )
        with self.archive.open(path) as part:
            scan = exact_scan(part)
        self.limits.check_box(f"工作表“{name}”", scan.rows, scan.columns)
        return scan

    @staticmethod
    def _check_errors(name: str, scan: SheetScan) -> None:
        """Refuses error values newer than the parser, which would give up on the whole sheet without saying where."""
        for (row, column), code in scan.errors.items():
            if code not in KNOWN_ERRORS:
                raise SheetRefused(
                    "cell-error",
                    f"工作表“{name}”的单元格 {column_letters(column)}{row + 1} 是公式错误 {code}，请改好后再上传",
                )

    def _sheet_parts(self) -> Iterator[tuple[str, str]]:
        """Path of each sheet's part, in lower case, and the sheet's name."""
        targets = {}
        for relation in self._elements("xl/_rels/workbook.xml.rels", "Relationship"):
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[relation.get("Id", "")] = path.lower()
        for sheet in self._elements("xl/workbook.xml", "sheet"):
            link = next((value for key, value in sheet.items() if key.rpartition(":")[2] == "id"), "")
            if link in targets:
                yield targets[link], sheet.get("name", "")

    def _elements(self, name: str, tag: str) -> list[dict[str, str]]:
        entry = self._entry(name)
        if entry is None:
            raise SheetRefused("damaged", DAMAGED)
        with self.archive.open(entry) as part:
            return elements(part, tag)
