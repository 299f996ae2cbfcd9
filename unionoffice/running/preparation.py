"""What a start does before the pages open: tables, static files, the demo town. Needs the environment set."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.staticfiles.finders import get_finders  # noqa: E402
from django.core.management import call_command, get_commands  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402


def prepare(*, demo: bool, say: Callable[[str], None]) -> str:
    """Bring database and static files up to date; the accounts of a demo town loaded now, else nothing."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Preparing the database …")
    call_command("migrate", interactive=False, verbosity=0)
    collect_static(say)
    accounts = load_demo(say) if demo and not get_user_model().objects.exists() else ""
    connections.close_all()
    return accounts


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


def load_demo(say: Callable[[str], None]) -> str:
    """Load the demo town; the accounts it prints."""
    if "demo_town" not in get_commands():
        say("There is no demo town in this version: the database stays empty.")
        return ""
    say("Loading the demo town, this takes up to a minute …")
    output = io.StringIO()
    call_command("demo_town", stdout=output)
    return output.getvalue().rstrip()
