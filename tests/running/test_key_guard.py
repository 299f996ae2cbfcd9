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

pytestmark = pytest.mark.django_db(transaction=True)
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
    settings = connection.settings_dict
    url = f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    environment = os.environ | {"DATABASE_URL": url, "DATA_KEY": NEW, "TEST_DB": settings["NAME"]}

    worker = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "unionoffice.celery", "worker", "--pool", "solo"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert worker.returncode == 1
    assert key_guard.STRANGE in worker.stdout + worker.stderr
