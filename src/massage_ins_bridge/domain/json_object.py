"""A JSON object as it was written. One that has a key twice says two things, of which Python would
take the last and say nothing: who is billed must not hang on the order of a line."""

from __future__ import annotations

from typing import Any

from .reading import plain_key


class RepeatedKeyError(ValueError):
    """``key``: the one that is there twice, fit to be shown."""

    def __init__(self, key: str) -> None:
        super().__init__(f"has the key {key!r} twice in one object")
        self.key = key


def json_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """As ``object_pairs_hook`` of ``json.loads``. Raises ``RepeatedKeyError``."""
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise RepeatedKeyError(plain_key(next(key for key in keys if keys.count(key) > 1)))
    return made
