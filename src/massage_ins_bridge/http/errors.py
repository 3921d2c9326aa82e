"""What can go wrong in a call to a platform, in words that carry no secret and no personal data.

PlatformError            what went wrong; ``permanent`` tells whether trying again can help
├── PlatformGoneError    404 or 410 in JSON: the platform does not know it, or no longer
└── PlatformRefusedError any other 4xx: the platform understood and said no
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

MAX_SAID = 200

_EMAIL = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+")
_LINK = re.compile(r"https?://\S+")
_DIGITS = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){5,}")
_TOKEN = re.compile(r"\b(?=[\w-]*\d)[\w-]{24,}")


class PlatformError(Exception):
    """A call to a platform failed. ``message`` holds no secret and no personal data.

    ``permanent``: the same call will fail again. ``status`` is the HTTP status, where there was
    an answer. ``retry_after``: seconds that the platform asked us to wait.
    """

    def __init__(
        self,
        message: str = "the call to the platform failed",
        permanent: bool = False,  # noqa: FBT001, FBT002 - says itself what it is
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.status = status
        self.retry_after = retry_after


class PlatformGoneError(PlatformError):
    """The platform does not know what was asked for, or no longer (404, 410).

    Its own error document says so. The 404 of whatever stands before it, while it is being
    renewed for instance, is a ``PlatformError`` that may pass."""


class PlatformRefusedError(PlatformError):
    """The platform refused (any other 4xx); the text ends with its own short message."""


class PlatformBusyError(PlatformError):
    """No call was made: as many as may be were made already, or the platform asked for a pause.
    ``retry_after`` says when there is room again. It is nobody's failure."""


class AmbiguousError(PlatformError):
    """The answer was lost: the call may have had its effect, or not."""


def is_platforms_own(body: bytes) -> bool:
    """Whether an error's body is a JSON object, as a platform's API writes it."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def platforms_words(body: bytes, sent: Iterable[str]) -> str:
    """The platform's own short message in an error body, without anything that we sent it, and
    without addresses, links, numbers and tokens. Empty where there is none."""
    try:
        text = _message(json.loads(body))
    except (ValueError, RecursionError):
        return ""
    text = "".join(c if c.isprintable() else " " for c in text)
    for value in sorted({v for v in sent if len(v) > 2}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "…", text, flags=re.IGNORECASE)
    for pattern in (_LINK, _EMAIL, _DIGITS, _TOKEN):
        text = pattern.sub("…", text)
    text = " ".join(text.split())
    return text if len(text) <= MAX_SAID else text[: MAX_SAID - 1] + "…"


def _message(data: Any) -> str:
    """The first text under the names that platforms use for it."""
    if isinstance(data, str):
        return data
    if isinstance(data, list):
        return _message(data[0]) if data else ""
    if isinstance(data, dict):
        for key in ("error", "errors", "message", "detail", "error_description", "title", "code"):
            if data.get(key) and (found := _message(data[key])):
                return found
    return ""


def texts_in(value: Any) -> list[str]:
    """Every text in a JSON value, to be kept out of error messages."""
    if isinstance(value, str):
        return [value, *value.split()]
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in texts_in(item)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in texts_in(item)]
    return []
