"""What the tests look at pages with: Chromium, its driver's libraries, Chinese fonts."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from unionoffice.running.binaries import package_folder
from unionoffice.running.console import say
from unionoffice.running.errors import RunningError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)


def find() -> Path | None:
    """Chromium or Chrome: CHROMIUM, PATH, the applications folder."""
    if chosen := os.environ.get("CHROMIUM"):
        return Path(chosen) if os.access(chosen, os.X_OK) else None
    on_path = (shutil.which(name) for name in NAMES)
    found = [Path(program) for program in on_path if program] + [app for app in APPLICATIONS if app.exists()]
    return found[0] if found else None


def has_chinese_font() -> bool:
    """Whether any installed font can show Chinese."""
    if Path("/System/Library/Fonts").exists():
        return True
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True)
    return bool(listed.stdout.strip())


def driver_runs() -> bool:
    """Whether Playwright's driver finds its libraries."""
    package = package_folder("playwright")
    program = package / "driver" / "node" if package else None
    return bool(program) and subprocess.run([program, "--version"], capture_output=True).returncode == 0


# What is needed: the check, and Debian's packages that bring it.
NEEDS: dict[str, tuple[Callable[[], object], tuple[str, ...]]] = {
    "Chromium": (find, ("chromium",)),
    "a font with Chinese characters": (has_chinese_font, ("fontconfig", "fonts-noto-cjk")),
    "the library libatomic": (driver_runs, ("libatomic1",)),
}


def missing() -> dict[str, tuple[str, ...]]:
    """What is not there, with Debian's packages that bring it."""
    return {name: packages for name, (is_there, packages) in NEEDS.items() if not is_there()}


def ensure() -> None:
    """Have all that is needed: as root on Debian it is installed, elsewhere one line says what to install."""
    lacking = missing()
    if not lacking:
        return
    packages = [package for each in lacking.values() for package in each]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise RunningError(
            f"the tests need {', '.join(lacking)}; as root on Debian: apt-get install {' '.join(packages)}"
        )
    say(f"Installing {', '.join(packages)} …")
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-q"], install):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            words = (done.stderr or done.stdout).strip().splitlines()
            raise RunningError(f"{' '.join(command[:2])} failed: {words[-1] if words else 'without a word'}")
    if lacking := missing():
        raise RunningError(
            f"the tests need {', '.join(lacking)}, and the distribution's packages brought none"
        )
