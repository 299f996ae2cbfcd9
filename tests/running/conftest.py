"""Folders an office can live in, and an office nobody is connected to."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture
def place() -> Iterator[Path]:
    """A new folder; unlike pytest's own the database server's account may pass through it."""
    with tempfile.TemporaryDirectory(prefix="office-") as path:
        Path(path).chmod(0o711)
        yield Path(path)


@pytest.fixture
def closed_office(transactional_db: None) -> None:
    """No connection of tests before: the pages' live server keeps its own as long as a browser does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
            "where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"
        )
