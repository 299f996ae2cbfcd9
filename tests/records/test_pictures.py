"""Pictures from outside cost a bounded memory, however many pixels a small file claims."""

import io
import subprocess
import sys
import threading
import time

import pytest
from PIL import Image

from unionoffice.records import pictures
from unionoffice.records.pictures import PictureRefused, cleaned

# In a process of its own: how many MB a file costs at the most, and what came of it.
COST = """
import resource, sys
from django.conf import settings
settings.configure(USE_TZ=True, TIME_ZONE="Asia/Shanghai")
from unionoffice.records import pictures
content = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    pictures.cleaned(content)
    outcome = "kept"
except pictures.PictureRefused:
    outcome = "refused"
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, outcome)
"""


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def plain(width: int, height: int, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (width, height), "white" if mode == "RGB" else 0)


def a_colour_at_a_time(width: int, height: int) -> bytes:
    """The head of a JPEG whose colours come in scans of their own, which is held whole while it is decoded."""
    size = height.to_bytes(2) + width.to_bytes(2)
    frame = b"\xff\xc0\x00\x11\x08" + size + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    return b"\xff\xd8" + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + bytes(50)


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (encoded(plain(9_000, 9_000), quality=30), "kept"),
        (encoded(plain(5_001, 5_000, "P"), "PNG"), "refused"),
        (encoded(plain(5_001, 5_000), "WEBP"), "refused"),
        (encoded(plain(5_001, 5_000), progressive=True), "refused"),
        (a_colour_at_a_time(9_000, 9_000), "refused"),
        (encoded(plain(5_000, 5_000, "P"), "PNG", transparency=0), "kept"),
    ],
    ids=["large-jpeg", "png", "webp", "progressive", "colour-at-a-time", "transparent"],
)
def test_picture_costs_a_bounded_memory(content: bytes, outcome: str) -> None:
    done = subprocess.run([sys.executable, "-c", COST], input=content, capture_output=True, check=True)

    cost, came = done.stdout.split()
    assert (int(cost) < 450, came.decode()) == (True, outcome)


def test_large_photo_keeps_its_look_and_its_side() -> None:
    image = plain(8_000, 6_000)
    image.paste((200, 16, 46), (0, 0, 4_000, 6_000))
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = 6

    kept = Image.open(io.BytesIO(cleaned(encoded(image, exif=exif)).content))

    assert kept.size == (1500, 2000)
    assert kept.getpixel((700, 100))[1] < 60 and kept.getpixel((700, 1900)) == (255, 255, 255)


def test_one_picture_is_decoded_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    present, most = [], []
    small = pictures._small

    def watched(image: Image.Image) -> Image.Image:
        present.append(image)
        most.append(len(present))
        time.sleep(0.02)
        present.pop()
        return small(image)

    monkeypatch.setattr(pictures, "_small", watched)
    content = encoded(plain(40, 30))
    threads = [threading.Thread(target=cleaned, args=(content,)) for _ in range(5)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1] * 5


def test_remarks_written_into_a_photo_are_not_kept() -> None:
    picture = cleaned(encoded(plain(60, 40), comment="Zhang at 29.28N 121.42E"))

    assert b"Zhang" not in picture.content + picture.thumbnail


def test_mangled_notes_of_a_camera_spoil_no_photo() -> None:
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = 6
    content = bytearray(encoded(plain(60, 40), exif=exif))
    place = content.index(b"Exif\0\0") + 6
    content[place : place + 8] = b"\xff" * 8

    assert Image.open(io.BytesIO(cleaned(bytes(content)).content)).size == (60, 40)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_damaged_picture_is_refused_in_one_line(form: str) -> None:
    whole = encoded(Image.effect_noise((90, 60), 80).convert("RGB"), form)
    for length in range(len(whole) // 3, len(whole) - 12, len(whole) // 7):
        try:
            cleaned(whole[:length])
        except PictureRefused as refusal:
            assert "\n" not in str(refusal)
