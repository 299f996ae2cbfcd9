"""What an import read of a file and what it did not: sheets, columns, rows above, between and below the records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from unionoffice.sheets.cells import column_letters, is_blank_row
from unionoffice.sheets.headers import Header
from unionoffice.sheets.reading import Book, Sheet, WorkbookSheet
from unionoffice.sheets.templates import CHOICES_SHEET, GUIDE_SHEET

from ..resources import RecordResource
from ..types import RecordType
from .findings import Judgement
from .workbook import Found, lacks_headings, left_out

OURS = {GUIDE_SHEET, CHOICES_SHEET}
MOST_NAMED = 20
WHY = {
    "unknown": "列名没有认得",
    "double": "与前面一列是同一项，只读了前面那列",
    "unnamed": "有内容而没有列名",
    "above": "在表头上方",
    "below": "是合计、说明或编号，不是记录",
    "sheet": "没有读这张工作表",
    "headings": "没有认出表头，没有读这张工作表",
    "stepwise": "要在系统里逐步办理，不能导入",
}


@dataclass(frozen=True, slots=True)
class Unread:
    """Something of a file that no record holds. why: a key of WHY; column: its letters; row: the sheet's own number."""

    sheet: str
    why: str
    column: str = ""
    row: int | None = None
    text: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For programs: what applies, and why in words."""
        told = {n: value for n, value in asdict(self).items() if n == "sheet" or value not in ("", None)}
        return told | {"message": WHY[self.why]}


@dataclass(frozen=True, slots=True)
class Read:
    """What of a file became records: rows from first to last of a sheet, and (letters, heading, what it feeds)."""

    type: str
    sheet: str
    header_row: int
    rows: tuple[int, int]
    columns: tuple[tuple[str, str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        columns = [dict(zip(("column", "heading", "field"), column, strict=True)) for column in self.columns]
        return asdict(self) | {"rows": list(self.rows), "columns": columns}


def what_was_read(resource: RecordResource, sheet: Sheet, header: Header, judgement: Judgement) -> Read:
    titles = {column.key: column.heading for column in resource.columns}
    columns = [
        (column_letters(place), header.texts.get(place, ""), titles[key])
        for place, key in sorted(header.columns.items())
    ]
    rows = (header.first_data_row, max(judgement.last_row, header.row))
    return Read(resource.kind.title, sheet.name, header.row, rows, tuple(columns))


def account(
    book: Book, found: Sequence[Found], judged: Mapping[RecordType, Judgement]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What of a judged file was read and what was not, as programs get it."""
    read, unread = [], []
    for one in found:
        judgement = judged[one.kind]
        read.append(what_was_read(one.resource, one.sheet, one.header, judgement).as_dict())
        unread += unread_of_sheet(one.sheet, one.header, judgement)
    unread += unread_sheets(book, {one.sheet.name for one in found})
    return read, [one.as_dict() for one in unread]


def unread_of_sheet(sheet: Sheet, header: Header, judgement: Judgement) -> Iterator[Unread]:
    """Columns, then rows, of a sheet that was read."""
    name = sheet.name
    for place, text in header.unknown:
        yield Unread(name, "unknown", column_letters(place), text=text)
    for place, text, _ in header.duplicates:
        yield Unread(name, "double", column_letters(place), text=text)
    for place in sorted(judgement.unnamed):
        yield Unread(name, "unnamed", column_letters(place))
    for number, text in judgement.above:
        yield Unread(name, "above", row=number, text=text)
    for number, text in judgement.skipped:
        yield Unread(name, "below", row=number, text=text)


def unread_sheets(book: Book, read: Iterable[str]) -> Iterator[Unread]:
    """Sheets with content that were not read; those our own templates carry are none of the user's."""
    stepwise = left_out(book)
    for sheet in book.sheets:
        if sheet.name in read or sheet.name in OURS or _is_empty(sheet):
            continue
        if sheet.name in stepwise:
            yield Unread(sheet.name, "stepwise")
        else:
            yield Unread(sheet.name, "headings" if lacks_headings(sheet) else "sheet")


def _is_empty(sheet: Sheet) -> bool:
    if isinstance(sheet, WorkbookSheet) and not sheet.scan.rows:
        return True
    return all(is_blank_row(row) for row in sheet.head())


def lines(unread: Sequence[Mapping[str, Any]]) -> list[str]:
    """The same for people: one line for each reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in unread:
        found.setdefault((one["sheet"], one["why"]), []).append(_named(one))
    told = []
    for (_, why), names in found.items():
        more = f" 等{len(names)}处" if len(names) > MOST_NAMED else ""
        told.append(f"{'、'.join(names[:MOST_NAMED])}{more}：{WHY[why]}")
    return told


def _named(one: Mapping[str, Any]) -> str:
    text = f"“{one['text']}”" if one.get("text") else ""
    if not (one.get("row") or one.get("column")):
        return f"工作表“{one['sheet']}”"
    return f"第{one['row']}行{text}" if one.get("row") else f"{one['column']}列{text}"
