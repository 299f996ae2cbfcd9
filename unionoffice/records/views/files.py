"""Attached files: put on, served and taken off, always after the access check of their record."""

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from unionoffice.organisation import access

from ..attachments import AttachmentRefused, attach, summary
from ..history import act, tracked_models
from ..models import ActKind, Attachment, Blob
from ..types import RecordType, registry
from .page import RecordPage

PDF = "application/pdf"
INLINE = ("image/jpeg", PDF)
ALONE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# A browser shows a PDF in a sandbox of its own; the browsers of many offices show none at all inside ours.
POLICIES = {PDF: f"{ALONE}; object-src 'self'"}


class AttachPage(RecordPage):
    needs = access.CHANGE

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        record = self.record()
        kinds = {part.kind for part in self.kind.evidence}
        kind = request.POST.get("kind", "")
        if kind not in kinds:
            raise Http404(f"{slug} has no evidence of kind {kind}")
        place = "#attachments"
        for upload in request.FILES.getlist("files"):
            try:
                attach(record, upload, kind, self.user)
            except AttachmentRefused as refusal:
                messages.error(request, f"{upload.name}：{refusal}")
                place = ""  # the reason stands at the top of the page
            else:
                messages.success(request, f"已上传{upload.name}。")
        return redirect(self.kind.url("record", pk) + place)


def _record_of(request: HttpRequest, file: Attachment, action: str) -> tuple[RecordType, Model]:
    """The record a file belongs to, if the user may see it with its files: a foreign one is 404, a forbidden action 403."""
    model = next((m for m in tracked_models() if m._meta.db_table == file.table), None)
    kind = registry.of(model) if model else None
    if kind is None:
        raise Http404("the record type of this file is gone")
    rows = kind.rows(request.user).filter(pk=file.row)
    record = get_object_or_404(rows)
    access.demand(request.user, action, kind)
    if kind.veils(request.user, record.pk):
        raise PermissionDenied(f"file {file.pk} is only for those who handle the case")
    if action in access.WRITING and not access.kept(request.user, rows).exists():
        raise PermissionDenied(f"{request.user.username} sees file {file.pk} but may not change it")
    return kind, record


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Attachment.objects.select_related("blob"), pk=pk)
    _record_of(request, found, access.VIEW)
    return serve(found.blob, found.name)


@require_GET
def thumbnail(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Attachment.objects.select_related("thumbnail"), pk=pk, thumbnail__isnull=False)
    _record_of(request, found, access.VIEW)
    return serve(found.thumbnail, found.name)


@require_POST
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Attachment, pk=pk)
    kind, record = _record_of(request, found, access.CHANGE)
    with act(ActKind.DELETE, user=request.user, summary=summary(record, found.kind)):
        found.delete()
    messages.success(request, f"已删除{found.name}，可以在变更记录里找回。")
    return redirect(kind.url("record", record.pk) + "#attachments")


def serve(blob: Blob, name: str) -> HttpResponse:
    """A file as an answer that no browser runs."""
    return attachment(blob.read(), name, blob.content_type)


def attachment(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file as an answer: shown where that is safe, else saved under its name."""
    response = HttpResponse(content, content_type=content_type)
    how = "inline" if content_type in INLINE else "attachment"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICIES.get(content_type, f"{ALONE}; sandbox")
    return response
