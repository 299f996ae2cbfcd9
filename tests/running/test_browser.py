"""What the browser tests need: told in one line where it cannot be installed, never skipped over."""

import pytest

from unionoffice.running import browser
from unionoffice.running.errors import RunningError


@pytest.fixture
def nothing_there(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)


def test_what_is_missing_is_told_with_its_packages(nothing_there):
    with pytest.raises(RunningError) as refusal:
        browser.ensure()

    assert str(refusal.value) == (
        "the tests need Chromium, a font with Chinese characters; "
        "as root on Debian: apt-get install chromium fontconfig fonts-noto-cjk"
    )


def test_here_nothing_is_missing():
    assert browser.missing() == {}
