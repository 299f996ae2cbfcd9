"""One form filled for every union of the user's sight, in the background: an archive of files, and what none could fill."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from reports.drafting import CannotDraft, Order, demand_possible
from reports.forms import PeriodForm, unions_to_write_about
from unionoffice.organisation import access
from unionoffice.organisation.models import Union, User
from unionoffice.records import blobs
from unionoffice.records.exporting import workbook
from unionoffice.records.jobs import JobFailed, Progress, job_kind, start_job
from unionoffice.records.models import Job
from unionoffice.sheets.cells import SheetRefused
from unionoffice.sheets.writing import Column

from .filling import Filled, fill
from .models import ReturnForm

KIND = "fill-returns"
ZIP = "application/zip"
LACKS = "没有填的格子.xlsx"
COLUMNS = (
    Column("工会", width=40),
    Column("工作表", width=16),
    Column("位置", width=8),
    Column("表里的项目", width=36),
    Column("原因", width=60),
)
FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\r\t', "_"))


def unions_to_fill(user: User, order: Order) -> QuerySet:
    """The unions the user may see that were in being at the end of the period."""
    return unions_to_write_about(user).on_day(min(order.period.end, order.today)).order_by("pk")


def start(form: ReturnForm, fields: dict[str, Any], *, user: User) -> Job:
    """Queue the form for every union; `fields` are those of the period's form."""
    title = f"每个工会一份：{form}"
    arguments = {"form": form.pk, "fields": fields}
    address = reverse("returns:fill", args=[form.pk])
    return start_job(KIND, owner=user, title=title, arguments=arguments, leads_to=address)


@job_kind(KIND)
def fill_for_every_union(job: Job, progress: Progress) -> None:
    """The archive, with the rights its owner has now."""
    form = access.rows(job.owner, ReturnForm).filter(pk=job.arguments["form"]).first()
    period = PeriodForm(job.owner, timezone.localdate(), data=job.arguments["fields"] | {"union": ""})
    if form is None or not access.may_read_documents(job.owner) or not period.is_valid():
        raise JobFailed("这张表已经不在，或者您现在不能填它。")
    order = period.order()
    try:
        demand_possible(order)
    except CannotDraft as problem:
        raise JobFailed(f"{problem}。") from problem
    unions = list(unions_to_fill(job.owner, order))
    try:
        content, lacks = _filled(form, order, unions, job.owner, progress)
    except SheetRefused as refusal:
        raise JobFailed(f"{refusal.message}。") from refusal
    job.result = blobs.store(content, ZIP)
    job.result_name = f"{form.name} {order.period.name}（每个工会一份）.zip"
    job.result_url = reverse("records:job_result", kwargs={"pk": job.pk})
    job.message = f"共 {len(unions)} 个工会，没有填的格子共 {lacks} 处，列在“{LACKS}”里。"


def _filled(
    form: ReturnForm, order: Order, unions: list[Union], user: User, progress: Progress
) -> tuple[bytes, int]:
    """The archive of a form filled for each union, and how many cells in it could not be filled."""
    lacks: list[tuple[str, ...]] = []
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, union in enumerate(unions, 1):
            progress(number - 1, len(unions))
            done = fill(form, replace(order, union=union), user)
            lacks += _lacks(union, done)
            name = f"{number:03}{union.short_name or union.name}".translate(FORBIDDEN)
            archive.writestr(f"{name}{done.suffix}", done.write())
        archive.writestr(LACKS, _listed(form, lacks, user))
    return file.getvalue(), len(lacks)


def _lacks(union: Union, done: Filled) -> Iterator[tuple[str, ...]]:
    for lack in done.lacks:
        yield union.name, lack.sheet, lack.place.name, lack.asked, lack.why


def _listed(form: ReturnForm, lacks: list[tuple[str, ...]], user: User) -> bytes:
    file = io.BytesIO()
    with workbook(file, f"{form}：没有填的格子", user) as book:
        book.sheet("没有填的格子", COLUMNS).write_rows(lacks)
    return file.getvalue()
