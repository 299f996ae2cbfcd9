import random
import re
import struct
import zipfile

import pytest

from tests.unionoffice.sheet_files import (
    BOF_BOOK,
    BOF_SHEET,
    EOF,
    compound,
    number_record,
    ods,
    ods_cell,
    ods_row,
    record,
    worksheet,
    xls,
    xlsx,
    zipped,
)
from unionoffice.sheets import scanning
from unionoffice.sheets.cells import ErrorCell, SheetRefused
from unionoffice.sheets.limits import MEGABYTE, Limits
from unionoffice.sheets.reading import open_book

CELL = '<c r="{}" t="inlineStr"><is><t>甲</t></is></c>'
SMALL = xlsx(worksheet(f'<row r="1">{CELL.format("A1")}</row>'))


def lying_size(content: bytes) -> bytes:
    """The same zip whose directory claims that the sheet holds ten bytes."""
    position = content.rfind(b"xl/worksheets/sheet1.xml") - 46
    return content[: position + 24] + struct.pack("<I", 10) + content[position + 28 :]


REFUSED = {
    "empty file": (b"", "empty-file"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "not-a-workbook"),
    "pdf": (b"%PDF-1.7\nabc\n", "not-a-workbook"),
    "web page called .xls": (b"<html><table><tr><td>1</td></tr></table></html>", "not-a-workbook"),
    "zip of something else": (zipped({"a.txt": "x"}), "not-a-workbook"),
    "Word document": (zipped({"word/document.xml": "<w/>"}), "not-a-workbook"),
    "old Word document": (compound({"WordDocument": b"x"}), "not-a-workbook"),
    "other compound file": (compound({"Contents": b"x"}), "not-a-workbook"),
    "binary workbook": (zipped({"xl/workbook.bin": b"x"}), "unsupported"),
    "unknown encoding": ("姓名,性别\n".encode("gb18030") + b"\xff\xff\x81\n", "encoding"),
    "truncated zip": (SMALL[:-40], "damaged"),
    "truncated compound file": (xls(number_record(0, 0, 1))[:700], "damaged"),
    "old workbook with a hidden second sheet": (
        xls(record(0x00E0, BOF_SHEET + number_record(65535, 65535, 1) + EOF), shift=len(BOF_SHEET) + 4),
        "damaged",
    ),
    "far cell behind an embedded chart": (
        xls(number_record(65535, 0, 1) + BOF_SHEET + EOF + number_record(0, 255, 1)),
        "too-many-cells",
    ),
    "size that lies": (lying_size(SMALL), "damaged"),
    "sheet cut off": (xlsx(worksheet("<row><c><v>1</v></c></row>")[:-20]), "damaged"),
    "entities": (
        xlsx('<!DOCTYPE x [<!ENTITY a "b">]>' + worksheet("<row><c><v>&a;</v></c></row>")),
        "damaged",
    ),
    "zero character": (
        xlsx(worksheet(f'<row r="1">{CELL.format("A1")}</row>').replace("甲", "\0")),
        "damaged",
    ),
    "sheet in UTF-16": (xlsx(worksheet("").encode("utf-16")), "damaged"),
    "macro workbook": (xlsx(worksheet(""), more={"xl/vbaProject.bin": b"x"}), "macro"),
    "macro sheet": (xlsx(worksheet(""), more={"xl/macrosheets/sheet1.xml": b"x"}), "macro"),
    "old macro workbook": (compound({"Workbook": BOF_BOOK, "_VBA_PROJECT_CUR": b"x"}), "macro"),
    "old macro sheet": (xls(b"", sheet_kind=1), "macro"),
    "encrypted workbook": (compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}), "password"),
    "encrypted old workbook": (xls(b"", settings=record(0x002F, bytes(54))), "password"),
    "encrypted open document": (ods("", "<manifest:encryption-data/>"), "password"),
    "zip bomb": (xlsx(b"<worksheet>" + bytes(40 * MEGABYTE)), "zip-bomb"),
    "too many parts": (zipped({f"{n}.xml": "" for n in range(2001)}), "zip-bomb"),
    "far cell": (xlsx(worksheet(f'<row r="1048576">{CELL.format("XFD1048576")}</row>')), "too-many-rows"),
    "row number beyond any sheet": (
        xlsx(worksheet(f'<row r="1">{CELL.format("A99999999999999")}</row>')),
        "too-many-rows",
    ),
    "reference that is none": (xlsx(worksheet(f'<row r="1">{CELL.format("A1:B2")}</row>')), "damaged"),
    "number of texts beyond any sheet": (
        xlsx(
            worksheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
            more={"xl/sharedStrings.xml": '<sst uniqueCount="99999999999999"><si><t>甲</t></si></sst>'},
        ),
        "damaged",
    ),
    "size of an old sheet beyond any sheet": (
        xls(record(0x0200, struct.pack("<IIHHH", 0, 0x7FFFFFFF, 0, 9, 0)) + number_record(0, 0, 1)),
        "damaged",
    ),
    "size of an old sheet that is negative": (
        xls(record(0x0200, struct.pack("<IIHHH", 9, 0, 0, 9, 0)) + number_record(0, 0, 1)),
        "damaged",
    ),
    "far cell of an open document without a type": (
        ods(
            ods_row("<table:table-cell/>", ' table:number-rows-repeated="999999"')
            + ods_row('<table:table-cell office:value="3"/>')
        ),
        "too-many-rows",
    ),
    "table in a cell": (
        ods(
            ods_row(
                f'<table:table-cell><table:table table:name="x">{ods_row(ods_cell("甲"))}</table:table></table:table-cell>'
            )
        ),
        "damaged",
    ),
    "unreadable row number": (
        ods(ods_row(ods_cell("甲"), ' table:number-rows-repeated="+9"')),
        "damaged",
    ),
    "wide row": (xlsx(worksheet(f'<row r="1">{CELL.format("XFD1")}</row>')), "too-many-columns"),
    "wide row without references": (
        xlsx(worksheet(f"<row>{'<c><v>1</v></c>' * 501}</row>")),
        "too-many-columns",
    ),
    "far cell of an open document": (
        ods(ods_row(ods_cell("甲"), ' table:number-rows-repeated="1000000"')),
        "too-many-rows",
    ),
    "wide row of an open document": (
        ods(ods_row(ods_cell("甲", ' table:number-columns-repeated="16384"'))),
        "too-many-columns",
    ),
    "far cell of an old workbook": (xls(number_record(65535, 255, 1)), "too-many-cells"),
    "nothing but errors": (
        ods(ods_row(ods_cell("#N/A", ' calcext:value-type="error"')) * (scanning.MOST_ERRORS + 1)),
        "too-many-errors",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_file_is_refused_with_one_chinese_line(name):
    content, code = REFUSED[name]

    with pytest.raises(SheetRefused) as refused:
        open_book(content, "名册.xlsx")

    assert refused.value.code == code
    assert re.fullmatch(r"[^\n]*[\u4e00-\u9fff]{3}[^\n]*", refused.value.message)


def test_unknown_error_value_is_refused_with_its_place():
    with pytest.raises(SheetRefused) as refused:
        open_book(xlsx(worksheet('<row r="7"><c r="AB7" t="e"><v>#SPILL!</v></c></row>')))

    assert refused.value.message == "工作表“会员”的单元格 AB7 是公式错误 #SPILL!，请改好后再上传"


def test_limits_are_the_callers():
    content = xlsx(worksheet("".join(f'<row r="{n}">{CELL.format(f"A{n}")}</row>' for n in range(1, 12))))

    for limits, code in [
        (Limits(file_bytes=100), "file-too-large"),
        (Limits(unpacked_bytes=500), "zip-bomb"),
        (Limits(rows=10), "too-many-rows"),
    ]:
        with pytest.raises(SheetRefused) as refused:
            open_book(content, limits=limits)
        assert refused.value.code == code
    assert open_book(content, limits=Limits(rows=11)).sheets[0].row_count == 11


def test_text_table_is_limited_too():
    content = "姓名,性别\n张三,男\n李四,女\n".encode()

    for limits, code in [(Limits(rows=2), "too-many-rows"), (Limits(columns=1), "too-many-columns")]:
        with pytest.raises(SheetRefused) as refused:
            list(open_book(content, limits=limits).sheets[0].rows())
        assert refused.value.code == code


def test_far_formatted_blank_is_no_data():
    rows = f'<row r="1">{CELL.format("A1")}</row><row r="1048576"><c r="XFD1048576" s="1"/></row>'

    assert list(open_book(xlsx(worksheet(rows))).sheets[0].rows()) == [["甲"]]


SPELLINGS = [
    CELL.format("XFD9"),
    CELL.format("xfd9"),
    CELL.format("XFD9").replace('"', "'"),
    CELL.format("XFD9").replace("<c ", "<c\n"),
    CELL.format("XFD9").replace("r=", "r = "),
    CELL.format("XFD9").replace('<c r="XFD9" t="inlineStr"', '<c t="inlineStr" r="XFD9"'),
    CELL.format("XFD9").replace("<c ", "<x:c ").replace("</c>", "</x:c>"),
    '<c r="XFD9"><f>' + "A1+" * 100 + "1</f><v>1</v></c>",
    '<c r="XFD9" s="' + "1" * 300 + '"><v>1</v></c>',
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_or_position_hides_a_far_cell(spelling, monkeypatch):
    monkeypatch.setattr(scanning, "CHUNK", 128)

    for shift in range(140):
        sheet = worksheet(
            f'<row r="1">{CELL.format("A1")}</row><!--{"x" * shift}--><row r="9">{spelling}</row>'
        )
        sheet = sheet.replace("<worksheet ", '<worksheet xmlns:x="urn:x" ')
        with pytest.raises(SheetRefused) as refused:
            open_book(xlsx(sheet))
        assert refused.value.code == "too-many-columns"


def test_quick_and_exact_look_agree_on_random_sheets(monkeypatch):
    chance = random.Random(5)
    for _ in range(60):
        monkeypatch.setattr(scanning, "CHUNK", chance.choice([64, 200, 1 << 20]))
        filled, errors, rows = set(), {}, ""
        for row in sorted(chance.sample(range(1, 400), 8)):
            cells = ""
            for column in sorted(chance.sample(["A", "B", "Z", "AA", "AX"], 3), key=lambda c: (len(c), c)):
                kind, where = chance.choice("vbe"), f"{column}{row}"
                at = row - 1, scanning.column_index(column)
                if kind == "e":
                    errors[at] = "#REF!"
                if kind != "b":
                    filled.add(at)
                cells += {
                    "v": f'<c r="{where}"><v>{row}</v></c>',
                    "b": f'<c r="{where}" s="1"/>',
                    "e": f'<c r="{where}" s="2" t="e"><f>A1</f><v>#REF!</v></c>',
                }[kind]
            rows += f'<row r="{row}">{cells}</row>'

        limits = Limits()
        quick = scanning.QuickScan(scanning.outside_pattern(limits), limits)
        content = worksheet(rows).encode()
        for start in range(0, len(content), scanning.CHUNK):
            quick.feed(content[start : start + scanning.CHUNK])
        quick.close()
        book = open_book(xlsx(worksheet(rows)))

        assert quick.scan is not None
        assert quick.scan.errors == errors
        found = {
            (number, column): value
            for number, row in enumerate(book.sheets[0].rows())
            for column, value in enumerate(row)
            if value != ""
        }
        assert set(found) == filled
        assert {at for at, value in found.items() if isinstance(value, ErrorCell)} == set(errors)


def test_random_damage_never_escapes_as_another_error():
    chance = random.Random(7)
    files = [
        SMALL,
        xls(number_record(3, 2, 1.5)),
        ods(ods_row(ods_cell("甲"))),
    ]
    for _ in range(600):
        content = bytearray(chance.choice(files))
        for _ in range(chance.randint(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            with open_book(
                bytes(content[: chance.choice([len(content), chance.randrange(1, len(content))])])
            ) as book:
                for sheet in book.sheets:
                    list(sheet.rows())
        except SheetRefused:
            continue


def test_part_names_that_appear_twice_are_refused(tmp_path):
    path = tmp_path / "twice.xlsx"
    path.write_bytes(SMALL)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/worksheets/sheet1.xml", worksheet(""))

    with pytest.raises(SheetRefused) as refused:
        open_book(path)

    assert refused.value.code == "damaged"
