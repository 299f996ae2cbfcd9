"""A line of the plan: its figure is found by typing, among a hundred and more, without the mouse."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from reports.plan_items import PlanItem
from unionoffice.organisation.models import Union, User

pytestmark = pytest.mark.browser
HELD = "activities.held.count"


@pytest.mark.parametrize("typed", ["举办活动场", "jubanhuodongchangci", "jbhdcc"])
def test_figure_is_found_by_name_pinyin_or_initials_with_the_keyboard(
    union: Union, staff: User, open_page: Callable[..., Page], typed: str
) -> None:
    year = date.today().year
    page = open_page(f"/plan/{year}/new/", staff)
    page.get_by_label("工作内容").fill("全年办好活动")
    box = page.get_by_role("combobox", name="按哪个数据")

    box.focus()
    headings = page.locator(".ts-dropdown .optgroup-header")
    expect(headings.first).to_have_text("会员 · 会籍变动")
    shown = headings.all_text_contents()
    page.keyboard.type(typed)
    expect(page.locator(".ts-dropdown .option.active")).to_contain_text("举办活动场次（场）")
    page.keyboard.press("Enter")
    page.get_by_label("目标数").fill("9")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/plan/{year}/")

    assert {"慰问帮扶 · 慰问", "活动"} <= set(shown)
    assert PlanItem.objects.values_list("key", "target").get() == (HELD, 9)
