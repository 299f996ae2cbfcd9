"""PDFs beside the Word files: LibreOffice is run apart, killed when late; a final document keeps its first one.

A small program stands in for LibreOffice; where that is installed, it proves itself too."""

import hashlib
import stat
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psutil
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from activities.choices import Kind
from activities.models import Activity
from reports import pdf
from reports.finalising import check, finalise
from reports.handing_out import hand_out
from reports.jobs import ask_for_pdf
from reports.models import FinalPdf, Report
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Job

# The converted file says which file it came from, with which arguments and environment.
CONVERTS = """
for last; do :; done
{ echo "%PDF-1.7"; cat "$last"; echo "$@"; env; pwd; } > "${last%.docx}.pdf"
"""
FAILS = "exit 0"
STANDS_STILL = "sleep 300 & echo $! > {note}; wait"


@pytest.fixture
def stand_in(tmp_path: Path, settings: object) -> Callable[[str], Path]:
    """Puts a shell script in the place of LibreOffice."""

    def install(script: str) -> Path:
        program = tmp_path / "soffice"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        settings.SOFFICE = str(program)
        return program

    return install


@pytest.fixture
def report(union: Union, staff: User) -> Report:
    Activity.objects.create(union=union, title="健步走", kind=Kind.WALKING, starts_on="2024-03-05", came=40)
    return Report.objects.create(
        kind="summary",
        start=date(2024, 1, 1),
        end=date(2024, 12, 31),
        title="青溪镇总工会2024年度工作总结",
        created_by=staff,
        signed_on=date(2025, 1, 5),
    )


@pytest.fixture
def final(report: Report, staff: User) -> Report:
    check(report, user=staff)
    return finalise(report, user=staff)


def nothing() -> None:
    """Goes on."""


def run(report: Report, user: User, commit: DjangoCaptureOnCommitCallbacks) -> Job:
    with commit(execute=True):
        job = ask_for_pdf(report, user=user)
    job.refresh_from_db()
    return job


def ends(pid: int) -> bool:
    """Whether the process is gone, or soon: a kill takes its moment."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def test_converts_in_a_folder_of_its_own_and_leaves_nothing(stand_in: Callable, tmp_path: Path) -> None:
    stand_in(CONVERTS)
    made = pdf.convert(b"words", nothing)
    told = made.decode().splitlines()
    folder = Path(told[-1])

    assert told[:2] == [
        "%PDF-1.7",
        f"words-env:UserInstallation=file://{folder}/profile --headless --norestore "
        f"--nolockcheck --convert-to pdf:writer_pdf_Export --outdir {folder} {folder}/document.docx",
    ]
    assert f"HOME={folder}" in told
    assert not any(line.startswith(("SECRET_KEY", "DATA_KEY", "DATABASE_URL")) for line in told)
    assert not folder.exists()


def test_a_late_conversion_is_killed_with_all_it_started(stand_in: Callable, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    stand_in(STANDS_STILL.format(note=note))
    began = time.monotonic()

    with pytest.raises(pdf.CannotConvert, match="超过1秒没有完成"):
        pdf.convert(b"words", nothing, seconds=1)
    assert time.monotonic() - began < 10
    assert ends(int(note.read_text()))


def test_who_waits_may_end_the_conversion(stand_in: Callable, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    stand_in(STANDS_STILL.format(note=note))

    def stop() -> None:
        if note.exists() and note.read_text().strip():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pdf.convert(b"words", stop, seconds=30)
    assert ends(int(note.read_text()))


@pytest.mark.parametrize("script", [FAILS, 'for last; do :; done; echo no > "${last%.docx}.pdf"'])
def test_what_is_no_pdf_is_told(stand_in: Callable, script: str) -> None:
    stand_in(script)

    with pytest.raises(pdf.CannotConvert, match="没有生成 PDF"):
        pdf.convert(b"words", nothing)


def test_without_libreoffice_there_is_no_pdf(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "APPLICATION", Path("/nowhere/soffice"))
    monkeypatch.setenv("PATH", "/nowhere")
    settings.SOFFICE = ""

    assert pdf.program() == ""
    with pytest.raises(pdf.CannotConvert, match="没有装 LibreOffice"):
        pdf.convert(b"words", nothing)
    settings.SOFFICE = "/nowhere/soffice"
    assert pdf.program() == ""


def test_a_draft_has_its_pdf_as_the_result_of_the_job(
    report: Report,
    staff: User,
    stand_in: Callable,
    login: Callable[[User], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    stand_in(CONVERTS)
    job = run(report, staff, django_capture_on_commit_callbacks)
    client = login(staff)
    page = client.get(f"/jobs/{job.pk}/").context["job"]
    file = client.get(page["result_url"])

    assert (job.state, page["result_label"]) == (Job.State.DONE, "下载 PDF")
    assert job.result_name == "青溪镇总工会2024年度工作总结（草稿）.pdf"
    assert file["Content-Type"] == "application/pdf"
    assert hand_out(report, user=staff) in file.content
    assert FinalPdf.objects.count() == 0


def test_a_final_document_keeps_its_first_pdf(
    final: Report,
    staff: User,
    stand_in: Callable,
    login: Callable[[User], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    stand_in(CONVERTS)
    job = run(final, staff, django_capture_on_commit_callbacks)
    kept = FinalPdf.objects.get(report=final)
    again = run(final, staff, django_capture_on_commit_callbacks)
    file = login(staff).get(f"/reports/drafts/{final.pk}/document.pdf")

    assert (job.state, job.result, job.result_url) == (Job.State.DONE, None, final.get_absolute_url())
    assert again.message == "PDF 已经有了。"
    assert FinalPdf.objects.get(report=final).made_at == kept.made_at
    assert kept.sha256 == hashlib.sha256(file.content).hexdigest()
    assert final.file.read() in file.content


@pytest.mark.parametrize(
    "statement",
    [
        "update reports_finalpdf set sha256 = 'x' where report_id = {report}",
        "delete from reports_finalpdf where report_id = {report}",
        "update records_blob set data = 'x' where id = {file}",
        "delete from records_blob where id = {file}",
        "update records_blob set data = 'x' where id = {word}",
    ],
)
def test_the_database_refuses_to_touch_the_pdf_of_a_final_document(
    final: Report,
    staff: User,
    stand_in: Callable,
    statement: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    stand_in(CONVERTS)
    run(final, staff, django_capture_on_commit_callbacks)
    file = FinalPdf.objects.get(report=final).file_id

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(report=final.pk, file=file, word=final.file_id))


def test_a_draft_can_keep_no_pdf(report: Report, final: Report, staff: User) -> None:
    draft = Report.objects.create(
        kind="summary", start="2024-01-01", end="2024-12-31", title="草稿", created_by=staff
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        FinalPdf.objects.create(report=draft, file=final.file, sha256="x")


def test_finalising_makes_the_pdf(
    report: Report,
    staff: User,
    stand_in: Callable,
    login: Callable[[User], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    stand_in(CONVERTS)
    check(report, user=staff)
    client = login(staff)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/reports/drafts/{report.pk}/final/")
    page = client.get(f"/reports/drafts/{report.pk}/").content.decode()

    assert f"/reports/drafts/{report.pk}/document.pdf" in page
    assert FinalPdf.objects.get(report=report).sha256 in page
    assert "生成 PDF" not in page


def test_without_libreoffice_there_is_no_button_and_no_job(
    report: Report, staff: User, settings: object, login: Callable[[User], Client]
) -> None:
    settings.SOFFICE = "/nowhere/soffice"
    client = login(staff)
    editor = client.get(f"/reports/drafts/{report.pk}/").content.decode()
    check(report, user=staff)
    checked = client.get(f"/reports/drafts/{report.pk}/").content.decode()
    client.post(f"/reports/drafts/{report.pk}/final/")
    final = client.get(f"/reports/drafts/{report.pk}/").content.decode()

    assert [page.count("PDF") for page in (editor, checked, final)] == [0, 0, 0]
    assert client.post(f"/reports/drafts/{report.pk}/pdf/").status_code == 404
    assert client.get(f"/reports/drafts/{report.pk}/document.pdf").status_code == 404
    assert Job.objects.count() == 0


def test_with_libreoffice_the_button_leads_to_the_job(
    report: Report,
    staff: User,
    stand_in: Callable,
    login: Callable[[User], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    stand_in(FAILS)
    client = login(staff)
    page = client.get(f"/reports/drafts/{report.pk}/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/reports/drafts/{report.pk}/pdf/")
    job = Job.objects.get()

    assert f'action="/reports/drafts/{report.pk}/pdf/"' in page
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert (job.state, job.message) == (
        Job.State.FAILED,
        "LibreOffice 没有生成 PDF，请下载 Word 后自行另存。",
    )
    assert client.get(answer["Location"]).context["job"]["retry_url"] == report.get_absolute_url()


def test_a_chair_gets_the_pdf_of_the_own_page(
    report: Report,
    other_union: Union,
    chair: User,
    stand_in: Callable,
    login: Callable[[User], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    stand_in(CONVERTS)
    client = login(chair)
    page = client.get("/reports/2024/?span=half1").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/reports/2024/pdf/", {"span": "half1", "csrfmiddlewaretoken": "x"})
    job = Job.objects.get()
    word = client.get("/reports/2024/document.docx?span=half1").content

    assert 'action="/reports/2024/pdf/"' in page
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert (job.state, job.result_name) == (
        Job.State.DONE,
        "宏达机械有限公司工会委员会2024年上半年工作总结（草稿）.pdf",
    )
    assert word in job.result.read()
    assert client.post("/reports/2024/pdf/", {"union": other_union.pk}).status_code == 404
    assert Job.objects.count() == 1


def test_a_chair_gets_no_pdf_of_the_town(
    final: Report,
    chair: User,
    staff: User,
    make_user: Callable,
    stand_in: Callable,
    login: Callable,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    stand_in(CONVERTS)
    run(final, staff, django_capture_on_commit_callbacks)
    address = f"/reports/drafts/{final.pk}/document.pdf"

    assert login(chair).get(address).status_code == 404
    assert login(chair).post(f"/reports/drafts/{final.pk}/pdf/").status_code == 404
    assert login(make_user(Role.LEADER)).get(address).status_code == 200
    assert login(make_user(Role.MEDIATOR)).get(address).status_code == 403
    assert run(final, chair, django_capture_on_commit_callbacks).state == Job.State.FAILED


@pytest.mark.parametrize("program", ["stand-in", *filter(None, [pdf.program()])])
def test_the_word_file_becomes_a_pdf(
    final: Report, stand_in: Callable, settings: object, program: str
) -> None:
    stand_in(CONVERTS)
    if program != "stand-in":
        settings.SOFFICE = program

    assert pdf.convert(final.file.read(), nothing).startswith(b"%PDF-")
