"""Work in the background: a job's state stands in the database, so that no restart loses it and its owner finds the result.

A kind of job is a function marked `@job_kind("...")`; it gets the job and a `Progress` to report to, and may be run
again from the start after a worker died, so what it writes it writes in one transaction.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from unionoffice.organisation.models import User

from .models import Blob, ImportRun, Job

STALE = timedelta(minutes=3)
BEAT_SECONDS = 1.0
KEPT = timedelta(days=30)
log = logging.getLogger(__name__)


class Cancelled(Exception):
    """The owner asked to stop."""


class JobFailed(Exception):
    """The job cannot be done; the text is one Chinese line for its owner."""


class Progress:
    """Told how far the work is; tells it on at most once a second, and stops the work when the owner asked for that.

    The cache carries it, because the work's own transaction may be open: what it writes nobody sees before the end.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.told_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self.told_at < BEAT_SECONDS and done < total:
            return
        self.told_at = now
        cache.set(_beat(self.job.pk), (done, total), int(STALE.total_seconds()))
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled


def _beat(pk: object) -> str:
    return f"job:{pk}"


def progress_of(job: Job) -> tuple[int, int]:
    """(done, total) of a job as its worker told last."""
    return cache.get(_beat(job.pk)) or (job.done, job.total)


Handler = Callable[[Job, Progress], None]
_handlers: dict[str, Handler] = {}


def job_kind(kind: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def start_job(kind: str, *, owner: User, title: str, arguments: dict[str, Any]) -> Job:
    """Queue a job once the present transaction is committed."""
    if kind not in _handlers:
        raise ValueError(f"no job of kind {kind}")
    job = Job.objects.create(kind=kind, owner=owner, title=title[:200], arguments=arguments)
    transaction.on_commit(lambda: run_job.delay(str(job.pk)))
    return job


@shared_task
def run_job(pk: str) -> None:
    """Do a waiting job; a job somebody else has taken, or that was cancelled, is left alone."""
    now = timezone.now()
    taken = Job.objects.filter(pk=pk, state=Job.State.WAITING).update(state=Job.State.RUNNING, beat_at=now)
    if not taken:
        return
    job = Job.objects.select_related("owner").get(pk=pk)
    try:
        if job.cancel_asked:
            raise Cancelled
        _handlers[job.kind](job, Progress(job))
    except Cancelled:
        _end(job, Job.State.CANCELLED, "已取消，没有写入任何数据。")
    except JobFailed as failure:
        _end(job, Job.State.FAILED, str(failure))
    except Exception:
        log.exception("job %s of kind %s failed", job.pk, job.kind)
        _end(job, Job.State.FAILED, "处理时出错，没有写入任何数据。请重试，仍不行请联系系统管理员。")
    else:
        _end(job, Job.State.DONE, job.message)


def _end(job: Job, state: str, message: str) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=state,
        message=message[:300],
        result=job.result,
        result_name=job.result_name,
        result_url=job.result_url,
        ended_at=timezone.now(),
    )


@shared_task
def sweep_jobs() -> None:
    """Put back jobs whose worker died, queue those whose message was lost, forget results nobody fetched for long."""
    now = timezone.now()
    silent = Job.objects.filter(state=Job.State.RUNNING, beat_at__lt=now - STALE).values_list("pk", flat=True)
    dead = [pk for pk in silent if cache.get(_beat(pk)) is None]
    Job.objects.filter(pk__in=dead, state=Job.State.RUNNING).update(state=Job.State.WAITING)
    lost = Job.objects.filter(Q(beat_at__isnull=True) | Q(beat_at__lt=now - STALE), state=Job.State.WAITING)
    for pk in lost.filter(created_at__lt=now - timedelta(seconds=30)).values_list("pk", flat=True):
        run_job.delay(str(pk))
    old = Job.objects.filter(ended_at__lt=now - KEPT, result__isnull=False)
    blobs = list(old.values_list("result", flat=True))
    old.update(result=None)
    used = ImportRun.objects.filter(workbook__isnull=False).values("workbook")
    Blob.objects.filter(pk__in=blobs, attachments__isnull=True).exclude(pk__in=used).delete()


def cancel_job(job: Job) -> None:
    """Ask a job to stop; one that has not begun stops at once."""
    Job.objects.filter(pk=job.pk, state__in=(Job.State.WAITING, Job.State.RUNNING)).update(cancel_asked=True)
    Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(
        state=Job.State.CANCELLED, ended_at=timezone.now()
    )
