"""Backup archives: one zip file with the database's dump, a manifest that proves it whole, and the manifest's signature.

Files live in the database, so the dump is everything. The keys are not in it: the manifest only tells whether
the key at hand is the right one. The dump is a program the database runs when it is loaded, so nothing of an archive
is read before a signature made with the data key proves it ours.
"""

import hashlib
import json
import os
import struct
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from unionoffice import crypto
from unionoffice.running import clients
from unionoffice.running.errors import RunningError

FORMAT = 1
MANIFEST, SIGNATURE, DUMP = "manifest.json", "manifest.sig", "database.dump"
OTHER_KEY = "备份是用另一个数据密钥（DATA_KEY）加密的，没有那个密钥无法恢复"
CHUNK = 1 << 20
# What reading a zip archive raises when it is damaged.
FAULTS = (
    zipfile.BadZipFile,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
    struct.error,
    OverflowError,
)


def write(path: Path) -> dict[str, Any]:
    """Back up into an archive, read it again and prove it; the manifest. The file is there whole or not."""
    if path.is_dir():
        raise RunningError(f"{path} 是文件夹，请写明文件名")
    if not path.parent.is_dir():
        raise RunningError(f"没有这个文件夹：{path.parent}")
    draft = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                _fill(archive)
            file.flush()
            os.fsync(file.fileno())
        manifest = verify(draft)
        draft.replace(path)
    except OSError as error:
        raise RunningError(f"无法写入 {path}：{error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _fill(archive: zipfile.ZipFile) -> None:
    with clients.snapshot() as (name, cursor):
        manifest = _describe(cursor)
        with archive.open(DUMP, "w", force_zip64=True) as target:
            part = _copy_hashed(lambda write: clients.dump(name, write), target)
    manifest["parts"] = {DUMP: part}
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    archive.writestr(MANIFEST, text)
    archive.writestr(SIGNATURE, crypto.signature(text, manifest["key"]))


def _describe(cursor: Any) -> dict[str, Any]:
    try:
        cursor.execute("select app, name from django_migrations order by id")
    except psycopg.errors.UndefinedTable as error:
        raise RunningError("数据库还是空的，没有可备份的内容") from error
    migrations = [list(row) for row in cursor.fetchall()]
    cursor.execute("select key_fingerprint from running_installation")
    needed = cursor.fetchone()
    return {
        "format": FORMAT,
        "application": version(),
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "postgres": connection.pg_version // 10000,
        "pg_dump": clients.dump_version(),
        "key": needed[0] if needed else crypto.key_fingerprint(),
        "migrations": migrations,
        "rows": clients.row_counts(cursor),
    }


def _copy_hashed(produce: Callable[[Callable[[bytes], None]], None], target: IO[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0

    def write(block: bytes) -> None:
        nonlocal size
        digest.update(block)
        size += len(block)
        target.write(block)

    produce(write)
    return {"size": size, "sha256": digest.hexdigest()}


def version() -> str:
    """The version of this program."""
    return tomllib.loads((settings.ROOT / "pyproject.toml").read_text())["project"]["version"]


def verify(path: Path, *, unsigned: bool = False) -> dict[str, Any]:
    """The manifest of an archive that is whole and ours; RunningError says what is wrong with any other.

    unsigned: one without a signature, as earlier versions made them, is believed too; `signed` says which it was.
    """
    if not path.is_file():
        raise RunningError(f"没有这个文件：{path}")
    with _opened(path) as archive:
        signed = _is_signed(archive, path)
        if not signed and not unsigned:
            raise RunningError(
                f"备份没有签名：{path}。确认是本单位以前的版本做的，再加 --unsigned 恢复；来历不明的备份能改动数据库"
            )
        manifest = _manifest(archive, path) | {"signed": signed}
        try:
            for name, part in manifest["parts"].items():
                with archive.open(name) as source:
                    if _digest(source) != (part["size"], part["sha256"]):
                        raise RunningError(f"备份文件已损坏：{path}（{name} 的校验码不符）")
            with archive.open(DUMP) as source:
                clients.list_contents(source, manifest["pg_dump"])
        except FAULTS as error:
            raise RunningError(f"备份文件已损坏：{path}（内容读不出来）") from error
    return manifest


def require_fitting(manifest: dict[str, Any]) -> None:
    """Refuse an archive of a newer program or of another key."""
    known = set(MigrationLoader(None).disk_migrations)
    unknown = [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]
    if unknown:
        raise RunningError(f"{_newer(manifest)}（不认识其中的 {unknown[0]}），请先升级")
    if manifest["key"] not in crypto.key_fingerprints():
        raise RunningError(OTHER_KEY)


@contextmanager
def dump_of(path: Path) -> Iterator[IO[bytes]]:
    """The dump inside an archive, as a stream."""
    with _opened(path) as archive, archive.open(DUMP) as source:
        yield source


def _opened(path: Path) -> zipfile.ZipFile:
    """The archive; RunningError for what `write` would never have made."""
    try:
        archive = zipfile.ZipFile(path)
    except FAULTS as error:
        raise RunningError(f"不是备份文件，或已损坏：{path}") from error
    if any(part.compress_type != zipfile.ZIP_STORED or part.flag_bits & 1 for part in archive.infolist()):
        archive.close()
        raise RunningError(f"不是备份文件，或已损坏：{path}")
    return archive


def _is_signed(archive: zipfile.ZipFile, path: Path) -> bool:
    """Whether the manifest bears our signature; False if none. RunningError for one of anybody else."""
    if SIGNATURE not in archive.namelist():
        return False
    try:
        ours = crypto.is_signature(archive.read(SIGNATURE).decode(), archive.read(MANIFEST))
    except crypto.OtherKey as error:
        raise RunningError(OTHER_KEY) from error
    except FAULTS as error:
        raise RunningError(f"不是备份文件，或已损坏：{path}") from error
    if not ours:
        raise RunningError(f"备份的签名不符，做好以后被改动过：{path}")
    return True


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        newer = manifest["format"] > FORMAT
    except FAULTS as error:
        raise RunningError(f"不是备份文件，或已损坏：{path}") from error
    if newer:
        raise RunningError(f"{_newer(manifest)}，请先升级")
    if not _is_complete(manifest):
        raise RunningError(f"备份文件已损坏：{path}（清单不全）")
    return manifest


def _is_complete(manifest: dict[str, Any]) -> bool:
    """Whether everything restoring asks for is there, and of its kind."""
    rows, migrations, parts = (manifest.get(name) for name in ("rows", "migrations", "parts"))
    return (
        all(isinstance(manifest.get(name), str) for name in ("application", "made_at", "key"))
        and isinstance(manifest.get("pg_dump"), int)
        and isinstance(rows, dict)
        and all(isinstance(count, int) for count in rows.values())
        and isinstance(migrations, list)
        and all(isinstance(each, list) and [type(part) for part in each] == [str, str] for each in migrations)
        and isinstance(parts, dict)
        and DUMP in parts
    )


def _newer(manifest: dict[str, Any]) -> str:
    return f"备份来自更新的版本 {manifest.get('application', '')}，本程序是 {version()}"


def _digest(source: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while block := source.read(CHUNK):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()
