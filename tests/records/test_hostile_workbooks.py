"""Files that must never reach the records: each is refused with one line, by the page and by the command, or read at
once where it is only oddly large. What the reader makes of each kind in detail is tried in tests/unionoffice."""

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from tests.unionoffice.sheet_files import compound, ods, ods_cell, ods_row, worksheet, xlsx, zipped
from unionoffice.organisation.models import Union, Unit, User
from unionoffice.records.models import Act, Blob, ImportRun
from unionoffice.sheets.limits import MEGABYTE

pytestmark = pytest.mark.django_db
LAST_ROW = 1_048_576
NEEDLESS_SECONDS = 15
TEXT = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
UNITS = f'<row r="1">{TEXT.format("A1", "单位名称")}</row><row r="2">{TEXT.format("A2", "甲厂")}</row>'


def long_sheet(cells: str) -> bytes:
    """Two rows of units, and below them a row down to the last one a sheet has; `{n}` in its cells is its number."""
    rows = "".join(
        f'<row r="{n}" s="1" customFormat="1">{cells.replace("{n}", str(n))}</row>'
        for n in range(3, LAST_ROW + 1)
    )
    return xlsx(worksheet(UNITS + rows), name="单位")


MACRO = xlsx(worksheet(UNITS), more={"xl/vbaProject.bin": b"x"})
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("单位.xlsx", lambda: xlsx(b"<worksheet>" + bytes(40 * MEGABYTE)), "疑似压缩炸弹"),
    "macro": ("单位.xlsm", lambda: MACRO, "带有宏"),
    "macro under another name": ("单位.xlsx", lambda: MACRO, "带有宏"),
    "password": (
        "单位.xlsx",
        lambda: compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}),
        "打开密码",
    ),
    "password of an open document": ("单位.ods", lambda: ods("", "<manifest:encryption-data/>"), "打开密码"),
    "Word file": ("单位.xlsx", lambda: zipped({"word/document.xml": "<w/>"}), "Word 文档"),
    "PDF": ("单位.xlsx", lambda: b"%PDF-1.7\n1 0 obj\n", "不是电子表格"),
    "photo": ("单位.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "不是电子表格"),
    "half a download": ("单位.xlsx", lambda: xlsx(worksheet(UNITS))[:-40], "已损坏"),
    "a million rows of blank texts": (
        "单位.xlsx",
        lambda: long_sheet('<c r="A{n}" t="str"><f>IF(B{n}="","",B{n})</f><v></v></c>'),
        f"写到了第 {LAST_ROW} 行",
    ),
    "a million rows of an open document": (
        "单位.ods",
        lambda: ods(
            ods_row(ods_cell("单位名称")) + ods_row(ods_cell("甲厂"), ' table:number-rows-repeated="1000000"')
        ),
        "写到了第 1000001 行",
    ),
    "a million lines of text": (
        "单位.csv",
        lambda: "单位名称,地址\n甲厂,路\n".encode() + b",\n" * LAST_ROW,
        "一次最多 200000 行",
    ),
}
READ: dict[str, Callable[[], bytes]] = {
    "rows formatted to the end": lambda: long_sheet(""),
    "cells formatted to the end": lambda: long_sheet('<c r="A{n}" s="1"/><c r="B{n}" s="1"/>'),
    "an area that claims the whole sheet": lambda: xlsx(
        worksheet(UNITS).replace("<sheetData>", f'<dimension ref="A1:XFD{LAST_ROW}"/><sheetData>'),
        name="单位",
    ),
    "blank rows of an open document": lambda: ods(
        ods_row(ods_cell("单位名称"))
        + ods_row(ods_cell("甲厂"))
        + ods_row("<table:table-cell/>", ' table:number-rows-repeated="1048574"'),
        name="单位",
    ),
}


@cache
def content_of(name: str) -> bytes:
    return REFUSED[name][1]() if name in REFUSED else READ[name]()


@pytest.fixture
def office(staff: User, login: Callable[[User], Client]) -> Client:
    return login(staff)


@pytest.fixture
def nothing_written() -> Callable[[], None]:
    acts = Act.objects.count()

    def check() -> None:
        assert (Act.objects.count(), Unit.objects.count()) == (acts, 0)
        assert not ImportRun.objects.exists()
        assert not Blob.objects.exists()

    return check


@pytest.mark.parametrize("name", REFUSED)
def test_page_refuses_it_beside_the_file(
    name: str, office: Client, nothing_written: Callable[[], None]
) -> None:
    file_name, _, said = REFUSED[name]
    file = SimpleUploadedFile(file_name, content_of(name))
    started = time.monotonic()

    answer = office.post("/units/import/", {"file": file})

    assert answer.status_code == 422
    [line] = answer.context["form"].errors["file"]
    assert said in line
    assert time.monotonic() - started < NEEDLESS_SECONDS
    nothing_written()


@pytest.mark.parametrize("name", REFUSED)
def test_command_refuses_it_in_one_line(
    name: str, tmp_path: Path, nothing_written: Callable[[], None]
) -> None:
    file_name, _, said = REFUSED[name]
    path = tmp_path / file_name
    path.write_bytes(content_of(name))

    with pytest.raises(CommandError) as refusal:
        call_command("import_records", str(path))

    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)
    nothing_written()


@pytest.mark.parametrize("name", READ)
def test_emptiness_to_the_end_of_the_sheet_is_no_data(
    name: str, office: Client, town: Union, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suffix = "ods" if "open document" in name else "xlsx"
    path = tmp_path / f"单位.{suffix}"
    path.write_bytes(content_of(name))
    started = time.monotonic()

    answer = office.post("/units/import/", {"file": SimpleUploadedFile(path.name, content_of(name))})
    took = time.monotonic() - started
    call_command("import_records", str(path))

    assert answer.status_code == 302
    assert ImportRun.objects.get().judgement["tally"]["new"] == 1
    assert took < NEEDLESS_SECONDS
    assert list(Unit.objects.values_list("name", flat=True)) == ["甲厂"]
    assert "new 1," in capsys.readouterr().out
