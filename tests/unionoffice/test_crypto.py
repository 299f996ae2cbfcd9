"""Encryption, keyed hashes, change of keys."""

import hmac
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from unionoffice import crypto
from unionoffice.crypto import UnreadableSecret

FIRST, SECOND = "the first key of forty characters, about", "the second key of forty characters, more"


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    settings.DATA_KEY, settings.DATA_KEY_OLD = FIRST, []


@pytest.mark.parametrize("text", ["11010519491231002X", "", "张三𬍛", "a" * 10_000])
def test_decrypt_gives_back_what_was_encrypted(text: str) -> None:
    assert crypto.decrypt(crypto.encrypt(text)) == text
    assert crypto.decrypt(crypto.encrypt(text, stable=True)) == text
    assert crypto.decrypt(memoryview(crypto.encrypt(text))) == text


def test_ciphertext_is_version_nonce_text_and_tag() -> None:
    token = crypto.encrypt("11010519491231002X")

    assert token[0] == 1
    assert len(token) == 1 + 12 + 18 + 16
    assert b"110105" not in token


def test_ciphertexts_of_one_text_differ_unless_stable() -> None:
    assert len({crypto.encrypt("x") for _ in range(50)}) == 50
    assert len({crypto.encrypt("x", stable=True) for _ in range(50)}) == 1
    assert crypto.encrypt("x", stable=True) != crypto.encrypt("y", stable=True)


@pytest.mark.parametrize("place", [0, 1, 13, 20, -1])
def test_changed_byte_is_refused(place: int) -> None:
    token = bytearray(crypto.encrypt("11010519491231002X"))
    token[place] ^= 1

    with pytest.raises(UnreadableSecret):
        crypto.decrypt(bytes(token))


@pytest.mark.parametrize("token", [b"", b"\x01", b"\x01" + b"0" * 12, b"plain text"])
def test_bytes_that_are_no_ciphertext_are_refused(token: bytes) -> None:
    with pytest.raises(UnreadableSecret):
        crypto.decrypt(token)


def test_old_key_still_reads_but_no_longer_writes(settings: Settings) -> None:
    old = crypto.encrypt("13812345678")
    settings.DATA_KEY, settings.DATA_KEY_OLD = SECOND, [FIRST]
    new = crypto.encrypt("13812345678")

    assert crypto.decrypt(old) == "13812345678"
    settings.DATA_KEY_OLD = []
    assert crypto.decrypt(new) == "13812345678"
    with pytest.raises(UnreadableSecret):
        crypto.decrypt(old)


def test_blind_index_is_a_keyed_hash_by_purpose(settings: Settings) -> None:
    key = HKDF(SHA256(), 32, salt=None, info=b"unionoffice blind index").derive(FIRST.encode())
    expected = hmac.digest(key, b"id_number\x0011010519491231002X", sha256)[:16]

    found = crypto.blind_index("11010519491231002X", "id_number")

    assert found == expected
    assert found != crypto.blind_index("11010519491231002X", "bank_account")
    settings.DATA_KEY = SECOND
    assert found != crypto.blind_index("11010519491231002X", "id_number")


def test_blind_indexes_cover_old_keys(settings: Settings) -> None:
    old = crypto.blind_index("x", "p")
    settings.DATA_KEY, settings.DATA_KEY_OLD = SECOND, [FIRST]

    assert crypto.blind_indexes("x", "p") == [crypto.blind_index("x", "p"), old]


def test_fingerprint_tells_keys_apart_and_reveals_none(settings: Settings) -> None:
    first = crypto.key_fingerprint()
    settings.DATA_KEY, settings.DATA_KEY_OLD = SECOND, [FIRST]

    assert len(first) == 16
    assert first not in FIRST
    assert crypto.key_fingerprint() != first
    assert crypto.key_fingerprints() == [crypto.key_fingerprint(), first]


def test_short_key_is_refused(settings: Settings) -> None:
    settings.DATA_KEY = "short"

    with pytest.raises(ImproperlyConfigured, match="at least 32"):
        crypto.encrypt("x")
