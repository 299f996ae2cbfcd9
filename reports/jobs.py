"""PDFs made in the background: of a draft for whoever asked, of a final document once and for all."""

from django.db import transaction
from django.urls import reverse

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records import blobs
from unionoffice.records.jobs import JobFailed, Progress, job_kind, start_job
from unionoffice.records.models import Job

from . import pdf
from .drafting import CannotDraft
from .handing_out import hand_out
from .models import FinalPdf, Report

KIND = "report-pdf"


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
    try:
        content = pdf.convert(hand_out(report, user=job.owner), lambda: progress(0, 1))
    except (pdf.CannotConvert, CannotDraft) as problem:
        raise JobFailed(f"{problem}。") from problem
    if report.is_final:
        _keep(report, content)
        job.message = "PDF 已与定稿一起封存。"
        return
    job.result = blobs.store(content, pdf.MEDIA_TYPE)
    job.result_name = f"{report}（{report.get_state_display()}）.pdf"
    job.result_url = reverse("records:job_result", kwargs={"pk": job.pk})


def _keep(report: Report, content: bytes) -> None:
    """The first PDF of a final document stays; the database refuses any other."""
    with transaction.atomic():
        Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if not FinalPdf.objects.filter(report=report).exists():
            file = blobs.store(content, pdf.MEDIA_TYPE)
            FinalPdf.objects.create(report=report, file=file, sha256=file.sha256)
