"""What of a file was not read is told, on the page and to programs: columns, rows, sheets."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from unionoffice.organisation.models import Union, User

pytestmark = pytest.mark.django_db


def ledger() -> bytes:
    """A ledger with something of everything that is no record."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "单位"
    rows: tuple[tuple[Any, ...], ...] = (
        ("2026年全镇单位台账",),
        ("填报单位：镇总工会", "", "", "", "", ""),
        ("序号", "单位名称", "开票情况", "职工人数", "用人单位", ""),
        (1, "甲厂", "私营", 12, "甲厂", "补报"),
        (2, "乙厂", "私营", 30, "乙厂", ""),
        ("合计", "", "", 42, "", ""),
        ("填表人：张三",),
    )
    for row in rows:
        sheet.append(row)
    book.create_sheet("去年").append(["单位名称", "职工人数"])
    book.create_sheet("Sheet3")
    book.save(out)
    return out.getvalue()


UNREAD = [
    {"sheet": "单位", "why": "unknown", "column": "C", "text": "开票情况"},
    {"sheet": "单位", "why": "double", "column": "E", "text": "用人单位"},
    {"sheet": "单位", "why": "unnamed", "column": "F"},
    {"sheet": "单位", "why": "above", "row": 1, "text": "2026年全镇单位台账"},
    {"sheet": "单位", "why": "above", "row": 2, "text": "填报单位：镇总工会"},
    {"sheet": "单位", "why": "below", "row": 6, "text": "合计 42"},
    {"sheet": "单位", "why": "below", "row": 7, "text": "填表人：张三"},
    {"sheet": "去年", "why": "sheet"},
]


def test_command_tells_what_was_read_and_what_was_not(
    town: Union, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger())

    call_command("import_records", str(path), check=True, as_json=True)

    told = json.loads(capsys.readouterr().out)
    assert [
        {key: value for key, value in one.items() if key != "message"} for one in told["unread"]
    ] == UNREAD
    assert all(one["message"] for one in told["unread"])
    assert told["read"] == [
        {
            "type": "单位",
            "sheet": "单位",
            "header_row": 3,
            "rows": [4, 7],
            "columns": [
                {"column": "B", "heading": "单位名称", "field": "单位名称"},
                {"column": "D", "heading": "职工人数", "field": "职工人数"},
            ],
        }
    ]


def test_sheet_of_a_type_whose_headings_are_not_known_is_told(
    town: Union, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    book, path = openpyxl.load_workbook(io.BytesIO(ledger())), tmp_path / "台账.xlsx"
    book.create_sheet("慰问").append(["谁", "给了多少", "哪天"])
    book.save(path)

    call_command("import_records", str(path), check=True, as_json=True)

    told = json.loads(capsys.readouterr().out)
    assert list(told["types"]) == ["单位"]
    assert {"sheet": "慰问", "why": "headings", "message": "没有认出表头，没有读这张工作表"} in told["unread"]


def test_page_says_it_before_the_counts(town: Union, staff: User, login: Callable[[User], Client]) -> None:
    client = login(staff)
    upload = {"file": SimpleUploadedFile("台账.xlsx", ledger())}

    page = client.post("/units/import/", upload, follow=True).content.decode()

    said = page.index('id="unread"')
    assert said < page.index('id="import-counts"')
    told = page[said : page.index("</ul>", said)]
    for text in ("C列“开票情况”", "F列：有内容而没有列名", "第6行“合计 42”", "工作表“去年”"):
        assert text in told
    assert "Sheet3" not in told


def test_file_read_in_full_says_nothing(town: Union, staff: User, login: Callable[[User], Client]) -> None:
    upload = {"file": SimpleUploadedFile("单位.csv", "单位名称,职工人数\n甲厂,12\n".encode())}

    page = login(staff).post("/units/import/", upload, follow=True).content.decode()

    assert 'id="unread"' not in page
