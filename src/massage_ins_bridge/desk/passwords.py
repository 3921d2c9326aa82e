"""Passwords, kept as Argon2 hashes."""

from __future__ import annotations

from functools import cache

from pwdlib import PasswordHash

from ..domain.reading import Problem, UnusableInputError

#: Length is what makes a password hard to guess (NIST SP 800-63B, 5.1.1).
LEAST, MOST = 12, 200


def hashed(password: str) -> str:
    """The hash of a new password. Raises ``UnusableInputError``."""
    if len(password) < LEAST:
        words = f"is shorter than {LEAST} characters; four words in a row do well"
        raise UnusableInputError([Problem("password", words)])
    if len(password) > MOST:
        words = f"is longer than {MOST} characters"
        raise UnusableInputError([Problem("password", words)])
    return _hasher().hash(password)


def fits(password: str, known: str | None) -> bool:
    """Whether a password is the one of a hash. Without a hash it takes as long, and does not."""
    if len(password) > MOST:
        return False
    verified = _hasher().verify(password, known or _nobodys())
    return verified and known is not None


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")
