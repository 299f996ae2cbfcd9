"""Word files to PDF by LibreOffice, where that is installed: run for one file in a folder of its own, killed when late."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

MEDIA_TYPE = "application/pdf"
SECONDS = 180
# How often the one who waits is asked whether to go on.
STEP = 0.5
NAMES = ("soffice", "libreoffice")
APPLICATION = Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
# All it is told of our environment: no keys, no addresses.
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


class CannotConvert(ValueError):
    """There is no PDF; the message is one Chinese line for the person who asked."""


def program() -> str:
    """LibreOffice: SOFFICE, else the one on PATH or in the applications folder; empty where it is not installed."""
    if settings.SOFFICE:
        return settings.SOFFICE if os.access(settings.SOFFICE, os.X_OK) else ""
    on_path = next((found for name in NAMES if (found := shutil.which(name))), "")
    return on_path or (str(APPLICATION) if APPLICATION.exists() else "")


def convert(document: bytes, going_on: Callable[[], None], seconds: float = SECONDS) -> bytes:
    """The PDF of a Word file. CannotConvert where LibreOffice is missing, late or makes none.

    going_on is called while it works; what it raises ends the work."""
    if not (office := program()):
        raise CannotConvert("这台服务器没有装 LibreOffice，不能生成 PDF")
    with tempfile.TemporaryDirectory(prefix="pdf-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, "document.docx")
        source.write_bytes(document)
        _run([office, *_arguments(Path(folder)), str(source)], folder, going_on, seconds)
        made = source.with_suffix(".pdf")
        if not made.exists() or not (content := made.read_bytes()).startswith(b"%PDF-"):
            raise CannotConvert("LibreOffice 没有生成 PDF，请下载 Word 后自行另存")
        return content


def _arguments(folder: Path) -> list[str]:
    """With a profile of its own, so that no other run and nobody's settings stand in the way."""
    return [
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(folder),
    ]


def _run(command: list[str], folder: str, going_on: Callable[[], None], seconds: float) -> None:
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {"HOME": folder}
    silent = subprocess.DEVNULL
    late = time.monotonic() + seconds
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=silent,
        stdout=silent,
        stderr=silent,
        start_new_session=True,
    )
    try:
        while process.poll() is None:
            if time.monotonic() > late:
                raise CannotConvert(
                    f"生成 PDF 超过{round(seconds)}秒没有完成，已停止，请下载 Word 后自行另存"
                )
            going_on()
            try:
                process.wait(STEP)
            except subprocess.TimeoutExpired:
                continue
    finally:
        _end(process)


def _end(process: subprocess.Popen) -> None:
    """Kill what still runs, and what it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
