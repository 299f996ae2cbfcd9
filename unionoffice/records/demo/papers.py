"""Photos and signature sheets of the demo town, drawn: a few pictures, each attached to many records."""

import io
from collections.abc import Iterable
from random import Random

from django.db.models import Model
from PIL import Image, ImageDraw

from ..attachments import photo_blobs
from ..models import Attachment, Blob
from .town import DemoTown

INK, PAPER, RULE = "#24303f", "#fdfcf8", "#8c949e"
SKIES = ("#b9d7ea", "#cfe3d4", "#e8dcc8")
PICTURES = 3


def sheet(random: Random) -> bytes:
    """A ruled sheet with signatures scrawled into its last column."""
    image = Image.new("RGB", (900, 640), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((330, 36, 570, 62), fill=INK)
    for row in range(11):
        draw.line((60, 100 + row * 48, 840, 100 + row * 48), fill=RULE, width=2)
    for x in (60, 140, 340, 560, 840):
        draw.line((x, 100, x, 580), fill=RULE, width=2)
    for row in range(1, 10):
        y = 124 + row * 48
        draw.text((90, y - 6), str(row), fill=INK)
        points = [(600 + step * 18, y + random.randrange(-14, 14)) for step in range(random.randrange(6, 11))]
        draw.line(points, fill="#1d3f8a", width=4, joint="curve")
    return _encoded(image)


def scene(random: Random) -> bytes:
    """People in front of a hill."""
    image = Image.new("RGB", (1200, 900), random.choice(SKIES))
    draw = ImageDraw.Draw(image)
    draw.ellipse((-200, 420, 900, 1300), fill="#7d9f7a")
    draw.ellipse((500, 500, 1500, 1300), fill="#6b8e6e")
    for _ in range(random.randrange(6, 14)):
        x, y = random.randrange(120, 1080), random.randrange(600, 780)
        draw.ellipse((x - 22, y - 100, x + 22, y - 56), fill="#d9b48f")
        draw.rounded_rectangle(
            (x - 34, y - 54, x + 34, y + 60), 16, fill=random.choice(("#c8102e", "#28547d"))
        )
    return _encoded(image)


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


class Papers:
    """Attaches drawn pictures to stored records, some left without so that lists of what is lacking are not empty."""

    def __init__(self, town: DemoTown) -> None:
        self.town = town
        draws = {"sheet": sheet, "scene": scene}
        self.blobs: dict[str, list[tuple[Blob, Blob]]] = {
            name: [photo_blobs(draw(town.random)) for _ in range(PICTURES)] for name, draw in draws.items()
        }

    def attach(self, records: Iterable[Model], kind: str, name: str, picture: str, share: float) -> None:
        """Attach such a picture to this share of the records."""
        rows = []
        for record in records:
            if self.town.chance(share):
                blob, thumbnail = self.town.pick(self.blobs[picture])
                rows.append(
                    Attachment(
                        table=record._meta.db_table,
                        row=record.pk,
                        kind=kind,
                        name=f"{name}.jpg",
                        blob=blob,
                        thumbnail=thumbnail,
                        added_by=self.town.users.get("staff"),
                    )
                )
        Attachment.objects.bulk_create(rows, batch_size=1000)
