"""The browser and the Chinese fonts the tests look at pages with."""

import os
import shutil
import subprocess
from pathlib import Path

from unionoffice.running.errors import RunningError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
PACKAGES = ("chromium", "fonts-noto-cjk", "fontconfig")


def find() -> Path | None:
    """Chromium or Chrome: CHROMIUM, PATH, the applications folder."""
    if chosen := os.environ.get("CHROMIUM"):
        return Path(chosen) if os.access(chosen, os.X_OK) else None
    on_path = (shutil.which(name) for name in NAMES)
    found = [Path(program) for program in on_path if program] + [app for app in APPLICATIONS if app.exists()]
    return found[0] if found else None


def has_chinese_fonts() -> bool:
    """Whether any installed font can show Chinese."""
    if Path("/System/Library/Fonts").exists():
        return True
    if not shutil.which("fc-list"):
        return False
    return bool(
        subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True).stdout.strip()
    )


def ensure() -> Path:
    """The browser; as root on Debian it and the fonts are installed when missing."""
    program = find()
    if program and has_chinese_fonts():
        return program
    missing = "a font with Chinese characters" if program else "Chromium"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise RunningError(f"the tests need {missing}; as root run: apt-get install {' '.join(PACKAGES)}")
    print(f"Installing {', '.join(PACKAGES)} …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *PACKAGES]
    for command in (["apt-get", "update", "-q"], install):
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            words = (done.stderr or done.stdout).strip().splitlines()
            raise RunningError(f"{' '.join(command[:2])} failed: {words[-1] if words else 'without a word'}")
    program = find()
    if not program or not has_chinese_fonts():
        raise RunningError(f"the tests need {missing}, and the distribution's packages did not bring it")
    return program
