"""Platforms that answer amiss: clients that change what a connector reads, and the same for the
bodies of deliveries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from ..api.connectors import PlatformClient

#: A state that no platform's documentation knows.
STRANGE = "brand-new-state"
_ZONED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:Z|[+-]\d\d:?\d\d)")


class Unreachable(PlatformClient):
    """Calls nobody: whoever tries fails the test."""

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        raise AssertionError("the platform was called")

    def post(self, path: str, *_arguments: Any, **_options: Any) -> Any:
        raise AssertionError("the platform was called")


def unknown_states(keys: Collection[str]) -> type[PlatformClient]:
    """What is read says ``STRANGE`` under each of these keys."""
    return _changing(lambda data: strange_states(data, keys))


def naive_times() -> type[PlatformClient]:
    """Each time that is read has lost its zone."""
    return _changing(without_zones)


def another_booking(ref: str, other: str) -> type[PlatformClient]:
    """Who asks for ``ref`` is told about ``other``."""

    class Other(PlatformClient):
        def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
            query = {k: other if v == ref else v for k, v in (params or {}).items()}
            return super().get(path.replace(ref, other), query or None)

    return Other


def strange_states(data: Any, keys: Collection[str]) -> Any:
    """A JSON value with ``STRANGE`` under each of these keys, wherever text stood there."""
    if isinstance(data, dict):
        return {
            key: STRANGE if key in keys and isinstance(value, str) else strange_states(value, keys)
            for key, value in data.items()
        }
    return [strange_states(item, keys) for item in data] if isinstance(data, list) else data


def without_zones(data: Any) -> Any:
    """A JSON value whose times have lost their zones."""
    return json.loads(_ZONED.sub(r"\1", json.dumps(data)))


def in_body(change: Callable[[Any], Any], raw: bytes) -> bytes:
    """The same for a body, as far as it is JSON; any other stays as it is."""
    try:
        data = json.loads(raw)
    except ValueError:
        return raw
    changed = change(data)
    return raw if changed == data else json.dumps(changed).encode()


def _changing(change: Callable[[Any], Any]) -> type[PlatformClient]:
    class Changing(PlatformClient):
        def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
            return change(super().get(path, params))

    return Changing
