"""Pictures from outside: turned upright, shrunk and freed of everything but what one sees, within a limit of memory."""

import io
import threading
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from PIL import Image, UnidentifiedImageError
from PIL.Image import Transpose

JPEG = "image/jpeg"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
PHOTO_SIDE, THUMBNAIL_SIDE, QUALITY = 2000, 320, 82
# Held at once: some 100 MB, and as much again while it is made smaller.
MOST_PIXELS = 25_000_000
# A JPEG is read through even where an eighth of it is kept: phones take 200 million, and 400 take two seconds.
MOST_JPEG_PIXELS = 400_000_000
TOO_MANY_PIXELS = "图片像素过大，请缩小后再传。"
DAMAGED = "图片已损坏，无法读取。"
ORIENTATION, DETAILS, TAKEN_AT = 0x0112, 0x8769, 0x9003
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
# Pillow refuses twice this many while it opens a file.
Image.MAX_IMAGE_PIXELS = MOST_JPEG_PIXELS // 2
# One at a time in a process, whatever its threads are asked for.
_decoding = threading.Lock()


class PictureRefused(Exception):
    """The picture cannot be kept; the text is one Chinese line."""


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept, and its thumbnail: JPEGs without any metadata. taken_at: what its maker noted."""

    content: bytes
    thumbnail: bytes
    taken_at: datetime | None


def cleaned(data: bytes) -> Picture | None:
    """The picture in a file; None for what is no image. Raises PictureRefused."""
    with _decoding:
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                _demand_room(image, data)
                image.load()
                turn, taken_at = _noted(image)
                small = _small(image)
        except UnidentifiedImageError:
            return None
        except PictureRefused:
            raise
        except Image.DecompressionBombError as error:
            raise PictureRefused(TOO_MANY_PIXELS) from error
        # Whatever a mangled file makes the decoders say.
        except Exception as error:
            raise PictureRefused(DAMAGED) from error
        upright = small.transpose(turn) if turn else small
        return Picture(_encoded(upright, PHOTO_SIDE), _encoded(upright, THUMBNAIL_SIDE), taken_at)


def shrunk(data: bytes, side: int) -> bytes:
    """A photo that is kept here, as a JPEG with no side longer than this."""
    with _decoding, Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        return _encoded(image, side) if max(image.size) > side else data


def _demand_room(image: Image.Image, data: bytes) -> None:
    """Lets a large JPEG be decoded at a half, a quarter or an eighth; refuses what is too large even so."""
    if image.format == "JPEG" and not _is_held_whole(data):
        scale = max(image.size) / (2 * PHOTO_SIDE)
        if scale > 1:
            image.draft(None, (image.width / scale, image.height / scale))
    if image.width * image.height > MOST_PIXELS:
        raise PictureRefused(TOO_MANY_PIXELS)


def _is_held_whole(data: bytes) -> bool:
    """Whether a JPEG comes in several scans, progressive or a colour at a time: these are all held until the last one,
    at whatever scale it is decoded (ITU T.81, B.1 and B.2)."""
    place, colours = 2, 0
    while place + 10 <= len(data):
        if data[place] != 0xFF or data[place + 1] == 0xFF:
            place += 1
            continue
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if marker == 0xDA:
            return data[place + 4] < colours
        if marker in (0xC0, 0xC1, 0xC9):
            colours = data[place + 9]
        elif 0xC2 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return True
        place += 2 if 0xD0 <= marker <= 0xD8 or marker == 0x01 else 2 + length
    return True


def _noted(image: Image.Image) -> tuple[Transpose | None, datetime | None]:
    """(how to turn it, when it was taken), as the camera wrote; mangled notes spoil no picture."""
    turn = None
    try:
        notes = image.getexif()
        turn = TURNS.get(notes.get(ORIENTATION))
        text = notes.get_ifd(DETAILS).get(TAKEN_AT)
        return turn, timezone.make_aware(datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S"))
    except Exception:
        return turn, None


def _small(image: Image.Image) -> Image.Image:
    """The picture as large as it is kept, on white: a scanned signature is black on nothing."""
    if image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
    elif image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    image.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return flat


def _encoded(image: Image.Image, side: int) -> bytes:
    copy = image.copy()
    copy.thumbnail((side, side))
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
