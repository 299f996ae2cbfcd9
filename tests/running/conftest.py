"""Folders an office can live in."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """A new folder; unlike pytest's own the database server's account may pass through it."""
    with tempfile.TemporaryDirectory(prefix="office-") as path:
        Path(path).chmod(0o711)
        yield Path(path)
