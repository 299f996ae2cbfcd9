"""Two roles of the database: the office's, for pages and background work, and the owner's, for what changes the tables.

The office's role reads and writes rows and nothing else: it can neither change tables nor switch off the triggers that
keep the history, nor run programs of the server. DATABASE_URL names it, DATABASE_OWNER_URL the owner; where only the
first is given that role owns the tables too, and everything is done by it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from psycopg import sql

from unionoffice.running import key_guard

UNOWNED = (
    "the pages use the database role that owns the tables and could switch the history off; "
    "give them a plain role in DATABASE_URL and the owner's in DATABASE_OWNER_URL"
)
# What is written once, and what only triggers, migrations and the change of keys write.
APPENDED = ("records_act", "records_disclosure")
READ = ("records_change", "records_aside", "running_installation", "django_migrations")
ROLE = "role {role} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password {password}"
RIGHTS = """
revoke create on schema public from public;
grant usage on schema public to {role};
grant select, insert, update, delete on all tables in schema public to {role};
grant usage, select on all sequences in schema public to {role};
revoke update, delete on {appended} from {role};
revoke insert, update, delete on {read} from {role};
"""
# Since PostgreSQL 17: statistics after a large load.
MAINTAIN = "grant maintain on all tables in schema public to {role};"
logger = logging.getLogger(__name__)


@contextmanager
def as_owner() -> Iterator[None]:
    """Connections of this thread are the owner's; as they were where DATABASE_OWNER_URL names none."""
    office, owner = connection.settings_dict, settings.DATABASE_OWNER
    if not owner:
        yield
        return
    names = {key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    connection.close()
    connection.settings_dict = office | names | {"OPTIONS": office["OPTIONS"] | owner.get("OPTIONS", {})}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = office


class OwnerCommand(BaseCommand):
    """A command on the tables themselves: done as their owner and whatever the key; its system checks ask the database too."""

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run it as the owner, unguarded."""
        with key_guard.any_key(), as_owner():
            return super().execute(*args, **options)


def make(server: Any, role: str, password: str) -> None:
    """Make the office's role, or give the one there is this password and no more rights. server: runs SQL as the owner."""
    found = server.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    change = sql.SQL(f"{'alter' if found else 'create'} {ROLE}")
    server.execute(change.format(role=sql.Identifier(role), password=sql.Literal(password)))


def grant(**_: Any) -> None:
    """After migrations: give the office's role its rights on the tables there are; made first where it is missing."""
    office = connections.settings[DEFAULT_DB_ALIAS]
    if settings.DATABASE_OWNER.get("USER") in (None, office["USER"]):
        logger.warning(UNOWNED)
        return
    connection.ensure_connection()
    server, role = connection.connection, office["USER"]
    with transaction.atomic():
        if not server.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
            try:
                make(server, role, office["PASSWORD"])
            except psycopg.errors.InsufficientPrivilege as error:
                raise CommandError(
                    f"make the role {role} of DATABASE_URL first: its owner may not"
                ) from error
        rights = sql.SQL(RIGHTS + (MAINTAIN if connection.pg_version >= 170000 else ""))
        appended, read = (sql.SQL(", ").join(map(sql.Identifier, tables)) for tables in (APPENDED, READ))
        server.execute(rights.format(role=sql.Identifier(role), appended=appended, read=read))
