"""A file with sheets of records: which sheet holds which type, and all of them judged or written under one act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from django.db import IntegrityError, connection, transaction

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.sheets.headers import (
    Header,
    find_header,
    header_as_told,
    header_key,
    pick_sheet,
    sheet_named,
)
from unionoffice.sheets.reading import HEAD_ROWS, Book, Sheet

from ..history import act
from ..models import Act, ActKind
from ..resources import RecordResource, resource_for
from ..saving import refused_by_database
from ..types import RecordType, registry
from .cleaning import Repairs
from .engine import Progress, SheetImport, no_progress
from .findings import Judgement

NO_HEADINGS = "前15行里没有认得的列名。请对照模板检查，或在网页上导入时指定各列是什么。"
NAME_IT = "请把工作表改成要导入的记录的名称，或在网页上选好记录的种类再导入。"
TURN = "hashtext('import'), hashtext(%s)"


class NothingToImport(Exception):
    """No sheet of the file holds records of a type the user may import; the text is one Chinese line."""


class NothingWritten(Exception):
    """The database refused what no check foresaw, so no row was written; the text is one Chinese line."""


@dataclass(frozen=True)
class Found:
    """A sheet and the type of record it holds."""

    kind: RecordType
    sheet: Sheet
    header: Header

    @property
    def resource(self) -> RecordResource:
        return resource_for(self.kind)


@dataclass(frozen=True)
class Chosen:
    """Where the user says the records are: the sheet, the row of its headings, and what its columns feed."""

    sheet: str
    row: int
    columns: Mapping[int, str]


def find(
    book: Book, user: User | None, kind: RecordType | None = None, chosen: Chosen | None = None
) -> list[Found]:
    """The sheets to import: what the user chose, or that of one type, or each sheet that bears a type's name, else
    the type that fits best. Types that others refer to come first. Raises NothingToImport.
    """
    if kind is not None:
        found = [_as_chosen(book, kind, chosen)] if chosen else _of_kind(book, kind)
        return [one for one in found if one] or _nothing(f"没有找到“{kind.title}”的表头：{NO_HEADINGS}")
    kinds = [k for k in registry if _may_import(user, k)]
    named = [(k, sheet) for k in kinds if (sheet := sheet_named(book, k.title))]
    found = [one for k, sheet in named if (one := _on_sheet(k, sheet))]
    if not found and (stepwise := left_out(book)):
        _nothing(f"{'、'.join(stepwise)}要在系统里逐步办理，不能导入。")
    if not found and named:
        _nothing(f"没有找到{'、'.join(f'“{k.title}”' for k, _ in named)}的表头：{NO_HEADINGS}")
    return _by_reference(found or [_guessed(book, kinds)])


def _nothing(said: str) -> NoReturn:
    raise NothingToImport(said)


def _as_chosen(book: Book, kind: RecordType, chosen: Chosen) -> Found | None:
    sheet = next((sheet for sheet in book.sheets if sheet.name == chosen.sheet), None)
    rows = sheet.head(max(chosen.row, HEAD_ROWS)) if sheet is not None else []
    width = max(map(len, rows), default=0)
    if not 0 < chosen.row <= len(rows) or any(place >= width for place in chosen.columns):
        return None
    names = resource_for(kind).names()
    return Found(kind, sheet, header_as_told(names, chosen.row, rows[chosen.row - 1], chosen.columns))


def _of_kind(book: Book, kind: RecordType) -> list[Found]:
    picked = pick_sheet(book, resource_for(kind).names(), kind.title)
    return [Found(kind, *picked)] if picked else []


def _on_sheet(kind: RecordType, sheet: Sheet) -> Found | None:
    header = find_header(sheet.head(), resource_for(kind).names())
    return Found(kind, sheet, header) if header else None


def lacks_headings(sheet: Sheet) -> bool:
    """Whether a sheet bears the name of a type, but none of the headings by which its columns are known."""
    kind = registry.titled(sheet.name)
    return kind is not None and _on_sheet(kind, sheet) is None


def _guessed(book: Book, kinds: Iterable[RecordType]) -> Found:
    """The type whose columns fit best, unless most columns of the sheet are none of its own or the sheet's name speaks
    of another type: then that one, if it fits as well, or none."""
    fitting = [one for k in kinds for one in _of_kind(book, k)]
    if not fitting:
        _nothing(f"没有找到可以导入的记录的表头：{NO_HEADINGS}")
    best = max(fitting, key=lambda one: one.header.found)
    name, title = best.sheet.name, best.kind.title
    if (meant := spoken_of(name, kinds)) and best.kind not in meant:
        as_well = [one for k in meant if (one := _on_sheet(k, best.sheet)) and _found(one) >= _found(best)]
        if as_well:
            return as_well[0]
        _nothing(f"工作表“{name}”的名称像“{meant[0].title}”，列名却更像“{title}”，没有导入。{NAME_IT}")
    if _found(best) < len(best.header.unknown):
        _nothing(f"工作表“{name}”的列名最像“{title}”，但大半没有认得，没有导入。{NAME_IT}")
    return best


def _found(one: Found) -> int:
    return one.header.found


def spoken_of(name: str, kinds: Iterable[RecordType]) -> list[RecordType]:
    """The types whose name stands in the name of a sheet."""
    return [kind for kind in kinds if header_key(kind.title) in header_key(name)]


def contradicting(found: Found, user: User | None) -> RecordType | None:
    """The type of which the sheet's name speaks, where that is another one than the user chose."""
    meant = spoken_of(found.sheet.name, [k for k in registry if _may_import(user, k)])
    return meant[0] if meant and found.kind not in meant else None


def _may_import(user: User | None, kind: RecordType) -> bool:
    return not kind.made_by_steps if user is None else access.may(user, access.IMPORT, kind)


def left_out(book: Book) -> list[str]:
    """Sheets that bear the name of a type whose records nobody imports."""
    return [kind.title for kind in registry if kind.made_by_steps and sheet_named(book, kind.title)]


def _by_reference(found: Iterable[Found]) -> list[Found]:
    """Referred-to types before those that refer to them."""
    left, ordered = list(found), []
    while left:
        models = {one.kind.model for one in left}
        free = [one for one in left if not (_refers_to(one.kind) - {one.kind.model}) & models] or left[:1]
        ordered += free
        left = [one for one in left if one not in free]
    return ordered


def _refers_to(kind: RecordType) -> set[type]:
    return {f.related_model for name in kind.fields if (f := kind.field(name)).is_relation}


def _import(
    one: Found, user: User | None, book: Book, options: Mapping[str, Any], repairs: Repairs | None
) -> SheetImport:
    return SheetImport(one.resource, user, book, one.sheet, one.header, options=options, repairs=repairs)


def judge(
    book: Book,
    found: list[Found],
    user: User | None,
    *,
    options: Mapping[str, Any] | None = None,
    repairs: Repairs | None = None,
    progress: Progress = no_progress,
) -> dict[RecordType, Judgement]:
    """What importing these sheets would do; nothing is written. Sheets that build on one another are tried and undone."""
    if len(found) == 1:
        return {found[0].kind: _import(found[0], user, book, options or {}, repairs).judge(progress)}
    with transaction.atomic():
        _, judged = write(book, found, user, summary="", options=options, repairs=repairs, progress=progress)
        transaction.set_rollback(True)
    return judged


def write(
    book: Book,
    found: list[Found],
    user: User | None,
    *,
    summary: str,
    reason: str = "",
    options: Mapping[str, Any] | None = None,
    repairs: Repairs | None = None,
    progress: Progress = no_progress,
) -> tuple[Act, dict[RecordType, Judgement]]:
    """Judge and write all sheets in one transaction under one act. Raises NothingWritten."""
    try:
        with act(ActKind.IMPORT, user=user, summary=summary, reason=reason) as done:
            _take_turns(found)
            judged = {
                one.kind: _import(one, user, book, options or {}, repairs).write(progress) for one in found
            }
    except IntegrityError as error:
        raise NothingWritten(f"一行也没有写入：{refused_by_database(error)}") from error
    return done, judged


def _take_turns(found: Iterable[Found]) -> None:
    """Wait for other imports of these types: of two with the same people the second is judged by what the first wrote."""
    with connection.cursor() as cursor:
        for table in sorted(one.kind.model._meta.db_table for one in found):
            cursor.execute(f"select pg_advisory_xact_lock({TURN})", [table])


def is_free(kind: RecordType) -> bool:
    """Whether nobody is just importing records of this type, so that an import need not wait for its turn."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"select pg_try_advisory_xact_lock({TURN})", [kind.model._meta.db_table])
        return cursor.fetchone()[0]
