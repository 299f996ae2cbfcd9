"""A file with sheets of records: which sheet holds which type, and all of them judged or written under one act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.sheets.headers import Header, pick_sheet, sheet_named
from unionoffice.sheets.reading import Book, Sheet

from ..history import act
from ..models import Act, ActKind
from ..resources import RecordResource, resource_for
from ..saving import refused_by_database
from ..types import RecordType, registry
from .cleaning import Repairs
from .engine import Progress, SheetImport, no_progress
from .findings import Judgement

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


def find(book: Book, user: User | None, kind: RecordType | None = None) -> list[Found]:
    """The sheets to import: that of one type, or each sheet that bears a type's name, else the type that fits best.

    Types that others refer to come first. Raises NothingToImport.
    """
    kinds = [kind] if kind else [k for k in registry if _may_import(user, k)]
    if kind is None:
        named = [k for k in kinds if sheet_named(book, k.title)]
        found = [
            Found(k, *picked) for k in named if (picked := pick_sheet(book, resource_for(k).names(), k.title))
        ]
    else:
        picked = pick_sheet(book, resource_for(kind).names(), kind.title)
        found = [Found(kind, *picked)] if picked else []
    if not found and kind is None and (stepwise := left_out(book)):
        raise NothingToImport(f"{'、'.join(stepwise)}要在系统里逐步办理，不能导入。")
    if not found and kind is None:
        guessed = [Found(k, *picked) for k in kinds if (picked := pick_sheet(book, resource_for(k).names()))]
        found = sorted(guessed, key=lambda one: -one.header.found)[:1]
    if not found:
        what = f"“{kind.title}”" if kind else "可以导入的记录"
        raise NothingToImport(f"没有找到{what}的表头：前15行里没有认得的列名。请对照模板检查。")
    return _by_reference(found)


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
