"""Staff imports a messy roster in a browser: repairs a cell, takes the refused rows back, writes, and takes it all back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from members.models import Member
from tests.roster import ROWS, messy_roster
from unionoffice.organisation.models import Union, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_messy_roster_goes_in_and_comes_out(
    open_page: Callable[..., Page], staff: User, union: Union, tmp_path: Path
) -> None:
    roster = tmp_path / "花名册.xlsx"
    roster.write_bytes(messy_roster(union))
    page = open_page("/members/import/", staff)

    page.set_input_files("input[type=file]", roster)
    page.click("text=开始核对")
    counts = page.locator("#import-counts")
    expect(counts).to_contain_text("5拒收")
    page.locator("tbody:has-text('姓名不能为空') input[aria-label*='姓名']").fill("李建国")
    page.keyboard.press("Tab")
    expect(counts).to_contain_text("4拒收")
    with page.expect_download() as download:
        page.click("text=把拒收的行导出")
    download.value.save_as(tmp_path / "拒收.xlsx")
    assert load_workbook(tmp_path / "拒收.xlsx").active.max_row == 5
    if page.locator("#confirm-reason").count():
        page.fill("#confirm-reason", "已核对")
    page.click("#confirm button.primary")
    expect(page.locator("h1")).to_contain_text("导入结果")
    assert Member.objects.count() == ROWS - 4

    page.click("text=撤回这次导入")
    page.click("#confirm-yes")
    expect(page.locator(".messages")).to_contain_text("已撤回")
    assert not Member.objects.exists()
