"""Import one workbook, a sheet for each record type, by the same rules as the page."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from unionoffice.records.due import bring_up_to_date
from unionoffice.records.importing.findings import Judgement
from unionoffice.records.importing.unread import account, lines
from unionoffice.records.importing.workbook import (
    Found,
    NothingToImport,
    NothingWritten,
    find,
    judge,
    left_out,
    write,
)
from unionoffice.records.management.whole_files import whole_file
from unionoffice.records.resources import resource_for
from unionoffice.records.types import RecordType
from unionoffice.sheets.cells import SheetRefused
from unionoffice.sheets.reading import Book, open_book
from unionoffice.sheets.templates import RefusedSheet, rejects_workbook


class Command(BaseCommand):
    help = "Import one workbook, a sheet for each record type; refused rows stay out, good ones go in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="judge only, write nothing")
        parser.add_argument(
            "--rejects", type=Path, metavar="OUT.xlsx", help="write the refused rows with their reasons"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, file: Path, check: bool, rejects: Path | None, as_json: bool, **options: Any) -> None:
        bring_up_to_date()
        if not file.is_file():
            raise CommandError(f"{file} is a folder" if file.is_dir() else f"there is no file {file}")
        if rejects is not None and rejects.suffix.lower() != ".xlsx":
            raise CommandError(f"{rejects} must end in .xlsx")
        try:
            # The place for the refused rows is made sure of before anything is written.
            with (
                whole_file(rejects) if rejects is not None else nullcontext() as out,
                open_book(file, file.name) as book,
            ):
                found = find(book, None)
                for title in left_out(book):
                    self.stderr.write(f"sheet {title} is left out: such records come from steps of their own")
                judged = self.run(book, found, file, check)
                read, unread = account(book, found, judged)
                if out is not None:
                    out.write(refused(found, judged))
        except (SheetRefused, NothingToImport, NothingWritten) as refusal:
            raise CommandError(f"{file.name} cannot be imported: {refusal}") from refusal
        if as_json:
            told = as_json_object(judged, check) | {"read": read, "unread": unread}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write("\n".join([*as_read(read), *lines(unread), as_text(judged)]))

    def run(self, book: Book, found: list[Found], file: Path, check: bool) -> dict[RecordType, Judgement]:
        if check:
            return judge(book, found, None)
        _, judged = write(book, found, None, summary=f"命令行 {file.name}", reason="命令行导入")
        return judged


def refused(found: list[Found], judged: dict[RecordType, Judgement]) -> bytes:
    """The refused rows of every sheet as a workbook, to be repaired and imported again; nothing where none were."""
    sheets = []
    for one in found:
        reasons = judged[one.kind].refused_rows()
        if not reasons:
            continue
        rows = [
            (number, row, "；".join(reasons[number]))
            for first, chunk in one.sheet.chunks(2_000, one.header.first_data_row)
            for number, row in enumerate(chunk, first)
            if number in reasons
        ]
        sheets.append(RefusedSheet(one.kind.title, one.header.titles, rows))
    return rejects_workbook(sheets) if sheets else b""


def as_read(read: list[dict[str, Any]]) -> list[str]:
    """Which sheet was read as what."""
    return [f"“{one['sheet']}”第{one['header_row']}行是表头，按“{one['type']}”读" for one in read]


def as_text(judged: dict[RecordType, Judgement]) -> str:
    """Counts by type, then the problems by kind."""
    lines = []
    for kind, judgement in judged.items():
        titles = {column.key: column.heading for column in resource_for(kind).columns}
        counts = ", ".join(f"{name} {count}" for name, count in judgement.tally.as_dict().items())
        lines.append(f"{kind.title}: {counts}")
        for problem in judgement.kinds():
            rows = ", ".join(map(str, problem["rows"][:20])) + (" …" if problem["count"] > 20 else "")
            title = titles.get(problem["key"], problem["key"])
            lines.append(
                f"  {problem['verdict']} {problem['code']} {title}: {problem['count']} (rows {rows})"
            )
    return "\n".join(lines)


def as_json_object(judged: dict[RecordType, Judgement], check: bool) -> dict[str, Any]:
    """The answer programs read: counts by type and every problem with the sheet's own row number."""
    problems = []
    for kind, judgement in judged.items():
        titles = {column.key: column.heading for column in resource_for(kind).columns}
        problems += [
            {
                "type": kind.title,
                "row": found.row,
                "column": titles.get(found.key, found.key),
                "verdict": found.verdict,
                "code": found.code,
                "message": found.message,
            }
            for found in judgement.findings
        ]
    types = {kind.title: judgement.tally.as_dict() for kind, judgement in judged.items()}
    return {"written": not check, "types": types, "problems": problems}
