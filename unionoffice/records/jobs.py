"""Work in the background: a job's state stands in the database, so that no restart loses it and its owner finds the result.

A kind of job is a function marked `@job_kind("...")`; it gets the job and a `Progress` to report to, and may be run
again from the start after a worker died, so what it writes it writes in one transaction.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from unionoffice.organisation.models import User

from .blobs import forget
from .models import Job

ALIVE_SECONDS, SILENT = 10, timedelta(seconds=60)
MOST_ATTEMPTS = 3
TOLD_SECONDS, PROGRESS_SECONDS = 1.0, 3600
NOTHING_DONE = "已取消，没有写入任何数据。"
GIVEN_UP = f"后台程序处理这项任务时中断了{MOST_ATTEMPTS}次，没有做完。请重试，仍不行请联系系统管理员。"
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
        if now - self.told_at < TOLD_SECONDS and done < total:
            return
        self.told_at = now
        _note(_progress(self.job.pk), (done, total), PROGRESS_SECONDS)
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled


def _progress(pk: object) -> str:
    return f"job:{pk}"


def _life(pk: object) -> str:
    return f"job:{pk}:alive"


def _note(key: str, value: object, seconds: int) -> None:
    """Put a word about a job into the cache. While that is down the work goes on; the next word tries again."""
    try:
        cache.set(key, value, seconds)
    except Exception:
        log.warning("%s could not be noted", key, exc_info=True)


def progress_of(job: Job) -> tuple[int, int]:
    """(done, total) of a job as its worker told last; while the cache is down what the job itself keeps."""
    try:
        told = cache.get(_progress(job.pk))
    except Exception:
        log.warning("the progress of job %s is not known", job.pk, exc_info=True)
        told = None
    return told or (job.done, job.total)


@contextmanager
def _giving_signs_of_life(job: Job) -> Iterator[None]:
    """While a job is done its worker says so, also through a long step of which there is no progress to tell."""
    done = threading.Event()

    def beat() -> None:
        while not done.is_set():
            _note(_life(job.pk), 1, int(SILENT.total_seconds()))
            done.wait(ALIVE_SECONDS)

    threading.Thread(target=beat, name=f"job {job.pk}", daemon=True).start()
    try:
        yield
    finally:
        done.set()


Handler = Callable[[Job, Progress], None]
_handlers: dict[str, Handler] = {}


def job_kind(kind: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def start_job(kind: str, *, owner: User, title: str, arguments: dict[str, Any], leads_to: str = "") -> Job:
    """Queue a job once the present transaction is committed. leads_to: the page of what it works on."""
    if kind not in _handlers:
        raise ValueError(f"no job of kind {kind}")
    job = Job.objects.create(
        kind=kind, owner=owner, title=title[:200], arguments=arguments, result_url=leads_to
    )
    # While the queue is down the job waits; `sweep_jobs` queues it later.
    transaction.on_commit(lambda: run_job.delay(str(job.pk)), robust=True)
    return job


@shared_task
def run_job(pk: str) -> None:
    """Do a waiting job; a job somebody else has taken, or that was cancelled, is left alone."""
    taken = Job.objects.filter(pk=pk, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, beat_at=timezone.now(), attempts=F("attempts") + 1
    )
    if not taken:
        return
    job = Job.objects.select_related("owner").get(pk=pk)
    try:
        if job.cancel_asked:
            raise Cancelled
        with _giving_signs_of_life(job):
            _handlers[job.kind](job, Progress(job))
    except Cancelled:
        _end(job, Job.State.CANCELLED, NOTHING_DONE)
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
    """Put back jobs whose worker died, but not for ever; queue those whose message was lost; forget results nobody
    fetched for long."""
    now = timezone.now()
    running = Job.objects.filter(state=Job.State.RUNNING, beat_at__lt=now - SILENT)
    dead = Job.objects.filter(
        pk__in=[pk for pk in running.values_list("pk", flat=True) if cache.get(_life(pk)) is None],
        state=Job.State.RUNNING,
    )
    dead.filter(attempts__gte=MOST_ATTEMPTS).update(state=Job.State.FAILED, message=GIVEN_UP, ended_at=now)
    dead.update(state=Job.State.WAITING)
    lost = Job.objects.filter(Q(beat_at__isnull=True) | Q(beat_at__lt=now - SILENT), state=Job.State.WAITING)
    for pk in lost.filter(created_at__lt=now - timedelta(seconds=30)).values_list("pk", flat=True):
        run_job.delay(str(pk))
    old = Job.objects.filter(
        ended_at__lt=now - timedelta(days=settings.FILES_KEPT_DAYS), result__isnull=False
    )
    blobs = list(old.values_list("result", flat=True))
    old.update(result=None)
    forget(blobs)


def cancel_job(job: Job) -> None:
    """Ask a job to stop; one that has not begun stops at once."""
    Job.objects.filter(pk=job.pk, state__in=(Job.State.WAITING, Job.State.RUNNING)).update(cancel_asked=True)
    Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(
        state=Job.State.CANCELLED, message=NOTHING_DONE, ended_at=timezone.now()
    )
