"""A workbook on its way through the pages: uploaded, judged, repaired, confirmed, written. Its state stands in the database."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from unionoffice.identity import without_numbers
from unionoffice.organisation.models import User
from unionoffice.sheets.cells import Row
from unionoffice.sheets.reading import Book, SheetRefused, open_book
from unionoffice.sheets.templates import RefusedSheet, rejects_workbook

from ..blobs import forget, store
from ..jobs import JobFailed, Progress, cancel_job, job_kind, start_job
from ..models import ImportRun, Job
from ..resources import resource_for
from ..types import RecordType, registry
from .details import Details, details_of, keep, made_details
from .engine import no_progress
from .findings import REFUSED, Tally
from .matching import has_table
from .unread import account
from .workbook import (
    Chosen,
    Found,
    NothingToImport,
    NothingWritten,
    contradicting,
    find,
    judge,
    write,
)

AT_ONCE = 2_000  # rows judged while the user waits
REJUDGED = 5_000  # rows up to which a repaired cell is judged at once
WORKBOOK_TYPE = "application/vnd.ms-excel"
UNWRITTEN = (ImportRun.State.UPLOADED, ImportRun.State.JUDGED)


class NotOpen(Exception):
    """The run was written or given up meanwhile, or a job is at work on it; nothing was changed."""


class NoSuchColumn(Exception):
    """The file has no such column to repair a cell of."""


def upload(user: User, kind: RecordType, file: UploadedFile) -> ImportRun:
    """Keep an uploaded workbook as a run of its own. Raises SheetRefused or NothingToImport for one that is no use.

    Where no headings are known, or the sheet's name speaks of another type, the run asks for the columns (`asks`).
    """
    content = file.read()
    with open_book(io.BytesIO(content), file.name) as book:
        judgement = _beginning(book, user, kind)
    return ImportRun.objects.create(
        owner=user,
        file_name=without_numbers(file.name or "名册")[-200:],
        workbook=store(content, WORKBOOK_TYPE),
        options={"slug": kind.slug},
        judgement=judgement,
    )


def _beginning(book: Book, user: User, kind: RecordType) -> dict[str, Any]:
    """The sheet that was found, how many rows it has, and what has to be asked before they are judged."""
    try:
        [found] = find(book, user, kind)
    except NothingToImport:
        if not has_table(book):
            raise
        return {"asks": {"headings": True}}
    asks = {"other": other.slug} if (other := contradicting(found, user)) else {}
    rows = max(0, found.sheet.row_count - found.header.row)
    return {"sheet": found.sheet.name, "rows": rows, "asks": asks}


def asks(run: ImportRun) -> dict[str, Any]:
    """What only the user can say before the run is judged: its headings are unknown, or it looks like another type."""
    is_open = run.state == ImportRun.State.UPLOADED and "chosen" not in run.options
    return run.judgement.get("asks", {}) if is_open else {}


def choose(run: ImportRun, chosen: Chosen) -> ImportRun:
    """The run with its sheet, row of headings and columns as the user says, to be judged anew. Raises NotOpen."""
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
        if locked.state not in UNWRITTEN or _is_at_work(locked):
            raise NotOpen
        with book_of(locked) as book:
            [found] = find(book, locked.owner, kind_of(locked), chosen)
            rows = max(0, found.sheet.row_count - found.header.row)
        if locked.details_id and chosen.sheet != locked.judgement.get("sheet"):
            details = details_of(locked)
            details.repairs = {}
            keep(locked, details)
        locked.options |= {"chosen": asdict(chosen)}
        locked.judgement |= {"sheet": chosen.sheet, "rows": rows}
        locked.state = ImportRun.State.UPLOADED
        locked.save()
    return locked


def chosen_of(run: ImportRun) -> Chosen | None:
    """What the user said of the run's sheet and columns; None where nobody was asked."""
    kept = run.options.get("chosen")
    if kept is None:
        return None
    return Chosen(kept["sheet"], kept["row"], {int(place): key for place, key in kept["columns"].items()})


def book_of(run: ImportRun) -> Book:
    return open_book(io.BytesIO(run.workbook.read()), run.file_name)


def kind_of(run: ImportRun) -> RecordType:
    return registry[run.options["slug"]]


def _open(run: ImportRun) -> tuple[Book, list[Found]]:
    book = book_of(run)
    return book, find(book, run.owner, kind_of(run), chosen_of(run))


def is_small(run: ImportRun) -> bool:
    return run.judgement.get("rows", 0) <= AT_ONCE


def judge_run(run: ImportRun, progress: Any = no_progress) -> None:
    """Judge the run's workbook with its repairs and keep what the review page needs. Writes no record."""
    repairs = details_of(run).repairs if run.details_id else {}
    book, found = _open(run)
    with book:
        options = _answers(run) | {"leave_doubtful": False}
        judged = judge(book, found, run.owner, options=options, repairs=_typed(repairs), progress=progress)
        read, unread = account(book, found, judged)
    judgement = judged[found[0].kind]
    if not ImportRun.objects.filter(pk=run.pk, state__in=UNWRITTEN).exists():
        return  # given up meanwhile: its rows are kept no longer
    run.judgement = run.judgement | {"tally": judgement.tally.as_dict()}
    keep(run, made_details(found[0], judgement, repairs, read[0], unread))
    run.state = ImportRun.State.JUDGED
    ImportRun.objects.filter(pk=run.pk, state__in=UNWRITTEN).update(judgement=run.judgement, state=run.state)


@contextmanager
def held(run: ImportRun) -> Iterator[ImportRun]:
    """The judged run as it stands now, which nobody else changes meanwhile. Raises NotOpen."""
    # Asked before the lock too: a job that writes holds the run until it is done.
    if _is_at_work(run):
        raise NotOpen
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
        if locked.state != ImportRun.State.JUDGED or _is_at_work(locked):
            raise NotOpen
        yield locked


def _is_at_work(run: ImportRun) -> bool:
    return ImportRun.objects.filter(pk=run.pk, job__state__in=(Job.State.WAITING, Job.State.RUNNING)).exists()


def discard(run: ImportRun) -> bool:
    """Give a run up and stop its job; False where it was written meanwhile."""
    if run.job is not None:
        cancel_job(run.job)
    unwritten = ImportRun.objects.filter(pk=run.pk).exclude(state=ImportRun.State.WRITTEN)
    is_given_up = bool(unwritten.update(state=ImportRun.State.DISCARDED))
    if is_given_up:
        forget_files(ImportRun.objects.filter(pk=run.pk))
    return is_given_up


def forget_old() -> None:
    """Remove workbooks and rows of runs given up, and of all runs after so many days; unwritten ones end with them."""
    given_up = Q(state=ImportRun.State.DISCARDED)
    old = Q(created_at__lt=timezone.now() - timedelta(days=settings.FILES_KEPT_DAYS))
    at_work = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).values("pk")
    found = ImportRun.objects.filter(given_up | old).exclude(job__in=at_work)
    found.filter(state__in=UNWRITTEN).update(state=ImportRun.State.DISCARDED)
    forget_files(found)


def forget_files(found: QuerySet[ImportRun]) -> None:
    kept = found.filter(Q(workbook__isnull=False) | Q(details__isnull=False))
    blobs = [pk for pair in kept.values_list("workbook", "details") for pk in pair if pk is not None]
    kept.update(workbook=None, details=None)
    forget(blobs)


def _typed(repairs: Mapping[str, Mapping[str, str]]) -> dict[int, dict[str, Any]]:
    return {int(number): dict(cells) for number, cells in repairs.items()}


def _answers(run: ImportRun) -> dict[str, Any]:
    """The run's answers to the type's questions, cleaned by their own fields."""
    extension = kind_of(run).importer
    if extension is None:
        return {name: value for name, value in run.options.items() if name == "leave_doubtful"}
    cleaned = {
        name: field.clean(run.options.get(name, initial(field))) for name, field in extension.asks().items()
    }
    return cleaned | {"leave_doubtful": run.options.get("leave_doubtful", False)}


def initial(field: Any) -> Any:
    """What stands in a question before it is answered."""
    return field.initial() if callable(field.initial) else field.initial


def repair(run: ImportRun, number: str, key: str, text: str) -> ImportRun:
    """The run with a cell typed anew; judged at once where the file is small, else when it is written. Raises NotOpen,
    NoSuchColumn."""
    with held(run) as locked:
        details = details_of(locked)
        if key not in _columns_read(locked, details):
            raise NoSuchColumn(key)
        details.repairs.setdefault(number, {})[key] = text
        if number in details.rows:
            details.rows[number]["cells"][key] = text
        judges_now = locked.judgement.get("rows", 0) <= REJUDGED
        if not judges_now and number not in details.unjudged:
            details.unjudged.append(number)
        keep(locked, details)
        if judges_now:
            judge_run(locked)
    return locked


def _columns_read(run: ImportRun, details: Details) -> set[str]:
    """Keys of the columns the file has."""
    titles = {title for _, title in details.headings}
    return {column.key for column in resource_for(kind_of(run)).columns if column.heading in titles}


class JudgedOtherwise(Exception):
    """Judged again before writing, the rows came out otherwise than was shown for review; nothing was written."""


def write_run(run: ImportRun, progress: Any = no_progress) -> None:
    """Judge anew and write the run's rows under one act, once however often it is called.

    Raises NothingWritten, NotOpen for a run given up, JudgedOtherwise when the records have changed since the review.
    """
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
        if locked.state == ImportRun.State.WRITTEN:
            return
        if locked.state != ImportRun.State.JUDGED:
            raise NotOpen
        book, found = _open(locked)
        shown = details_of(locked)
        repairs = shown.repairs
        with book:
            done, judged = write(
                book,
                found,
                locked.owner,
                summary=f"{found[0].kind.title} {locked.file_name}",
                reason=locked.options.get("reason", ""),
                options=_answers(locked),
                repairs=_typed(repairs),
                progress=progress,
            )
        judgement = judged[found[0].kind]
        if not _as_shown(locked, judgement.tally):
            since = "改过的行已重新核对" if shown.unjudged else "核对以后系统里的数据有变化"
            raise JudgedOtherwise(f"{since}，还没有写入，请看过新的核对结果再确认。")
        locked.judgement = locked.judgement | {"tally": judgement.tally.as_dict()}
        keep(locked, made_details(found[0], judgement, repairs, shown.read, shown.unread))
        locked.act, locked.state = done, ImportRun.State.WRITTEN
        locked.save()


def _as_shown(run: ImportRun, tally: Tally) -> bool:
    """Whether as many rows are written and refused as the review said, doubtful ones as was decided."""
    shown = Tally(**run.judgement["tally"])
    left_out = shown.warned if run.options.get("leave_doubtful") else 0
    return (tally.written, tally.refused) == (shown.written - left_out, shown.refused + left_out)


def rejects(run: ImportRun) -> bytes:
    """The refused rows as a workbook, as they stood in the file (repairs included), each with its reasons."""
    details = details_of(run)
    reasons: dict[int, list[str]] = {}
    for row, _, verdict, _, message in details.findings:
        if verdict == "refused" or details.rows.get(str(row), {}).get("outcome") == REFUSED:
            reasons.setdefault(row, []).append(message)
    book, found = _open(run)
    with book:
        titles = _titles(found[0]) if chosen_of(run) else found[0].header.titles
        rows = list(_rows(found[0], reasons, details.repairs))
    return rejects_workbook([RefusedSheet(kind_of(run).title, titles, rows)])


def _titles(found: Found) -> list[str]:
    """Headings by which the columns matched by hand are known when the refused rows come back."""
    own = {column.key: column.heading for column in found.resource.columns}
    read = {place: own[key] for place, key in found.header.columns.items()}
    width = max((*found.header.texts, *read), default=-1) + 1
    return [read.get(place, found.header.texts.get(place, "")) for place in range(width)]


def _rows(
    found: Found, reasons: Mapping[int, list[str]], repairs: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[int, Row, str]]:
    places = {key: place for place, key in found.header.columns.items()}
    for first, rows in found.sheet.chunks(2_000, found.header.first_data_row):
        for number, row in enumerate(rows, first):
            if number in reasons:
                cells = list(row)
                for key, text in repairs.get(str(number), {}).items():
                    if key in places:
                        cells += [""] * (places[key] + 1 - len(cells))
                        cells[places[key]] = text
                yield number, cells, "；".join(reasons[number])


def start_judging(run: ImportRun) -> Job:
    return _start("judge-import", run, f"核对 {run.file_name}")


def start_writing(run: ImportRun) -> Job:
    return _start("write-import", run, f"导入 {run.file_name}")


def _start(kind: str, run: ImportRun, title: str) -> Job:
    page = reverse("records:import_run", kwargs={"pk": run.pk})
    job = start_job(kind, owner=run.owner, title=title, arguments={"run": str(run.pk)}, leads_to=page)
    ImportRun.objects.filter(pk=run.pk).update(job=job)
    return job


def _run_of(job: Job) -> ImportRun:
    return ImportRun.objects.select_related("owner", "workbook", "details").get(pk=job.arguments["run"])


@job_kind("judge-import")
def judge_job(job: Job, progress: Progress) -> None:
    try:
        judge_run(_run_of(job), progress)
    except (SheetRefused, NothingToImport) as refusal:
        raise JobFailed(str(refusal)) from refusal
    job.message = "已核对，请查看结果并确认。"


@job_kind("write-import")
def write_job(job: Job, progress: Progress) -> None:
    run = _run_of(job)
    try:
        write_run(run, progress)
    except NothingWritten as refusal:
        raise JobFailed(str(refusal)) from refusal
    except NotOpen as refusal:
        raise JobFailed("这次导入已放弃，没有写入任何数据。") from refusal
    except JudgedOtherwise as refusal:
        judge_run(run, progress)
        job.message = str(refusal)
        return
    job.message = "已导入。"
