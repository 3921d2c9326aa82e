"""What a change of the settings file changes, in words without a secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

#: Tables of which every value may be read.
_OPEN = ("clinic", "client_page")
#: And of an account, these keys. Of all else only that it was changed.
_OF_ACCOUNTS = frozenset(
    {"connector", "enforcement", "services", "practitioners", "form_fields", "base_url"}
)
MOST_LETTERS, MOST_LINES = 120, 12
NOTHING = "nothing"


def changed_words(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Each setting that is another one, with what it was and is; empty where none is."""
    found = sorted(_changes(_flat(before), _flat(after)))
    more = len(found) - MOST_LINES
    shown = [*found[:MOST_LINES], *([f"and {more} more"] if more > 0 else [])]
    return "; ".join(shown)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in {*before, *after}:
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        open_to_all = _may_be_read(name)
        yield f"{name} was {_said(was)}, is {_said(now)}" if open_to_all else f"{name} was changed"


def _flat(table: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Values by their path; those of a list with names or keys, by these."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        where = f"{path}{name}"
        if isinstance(value, Mapping):
            found |= _flat(value, f"{where}.")
        elif _is_tables(value):
            for one in value:
                key = one.get("key") or one.get("name")
                found |= _flat(one, f"{where}.{key}.") if key else {where: value}
        else:
            found[where] = value
    return found


def _is_tables(value: Any) -> bool:
    listed = isinstance(value, Sequence) and not isinstance(value, str)
    return bool(listed and value and all(isinstance(one, Mapping) for one in value))


def _may_be_read(path: str) -> bool:
    parts = path.split(".")
    if parts[0] == "accounts":
        return len(parts) > 2 and parts[2] in _OF_ACCOUNTS
    return parts[0] in _OPEN or path == "public_url"


def _said(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    text = ", ".join(map(_plain, value)) if isinstance(value, (list, tuple)) else str(value)
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}\u2026"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name} {_said(item)}" for name, item in value.items())
    return str(value)
