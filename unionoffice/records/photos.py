"""Photos of records that may stand in a document: of types that say so, never of rows that tell of illness or children."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from unionoffice.organisation import access
from unionoffice.organisation.models import User

from .models import Attachment
from .pictures import JPEG
from .types import RecordType, registry


@dataclass(frozen=True)
class RecordPhoto:
    """A photo with the record it belongs to; `day` is when that happened, `caption` what the photo shows."""

    file: Attachment
    kind: RecordType
    record: Any
    day: date
    caption: str


def photos(
    start: date,
    end: date,
    unions: frozenset[int] | None,
    user: User | None = None,
    among: Collection[int] | None = None,
) -> list[RecordPhoto]:
    """Photos of what happened in the period, both days included, earliest first; of certain files or all.

    With a user only of records the user may see. What `discreet` names is left out for everybody: a document goes
    further than the case."""
    found = [
        photo
        for kind in registry
        if kind.pictured and (user is None or access.may(user, access.VIEW, kind))
        for photo in _of(kind, _rows(kind, start, end, unions, user), among)
    ]
    return sorted(found, key=lambda photo: (photo.day, photo.file.pk))


def _rows(
    kind: RecordType, start: date, end: date, unions: frozenset[int] | None, user: User | None
) -> QuerySet:
    assert kind.pictured is not None
    rows = kind.rows(user) if user else kind.model.objects.all()
    rows = rows.within(unions).filter(kind.pictured.where, **{f"{kind.pictured.day}__range": (start, end)})
    return rows if kind.discreet is None else rows.exclude(kind.discreet)


def _of(kind: RecordType, rows: QuerySet, among: Collection[int] | None) -> Iterator[RecordPhoto]:
    assert kind.pictured is not None
    files = Attachment.objects.filter(
        table=kind.model._meta.db_table,
        row__in=rows.order_by().values("pk"),
        kind=kind.pictured.evidence,
        blob__content_type=JPEG,
        thumbnail__isnull=False,
    )
    if among is not None:
        files = files.filter(pk__in=among)
    found = list(files.select_related("blob").defer("blob__data"))
    records = kind.model.objects.select_related("union").in_bulk({file.row for file in found})
    for file in found:
        record = records[file.row]
        day = getattr(record, kind.pictured.day)
        where = record.union.short_name or record.union.name
        caption = f"{kind.pictured.subject(record)}（{where}，{day.year}年{day.month}月{day.day}日）"
        yield RecordPhoto(file, kind, record, day, caption)
