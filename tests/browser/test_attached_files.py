"""An attached file opens where people look at it: on the record's page, in the browser."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from playwright.sync_api import Page

from tests.welfare.samples import visit
from unionoffice.organisation.models import Union, User
from unionoffice.records.attachments import attach

pytestmark = pytest.mark.browser
GREEN = (0, 160, 60)


def pdf() -> bytes:
    """A page that is green from edge to edge."""
    out = io.BytesIO()
    Image.new("RGB", (600, 800), GREEN).save(out, "PDF")
    return out.getvalue()


def green_share(page: Page) -> float:
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        colours = shot.convert("RGB").getcolors(shot.width * shot.height)
        green = sum(n for n, c in colours if all(abs(x - y) < 30 for x, y in zip(c, GREEN, strict=True)))
        return green / (shot.width * shot.height)


def test_attached_pdf_opens_in_the_browser(staff: User, union: Union, open_page: Callable[..., Page]) -> None:
    record = visit(union)
    attach(record, SimpleUploadedFile("签领表.pdf", pdf()), "signature", staff)
    page = open_page(f"/care-visits/{record.pk}/", staff)

    page.goto(page.get_by_role("link", name="签领表.pdf").get_attribute("href"))

    for _ in range(50):
        if green_share(page) > 0.2:
            break
        page.wait_for_timeout(200)
    assert green_share(page) > 0.2
