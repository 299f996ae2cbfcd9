"""`manage.py test`: the test database, the browser, then pytest."""

import os
from pathlib import Path

from unionoffice.running import browser
from unionoffice.running.folder import ROOT, Folder
from unionoffice.running.services import Services


def run(arguments: list[str]) -> int:
    """Run pytest over what it needs; its exit status."""
    os.chdir(ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["CHROMIUM"] = str(browser.ensure())
    folder = Folder(Path(os.environ.get("TEST_DATA_DIR") or ROOT / "var" / "pgtest"))
    with Services(folder, durable=False, queue=False):
        import pytest

        return int(pytest.main(arguments))
