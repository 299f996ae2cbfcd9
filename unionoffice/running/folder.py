"""The data folder: everything an installation must keep, and the locks that keep two commands apart."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from unionoffice.running import owner
from unionoffice.running.errors import RunningError

ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = ("SECRET_KEY", "DATA_KEY")
SHORTEST_KEY = 32


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner can read; it is there whole or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def _keys_lost(what: str) -> RunningError:
    return RunningError(
        f"{what}: put your copy of it back, without its DATA_KEY the stored numbers cannot be read; nothing was changed"
    )


class Folder:
    """A data folder; made when it is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            # Root's database server runs under another account: it may pass through, but list nothing.
            self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        except OSError as error:
            raise RunningError(f"the data folder {self.path} cannot be used: {error.strerror}") from error

    @classmethod
    def from_environment(cls) -> "Folder":
        """The folder DATA_DIR names, var/data without it."""
        return cls(Path(os.environ.get("DATA_DIR") or ROOT / "var" / "data"))

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def __str__(self) -> str:
        return str(self.path)

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Wait until no other command holds the lock of this name, and hold it."""
        with self._open(name) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def try_lock(self, name: str) -> IO[str] | None:
        """The held lock, or None when another process holds it; closing it gives it back."""
        file = self._open(name)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        return file

    def share(self, name: str) -> IO[str]:
        """A lock many may hold at once; `try_lock` fails while anybody does."""
        file = self._open(name)
        fcntl.flock(file, fcntl.LOCK_SH)
        return file

    def _open(self, name: str) -> IO[str]:
        return os.fdopen(os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600), "r+")

    def keys(self) -> dict[str, str]:
        """SECRET_KEY and DATA_KEY as kept in keys.env, made on first use.

        They are made with the file and never anew: under a second DATA_KEY nothing stored before could be read.
        """
        path = self.path / "keys.env"
        with self.locked("keys.lock"):
            if path.exists():
                return self._kept_keys(path)
            if owner.has_database(self.path):
                raise _keys_lost(f"{path} is missing beside a database")
            made = {key: secrets.token_urlsafe(48) for key in KEYS}
            write_private(path, "".join(f"{key}={value}\n" for key, value in made.items()))
        return made

    def _kept_keys(self, path: Path) -> dict[str, str]:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        try:
            kept = dict(line.split("=", 1) for line in path.read_text().split() if line.isprintable())
        except ValueError as error:
            raise _keys_lost(f"{path} is damaged") from error
        # What the environment gives need not be in the file.
        if any(len(kept.get(key) or os.environ.get(key, "")) < SHORTEST_KEY for key in KEYS):
            raise _keys_lost(f"{path} is empty or cut short")
        return kept

    def provide_keys(self) -> None:
        """Put the kept keys into the environment where it has none."""
        if not all(os.environ.get(key) for key in KEYS):
            os.environ.update({key: value for key, value in self.keys().items() if not os.environ.get(key)})
