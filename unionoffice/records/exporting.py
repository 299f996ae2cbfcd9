"""Rows of a record type as a workbook: a list as it stands, or a whole type, for reading and for importing again.

PostgreSQL hands the rows out as text and most cells go into the file untouched, so that memory stays constant.
"""

import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from unionoffice import crypto
from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.sheets.writing import Column, SheetFull, XlsxWriter

from .blobs import store
from .exported_columns import ExportColumn, every_column, listed_columns
from .importing.identifying import among
from .jobs import JobFailed, Progress, job_kind, start_job
from .listing import Listing
from .models import Disclosure, Job
from .types import RecordType, registry

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PORTION = 100_000  # rows between two reports of progress
AT_ONCE = 5_000  # rows exported while the user waits
Told = Callable[[int, int], None]


def _not_told(done: int, total: int) -> None:
    """For callers who do not wait."""


@dataclass(frozen=True)
class Export:
    """What to export: the rows of a list at an address, with its columns or with every column the user may read.

    full     encrypted numbers in full, which needs a purpose and is noted
    """

    kind: RecordType
    user: User
    query: str = ""
    every: bool = False
    full: bool = False
    purpose: str = ""

    @property
    def listing(self) -> Listing:
        return Listing(self.kind, self.user, QueryDict(self.query))

    @property
    def file_name(self) -> str:
        return f"{self.kind.title}{timezone.localdate():%Y%m%d}.xlsx"

    def columns(self) -> list[ExportColumn]:
        if self.every:
            return every_column(self.kind, self.user, self.full)
        return listed_columns(self.kind, self.listing.paths, self.user, self.full)

    def write(self, target: IO[bytes], told: Told = _not_told) -> int:
        """Write the workbook, note numbers it shows in full; returns the number of rows. Raises SheetFull."""
        listing, columns = self.listing, self.columns()
        with workbook(target, self.kind.title, self.user, self.full) as book:
            count = write_sheet(book, self.kind, columns, listing.ordered(listing.rows), told)
        disclose(self.kind, self.user, columns, self.purpose, count)
        return count


def workbook(target: IO[bytes], title: str, user: User | None, full: bool = False) -> XlsxWriter:
    """A workbook that says on every printed page who took it out and when."""
    moment = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    warning = "，含完整号码，请妥善保管" if full else ""
    name = access.describe(user)
    return XlsxWriter(target, title=title, creator=name, watermark=f"{name} {moment} 导出{warning}")


def write_sheet(
    book: XlsxWriter,
    kind: RecordType,
    columns: Sequence[ExportColumn],
    rows: QuerySet,
    told: Told = _not_told,
) -> int:
    """Write ordered rows as a sheet that bears the type's name; returns how many."""
    sheet = book.sheet(kind.title, [Column(column.heading, column.kind) for column in columns])
    conversions = {i: column.conversion for i, column in enumerate(columns) if column.conversion is not None}
    cells = {f"cell_{i}": column.expression for i, column in enumerate(columns)}
    total = rows.order_by().count()
    told(0, total)
    for portion in _portions(rows, total):
        sheet.write_copy(_copied(portion.annotate(**cells).values_list(*cells)), conversions)
        told(sheet.count, total)
    return sheet.count


def _portions(rows: QuerySet, total: int) -> Iterator[QuerySet]:
    """The rows as they are, or cut where there are many: while they are copied nobody can be told of progress."""
    if total <= PORTION:
        yield rows
        return
    pks = array("q", map(int, _copied(rows.values_list("pk"))))
    for first in range(0, len(pks), PORTION):
        yield rows.filter(pk__in=among(pks[first : first + PORTION]))


def _copied(rows: QuerySet) -> Iterator[memoryview]:
    """The rows in COPY's text format, line by line."""
    sql, params = rows.query.get_compiler(connection.alias).as_sql()
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(f"copy ({sql}) to stdout", params) as lines:
        yield from lines


def disclose(
    kind: RecordType, user: User, columns: Sequence[ExportColumn], purpose: str, count: int
) -> Disclosure | None:
    """Note that numbers were taken out in full; None where there were none."""
    revealed = [column for column in columns if column.reveals]
    if not revealed or not count:
        return None
    return Disclosure.objects.create(
        user=user,
        table=kind.model._meta.db_table,
        field=f"导出{'、'.join(column.heading for column in revealed)}"[:60],
        purpose=purpose[:200],
        count=count,
        columns=[column.key for column in revealed],
    )


def start_export(export: Export) -> Job:
    """Queue an export; what was searched for may be a person's number and is kept encrypted."""
    arguments = {
        "slug": export.kind.slug,
        "query": crypto.encrypt(export.query).hex() if export.query else "",
        "every": export.every,
        "full": export.full,
        "purpose": export.purpose,
    }
    return start_job("export", owner=export.user, title=f"导出{export.kind.title}", arguments=arguments)


def _asked(owner: User, arguments: dict[str, Any]) -> Export:
    query = arguments["query"] and crypto.decrypt(bytes.fromhex(arguments["query"]))
    kind = registry[arguments["slug"]]
    return Export(kind, owner, query, arguments["every"], arguments["full"], arguments["purpose"])


@job_kind("export")
def export_job(job: Job, progress: Progress) -> None:
    """Write the file its owner asked for, with the rights the owner has now."""
    export = _asked(job.owner, job.arguments)
    action = access.EXPORT_FULL if export.full else access.EXPORT
    if not access.may(job.owner, action, export.kind):
        raise JobFailed("您现在没有导出的权限。")
    with tempfile.TemporaryFile() as file:
        try:
            count = export.write(file, progress)
        except SheetFull as refusal:
            raise JobFailed(f"{refusal}。") from refusal
        file.seek(0)
        job.result = store(file.read(), XLSX)
    job.result_name = export.file_name
    job.result_url = reverse("records:job_result", kwargs={"pk": job.pk})
    job.message = f"共导出 {count:,} 条。"
