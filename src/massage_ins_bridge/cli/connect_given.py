"""What is given to the steps of ``connect``, read; ``ConflictError`` says what would do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..desk.errors import ConflictError

if TYPE_CHECKING:
    from ..desk.connecting import Choice

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def chosen(found: dict[str, Choice], text: str) -> Choice:
    """The connector of that name."""
    if text not in found:
        raise ConflictError(f"{text!r} is none of {', '.join(found)}")
    return found[text]


def account_name(text: str) -> str:
    """A name that may be a part of an address."""
    if not _NAME.fullmatch(text):
        raise ConflictError(f"{text!r}: use lower-case letters, digits and hyphens")
    return text


def enforcement(text: str) -> str:
    """How an account acts."""
    if text not in ("observe", "enforce"):
        raise ConflictError(f"{text!r} is neither observe nor enforce")
    return text


def address(text: str) -> str:
    """The address of the bridge, without the slash at its end; empty for none."""
    text = text.strip().rstrip("/")
    if text and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", text):
        raise ConflictError(f"{text!r} is no address such as https://bridge.example.com")
    return text


def key(text: str) -> str | None:
    """A practitioner's key; ``None`` for nobody."""
    text = text.strip()
    if text in ("", "-"):
        return None
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", text):
        raise ConflictError(f"{text!r}: use letters, digits and hyphens")
    return text
