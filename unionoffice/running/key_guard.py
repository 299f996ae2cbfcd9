"""The office never works under a DATA_KEY other than the one of the stored numbers: nobody would be recognised again.

Asked of every connection to the database when it is made. A change of keys wants all connections closed, so none made
under the key before outlives it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from unionoffice import crypto

CHANGED = "DATA_KEY was changed: run rotate_data_key before the office opens"
STRANGE = (
    "DATA_KEY is not the key this database was begun with, its numbers could not be read; "
    "put the old key back (keys.env in the data folder, or the environment)"
)
logger = logging.getLogger(__name__)
_is_off: ContextVar[bool] = ContextVar("key_guard_is_off", default=False)


class Refused(crypto.OtherKey, CommandError):
    """Ends a command with its one line."""


@contextmanager
def any_key() -> Iterator[None]:
    """For what brings tables up to date or changes the key: connections are made whatever the key."""
    token = _is_off.set(True)
    try:
        yield
    finally:
        _is_off.reset(token)


def complaint(stored: str | None) -> str:
    """What is wrong with DATA_KEY for numbers stored under the key of this fingerprint; empty if nothing."""
    if stored is None or stored == crypto.key_fingerprint():
        return ""
    return CHANGED if stored in crypto.key_fingerprints() else STRANGE


def refuse_other_key(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Close a new connection again and raise Refused where the stored numbers are under another key."""
    if _is_off.get() or connection.alias != DEFAULT_DB_ALIAS:
        return
    if said := complaint(_stored(connection)):
        connection.close()
        logger.error(said)
        raise Refused(said)


def _stored(connection: BaseDatabaseWrapper) -> str | None:
    """The fingerprint of the key the numbers are under; None in a database that has no tables or no numbers yet."""
    with connection.cursor() as cursor:
        try:
            cursor.execute("select key_fingerprint from running_installation")
        except ProgrammingError:
            return None
        row = cursor.fetchone()
    return row[0] if row else None


def fits() -> bool:
    """Whether DATA_KEY is the key of the stored numbers, as far as the database can be asked."""
    try:
        connection.ensure_connection()
    except crypto.OtherKey:
        return False
    except Exception:
        # That the database does not answer is told by the part that asks about it.
        return True
    return True
