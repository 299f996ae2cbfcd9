"""What somebody else does at the same time, for tests with transactions of their own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

PATIENCE = 5.0


@contextmanager
def not_yet_committed(work: Callable[[], object]) -> Iterator[None]:
    """Somebody else has done this, and ends the transaction only when we wait for it."""
    written = threading.Event()

    def somebody() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                work()
                written.set()
                until = time.monotonic() + PATIENCE
                while time.monotonic() < until:
                    cursor.execute("select exists (select from pg_locks where not granted)")
                    if cursor.fetchone()[0]:
                        return
                    time.sleep(0.01)
        finally:
            connection.close()

    thread = threading.Thread(target=somebody)
    thread.start()
    try:
        assert written.wait(2 * PATIENCE)
        yield
    finally:
        thread.join()
