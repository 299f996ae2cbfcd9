"""Restoring: the archive becomes a new database beside the old one; once it is proven they change names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from unionoffice.running import archive, clients
from unionoffice.running.errors import RunningError


def restore(path: Path, say: Callable[[str], None], *, unsigned: bool = False) -> dict[str, Any]:
    """Put the archive in the place of the office's database; its manifest. A failure changes nothing.

    unsigned: an archive without a signature is restored too.
    """
    manifest = archive.verify(path, unsigned=unsigned)
    archive.require_fitting(manifest)
    if not manifest["signed"]:
        say("这个备份没有签名，无法证明它是本单位做的，也没有被改动过")
    name = connection.settings_dict["NAME"]
    connection.close()
    with _administration() as server:
        _require_quiet(server, name)
        with _scratch(server, f"{name}_restoring") as scratch:
            say("正在装载…")
            with archive.dump_of(path) as dump:
                clients.load(dump, manifest["pg_dump"], scratch)
            _prove(scratch, manifest)
            _migrate(scratch)
            _swap(server, name, scratch)
    return manifest


@contextmanager
def _administration() -> Iterator[psycopg.Connection]:
    with psycopg.connect(**clients.parameters("postgres"), autocommit=True) as server:
        yield server


def _require_quiet(server: psycopg.Connection, name: str) -> None:
    question = f"select count(*) from pg_stat_activity where datname = %s and {clients.IS_CLIENT}"
    others = server.execute(question, [name]).fetchone()[0]
    if others:
        raise RunningError(f"数据库还有 {others} 个连接在使用，请先停止网站、后台任务和定时任务，再恢复")


@contextmanager
def _scratch(server: psycopg.Connection, name: str) -> Iterator[str]:
    # A database of this name can only be left over from a restore that was killed.
    remove = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    try:
        server.execute(remove)
        server.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise RunningError("数据库账号没有建库权限（CREATEDB），无法恢复") from error
    try:
        yield name
    finally:
        server.execute(remove)


def _prove(scratch: str, manifest: dict[str, Any]) -> None:
    with psycopg.connect(**clients.parameters(scratch)) as loaded, loaded.cursor() as cursor:
        counts = clients.row_counts(cursor)
    expected = manifest["rows"]
    if counts != expected:
        differing = [table for table in sorted(counts | expected) if counts.get(table) != expected.get(table)]
        raise RunningError(f"恢复后的行数与备份清单不符：{'、'.join(differing[:5])}，原数据库未改动")


def _migrate(scratch: str) -> None:
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = scratch
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


def _swap(server: psycopg.Connection, name: str, scratch: str) -> None:
    replaced = f"{name}_replaced"
    _require_quiet(server, name)
    server.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(replaced)))
    rename = sql.SQL("alter database {} rename to {}")
    with server.transaction():
        server.execute(rename.format(sql.Identifier(name), sql.Identifier(replaced)))
        server.execute(rename.format(sql.Identifier(scratch), sql.Identifier(name)))
