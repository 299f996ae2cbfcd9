"""An edited Word file comes back: what was changed in it, and taking its wording over."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from reports import document as word
from reports import returned, revising
from reports.drafting import CannotDraft, prepare
from reports.handing_out import given
from reports.models import Report, ReturnedCopy
from reports.returned import WordingChange
from reports.spoken import to_spoken
from unionoffice.organisation import access
from unionoffice.records import blobs
from unionoffice.records.history import act
from unionoffice.records.models import ActKind

from .finding import for_draft, report_to_read, writer


class UploadForm(forms.Form):
    file = forms.FileField(label="改过的 Word 文件", widget=forms.FileInput(attrs={"accept": ".docx"}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(".docx"):
            raise forms.ValidationError("请上传 .docx 文件；.doc 或 .wps 请先另存为 .docx")
        return file


def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an edited file in; what cannot be read is told beside the field."""
    user = writer(request)
    report = report_to_read(request, pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            copy, _ = given(report, returned.read(content).keywords)
        except (CannotDraft, ValueError) as problem:
            form.add_error("file", str(problem))
        else:
            came = ReturnedCopy.objects.create(
                report=report,
                copy=copy,
                name=file.name[:200],
                file=blobs.store(content, word.MEDIA_TYPE),
                returned_by=user,
            )
            return redirect("reports:returned", pk=report.pk, copy=came.pk)
    return render(request, "reports/upload.html", {"report": report, "form": form})


@require_GET
def show(request: HttpRequest, pk: int, copy: int) -> HttpResponse:
    """What the edited file says otherwise."""
    report = report_to_read(request, pk)
    came = get_object_or_404(ReturnedCopy, report=report, pk=copy)
    found = returned.read(came.file.read())
    _, before = given(report, found.keywords)
    now = prepare(report.order(timezone.localdate())).summary
    changes = returned.wording_changes(before, found)
    context = {
        "report": report,
        "came": came,
        "figures": returned.figure_changes(before, found, now),
        "repeats": returned.repeats(before, found),
        "changes": [(number, change, to_spoken(change.after)) for number, change in enumerate(changes)],
        "may_take": report.is_draft and access.may_write_documents(request.user),
    }
    return render(request, "reports/returned.html", context)


@require_POST
@for_draft
def take_over(request: HttpRequest, report: Report, copy: int) -> HttpResponse:
    """The ticked wording changes become the draft's."""
    came = get_object_or_404(ReturnedCopy, report=report, pk=copy)
    found = returned.read(came.file.read())
    _, before = given(report, found.keywords)
    changes = returned.wording_changes(before, found)
    ticked = {int(number) for number in request.POST.getlist("change") if number.isdecimal()}
    if not ticked <= set(range(len(changes))):
        raise Http404("no such change")
    with act(ActKind.CHANGE, user=request.user, summary=f"采用改过的文字 {report}"):
        behind: dict[tuple[str, str], str] = {}  # the last sentence taken over there
        for number in sorted(ticked):
            _take(request, report, changes[number], behind)
    if ticked:
        messages.success(request, f"已采用{len(ticked)}处文字改动，请看右边的全文。")
    return redirect(report)


def _take(
    request: HttpRequest, report: Report, change: WordingChange, behind: dict[tuple[str, str], str]
) -> None:
    edit = report.order(timezone.localdate()).edits.of(change.level, change.key)
    match change.kind:
        case "added":
            place = (change.section, change.behind)
            after = behind.get(place, change.behind)
            behind[place] = revising.add_sentence(
                report, change.section, change.after, user=request.user, behind=after, starts=change.starts
            )
        case "parted" | "joined":
            revising.begin_paragraph(report, change.key, change.kind == "parted", user=request.user)
        case "left_out":
            revising.change(report, replace(edit, is_included=False), user=request.user)
        case "changed":
            variant = edit.variant if edit.text else revising.variant_written(report, change.key)
            text = replace(edit, text=change.after, variant=variant if change.level == "sentence" else 0)
            revising.change(report, text, user=request.user)
