"""A document with the attachments its order asks for beside the list of figures."""

from dataclasses import replace

from unionoffice.records.models import Blob
from unionoffice.records.pictures import shrunk

from .charts import charts_of
from .drafting import Draft
from .photos import photos_of
from .summary import Summary
from .tables import tables_of

# A third more than the finest printer shows of a picture as wide as two on a page are.
PICTURE_SIDE = 1400


def with_attachments(draft: Draft) -> Summary:
    """The text with tables, charts and photos; one that has nothing to show is left out."""
    return replace(
        draft.summary,
        tables=tables_of(draft),
        charts=charts_of(draft),
        photos=photos_of(draft.order),
    )


def pictures(summary: Summary) -> dict[str, bytes]:
    """The photos of a document by digest, as large as paper needs them."""
    blobs = Blob.objects.filter(sha256__in={photo.sha256 for photo in summary.photos})
    return {blob.sha256: shrunk(blob.read(), PICTURE_SIDE) for blob in blobs}
