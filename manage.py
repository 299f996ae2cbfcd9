#!/usr/bin/env python3
"""The one entrance: `python3 manage.py start` runs the office, `python3 manage.py test` passes the tests.

Only the standard library is used until the packages of the lock file stand in var/venv; then this file
runs itself again with that Python and hands over to Django.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

try:
    import fcntl
except ImportError:
    sys.exit("manage.py: Linux or macOS is needed; on Windows use WSL or Docker")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / "var" / "venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".stamp"
LOG = ROOT / "var" / "install.log"
OFFICE, TEST = ROOT / "requirements.lock", ROOT / "requirements-test.lock"


class CannotInstall(Exception):
    """The packages cannot be installed; the text is one line saying why and what to do."""


def fingerprint(lock):
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def installed():
    """The fingerprints of the lock files that var/venv satisfies."""
    return STAMP.read_text().split() if PYTHON.exists() and STAMP.exists() else []


def run(*command):
    with LOG.open("ab") as log:
        environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
        log.write(" ".join(["\n$", *map(str, command), "\n"]).encode())
        log.flush()
        return subprocess.call([str(part) for part in command], stdout=log, stderr=log, env=environment) == 0


def install_with_uv(lock, source):
    # uv reads no pip configuration: where only pip knows the way to the packages it fails and pip is asked.
    uv = shutil.which("uv")
    if not uv:
        return False
    if not STAMP.exists() and not run(uv, "venv", "--clear", "--python", sys.executable, VENV):
        return False
    return run(uv, "pip", "sync", "--python", PYTHON, "--require-hashes", *source, lock)


def install_with_pip(lock, source):
    if not PYTHON.exists() or not run(PYTHON, "-m", "pip", "--version"):
        if importlib.util.find_spec("ensurepip") is None:
            raise CannotInstall(
                "this Python cannot make a virtual environment; as root run: apt-get install python3-venv"
            )
        if not run(sys.executable, "-m", "venv", "--clear", VENV):
            raise CannotInstall(f"the virtual environment could not be made, see {LOG}")
    return run(PYTHON, "-m", "pip", "install", "--require-hashes", *source, "-r", lock)


def install(lock):
    """Make var/venv satisfy the lock file; does nothing when it already does."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "install.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if fingerprint(lock) in installed():
            return
        print(f"Installing the packages of {lock.name} …", flush=True)
        LOG.write_bytes(b"")
        wheels = ROOT / "wheels"
        source = ["--no-index", "--find-links", wheels] if wheels.is_dir() else []
        if not (install_with_uv(lock, source) or install_with_pip(lock, source)):
            raise CannotInstall(
                "the packages could not be installed (no network, or an incomplete wheels folder?), "
                f"see {LOG}"
            )
        satisfied = [OFFICE, TEST] if lock == TEST else [OFFICE]
        # In one piece, and never into a file that copies of this environment share.
        draft = STAMP.with_name(f"{STAMP.name}.new")
        draft.write_text("\n".join(map(fingerprint, satisfied)) + "\n")
        draft.replace(STAMP)


def enter(arguments):
    """Run this file again with the Python of var/venv; never returns."""
    os.execv(str(PYTHON), [str(PYTHON), str(ROOT / "manage.py"), *arguments])


def bootstrap(arguments):
    """Return only inside an environment that satisfies the lock file."""
    lock = TEST if arguments[:1] == ["test"] or arguments[:2] == ["install", "--test"] else OFFICE
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    if inside and importlib.util.find_spec("django") is None:
        # The Python below the environment was replaced by another version: build it anew.
        with contextlib.suppress(FileNotFoundError):
            STAMP.unlink()
        base = getattr(sys, "_base_executable", sys.executable)
        os.execv(base, [base, str(ROOT / "manage.py"), *arguments])
    if fingerprint(lock) not in installed():
        install(lock)
        enter(arguments)
    if not inside:
        enter(arguments)


def main():
    if sys.version_info < (3, 11):  # noqa: UP036  # noqa: UP036
        sys.exit("manage.py: Python 3.11 or newer is needed, this is {}.{}".format(*sys.version_info[:2]))
    try:
        bootstrap(sys.argv[1:])
    except (CannotInstall, OSError) as error:
        sys.exit(f"manage.py: {error}")
    if sys.argv[1:2] == ["install"]:
        return 0
    from unionoffice.running.commands import main as command

    return command(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
