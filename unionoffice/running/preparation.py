"""What a start does before the pages open: tables, static files, the demo town or a first account."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from unionoffice.running import archive, key_guard, rekeying, roles


def prepare(*, demo: bool, say: Callable[[str], None]) -> str:
    """Bring database and static files up to date; the accounts made on the first run, else nothing."""
    with key_guard.any_key(), roles.as_owner():
        migrate(say)
        if rekeying.is_wanted():
            say("Changing the data key …")
            rekeying.rotate(say)
    collect_static(say)
    accounts = "" if get_user_model().objects.exists() else first_accounts(demo, say)
    connections.close_all()
    return accounts


def migrate(say: Callable[[str], None]) -> None:
    """Bring the tables up to date; a database in use is backed up first."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        if executor.loader.applied_migrations:
            path = settings.BACKUP_DIR / f"before-upgrade-{timezone.localtime():%Y%m%d-%H%M%S}.zip"
            say(f"Backing up to {path} …")
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            archive.write(path)
        say("Preparing the database …")
    call_command("migrate", interactive=False, verbosity=0)


def collect_static(say: Callable[[str], None]) -> None:
    """Gather and compress the static files, if any of them changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(f"{root.name}.stamp")
    wanted = static_fingerprint()
    if root.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    say("Gathering static files …")
    stamp.unlink(missing_ok=True)
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def static_fingerprint() -> str:
    """A digest that changes when a static file or the way of storing them does."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def first_accounts(demo: bool, say: Callable[[str], None]) -> str:
    """Load the demo town, or make one administrator for a database that stays empty; who can log in now."""
    command = "demo_town" if demo else "create_administrator"
    if command not in get_commands():
        say("There is no demo town in this version: the database stays empty.")
        command = "create_administrator"
    if command == "demo_town":
        say("Loading the demo town, this takes up to a minute …")
    output = io.StringIO()
    call_command(command, stdout=output)
    return output.getvalue().rstrip()
