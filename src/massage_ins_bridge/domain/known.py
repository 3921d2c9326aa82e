"""What facts say, without what they leave open."""

from __future__ import annotations

from typing import Any


def what_is_known(value: Any) -> Any:
    """Facts without the fields that say nothing (null, and a text of blanks), at any depth."""
    if isinstance(value, dict):
        inside = {name: what_is_known(item) for name, item in value.items()}
        return {name: item for name, item in inside.items() if item not in (None, "", {})}
    if isinstance(value, list):
        return [item for item in map(what_is_known, value) if item not in (None, "")]
    return None if isinstance(value, str) and not value.strip() else value
