"""Sealing what is personal (AES-GCM) and hashing what must be searched (HMAC-SHA256)."""

from __future__ import annotations

import base64
import binascii
import errno
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..settings import StartError

KEY_FILE = "secret.key"
_NONCE = 12
#: How many bytes at the start of a sealed value name its key.
KEY_ID = 4


class SealError(Exception):
    """A sealed value cannot be opened: its key is missing, or it was altered."""


class MissingKeyError(SealError):
    """The key that a value was sealed with is not among those at hand."""


class Vault:
    """Seals with the first key, opens with any. Each sealed value is bound to its place.

    The keyed hash uses the *last* key, so that adding a new first key keeps values findable.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != 32 for key in keys):
            raise ValueError("keys must be 32 bytes each")
        self._ciphers = {_key_id(key): AESGCM(_derive(key, b"seal")) for key in keys}
        self._first, self._last = _key_id(keys[0]), _key_id(keys[-1])
        self._hash_key = _derive(keys[-1], b"hash")

    def seal(self, text: str, place: str) -> bytes:
        """``text`` sealed; ``place`` (table, column and clinic) must be the same when opening."""
        nonce = os.urandom(_NONCE)
        box = self._ciphers[self._first].encrypt(nonce, text.encode(), place.encode())
        return self._first + nonce + box

    def seal_bytes(self, raw: bytes, place: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return self._first + nonce + self._ciphers[self._first].encrypt(nonce, raw, place.encode())

    def open_bytes(self, box: bytes, place: str) -> bytes:
        """Raises ``SealError``."""
        cipher = self._cipher(box[:KEY_ID])
        try:
            nonce = box[KEY_ID : KEY_ID + _NONCE]
            return cipher.decrypt(nonce, box[KEY_ID + _NONCE :], place.encode())
        except InvalidTag as error:
            raise SealError(
                "a stored value was altered and cannot be opened; restore the backup"
            ) from error

    def need_key(self, key_id: bytes) -> None:
        """Raises ``MissingKeyError`` where the key of that id is not at hand."""
        self._cipher(key_id)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all keys at hand, as hexadecimal text."""
        return frozenset(key.hex() for key in self._ciphers)

    @property
    def finder(self) -> bytes:
        """The id of the key by whose hash values are found."""
        return self._last

    def _cipher(self, key_id: bytes) -> AESGCM:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise MissingKeyError(
                "a stored value was sealed with a key that is not at hand; "
                "put the former key back, in its place or behind the new one"
            )
        return cipher

    def open(self, box: bytes, place: str) -> str:
        return self.open_bytes(box, place).decode()

    def seal_json(self, value: Any, place: str) -> bytes:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return self.seal(text, place)

    def open_json(self, box: bytes, place: str) -> Any:
        return json.loads(self.open(box, place))

    def fingerprint(self, value: str, place: str) -> str:
        """A keyed hash: equal for equal values in one place, and useless without the key."""
        return hmac.new(self._hash_key, f"{place}\0{value}".encode(), hashlib.sha256).hexdigest()


def normal_id(value: str | None) -> str | None:
    return re.sub(r"[^0-9a-z]", "", (value or "").casefold()) or None


def load_vault(data_dir: Path, setting: str | None) -> Vault:
    """The vault over the keys of the setting, or of the key file, made at the first start.

    Keys are one per line (or separated by commas), base64 of 32 bytes. Raises ``StartError``.
    """
    if setting is not None:
        return Vault(_keys(setting, "secret_key"))
    path = data_dir / KEY_FILE
    try:
        if not path.exists():
            _make(path)
        return Vault(_keys(key_text(path), str(path)))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        cure = "make room on the disk" if full else "mend its rights"
        raise StartError(f"{path}: cannot be read or made ({reason}); {cure}") from None


def key_text(path: Path) -> str:
    """What the key file holds. Some editors put a mark of its coding before it. Raises ``OSError``
    and ``UnicodeDecodeError``."""
    return path.read_text(encoding="utf-8-sig")


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _make(path: Path) -> None:
    """Write a new key so that a crash never leaves half a key behind."""
    half = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(half, path)
    except FileExistsError:
        pass  # another process was first; its key is the one
    finally:
        half.unlink()


def _keys(text: str, where: str) -> list[bytes]:
    keys: list[bytes] = []
    for part in re.split(r"[\s,]+", text.strip()):
        try:
            key = base64.b64decode(part, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32:
            raise StartError(f"{where}: is no key; it must be base64 of 32 bytes, one per line")
        keys.append(key)
    return keys


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"id" + key).digest()[:KEY_ID]


def _derive(key: bytes, use: bytes) -> bytes:
    """A key for one use. It is HMAC itself and not HKDF (RFC 5869), which makes other bytes of
    the same key: what is sealed could no longer be opened, and nothing found by its hash. Nor
    would it be safer: the key holds 256 random bits, from which there is nothing to extract."""
    return hmac.new(key, use, hashlib.sha256).digest()
