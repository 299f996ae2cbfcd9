"""PostgreSQL's own programs at work on the office's database: dump, list, load."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import connection
from psycopg import pq, sql
from psycopg.conninfo import make_conninfo

from unionoffice.running import binaries
from unionoffice.running.errors import RunningError

CHUNK, HEAD = 1 << 20, 4096
# Of another role's connection a plain owner is told neither kind nor work, only whose it is.
IS_CLIENT = "coalesce(backend_type, 'client backend') = 'client backend' and usename is not null"
ENCRYPTED = ("require", "verify-ca", "verify-full")


def parameters(database: str | None = None) -> dict[str, Any]:
    """What libpq needs to connect to the office's server, to another of its databases if named."""
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    given = {key: value for key, value in connection.get_connection_params().items() if key in known}
    return given | ({"dbname": database} if database else {})


@contextmanager
def snapshot() -> Iterator[tuple[str, psycopg.Cursor]]:
    """A moment of the database, under a name that a dump may share, and a cursor that sees just that."""
    with psycopg.connect(**parameters()) as own:
        own.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        own.read_only = True
        with own.cursor() as cursor:
            cursor.execute("select pg_export_snapshot()")
            yield cursor.fetchone()[0], cursor


def row_counts(cursor: psycopg.Cursor) -> dict[str, int]:
    """The number of rows of every table."""
    cursor.execute("select tablename from pg_tables where schemaname = 'public' order by tablename")
    tables = [name for (name,) in cursor.fetchall()]
    counts = {}
    for table in tables:
        cursor.execute(sql.SQL("select count(*) from {}").format(sql.Identifier("public", table)))
        counts[table] = cursor.fetchone()[0]
    return counts


def dump_version() -> int:
    """The major version of the pg_dump that fits the server."""
    return binaries.major_version(_client("pg_dump", connection.pg_version // 10000))


def dump(snapshot_name: str, write: Callable[[bytes], None]) -> None:
    """Write the database as it was at the snapshot, in PostgreSQL's custom format."""
    program = _client("pg_dump", connection.pg_version // 10000)
    arguments = ["--format=custom", "--compress=3", "--no-owner", "--no-privileges"]
    moment = f"--snapshot={snapshot_name}"
    with _running([program, *arguments, moment, *_target()], stdout=subprocess.PIPE) as process:
        while block := process.stdout.read(CHUNK):
            write(block)


def list_contents(source: IO[bytes], made_by: int) -> None:
    """Have pg_restore read the table of contents of a dump."""
    program = _client("pg_restore", made_by)
    with _running([program, "--list"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        _feed(process, source)


def load(source: IO[bytes], made_by: int, database: str) -> None:
    """Load a dump into an empty database."""
    version = max(made_by, connection.pg_version // 10000)
    script = [_client("pg_restore", version), "--file=-", "--no-owner", "--no-privileges", "--no-comments"]
    shell = [
        _client("psql", version),
        "-X",
        "-q",
        "-o",
        os.devnull,
        "-v",
        "ON_ERROR_STOP=1",
        *_target(database),
    ]
    with (
        _running(shell, stdin=subprocess.PIPE) as loader,
        _running(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer,
    ):
        feeder = threading.Thread(target=_feed, args=(writer, source))
        feeder.start()
        try:
            _pass_on(writer.stdout, loader.stdin)
        finally:
            feeder.join()


def _pass_on(script: IO[bytes], shell: IO[bytes]) -> None:
    # A setting of PostgreSQL 17 that stands in the head of every script and that older servers refuse.
    head = script.read(HEAD).replace(b"SET transaction_timeout = 0;", b"", 1)
    try:
        shell.write(head)
        shutil.copyfileobj(script, shell, CHUNK)
        shell.close()
    except BrokenPipeError:
        # The loader has given up; its exit status says why.
        while script.read(CHUNK):
            pass


def _client(name: str, at_least: int) -> Path:
    # The packaged programs are built without TLS.
    encrypted = parameters().get("sslmode") in ENCRYPTED
    return binaries.postgres_client(name, at_least, packaged=not encrypted)


def _target(database: str | None = None) -> list[str]:
    return ["--dbname", make_conninfo(**{k: v for k, v in parameters(database).items() if k != "password"})]


def _feed(process: subprocess.Popen[bytes], source: IO[bytes]) -> None:
    try:
        while block := source.read(CHUNK):
            process.stdin.write(block)
        process.stdin.close()
    except BrokenPipeError:
        # It has read all it wants, or says in its exit status why it does not.
        pass


@contextmanager
def _running(command: list[object], **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"LC_ALL": "C"}
    if password := parameters().get("password"):
        environment["PGPASSWORD"] = password
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen([str(part) for part in command], stderr=words, env=environment, **streams)
        try:
            yield process
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if status:
            words.seek(0)
            lines = words.read().decode(errors="replace").strip().splitlines() or ["without a word"]
            spoken = [line for line in lines if "error" in line.lower()] or lines
            raise RunningError(f"{Path(str(command[0])).name}: {spoken[0]}")
