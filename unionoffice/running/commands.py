"""Which command gets what before Django takes over."""

import os
import signal
import sys
from types import FrameType

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, execute_from_command_line
from django.db import OperationalError, ProgrammingError

from unionoffice.running import start, testing
from unionoffice.running.errors import RunningError
from unionoffice.running.folder import Folder
from unionoffice.running.services import Services

OWN_COMMANDS = """
Commands of this office:
  start      run the whole office on this machine: database, queue, web, worker, scheduler
  test       pass the tests; arguments go to pytest
  install    put the packages of the lock file into var/venv (--test: those of the tests too)
"""
WITHOUT_SERVERS = {"help", "version", "--help", "-h", "--version"}
REFUSALS = (RunningError, CommandError, ImproperlyConfigured, OperationalError, psycopg.OperationalError)
# What the database says where tables, columns or the rights on them are still to be made.
UNPREPARED = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.InsufficientPrivilege,
)
PREPARE = (
    "the tables are not made, or of another version; `python3 manage.py start` or `migrate` prepares them"
)
# Accepted by the settings, never connected to.
NOWHERE = "postgres://nobody@127.0.0.1:1/nothing"


def main(argv: list[str]) -> int:
    """Run one command; the exit status."""
    # A shell's background job is started deaf to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    name = argv[1] if len(argv) > 1 else "help"
    try:
        if name == "start":
            return start.run(argv[2:])
        if name == "test":
            return testing.run(argv[2:])
        return _django(argv, name)
    except REFUSALS as error:
        return _refused(name, str(error))
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UNPREPARED):
            raise
        return _refused(name, PREPARE)
    except KeyboardInterrupt:
        return 130


def _refused(name: str, why: str) -> int:
    print(f"manage.py {name}: {' '.join(why.split())}", file=sys.stderr)
    return 1


def _django(argv: list[str], name: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionoffice.settings")
    folder = Folder.from_environment()
    os.environ["DATA_DIR"] = str(folder)
    # Only `start` makes keys for another's database: on a machine beside it they would be a second pair.
    if not os.environ.get("DATABASE_URL") or (folder / "keys.env").exists():
        folder.provide_keys()
    if name in WITHOUT_SERVERS:
        os.environ.setdefault("DATABASE_URL", NOWHERE)
        if len(argv) < 3:
            print(OWN_COMMANDS)
        execute_from_command_line(argv)
        return 0
    with Services(folder):
        execute_from_command_line(argv)
    return 0


def _leave(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
