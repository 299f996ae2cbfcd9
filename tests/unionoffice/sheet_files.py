"""Workbooks built by hand, as no library would write them: damaged, hostile or merely odd."""

import io
import struct
import zipfile
from collections.abc import Mapping

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def worksheet(rows: str) -> str:
    return f'<?xml version="1.0"?><worksheet xmlns="{SPREADSHEET}"><sheetData>{rows}</sheetData></worksheet>'


def xlsx(sheet: str | bytes, name: str = "会员", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook with one sheet part, given as it shall stand in the file."""
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="' + PACKAGE + '/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
            f' Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}"><sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": sheet,
            **(more or {}),
        }
    )


def ods(rows: str, manifest: str = "", name: str = "会员") -> bytes:
    """An OpenDocument workbook with one sheet of the given rows."""
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{OPEN_DOCUMENT}:office:1.0"'
        f' xmlns:table="{OPEN_DOCUMENT}:table:1.0" xmlns:text="{OPEN_DOCUMENT}:text:1.0"'
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="{name}">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{OPEN_DOCUMENT}:manifest:1.0">'
            f"{manifest}</manifest:manifest>",
            "content.xml": content,
        }
    )


def ods_cell(text: str, attributes: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string"{attributes}><text:p>{text}</text:p></table:table-cell>'
    )


def ods_row(cells: str, attributes: str = "") -> str:
    return f"<table:table-row{attributes}>{cells}</table:table-row>"


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file with the given streams, each padded to whole sectors beyond the mini stream."""
    names = ["Root Entry", *streams]
    directory_sectors = -(-len(names) // 4)
    chains, contents, next_sector = [list(range(1, 1 + directory_sectors))], [], 1 + directory_sectors
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in streams.items():
        content = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
        sectors = len(content) // 512
        chains.append(list(range(next_sector, next_sector + sectors)))
        entries.append(_entry(name, 2, next_sector, len(content)))
        contents.append(content)
        next_sector += sectors
    table = [0xFFFFFFFF] * 128
    table[0] = 0xFFFFFFFD
    for chain in chains:
        for here, following in zip(chain, [*chain[1:], 0xFFFFFFFE], strict=True):
            table[here] = following
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    header += struct.pack("<108I", *[0xFFFFFFFF] * 108)
    directory = b"".join(entries).ljust(directory_sectors * 512, b"\0")
    return header + struct.pack("<128I", *table) + directory + b"".join(contents)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    coded = name.encode("utf-16-le")
    entry = coded.ljust(64, b"\0") + struct.pack("<HBB", len(coded) + 2, kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF) + bytes(36)
    return entry + struct.pack("<II", start, size) + bytes(4)


def record(kind: int, content: bytes) -> bytes:
    """One BIFF record."""
    return struct.pack("<HH", kind, len(content)) + content


BOF_BOOK = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
BOF_SHEET = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
EOF = record(0x000A, b"")


def xls(sheet: bytes, settings: bytes = b"", sheet_kind: int = 0, shift: int = 0) -> bytes:
    """An .xls file with one sheet made of the given records; `shift` makes the book point beside its beginning."""

    def bound(start: int) -> bytes:
        return record(0x0085, struct.pack("<IBBBB", start, 0, sheet_kind, 2, 1) + "会员".encode("utf-16-le"))

    start = len(BOF_BOOK + settings + bound(0) + EOF)
    return compound({"Workbook": BOF_BOOK + settings + bound(start + shift) + EOF + BOF_SHEET + sheet + EOF})


def number_record(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))
