"""Between the old DATA_KEY and the new one nothing of the office works: not a page, not a command, not a worker."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from members.models import Member
from tests.members.samples import new_member
from unionoffice import crypto
from unionoffice.organisation.models import Union, User
from unionoffice.running import key_guard, preparation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("closed_office")]
NEW = "a new key of more than thirty-two characters"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def member(transactional_db: None, union: Union) -> Member:
    return new_member(union)


@pytest.fixture
def changed_key(member: Member, settings: Settings) -> Iterator[Settings]:
    """A new key, of which the database has not heard, and no connection made before."""
    old = settings.DATA_KEY
    settings.DATA_KEY_OLD, settings.DATA_KEY = [old], NEW
    connection.close()
    yield settings
    settings.DATA_KEY_OLD, settings.DATA_KEY = [], old
    with key_guard.any_key():
        connection.ensure_connection()


def test_no_connection_is_made_under_another_key_until_it_is_rotated(
    member: Member, changed_key: Settings
) -> None:
    for _ in range(2):
        with pytest.raises(crypto.OtherKey, match="run rotate_data_key before the office opens"):
            Member.objects.count()
        assert connection.connection is None

    call_command("migrate", verbosity=0)
    connection.close()
    call_command("rotate_data_key")
    connection.close()

    assert Member.objects.get(id_hash=member.id_number).pk == member.pk


def test_start_rotates_by_itself(
    member: Member, changed_key: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "collect_static", lambda say: None)
    monkeypatch.setattr(preparation, "first_accounts", lambda demo, say: "")

    preparation.prepare(demo=False, say=lambda line: None)

    assert Member.objects.get(id_hash=member.id_number).pk == member.pk


def test_pages_say_so_and_the_watching_machine_sees_it(staff: User, changed_key: Settings) -> None:
    client = Client(raise_request_exception=False)
    with key_guard.any_key():
        client.force_login(staff)
    connection.close()

    page, health = client.get("/members/"), Client().get("/healthz")

    assert page.status_code == 503
    assert "系统现在用的数据密钥不是已存数据的密钥" in page.content.decode()
    assert (health.status_code, health.json()["key"]) == (503, "failed")


def test_key_that_cannot_read_the_numbers_is_called_the_wrong_one(changed_key: Settings) -> None:
    changed_key.DATA_KEY_OLD = []

    with pytest.raises(CommandError, match="DATA_KEY is not the key this database was begun with"):
        call_command("check_records")


def test_worker_takes_no_work(member: Member) -> None:
    """It ends at once, with the line on its log."""
    worker = alone("celery", "-A", "unionoffice.celery", "worker", "--pool", "solo", DATA_KEY=NEW)

    assert worker.returncode == 1
    assert key_guard.STRANGE in worker.stdout + worker.stderr


def test_tables_backup_and_rotation_work_between_the_keys_and_nothing_else(
    member: Member, changed_key: Settings, tmp_path: Path
) -> None:
    """As somebody at the keyboard calls them: their system checks ask the database before they begin."""
    number, path = str(member.id_number), tmp_path / "office.zip"
    keys = {"DATA_KEY": NEW, "DATA_KEY_OLD": changed_key.DATA_KEY_OLD[0]}

    refused = alone("django", "check_records", **keys)
    done = [
        alone("django", *command, **keys)
        for command in (("migrate", "-v", "0"), ("backup", str(path)), ("rotate_data_key",))
    ]

    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (1, f"Refused: {key_guard.CHANGED}")
    assert [process.returncode for process in done] == [0, 0, 0], [process.stderr for process in done]
    assert path.exists()
    assert Member.objects.get(id_hash=number).pk == member.pk


def alone(*command: str, **keys: str) -> subprocess.CompletedProcess[str]:
    """A program of the office with the tests' database and these keys, run to its end."""
    settings = connection.settings_dict
    user, host = f"{settings['USER']}:{settings['PASSWORD']}", f"{settings['HOST']}:{settings['PORT']}"
    connection.close()
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"postgres://{user}@{host}/{settings['NAME']}"} | keys,
        capture_output=True,
        text=True,
        timeout=60,
    )
