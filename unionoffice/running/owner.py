"""Whom the database server runs as: PostgreSQL refuses root, so root lends it an unprivileged account."""

import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from unionoffice.running.errors import RunningError

SYSTEM_FOLDER = Path("/var/lib/unionoffice")


def server_account() -> pwd.struct_passwd | None:
    """The account to run as; None when we are not root and run as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RunningError("root cannot run PostgreSQL: make a user named postgres, or start as another user")


def identity(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments for `subprocess` that give up root."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def can_reach(path: Path, account: pwd.struct_passwd | None) -> bool:
    """Whether the account may read and enter a folder or run a file."""
    if account is None:
        return os.access(path, os.R_OK | os.X_OK)
    question = ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)]
    return subprocess.run(question, cwd="/", **identity(account)).returncode == 0


def has_database(folder: Path) -> bool:
    """Whether a database was ever made for this data folder."""
    pointer = folder / "postgres.path"
    home = Path(pointer.read_text().strip()) if pointer.exists() else folder / "postgres"
    return (home / "cluster").exists()


def home_of(folder: Path, account: pwd.struct_passwd | None) -> Path:
    """Where the database of a data folder lies: inside, or below /var/lib if the account cannot get there."""
    pointer, inside = folder / "postgres.path", folder / "postgres"
    if pointer.exists():
        return Path(pointer.read_text().strip())
    made = not inside.exists()
    inside.mkdir(mode=0o700, exist_ok=True)
    if account is None:
        return inside
    os.chown(inside, account.pw_uid, account.pw_gid)
    if can_reach(inside, account):
        return inside
    if not made:
        raise RunningError(
            f"the user {account.pw_name} cannot enter {inside}; open the folders above it for passage"
        )
    inside.rmdir()
    elsewhere = SYSTEM_FOLDER / hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    elsewhere.mkdir(parents=True, exist_ok=True)
    elsewhere.chmod(0o700)
    os.chown(elsewhere, account.pw_uid, account.pw_gid)
    pointer.write_text(f"{elsewhere}\n")
    return elsewhere


def reachable_programs(programs: Path, account: pwd.struct_passwd | None) -> Path:
    """The folder of the server's programs, copied below /var/lib if the account cannot read it."""
    if account is None or can_reach(programs / "postgres", account):
        return programs
    package = programs.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    stamp = (programs / "postgres").stat()
    name = hashlib.sha256(f"{programs}{stamp.st_size}{stamp.st_mtime_ns}".encode()).hexdigest()[:12]
    target = SYSTEM_FOLDER / f"programs-{name}"
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(package, draft / package.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.rename(target)
    return target / package.name / programs.relative_to(package)
