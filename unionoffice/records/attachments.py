"""Files that belong to a record: judged by content, photos turned upright, shrunk and freed of their position."""

import io
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, F, Model, OuterRef
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageOps, UnidentifiedImageError

from unionoffice.organisation.models import User

from .blobs import store
from .cells import ONLY_FOR_HANDLERS
from .history import act
from .models import ActKind, Attachment, Blob
from .types import RecordType, registry

PHOTO_SIDE, THUMBNAIL_SIDE, QUALITY = 2000, 320, 82
MOST_PIXELS = 80_000_000
JPEG = "image/jpeg"
TOO_MANY_PIXELS = "图片像素过大，请缩小后再传。"
APPLE_PHOTOS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
EXIF_TAKEN_AT, EXIF_DETAILS = 0x9003, 0x8769
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
    data, name = upload.read(), upload.name or "附件"
    photo = _photo(data)
    if photo is None:
        content, content_type, thumbnail, taken_at = data, _document_type(data, name), None, None
    else:
        content, small, taken_at = photo
        content_type, thumbnail = JPEG, store(small, JPEG)
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
    content, small, _ = _photo(data)
    return store(content, JPEG), store(small, JPEG)


def shrunk(data: bytes, side: int) -> bytes:
    """A photo that is kept here, as a JPEG with no side longer than this."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        return _encode(image, side) if max(image.size) > side else data


def _photo(data: bytes) -> tuple[bytes, bytes, datetime | None] | None:
    """(photo, thumbnail, when it was taken), both re-encoded without any metadata; None for what is no image."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF", "BMP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise AttachmentRefused(TOO_MANY_PIXELS)
            taken_at = _taken_at(image)
            upright = _on_white(ImageOps.exif_transpose(image))
            return _encode(upright, PHOTO_SIDE), _encode(upright, THUMBNAIL_SIDE), taken_at
    except UnidentifiedImageError:
        return None
    except Image.DecompressionBombError as error:
        raise AttachmentRefused(TOO_MANY_PIXELS) from error
    except (OSError, ValueError) as error:
        raise AttachmentRefused("图片已损坏，无法读取。") from error


def _on_white(image: Image.Image) -> Image.Image:
    """The picture without transparency: a scanned signature is black on nothing."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(layered, mask=layered.getchannel("A"))
    return flat


def _encode(image: Image.Image, side: int) -> bytes:
    copy = image.copy()
    copy.thumbnail((side, side))
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _taken_at(image: Image.Image) -> datetime | None:
    text = image.getexif().get_ifd(EXIF_DETAILS).get(EXIF_TAKEN_AT)
    try:
        naive = datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return timezone.make_aware(naive)


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
