"""A kept document: its page by state, its file, its steps and settings."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from reports import document as word
from reports import finalising, pdf, revising
from reports.contradictions import between_totals
from reports.drafting import CannotDraft, prepare
from reports.forms import OrderForm, SettingsForm
from reports.handing_out import hand_out
from reports.jobs import ask_for_pdf
from reports.models import FinalPdf, Report
from reports.moves import moved_figures
from reports.outline_page import OutlinePage
from reports.reading import on_page
from reports.storing import restored
from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind

from .finding import for_draft, report_to_read, writer


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Start a draft of what the order form says."""
    user = writer(request)
    form = OrderForm(user, timezone.localdate(), data=request.POST)
    if not form.is_valid():
        raise Http404(form.errors.as_json())
    try:
        report = revising.start(form.order(), user=user)
    except CannotDraft as problem:
        messages.error(request, str(problem))
        return redirect("reports:index")
    return redirect(report)


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor of a draft for those who write; else the document with its state."""
    report = report_to_read(request, pk)
    may_write = access.may_write_documents(request.user)
    if report.is_draft and may_write:
        return render(request, "reports/editor.html", editor(report, request.user))
    context: dict[str, Any] = {
        "report": report,
        "may_write": may_write,
        "successor": report.successor,
        "can_make_pdf": bool(pdf.program()),
    }
    if report.is_final:
        context["pdf"] = FinalPdf.objects.filter(report=report).first()
        context |= on_page(restored(report.frozen["summary"]), request.user)
        context["moves"] = moved_figures(report)
        context["may_open_acts"] = access.may_read_all_history(request.user)
    else:
        found = prepare(report.order(timezone.localdate()))
        context |= on_page(found.summary, request.user) | {"contradictions": between_totals(found)}
    return render(request, "reports/document.html", context)


def editor(report: Report, user: User) -> dict[str, Any]:
    """What the editor shows: the outline and, beside it, the document as it reads."""
    found = prepare(report.order(timezone.localdate()), everything=True)
    return {
        "report": report,
        "parts": OutlinePage(found, user).parts(),
        "overrides": report.overrides.count(),
        "contradictions": between_totals(found),
        "can_make_pdf": bool(pdf.program()),
    } | on_page(found.summary, user)


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The Word file: of a final document the very bytes that were stored, else as it reads today."""
    report = report_to_read(request, pk)
    try:
        content = hand_out(report, user=request.user)
    except CannotDraft as problem:
        raise Http404(str(problem)) from problem
    name = f"{report}.docx" if report.is_final else f"{report}（{report.get_state_display()}）.docx"
    response = HttpResponse(content, content_type=word.MEDIA_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_GET
def pdf_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF of a final document, as it was stored; 404 where there is none."""
    report = report_to_read(request, pk)
    found = get_object_or_404(FinalPdf.objects.select_related("file"), report=report)
    response = HttpResponse(found.file.read(), content_type=pdf.MEDIA_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{report}.pdf")
    return response


@require_POST
def make_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the PDF and lead to the page of the job."""
    report = report_to_read(request, pk)
    if not pdf.program():
        raise Http404("LibreOffice is not installed")
    return redirect("records:job", pk=ask_for_pdf(report, user=request.user).pk)


STEPS = {"check": finalising.check, "reopen": finalising.reopen, "final": finalising.finalise}
DONE = {"check": "已核对，可以定稿。", "reopen": "已退回，可以修改。", "final": "已定稿，文件已封存。"}


@require_POST
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of the document's life; 404 for a step there is not."""
    user = writer(request)
    report = report_to_read(request, pk)
    try:
        if step == "version":
            report = finalising.new_version(report, user=user)
            messages.success(request, f"已起草第{report.version}版，原来的版本保持不变。")
        elif step in STEPS:
            STEPS[step](report, user=user)
            messages.success(request, DONE[step])
            if step == "final" and pdf.program():
                ask_for_pdf(report, user=user)
        else:
            raise Http404(f"no step {step}")
    except (finalising.NotNow, CannotDraft) as problem:
        messages.error(request, f"{problem}。")
    return redirect(report)


@for_draft
def settings(request: HttpRequest, report: Report) -> HttpResponse:
    """Title, numbering, signing day and own as-of days of a draft."""
    form = SettingsForm(report, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        with act(ActKind.CHANGE, user=request.user, summary=f"修改设置 {report}"):
            form.save()
        return redirect(report)
    return render(request, "reports/settings.html", {"report": report, "form": form})


@require_POST
@for_draft
def delete(request: HttpRequest, report: Report) -> HttpResponse:
    """A draft goes; it can be brought back from the history."""
    with act(ActKind.DELETE, user=request.user, summary=f"删除草稿 {report}"), transaction.atomic():
        report.texts.all().delete()
        report.overrides.all().delete()
        report.photos.all().delete()
        report.delete()
    messages.success(request, "草稿已删除，可以在操作记录里撤回。")
    return redirect("reports:index")
