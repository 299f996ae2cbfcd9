"""`manage.py test`: the test database, the browser, then pytest."""

import os
import signal
from typing import IO

from unionoffice.running import browser
from unionoffice.running.errors import RunningError
from unionoffice.running.folder import ROOT, Folder
from unionoffice.running.services import Services


def run(arguments: list[str]) -> int:
    """Run pytest over what it needs; its exit status."""
    os.chdir(ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    # pytest takes an exit for the failure of one test and goes on; it ends on an interrupt.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    browser.ensure()
    folder = Folder(ROOT / "var" / "pgtest")
    with own_database(folder), Services(folder, durable=False, queue=False):
        # Reads the settings, which need the environment set above.
        import pytest

        return int(pytest.main(arguments))


def own_database(folder: Folder) -> IO[str]:
    """Choose a database no other test command uses now, TEST_DB if that is set; it is ours until closed."""
    chosen = os.environ.get("TEST_DB")
    names = [chosen] if chosen else ["test_unionoffice", *(f"test_unionoffice_{n}" for n in range(2, 20))]
    for name in names:
        if lock := folder.try_lock(f"{name}.lock"):
            os.environ["TEST_DB"] = name
            return lock
    raise RunningError(f"another test command uses the database {names[0]}; name another in TEST_DB")
