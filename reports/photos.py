"""Photos of the period as a document's last attachment: which may be chosen, and which are."""

from dataclasses import dataclass

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.photos import RecordPhoto, photos

from .drafting import Order
from .models import Report, ReportPhoto
from .summary import Photo


@dataclass(frozen=True)
class Choice:
    """A photo somebody chose, and what shall stand under it."""

    file: int
    caption: str


def offered(order: Order, user: User) -> list[RecordPhoto]:
    """Photos of the records of the document's period and unions that the user may see."""
    return photos(order.period.start, order.period.end, _unions(order), user)


def photos_of(order: Order) -> tuple[Photo, ...]:
    """The chosen photos in their order; one whose file, record or right to be shown is gone since is left out."""
    if not order.photos:
        return ()
    files = [file for file, _ in order.photos]
    found = photos(order.period.start, order.period.end, _unions(order), among=files)
    digests = {photo.file.pk: photo.file.blob.sha256 for photo in found}
    return tuple(Photo(caption, digests[file]) for file, caption in order.photos if file in digests)


def choose(report: Report, choices: list[Choice], *, user: User) -> None:
    """Put these photos in place of those chosen before."""
    with act(ActKind.CHANGE, user=user, summary=f"选照片 {report}"):
        report.photos.all().delete()
        ReportPhoto.objects.bulk_create(
            ReportPhoto(report=report, file_id=choice.file, caption=choice.caption, position=place)
            for place, choice in enumerate(choices, 1)
        )


def _unions(order: Order) -> frozenset[int] | None:
    return access.subtree(order.union.pk) if order.union else None
