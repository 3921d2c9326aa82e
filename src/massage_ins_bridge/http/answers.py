"""A call to a platform, and what its answer means."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from ..domain.told import Told
from .errors import (
    AmbiguousError,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
    is_platforms_own,
    platforms_words,
    texts_in,
)
from .limits import asked_to_wait

#: Bytes of an answer, unless a call says otherwise.
MAX_RESPONSE_BYTES = 8 * 1024 * 1024
_WAITING = frozenset({408, 425, 429})
#: Statuses that point elsewhere.
MOVED = frozenset({301, 302, 303, 307, 308})
_KEY_REFUSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class PlatformResponse(metaclass=Told):
    """An answer as it came: the HTTP status, the headers by their names in lower case, the body;
    ``url`` is where it came from in the end, after redirects."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str = field(default="", repr=False)

    @property
    def is_web_page(self) -> bool:
        """Whether it is a page for people, where data was asked for."""
        return is_web_page(self.headers.get("content-type", ""), self.body)


@dataclass(frozen=True, slots=True)
class Call:
    """One call, with all its tries. ``where`` names it in error texts, without a secret; ``most``:
    how many bytes of an answer are taken; ``expects``: statuses that are no errors; ``follow``:
    redirects are; ``public_only``: it goes to no private network; ``once``: it is tried once."""

    method: str
    url: httpx.URL = field(repr=False)
    where: str
    deadline: float
    params: Mapping[str, Any] | None = field(default=None, repr=False)
    json: Any = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    repeatable: bool = True
    follow: bool = False
    public_only: bool = False
    once: bool = False
    most: int = MAX_RESPONSE_BYTES
    applied: Callable[[], Any] | None = None
    expects: frozenset[int] = frozenset()

    def sent(self) -> list[str]:
        """Every text in the request, to be kept out of error messages."""
        return texts_in([self.params or {}, self.json, self.headers])


def parsed(call: Call, answer: PlatformResponse) -> Any:
    """The JSON of a good answer. Raises ``PlatformError``."""
    if not answer.body.strip():
        return None
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        said = "something that is not JSON"
        if answer.is_web_page:
            said = (
                "a web page instead of data: is base_url right, or does a sign-in page or a "
                "proxy stand before it?"
            )
        raise AmbiguousError(f"{call.where} answered with {said}") from None


def trouble(call: Call, answer: PlatformResponse) -> PlatformError | None:
    """What an answer says is wrong; ``None`` for one that is good: 2xx, or expected."""
    status = answer.status
    if 200 <= status < 300 or status in call.expects:
        return None
    said = platforms_words(answer.body, call.sent())
    text = f"{call.where} answered {status}" + (f": {said}" if said else "")
    if status in (404, 410):
        if is_platforms_own(answer.body):
            return PlatformGoneError(text, True, status)
        return PlatformError(f"{text} in words that are not the platform's", status=status)
    if status in _WAITING or status >= 500:
        kind = PlatformError if status == 429 else AmbiguousError
        return kind(text, status=status, retry_after=asked_to_wait(answer.headers))
    if status in _KEY_REFUSED:
        text += "; the platform does not take the account's key, or the key lacks a right"
    if status >= 400:
        return PlatformRefusedError(text, True, status)
    return PlatformError(f"{text} instead of data; check the base_url", True, status)


def is_web_page(content_type: str, body: bytes) -> bool:
    """Whether a body is HTML, by its type or its beginning."""
    if content_type.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml"):
        return True
    return (
        body.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower().startswith((b"<!doctype html", b"<html"))
    )
