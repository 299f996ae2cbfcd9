"""Backup and restore: everything comes back, and a bad archive changes nothing."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

from unionoffice import crypto
from unionoffice.crypto import OtherKey
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import User
from unionoffice.records.models import Blob
from unionoffice.running import archive, clients, key_guard, restoring, roles, tasks
from unionoffice.running.models import NightlyBackup


def drop(server: psycopg.Connection, *names: str) -> None:
    for name in names:
        server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def create(server: psycopg.Connection, name: str, template: str) -> None:
    drop(server, name)
    copy = sql.SQL("create database {} template {}")
    server.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[psycopg.Connection]:
    with roles.as_owner():
        parameters = clients.parameters("postgres")
    with psycopg.connect(**parameters, autocommit=True) as connected:
        yield connected


@pytest.fixture(scope="module")
def model(
    server: psycopg.Connection, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any
) -> Iterator[str]:
    """A copy of the tests' database that nobody is connected to, so that it can be copied on."""
    name = f"{connection.settings_dict['NAME']}_model"
    path = tmp_path_factory.mktemp("model") / "model.zip"
    with django_db_blocker.unblock(), roles.as_owner():
        manifest = archive.write(path)
        create(server, name, "template0")
        with archive.dump_of(path) as dump:
            clients.load(dump, manifest["pg_dump"], name)
        restoring._migrate(name)
    yield name
    drop(server, name)


@pytest.fixture
def office(server: psycopg.Connection, model: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of its own, so that the tests' one keeps its name; one user and one file in it."""
    original = connection.settings_dict["NAME"]
    name = f"{original}_backup"
    connection.close()
    create(server, name, model)
    with django_db_blocker.unblock():
        connection.settings_dict["NAME"] = name
        User.objects.create_user("kept", "Right-horse-1", name="张三", role=Role.STAFF)
        Blob.objects.create(sha256="f" * 64, size=4, content_type="text/plain", data=b"\x00\x01\xff\xfe")
        yield name
        connection.close()
        connection.settings_dict["NAME"] = original
    drop(server, name, f"{name}_replaced", f"{name}_restoring")


@pytest.fixture
def path(office: str, tmp_path: Path) -> Path:
    """An archive of the office, after which a second user was added."""
    path = tmp_path / "office.zip"
    archive.write(path)
    User.objects.create_user("later", "Right-horse-1", name="李四", role=Role.STAFF)
    return path


def usernames() -> list[str]:
    return list(User.objects.order_by("pk").values_list("username", flat=True))


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as source:
        return {name: source.read(name) for name in source.namelist()}


def write(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", method) as target:
        for name, content in parts.items():
            target.writestr(name, content)


def forge(path: Path, **changes: Any) -> None:
    """Write the archive again with another manifest, signed by who holds the key."""
    parts = parts_of(path)
    manifest = json.loads(parts[archive.MANIFEST]) | changes
    parts[archive.MANIFEST] = json.dumps(manifest).encode()
    parts[archive.SIGNATURE] = crypto.signature(parts[archive.MANIFEST], "").encode()
    write(path, parts)


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(CommandError) as error:
        call_command("restore", path, **options)
    return str(error.value)


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select datname from pg_database")
        return {name for (name,) in cursor.fetchall()}


def test_what_was_backed_up_comes_back(path, capsys):
    call_command("restore", path)

    blob = Blob.objects.get()
    assert usernames() == ["kept"]
    assert (blob.sha256, bytes(blob.data)) == ("f" * 64, b"\x00\x01\xff\xfe")
    assert (
        User.objects.create_user("next", name="王五", role=Role.STAFF).pk
        > User.objects.get(username="kept").pk
    )
    assert "已恢复" in capsys.readouterr().out


def test_the_replaced_database_is_kept_beside(path, office):
    call_command("restore", path)

    assert f"{office}_replaced" in databases()
    assert f"{office}_restoring" not in databases()
    with psycopg.connect(**clients.parameters(f"{office}_replaced")) as replaced:
        rows = replaced.execute("select username from organisation_user order by id").fetchall()
    assert rows == [("kept",), ("later",)]


def test_an_archive_is_for_its_owner_only_and_proves_itself(path):
    manifest = archive.verify(path)

    assert path.stat().st_mode & 0o077 == 0
    assert manifest["rows"]["organisation_user"] == 1
    assert sorted(each.name for each in path.parent.iterdir()) == ["office.zip"]


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_damaged_archive_is_refused(path, place):
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 0xFF
    path.write_bytes(content)

    assert "损坏" in refusal(path)
    assert usernames() == ["kept", "later"]


def test_an_archive_cut_short_is_refused(path):
    path.write_bytes(path.read_bytes()[:-2000])

    assert refusal(path) == f"不是备份文件，或已损坏：{path}"
    assert usernames() == ["kept", "later"]


def test_another_file_is_refused(path):
    path.write_text("username,name\n")

    assert refusal(path) == f"不是备份文件，或已损坏：{path}"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_we_never_use_is_refused(path, method):
    write(path, parts_of(path), method)

    assert refusal(path) == f"不是备份文件，或已损坏：{path}"


@pytest.mark.parametrize("number", [1, 9, 12, 97, 255])
def test_a_compression_nobody_knows_is_refused(path, number):
    """Of the last part, told in its own header and in the list at the end."""
    content = bytearray(path.read_bytes())
    own, listed = content.rindex(b"PK\x03\x04"), content.rindex(b"PK\x01\x02")
    content[own + 8], content[listed + 10] = number, number
    path.write_bytes(content)

    assert refusal(path) == f"不是备份文件，或已损坏：{path}"


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": {"members_member": "many"}},
        {"rows": None},
        {"made_at": None},
        {"migrations": [["members"]]},
        {"migrations": [[["members"], "0001_initial"]]},
        {"pg_dump": "18"},
        {"parts": {}},
        {"parts": {archive.DUMP: "whole"}},
        {"format": "1"},
        {"key": []},
    ],
    ids=str,
)
def test_a_manifest_of_odd_content_is_refused_in_one_line(path, changes):
    forge(path, **changes)

    assert "损坏" in refusal(path)
    assert usernames() == ["kept", "later"]


def test_an_archive_of_a_newer_format_is_refused(path):
    forge(path, format=archive.FORMAT + 1, application="9.0")

    assert refusal(path) == f"备份来自更新的版本 9.0，本程序是 {archive.version()}，请先升级"
    assert usernames() == ["kept", "later"]


def test_an_archive_of_newer_tables_is_refused(path):
    forge(path, application="9.0", migrations=[["members", "0999_future"]])

    assert "不认识其中的 members.0999_future" in refusal(path)
    assert usernames() == ["kept", "later"]


def test_an_archive_of_another_key_is_refused(path, settings):
    settings.DATA_KEY = "another key than the one of the archive"

    assert "DATA_KEY" in refusal(path)
    with key_guard.any_key():
        assert usernames() == ["kept", "later"]


def test_an_archive_nobody_signed_is_restored_only_when_asked_for(path, capsys):
    """As the versions before made them."""
    parts = parts_of(path)
    del parts[archive.SIGNATURE]
    write(path, parts)

    assert refusal(path).startswith(f"备份没有签名：{path}。")
    assert usernames() == ["kept", "later"]
    call_command("restore", path, unsigned=True)

    assert usernames() == ["kept"]
    assert "没有签名" in capsys.readouterr().out


@pytest.mark.parametrize("unsigned", [False, True])
def test_nothing_of_an_archive_signed_by_another_is_read(path, unsigned, monkeypatch):
    """Neither the list of rows nor the dump, which is a program to the database."""
    parts = parts_of(path)
    manifest = json.loads(parts[archive.MANIFEST])
    manifest["rows"]["organisation_user"] = 2
    parts[archive.MANIFEST] = json.dumps(manifest).encode()
    write(path, parts)
    for reader in ("list_contents", "load"):
        monkeypatch.setattr(clients, reader, lambda *arguments: pytest.fail("the dump was read"))
    monkeypatch.setattr(archive.json, "loads", lambda text: pytest.fail("the manifest was read"))

    assert refusal(path, unsigned=unsigned) == f"备份的签名不符，做好以后被改动过：{path}"


def test_the_signature_holds_for_the_dump_too(path):
    parts = parts_of(path)
    parts[archive.DUMP] += b"drop table members_member"
    write(path, parts)

    assert refusal(path) == f"备份文件已损坏：{path}（{archive.DUMP} 的校验码不符）"


def test_an_archive_made_between_the_keys_is_proven_by_the_key_it_needs(office, tmp_path, settings):
    old, path = settings.DATA_KEY, tmp_path / "office.zip"
    settings.DATA_KEY_OLD, settings.DATA_KEY = [old], "another key than the one of the archive"
    archive.write(path)
    settings.DATA_KEY_OLD, settings.DATA_KEY = [], old

    assert archive.verify(path)["key"] == crypto.key_fingerprint()


def test_an_archive_of_an_old_key_is_accepted(path, settings):
    settings.DATA_KEY_OLD = [settings.DATA_KEY]
    settings.DATA_KEY = "another key than the one of the archive"

    call_command("restore", path)

    with pytest.raises(OtherKey, match="run rotate_data_key"):
        usernames()
    with key_guard.any_key():
        assert usernames() == ["kept"]


def test_rows_that_differ_from_the_manifest_change_nothing(path, office):
    rows = archive.verify(path)["rows"]
    forge(path, rows=rows | {"organisation_user": 2})

    assert refusal(path) == "恢复后的行数与备份清单不符：organisation_user，原数据库未改动"
    assert usernames() == ["kept", "later"]
    assert f"{office}_restoring" not in databases()


def test_a_database_in_use_is_not_replaced(path, office):
    with psycopg.connect(**clients.parameters()):
        assert refusal(path) == "数据库还有 1 个连接在使用，请先停止网站、后台任务和定时任务，再恢复"

    assert usernames() == ["kept", "later"]


def test_another_data_key_is_refused_by_migrate(office, settings):
    settings.DATA_KEY = "another key than the one this was begun with"

    with pytest.raises(CommandError, match="DATA_KEY is not the key this database was begun with"):
        call_command("migrate", verbosity=0)


@pytest.mark.parametrize(("name", "message"), [("", "是文件夹"), ("none/office.zip", "没有这个文件夹")])
def test_a_place_that_cannot_be_written_is_refused(office, tmp_path, name, message):
    with pytest.raises(CommandError, match=message):
        call_command("backup", tmp_path / name)

    assert list(tmp_path.iterdir()) == []


def test_nightly_backup_keeps_the_newest(office, settings, tmp_path):
    settings.BACKUP_DIR, settings.BACKUP_KEEP = tmp_path / "backups", 2
    settings.BACKUP_DIR.mkdir()
    for day in ("20200101", "20200102", "20200103"):
        (settings.BACKUP_DIR / f"unionoffice-{day}-023000.zip").write_text("")
    (settings.BACKUP_DIR / "by-hand.zip").write_text("")

    written = tasks.nightly_backup()

    names = sorted(path.name for path in settings.BACKUP_DIR.iterdir())
    assert names == ["by-hand.zip", "unionoffice-20200103-023000.zip", written]
    assert archive.verify(settings.BACKUP_DIR / written)["rows"]["organisation_user"] == 1
    row = NightlyBackup.objects.get()
    assert (row.file_name, row.problem) == (written, "")
    assert row.size == (settings.BACKUP_DIR / written).stat().st_size


def test_a_failed_nightly_backup_is_noted(office, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "file"
    settings.BACKUP_DIR.write_text("")

    with pytest.raises(OSError):
        tasks.nightly_backup()

    assert NightlyBackup.objects.get().problem != ""
