"""Every page of the menu, as everybody who has it: it opens, fits its screen and complains of nothing."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import User

pytestmark = pytest.mark.browser


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its screen."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


# What a thumb must hit; a box may be smaller where its label or its cell takes the tap.
SMALL_TARGETS = """
[...document.querySelectorAll(
  ".btn, button, summary, .views a, .side-list a, .chip a, .panel > header a, .panel > footer a, input[type=file]"
)].filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1)
  .filter((e) => Math.min(e.getBoundingClientRect().height, e.getBoundingClientRect().width) < 40)
  .map((e) => `${e.tagName} ${e.textContent.trim() || e.getAttribute("aria-label")}`)
"""


def test_logging_in_leads_to_the_desk_and_out_again(staff: User, open_page: Callable[..., Page]):
    page = open_page("/")

    page.get_by_label("登录名").fill(staff.username)
    page.locator("input[name=password]").fill("Right-horse-1")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("navigation", name="工作")).to_be_visible()
    page.locator("summary[aria-label^='账号']").click()
    page.get_by_role("button", name="退出登录").click()

    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_a_wrong_password_is_told_beside_the_form(staff: User, open_page: Callable[..., Page]):
    page = open_page("/login/")

    page.get_by_label("登录名").fill(staff.username)
    page.locator("input[name=password]").fill("wrong")
    page.get_by_role("button", name="登录").click()

    expect(page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_the_menu_opens_and_fits(
    cast: SimpleNamespace, open_page: Callable[..., Page], role: str, phone: bool
):
    page = open_page("/", getattr(cast, role), phone=phone)
    links = page.locator("#nav a[href]")
    addresses = list(dict.fromkeys(link.get_attribute("href") for link in links.all()))

    wide, small = {}, {}
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, f"{address}: {answer and answer.status}"
        if pixels := overflow(page):
            wide[address] = pixels
        if phone and (found := page.evaluate(SMALL_TARGETS)):
            small[address] = found

    assert addresses
    assert wide == {}
    assert small == {}
