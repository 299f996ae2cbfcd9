"""Work in the background: it survives its worker, stops when its owner says so, and is its owner's only."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from members.models import Member, MembershipEvent
from tests.roster import ROWS, messy_roster
from unionoffice.organisation.models import Union, User
from unionoffice.records import jobs
from unionoffice.records.blobs import store
from unionoffice.records.importing import runs, tables
from unionoffice.records.jobs import JobFailed, Progress, cancel_job, job_kind, run_job, start_job, sweep_jobs
from unionoffice.records.models import Act, Attachment, Blob, Change, ImportRun, Job
from unionoffice.records.types import registry

GOOD = ROWS - 5
LONG_AGO = timedelta(hours=1)
# A worker that stands still in the middle of writing, until it is killed.
WORKER = """
import sys, time
import django
django.setup()
from unionoffice.celery import app
app.loader.import_default_modules()  # as a worker does when it starts
from unionoffice.records import jobs
from unionoffice.records.blobs import store

def stand_still(self, done, total):
    if done > total // 2:
        print("writing", flush=True)
        time.sleep(120)

jobs.Progress.__call__ = stand_still
jobs.run_job(sys.argv[1])
"""


@pytest.fixture(autouse=True)
def own_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def no_queue(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Messages to the queue, which nobody takes."""
    sent: list[str] = []
    monkeypatch.setattr(run_job, "delay", sent.append)
    return sent


@pytest.fixture
def run(staff: User, union: Union, login: Callable[[User], Client]) -> ImportRun:
    """A roster that was judged and waits to be written."""
    file = SimpleUploadedFile("花名册.xlsx", messy_roster(union))
    made = runs.upload(staff, registry["members"], file)
    runs.judge_run(made)
    return made


def killed_while_writing(job: Job) -> None:
    """A worker of its own takes the job and is killed by SIGKILL in the middle of writing."""
    settings = connection.settings_dict
    host = settings["HOST"] or "localhost"
    url = f"postgres://{settings['USER']}:{settings['PASSWORD']}@{host}:{settings['PORT'] or 5432}/{settings['NAME']}"
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(job.pk)],
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout.readline() == "writing\n", worker.stderr.read()
    finally:
        worker.kill()
        worker.communicate()


def silence(job: Job) -> None:
    """So much time passes without a word of the worker that it must be dead."""
    then = timezone.now() - LONG_AGO
    Job.objects.filter(pk=job.pk).update(created_at=then, beat_at=then)
    cache.clear()


def state(job: Job) -> tuple[str, str]:
    job.refresh_from_db()
    return job.state, job.message


@pytest.mark.django_db(transaction=True)
def test_import_whose_worker_is_killed_is_written_once_by_the_next(
    run: ImportRun, no_queue: list[str]
) -> None:
    job = runs.start_writing(run)
    changes = Change.objects.count()

    killed_while_writing(job)

    assert state(job)[0] == Job.State.RUNNING
    assert (Member.objects.count(), MembershipEvent.objects.count()) == (0, 0)
    assert (Change.objects.count(), Act.objects.filter(kind="import").count()) == (changes, 0)
    sweep_jobs()
    assert state(job)[0] == Job.State.RUNNING, "its worker may still be alive"

    silence(job)
    sweep_jobs()
    assert (state(job)[0], no_queue[1:]) == (Job.State.WAITING, [str(job.pk)])
    run_job(str(job.pk))
    run_job(str(job.pk))

    run.refresh_from_db()
    assert state(job) == (Job.State.DONE, "已导入。")
    assert (run.state, run.act.kind) == (ImportRun.State.WRITTEN, "import")
    assert Member.objects.count() == MembershipEvent.objects.count() == GOOD
    assert Act.objects.filter(kind="import").count() == 1


@pytest.mark.django_db
def test_job_that_kills_every_worker_is_given_up_and_said_so(
    run: ImportRun, no_queue: list[str], staff: User, login: Callable[[User], Client]
) -> None:
    job = runs.start_writing(run)
    for _ in range(jobs.MOST_ATTEMPTS):
        Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
        Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)
        silence(job)
        job.refresh_from_db()
        sweep_jobs()

    assert state(job) == (Job.State.FAILED, jobs.GIVEN_UP)
    desk, page = login(staff).get("/").content.decode(), login(staff).get(f"/jobs/{job.pk}/").content.decode()
    assert f"/jobs/{job.pk}/" in desk and "未完成" in desk
    assert jobs.GIVEN_UP in page
    assert f"/imports/{run.pk}/" in page, "the way back to the file"
    assert not Member.objects.exists()


@pytest.mark.django_db
def test_lost_message_is_sent_again_and_a_working_job_left_alone(run: ImportRun, no_queue: list[str]) -> None:
    waiting, working = runs.start_judging(run), runs.start_writing(run)
    Job.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - LONG_AGO)
    Job.objects.filter(pk=working.pk).update(state=Job.State.RUNNING, beat_at=timezone.now() - LONG_AGO)
    job = Job.objects.get(pk=working.pk)
    no_queue.clear()

    with jobs._giving_signs_of_life(job):
        until = timezone.now() + timedelta(seconds=5)
        while cache.get(jobs._life(job.pk)) is None:
            assert timezone.now() < until
        sweep_jobs()

    assert no_queue == [str(waiting.pk)]
    assert state(working)[0] == Job.State.RUNNING


@pytest.mark.django_db
def test_job_waits_while_the_queue_is_down(
    run: ImportRun,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    def refuse(pk: str) -> None:
        raise ConnectionError("the queue is down")

    monkeypatch.setattr(run_job, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = runs.start_writing(run)

    assert state(job)[0] == Job.State.WAITING


@pytest.mark.django_db
def test_import_cancelled_while_it_is_written_leaves_nothing(
    run: ImportRun, no_queue: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = runs.start_writing(run)
    told: list[int] = []
    tell = Progress.__call__

    def cancelled_in_the_middle(self: Progress, done: int, total: int) -> None:
        if done > total // 2 and not told:
            told.append(done)
            cancel_job(self.job)
        tell(self, done, total)

    monkeypatch.setattr(Progress, "__call__", cancelled_in_the_middle)
    monkeypatch.setattr(jobs, "TOLD_SECONDS", 0)
    monkeypatch.setattr(tables, "PER_COPY", 5)
    run_job(str(job.pk))

    assert ROWS < told[0] < 2 * ROWS
    assert state(job) == (Job.State.CANCELLED, jobs.NOTHING_DONE)
    run.refresh_from_db()
    assert (run.state, Member.objects.count()) == (ImportRun.State.JUDGED, 0)


@pytest.mark.django_db
def test_job_cancelled_before_it_began_never_begins(
    run: ImportRun, no_queue: list[str], staff: User, login: Callable[[User], Client]
) -> None:
    job = runs.start_writing(run)

    login(staff).post(f"/jobs/{job.pk}/cancel/")
    run_job(str(job.pk))

    assert state(job) == (Job.State.CANCELLED, jobs.NOTHING_DONE)
    assert not Member.objects.exists()


@pytest.mark.django_db
def test_job_is_its_owners_only(
    run: ImportRun, no_queue: list[str], staff: User, make_user: Callable[..., User], login: Any
) -> None:
    job = runs.start_writing(run)
    colleague = login(make_user("staff", None, "colleague"))
    pages = [f"/jobs/{job.pk}/", f"/jobs/{job.pk}/result/"]

    answers = [colleague.get(page).status_code for page in pages]
    answers.append(colleague.post(f"/jobs/{job.pk}/cancel/").status_code)
    run_job(str(job.pk))

    assert answers == [404, 404, 404]
    assert job.title not in colleague.get("/").content.decode()
    assert state(job)[0] == Job.State.DONE
    assert f"/jobs/{job.pk}/" in login(staff).get("/").content.decode()
    led = login(staff).get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
    assert led.headers["HX-Redirect"] == f"/imports/{run.pk}/"


@pytest.mark.django_db
def test_what_goes_wrong_is_told_without_its_insides(
    staff: User, no_queue: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(job: Job, progress: Progress) -> None:
        raise JobFailed("名册第3行以后读不下去。")

    def broken(job: Job, progress: Progress) -> None:
        raise ValueError("insides")

    monkeypatch.setattr(jobs, "_handlers", {})
    job_kind("refused")(refused)
    job_kind("broken")(broken)
    made = [start_job(kind, owner=staff, title=kind, arguments={}) for kind in ("refused", "broken")]
    for job in made:
        run_job(str(job.pk))

    assert state(made[0]) == (Job.State.FAILED, "名册第3行以后读不下去。")
    broken_state, told = state(made[1])
    assert broken_state == Job.State.FAILED
    assert "insides" not in told and "没有写入任何数据" in told


@pytest.mark.django_db
def test_file_whose_judging_failed_leads_to_a_new_upload_with_the_reason(
    staff: User, union: Union, no_queue: list[str], login: Callable[[User], Client]
) -> None:
    made = runs.upload(staff, registry["members"], SimpleUploadedFile("花名册.xlsx", messy_roster(union)))
    job = runs.start_judging(made)
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, message="文件已损坏")

    answer = login(staff).get(f"/imports/{made.pk}/", follow=True)

    assert answer.redirect_chain == [("/members/import/", 302)]
    assert "“花名册.xlsx”没有核对完：文件已损坏" in answer.content.decode()


@pytest.mark.django_db
def test_old_results_are_forgotten_but_for_those_still_used(
    staff: User, union: Union, no_queue: list[str]
) -> None:
    used, unused = store(b"in use", "text/plain"), store(b"of no use", "text/plain")
    Attachment.objects.create(table="x", row=1, kind="photo", name="x", blob=used, thumbnail=used)
    long_ago = timezone.now() - timedelta(days=2 * settings.FILES_KEPT_DAYS)
    for result in (used, unused):
        Job.objects.create(kind="export", owner=staff, title="导出", result=result, ended_at=long_ago)
    Attachment.objects.update(blob=store(b"the photo", "text/plain"))

    sweep_jobs()

    assert not Job.objects.filter(result__isnull=False).exists()
    assert {blob.read() for blob in Blob.objects.all()} == {b"in use", b"the photo"}


@pytest.mark.django_db
def test_work_goes_on_while_the_cache_is_down(
    run: ImportRun, no_queue: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*word: object) -> None:
        raise ConnectionError("the cache is down")

    job = runs.start_writing(run)
    monkeypatch.setattr(cache, "set", refuse)
    run_job(str(job.pk))

    assert state(job) == (Job.State.DONE, "已导入。")
    assert Member.objects.count() == GOOD
