"""Times as they come in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .platform import RefusedError


def moment(text: Any) -> datetime:
    """A time with its offset. Raises ``RefusedError``."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise RefusedError(400, "a valid ISO 8601 time is expected") from None
    if found.tzinfo is None:
        raise RefusedError(400, "a time with its offset is expected")
    return found
