"""Files that commands write: whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its place only when it is finished, readable by its owner only; none if nothing was written.

    CommandError, before anything is done within, where it could not be written.
    """
    if path.is_dir():
        raise CommandError(f"{path} is a folder; name a file")
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield out
        if Path(name).stat().st_size:
            os.replace(name, path)
        else:
            Path(name).unlink()
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise CommandError(f"cannot write {path}: {error.strerror}") from error
        raise
