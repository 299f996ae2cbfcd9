"""Encryption and keyed hashes for identity and bank numbers.

AES-256-GCM for what must be read again, HMAC-SHA256 for what must be found again. Both keys are derived by
HKDF (RFC 5869) from the setting DATA_KEY; those of DATA_KEY_OLD can still decrypt and find.
"""

import functools
import hashlib
import hmac
import os
from collections.abc import Callable
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_VERSION = b"\x01"
_NONCE = 12
_INDEX = 16
_HASH_BLOCK = 64
_SHORTEST_TOKEN = 1 + _NONCE + 16
_SHORTEST_KEY = 32


class UnreadableSecret(ValueError):
    """A stored value is damaged or was encrypted with a key that is no longer given."""


class OtherKey(Exception):
    """DATA_KEY is not the key the stored numbers are under: nobody would be found again by a hash made with it."""


class _Hmac:
    """HMAC-SHA256 (RFC 2104) with its two key blocks hashed beforehand, a third of the time of hmac.digest."""

    def __init__(self, key: bytes) -> None:
        block = key.ljust(_HASH_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(self, message: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


class _Keys(NamedTuple):
    cipher: AESGCM
    nonce: _Hmac
    index: _Hmac
    signature: _Hmac
    fingerprint: str


@functools.lru_cache(maxsize=16)
def _keys(secret: str) -> _Keys:
    if len(secret) < _SHORTEST_KEY:
        raise ImproperlyConfigured(f"DATA_KEY must have at least {_SHORTEST_KEY} characters.")

    def derived(purpose: bytes) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"unionoffice " + purpose).derive(secret.encode())

    return _Keys(
        AESGCM(derived(b"encryption")),
        _Hmac(derived(b"nonce")),
        _Hmac(derived(b"blind index")),
        _Hmac(derived(b"signature")),
        derived(b"fingerprint")[:8].hex(),
    )


def _old_keys() -> list[_Keys]:
    return [_keys(secret) for secret in getattr(settings, "DATA_KEY_OLD", None) or ()]


def encrypt(text: str, stable: bool = False) -> bytes:
    """Version byte, nonce, ciphertext and tag.

    With `stable` the nonce is a keyed hash of the text, so that equal texts give equal bytes and an unchanged
    value is seen to be unchanged; it gives away no more than a blind index of the same text does.
    """
    return encrypt_bytes(text.encode(), stable)


def decrypt(token: bytes) -> str:
    """The text given to `encrypt`; UnreadableSecret if the bytes are damaged or of an unknown key."""
    return decrypt_bytes(token).decode()


def decrypter() -> Callable[[bytes], str]:
    """`decrypt` for many texts."""
    opened = _keys(settings.DATA_KEY).cipher.decrypt
    end = _NONCE + 1

    def decrypted(token: bytes) -> str:
        if token[:1] == _VERSION and len(token) >= _SHORTEST_TOKEN:
            try:
                return opened(token[1:end], token[end:], _VERSION).decode()
            except InvalidTag:
                pass
        # Tries the old keys, or says what is wrong.
        return decrypt(token)

    return decrypted


def encrypt_bytes(plain: bytes, stable: bool = False) -> bytes:
    """`encrypt` for the content of files."""
    keys = _keys(settings.DATA_KEY)
    nonce = keys.nonce.digest(plain)[:_NONCE] if stable else os.urandom(_NONCE)
    return _VERSION + nonce + keys.cipher.encrypt(nonce, plain, _VERSION)


def decrypt_bytes(token: bytes) -> bytes:
    """The bytes given to `encrypt_bytes`; UnreadableSecret if they are damaged or of an unknown key."""
    if token[:1] != _VERSION or len(token) < _SHORTEST_TOKEN:
        raise UnreadableSecret("The stored value is not one of ours: its first byte or its length is wrong.")
    nonce, sealed = token[1 : _NONCE + 1], token[_NONCE + 1 :]
    try:
        return _keys(settings.DATA_KEY).cipher.decrypt(nonce, sealed, _VERSION)
    except InvalidTag:
        pass
    for keys in _old_keys():
        try:
            return keys.cipher.decrypt(nonce, sealed, _VERSION)
        except InvalidTag:
            continue
    raise UnreadableSecret("The stored value cannot be decrypted: it is damaged or DATA_KEY is another one.")


def renewed(token: bytes, stable: bool = False) -> bytes:
    """The token under the present key: itself if it is, else its content encrypted anew. Raises UnreadableSecret."""
    plain = decrypt_bytes(token)
    try:
        _keys(settings.DATA_KEY).cipher.decrypt(token[1 : _NONCE + 1], token[_NONCE + 1 :], _VERSION)
    except InvalidTag:
        return encrypt_bytes(plain, stable)
    return token


def blind_index(text: str, purpose: str) -> bytes:
    """16 bytes of a keyed hash by which a text is found without being readable; differs by purpose."""
    return _index(_keys(settings.DATA_KEY), text, purpose)


def blind_indexer(purpose: str) -> Callable[[str], bytes]:
    """`blind_index` for many texts of one purpose."""
    digest, prefix = _keys(settings.DATA_KEY).index.digest, f"{purpose}\0"
    return lambda text: digest((prefix + text).encode())[:_INDEX]


def blind_indexes(text: str, purpose: str) -> list[bytes]:
    """The blind index under the present key and under every old one, for look-ups during a change of keys."""
    return [blind_index(text, purpose), *(_index(keys, text, purpose) for keys in _old_keys())]


def _index(keys: _Keys, text: str, purpose: str) -> bytes:
    return keys.index.digest(f"{purpose}\0{text}".encode())[:_INDEX]


def key_fingerprint() -> str:
    """16 hexadecimal digits that tell two keys apart and reveal neither; kept with backups."""
    return _keys(settings.DATA_KEY).fingerprint


def key_fingerprints() -> list[str]:
    """The fingerprints of the present key and every old one: all by which stored values can be read."""
    return [key_fingerprint(), *(keys.fingerprint for keys in _old_keys())]


def signature(content: bytes, fingerprint: str) -> str:
    """`fingerprint:64 hexadecimal digits`, a keyed hash proving that who holds that key made the content.

    Under the present key where the key of this fingerprint is not given.
    """
    present = _keys(settings.DATA_KEY)
    keys = next((each for each in (present, *_old_keys()) if each.fingerprint == fingerprint), present)
    return f"{keys.fingerprint}:{keys.signature.digest(content).hex()}"


def is_signature(text: str, content: bytes) -> bool:
    """Whether the text is the content's `signature`; OtherKey if it was made with a key that is not given."""
    fingerprint = text.partition(":")[0]
    if fingerprint not in key_fingerprints():
        raise OtherKey("The signature was made with another key.")
    return hmac.compare_digest(text.encode(), signature(content, fingerprint).encode())
