"""Photos, two to a page, each with what it shows under it."""

from collections.abc import Iterator
from io import BytesIO

from docx.oxml.shape import CT_Inline
from docx.parts.document import DocumentPart

from reports.summary import Photo

from . import blocks
from .layout import EMU_PER_TWIP, PICTURE_HEIGHT, TEXT_WIDTH
from .xml import Element, w

# Numbers of drawings are told apart within a document; charts have those from 100.
FIRST_DRAWING = 1000


def place(photo: Photo, content: bytes, number: int, document: DocumentPart) -> Iterator[Element]:
    """The paragraph that holds the photo and the one under it; its content is added to the document."""
    identity, image = document.get_or_add_image(BytesIO(content))
    scale = min(TEXT_WIDTH / image.px_width, PICTURE_HEIGHT / image.px_height) * EMU_PER_TWIP
    inline = CT_Inline.new_pic_inline(
        FIRST_DRAWING + number,
        identity,
        f"照片{number}.jpg",
        round(image.px_width * scale),
        round(image.px_height * scale),
    )
    inline.docPr.set("descr", photo.caption)
    yield blocks.paragraph("Picture", w("r", w("drawing", inline)))
    yield blocks.paragraph("PictureTitle", blocks.run(photo.caption))
