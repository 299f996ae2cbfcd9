"""Guessing passwords: many names from one address, one name from many addresses, and what it must not cost others."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from pytest_django.fixtures import Settings

from unionoffice.organisation import throttling
from unionoffice.organisation.models import User
from unionoffice.running.folder import Folder
from unionoffice.running.valkey import Valkey

HERE, ELSEWHERE = "10.0.0.1", "10.9.9.9"


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords a hash was computed of."""
    computed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        computed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return computed


@pytest.fixture
def valkey(tmp_path, settings: Settings) -> Iterator[Valkey]:
    server = Valkey(Folder(tmp_path / "queue"))
    server.start()
    settings.REDIS_URL = server.url
    yield server
    server.stop()


def enter(username: str, password: str = "wrong", address: str = HERE) -> int:
    answer = Client().post("/login/", {"username": username, "password": password}, REMOTE_ADDR=address)
    return answer.status_code


def guess_many_names(settings: Settings, address: str = HERE) -> list[int]:
    return [enter(f"name{n}", address=address) for n in range(settings.LOGIN_ADDRESS_FAILURES)]


@pytest.mark.django_db
def test_many_names_from_one_address_end_before_a_hash_is_computed(
    staff: User, settings: Settings, hashes: list[str]
) -> None:
    tried = guess_many_names(settings)
    computed = len(hashes)

    assert tried == [200] * settings.LOGIN_ADDRESS_FAILURES
    assert [enter(name) for name in ("one_more", "staff")] == [429, 429]
    assert len(hashes) == computed
    assert enter("staff", "Right-horse-1", ELSEWHERE) == 302


@pytest.mark.django_db
def test_one_name_from_many_addresses_ends_before_a_hash_is_computed(
    staff: User, settings: Settings, hashes: list[str]
) -> None:
    tried = [enter("staff", address=f"10.0.1.{n}") for n in range(settings.LOGIN_NAME_FAILURES)]
    computed = len(hashes)

    assert tried == [200] * settings.LOGIN_NAME_FAILURES
    assert [enter(name, address=ELSEWHERE) for name in ("staff", " staff ", "Staff")] == [429] * 3
    assert len(hashes) == computed
    assert enter("another", address=ELSEWHERE) == 200


def test_who_entered_there_before_enters_through_the_mistakes_of_others(
    cast: SimpleNamespace, settings: Settings
) -> None:
    enter("staff", "Right-horse-1")
    guess_many_names(settings)

    assert enter("leader", "Right-horse-1") == 429
    assert enter("staff", "Right-horse-1") == 302


def test_who_entered_there_before_is_still_locked_by_own_mistakes(
    staff: User, settings: Settings, hashes: list[str]
) -> None:
    enter("staff", "Right-horse-1")
    guess_many_names(settings)

    tried = [enter("staff") for _ in range(settings.AXES_FAILURE_LIMIT + 1)]
    computed = len(hashes)

    assert tried[-1] == 429
    assert enter("staff", "Right-horse-1") == 429
    assert len(hashes) == computed


def test_right_passwords_and_empty_forms_do_not_count(cast: SimpleNamespace, settings: Settings) -> None:
    settings.LOGIN_ADDRESS_FAILURES = 3
    for _ in range(5):
        assert enter("staff", "Right-horse-1") == 302
        assert enter("staff", "") == 200

    assert [enter("leader"), enter("leader", "Right-horse-1")] == [200, 302]


def test_new_password_opens_a_name_guessed_from_everywhere(
    cast: SimpleNamespace, login, settings: Settings
) -> None:
    for n in range(settings.LOGIN_NAME_FAILURES):
        enter("staff", address=f"10.0.1.{n}")
    assert enter("staff", address=ELSEWHERE) == 429

    login(cast.administrator).post(f"/accounts/{cast.staff.pk}/reset/")

    assert enter("staff", address=ELSEWHERE) == 200


@pytest.mark.django_db
def test_one_callers_part_of_the_ipv6_addresses_counts_as_one(settings: Settings) -> None:
    for n in range(settings.LOGIN_ADDRESS_FAILURES):
        enter(f"name{n}", address=f"2001:db8:1:1::{n + 1:x}")

    assert enter("another", address="2001:db8:1:1:ffff::1") == 429
    assert enter("another", address="2001:db8:1:2::1") == 200


@pytest.mark.django_db
def test_every_web_process_counts_together_and_names_are_not_kept(settings: Settings, valkey: Valkey) -> None:
    guess_many_names(settings)
    throttling.shared.cache_clear()

    assert enter("another") == 429
    kept = throttling.shared().storage.storage.keys("*")
    assert len(kept) == settings.LOGIN_ADDRESS_FAILURES + 1
    assert not any(b"name1" in key for key in kept)


@pytest.mark.django_db
def test_without_redis_each_process_counts_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(throttling, "_asks_again_at", 0.0)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    guess_many_names(settings)

    assert enter("another") == 429
    assert len([line for line in caplog.messages if "counted by this process alone" in line]) == 1
