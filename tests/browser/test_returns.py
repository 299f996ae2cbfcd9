"""A clerk ties the cells of a superior's form by clicking and looks at what comes of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from reports.models import ReturnBinding
from tests.reports.returns.forms import workbook_form
from unionoffice.organisation.models import Union, User

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_form_is_tied_by_clicking_and_filled(
    staff: User, union: Union, open_page: Callable[..., Page], tmp_path: Path, phone: bool
) -> None:
    blank = tmp_path / "统计表.xlsx"
    blank.write_bytes(workbook_form())
    page = open_page("/returns/upload/", staff, phone=phone)

    page.locator("input[type=file]").set_input_files(blank)
    page.get_by_role("button", name="上传", exact=True).click()
    page.get_by_role("button", name="采用：基层工会数 · 本年取基层工会数").click()
    expect(page.locator("#cell-0-5-2")).to_have_class("pick bound")
    page.locator("#cell-0-8-2").click()
    page.get_by_label("找数据").fill("工会总数")
    page.locator(".facts-list li:visible button").click()
    expect(page.locator("#dialog")).not_to_be_visible()
    expect(page.locator("#cell-0-8-2")).to_have_text("工会总数")
    expect(page.locator("#cell-0-8-2")).to_be_focused()
    page.get_by_role("link", name="填写", exact=True).click()

    expect(page.locator(".grid a.filled")).to_have_text(["1", "1"])
    assert ReturnBinding.objects.count() == 2
