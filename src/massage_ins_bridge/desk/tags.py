"""Read models as JSON, and the tags by which a caller says which state of one they have seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .errors import PreconditionError

#: Tags that a caller has seen, one of which must still be true; ``None`` asks for nothing.
Tags = frozenset[str] | None


def to_json(view: Any) -> bytes:
    """A view as JSON. Equal views are equal texts."""
    return json.dumps(view, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()


def tag_of(view: Any) -> str:
    """A tag that is equal for equal views, for conditional requests."""
    return hashlib.sha256(to_json(view)).hexdigest()[:32]


def must_match(tags: Tags, view: Any) -> None:
    """Raises ``PreconditionError`` where the caller has seen another state than the view."""
    if tags is not None and tag_of(view) not in tags:
        raise PreconditionError(
            "It was changed meanwhile; read it again, and send the change with its new ETag."
        )


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in _names(type(value))}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


@lru_cache(maxsize=64)
def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))
