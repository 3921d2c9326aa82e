"""Standard Webhooks: signatures and secrets.

Source: ``spec/standard-webhooks.md`` of ``standard-webhooks/standard-webhooks`` at
``b2fa7b8719fb75d326b591077f5d1b385cfcdfae`` ("Signature scheme", "Webhook headers", "Verifying
signatures"); the five minutes are those of its libraries (``libraries/python/standardwebhooks/
webhooks.py``). Unlike that one, an entry of the signature header that is malformed is skipped, so
that it hides no good one behind it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from massage_ins_bridge.api.connectors import BadSignatureError, StaleDeliveryError

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX, VERSION = "whsec_", "v1"
TOLERANCE = timedelta(minutes=5)
#: How long a secret is, in bytes, by the specification.
SHORTEST, LONGEST = 24, 64
#: Longer ids are nobody's, nor are more signatures than this.
MAX_ID, MAX_ENTRIES = 256, 50
_ASYMMETRIC = ("whsk_", "whpk_")


@dataclass(frozen=True, slots=True)
class Secrets:
    """One or several secrets, of which each is good: while one is exchanged, both are there."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def read(cls, name: str, text: str) -> Secrets:
        """Secrets parted by spaces or commas. Raises ``ValueError``, which names the setting and
        repeats no secret."""
        found = tuple(_key(name, one) for one in text.replace(",", " ").split())
        if not found:
            raise ValueError(f"{name}: is missing; make one with `openssl rand -base64 32`, {_HOW}")
        return cls(found)

    def sign(self, message_id: str, moment: datetime, body: bytes) -> dict[str, str]:
        """The headers of a message, with a signature by each secret."""
        seconds = str(int(moment.timestamp()))
        signed = _signed(message_id, seconds, body)
        entries = (f"{VERSION},{base64.b64encode(_mac(key, signed)).decode()}" for key in self.keys)
        return {ID: message_id, TIMESTAMP: seconds, SIGNATURE: " ".join(entries)}

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Verified:
        """Who sent what. Raises ``BadSignatureError`` and ``StaleDeliveryError``."""
        message_id, seconds = _header(headers, ID), _header(headers, TIMESTAMP)
        if len(message_id) > MAX_ID or not message_id.isascii() or not message_id.isprintable():
            raise BadSignatureError(f"the header {ID} is no id")
        if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):
            raise BadSignatureError(f"the header {TIMESTAMP} is no whole number of seconds")
        given = list(_entries(_header(headers, SIGNATURE)))
        signed = _signed(message_id, seconds, body)
        good = False
        for key in self.keys:  # each with each: the time tells nothing of which it was
            expected = _mac(key, signed)
            for entry in given:
                good |= hmac.compare_digest(expected, entry)
        if not good:
            raise BadSignatureError("no signature fits the body and one of our secrets")
        sent = datetime.fromtimestamp(int(seconds), UTC)
        if abs(now - sent) > TOLERANCE:
            late = "too long ago" if sent < now else "in the future"
            raise StaleDeliveryError(f"the message was signed {late}: sign each try anew")
        return Verified(message_id, sent)


@dataclass(frozen=True, slots=True)
class Verified:
    """A message's own id, which stays the same when it is sent again, and when it was signed."""

    id: str
    signed_at: datetime


def _key(name: str, secret: str) -> bytes:
    if secret.startswith(_ASYMMETRIC):
        raise ValueError(f"{name}: holds an asymmetric key; this takes symmetric secrets, {_HOW}")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{name}: holds something that is no secret; write it {_HOW}") from None
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"{name}: a secret is of {SHORTEST} to {LONGEST} bytes, written {_HOW}")
    return key


def _header(headers: Mapping[str, str], name: str) -> str:
    found = headers.get(name, "").strip()
    if not found:
        raise BadSignatureError(f"the header {name} is missing")
    return found


def _entries(header: str) -> Iterator[bytes]:
    """The signatures of our version. What is malformed, or of another version, is none."""
    entries: Sequence[str] = header.split()
    for entry in entries[:MAX_ENTRIES]:
        version, _, signature = entry.partition(",")
        if version == VERSION and signature.isascii():
            try:
                yield base64.b64decode(signature, validate=True)
            except binascii.Error:
                continue


def _signed(message_id: str, seconds: str, body: bytes) -> bytes:
    return f"{message_id}.{seconds}.".encode() + body


def _mac(key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, signed, "sha256")


_HOW = f'as "{PREFIX}…" with the base64 of its bytes'
