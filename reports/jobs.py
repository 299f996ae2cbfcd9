"""PDFs made in the background: of a draft or a page for whoever asked, of a final document once and for all."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records import blobs
from unionoffice.records.jobs import JobFailed, Progress, job_kind, start_job
from unionoffice.records.models import Job

from . import document, pdf
from .drafting import CannotDraft, Order, draft
from .forms import OrderForm
from .handing_out import hand_out
from .models import FinalPdf, Report
from .returns import batch  # noqa: F401

KIND = "report-pdf"
PAGE_KIND = "summary-pdf"


def ask_for_pdf(report: Report, *, user: User) -> Job:
    """Queue the PDF of a document as it stands now."""
    return start_job(
        KIND,
        owner=user,
        title=f"生成 PDF：{report}",
        arguments={"report": report.pk},
        leads_to=report.get_absolute_url(),
    )


@job_kind(KIND)
def make_pdf(job: Job, progress: Progress) -> None:
    """The PDF of the Word file, if its owner may still read the document."""
    report = access.rows(job.owner, Report).filter(pk=job.arguments["report"]).first()
    if report is None or not access.may_read_documents(job.owner):
        raise JobFailed("这份文件已经不在，或者您现在不能看它。")
    if report.is_final and FinalPdf.objects.filter(report=report).exists():
        job.message = "PDF 已经有了。"
        return
    with _told():
        content = pdf.convert(hand_out(report, user=job.owner), lambda: progress(0, 1))
    if report.is_final:
        _keep(report, content)
        job.message = "PDF 已与定稿一起封存。"
        return
    _hand_over(job, content, f"{report}（{report.get_state_display()}）.pdf")


def ask_for_pdf_of_page(order: Order, fields: dict[str, str], address: str, *, user: User) -> Job:
    """Queue the PDF of a document as its page reads; `fields` are those of the order form."""
    title = f"生成 PDF：{order.period.name}"
    return start_job(PAGE_KIND, owner=user, title=title, arguments={"fields": fields}, leads_to=address)


@job_kind(PAGE_KIND)
def make_pdf_of_page(job: Job, progress: Progress) -> None:
    """The PDF of a document that nobody keeps, of what its owner may read now."""
    form = OrderForm(job.owner, timezone.localdate(), data=job.arguments["fields"])
    if not access.may_read_documents(job.owner) or not form.is_valid():
        raise JobFailed("您现在不能看这份文件。")
    with _told():
        summary = draft(form.order())
        content = pdf.convert(document.write(summary), lambda: progress(0, 1))
    _hand_over(job, content, f"{summary.title}（草稿）.pdf")


@contextmanager
def _told() -> Iterator[None]:
    """What keeps a PDF from being made is told to the owner of the job."""
    try:
        yield
    except (pdf.CannotConvert, CannotDraft) as problem:
        raise JobFailed(f"{problem}。") from problem


def _hand_over(job: Job, content: bytes, name: str) -> None:
    job.result = blobs.store(content, pdf.MEDIA_TYPE)
    job.result_name = name
    job.result_url = reverse("records:job_result", kwargs={"pk": job.pk})


def _keep(report: Report, content: bytes) -> None:
    """The first PDF of a final document stays; the database refuses any other."""
    with transaction.atomic():
        Report.objects.held().get(pk=report.pk)
        if not FinalPdf.objects.filter(report=report).exists():
            file = blobs.store(content, pdf.MEDIA_TYPE)
            FinalPdf.objects.create(report=report, file=file, sha256=file.sha256)
