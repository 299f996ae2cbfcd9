"""A browser, and pages in it that belong to a person of the cast. What goes wrong in a page fails its test."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from unionoffice.organisation.models import User
from unionoffice.running import browser as chromium

# A busy machine may take its time; what is wrong stays wrong.
expect.set_options(timeout=20_000)
DESK, PHONE = {"width": 1366, "height": 850}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop on this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def troubles() -> list[str]:
    """What pages complained of: errors, refusals of the Content-Security-Policy, requests to other servers."""
    return []


@pytest.fixture
def open_page(
    browser: Browser, live_server: LiveServer, troubles: list[str]
) -> Iterator[Callable[..., Page]]:
    """Open an address as a user (nobody without one), on a desk or a phone."""
    contexts = []

    def opened(address: str = "/", user: User | None = None, *, phone: bool = False) -> Page:
        screen = {"viewport": PHONE if phone else DESK, "is_mobile": phone, "has_touch": phone}
        context = browser.new_context(base_url=live_server.url, locale="zh-CN", **screen)
        contexts.append(context)
        if user:
            client = Client()
            client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda line: troubles.append(f"{page.url}: {line.text}") if line.type == "error" else None,
        )
        page.on(
            "request",
            lambda request: None if is_own(request.url) else troubles.append(f"asked {request.url}"),
        )
        page.goto(address)
        return page

    def is_own(url: str) -> bool:
        # The browser's own viewer of PDF files is an extension of it.
        return url.startswith((live_server.url, "data:", "blob:", "chrome-extension:", "chrome:"))

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []
