"""Files that belong to a record: judged by content, photos cleaned and shrunk by `pictures`."""

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, F, Model, OuterRef
from django.urls import reverse

from unionoffice.identity import without_numbers
from unionoffice.organisation.models import User

from . import pictures
from .blobs import store
from .cells import ONLY_FOR_HANDLERS
from .history import act
from .models import ActKind, Attachment, Blob
from .pictures import JPEG, PictureRefused
from .types import RecordType, registry

APPLE_PHOTOS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
# first bytes of what may be attached besides photos
DOCUMENTS = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"PK\x03\x04", "application/zip", (".docx", ".xlsx", ".pptx", ".wps", ".et", ".ofd")),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage", (".doc", ".xls", ".ppt", ".wps", ".et")),
)


class AttachmentRefused(Exception):
    """The file cannot be attached; the text says why."""


def attach(record: Model, upload: UploadedFile, kind: str, user: User, caption: str = "") -> Attachment:
    """Attach a file to a record as one act. Raises AttachmentRefused."""
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise AttachmentRefused(f"文件超过{settings.UPLOAD_MAX_BYTES // 1024 // 1024}MB，请压缩后再传。")
    if not upload.size:
        raise AttachmentRefused("文件是空的。")
    data, name = upload.read(), without_numbers(upload.name or "附件")
    try:
        picture = pictures.cleaned(data)
    except PictureRefused as refusal:
        raise AttachmentRefused(str(refusal)) from refusal
    if picture is None:
        content, content_type, thumbnail, taken_at = data, _document_type(data, name), None, None
    else:
        content, content_type, taken_at = picture.content, JPEG, picture.taken_at
        thumbnail = store(picture.thumbnail, JPEG)
        name = name if name.lower().endswith((".jpg", ".jpeg")) else f"{PurePath(name).stem}.jpg"
    with act(ActKind.CHANGE, user=user, summary=summary(record, kind)):
        return Attachment.objects.create(
            table=record._meta.db_table,
            row=record.pk,
            kind=kind,
            name=name[-200:],
            blob=store(content, content_type),
            thumbnail=thumbnail,
            caption=caption,
            taken_at=taken_at,
            added_by=user,
        )


def photo_blobs(data: bytes) -> tuple[Blob, Blob]:
    """A picture of our own making as it would be kept, and its thumbnail."""
    picture = pictures.cleaned(data)
    return store(picture.content, JPEG), store(picture.thumbnail, JPEG)


def _document_type(data: bytes, name: str) -> str:
    for start, content_type, endings in DOCUMENTS:
        if data.startswith(start) and name.lower().endswith(endings):
            return content_type
    if data[4:8] == b"ftyp" and data[8:12] in APPLE_PHOTOS:
        raise AttachmentRefused("HEIC照片请先转成JPG再传；苹果手机可在“设置—相机—格式”中选“兼容性最佳”。")
    raise AttachmentRefused("只能上传照片、PDF、Word、Excel、WPS 或 OFD 文件，内容须与扩展名一致。")


def labels_of(kind: RecordType | None) -> dict[str, str]:
    return {part.kind: part.label for part in kind.evidence} if kind else {}


def summary(record: Model, evidence: str) -> str:
    """What history says of a file put on or taken off. Not the file's name: acts are read by the whole office."""
    return f"{record} 附件 {labels_of(registry.of(type(record))).get(evidence, evidence)}"[:200]


def attachments_of(record: Model, kind: RecordType, may_delete: bool, opens: bool) -> list[dict[str, Any]]:
    """A record's files as its page shows them, newest first; of those that do not open only what they are."""
    labels = labels_of(kind)
    rows = Attachment.objects.filter(table=record._meta.db_table, row=record.pk).select_related("added_by")
    return [
        {
            "kind_label": labels.get(file.kind, file.kind),
            "name": file.name if opens else ONLY_FOR_HANDLERS,
            "size": file.size,
            "at": file.added_at,
            "who": file.added_by.name if file.added_by else "",
            "url": reverse("records:file", kwargs={"pk": file.pk}) if opens else "",
            "thumb_url": reverse("records:thumbnail", kwargs={"pk": file.pk})
            if opens and file.thumbnail_id
            else "",
            "delete_url": reverse("records:detach", kwargs={"pk": file.pk}) if may_delete else "",
        }
        for file in rows.annotate(size=F("blob__size")).order_by("-added_at")
    ]


def lacking(record: Model, kind: RecordType) -> list[str]:
    """Labels of the required kinds of evidence that the record does not have yet."""
    required = [part for part in kind.evidence if part.required]
    if not required:
        return []
    rows = Attachment.objects.filter(table=record._meta.db_table, row=record.pk)
    present = set(rows.values_list("kind", flat=True))
    return [part.label for part in required if part.kind not in present]


def having(model: type[Model], *kinds: str) -> Exists:
    """The condition that a row of this model has a file of one of these kinds."""
    rows = Attachment.objects.filter(table=model._meta.db_table, row=OuterRef("pk"))
    return Exists(rows.filter(kind__in=kinds))
