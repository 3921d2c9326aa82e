"""Names of the API that are about to end: they still work, and say when they will not."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple


class ApiDeprecationWarning(DeprecationWarning):
    """A plugin uses a name that ends with a coming release; the text says which and what to use."""


class Ending(NamedTuple):
    """A name that ends: what takes its place (a name of the API), and the release without it."""

    instead: str
    ends_with: str


#: By name, what is about to end. A name stays here for one major version at least.
ENDING: Mapping[str, Ending] = {}


def ending(name: str, api: Mapping[str, Any], names: Mapping[str, Ending]) -> Any:
    """What a name that ends stands for, with a warning. Raises ``AttributeError`` for any other."""
    found = names.get(name)
    if found is None:
        raise AttributeError(f"massage_ins_bridge.api has no {name!r}")
    said = (
        f"massage_ins_bridge.api.{name} ends with massage-ins-bridge {found.ends_with}; use "
        f"{found.instead} (see docs/upgrading-plugins.md)"
    )
    warnings.warn(said, ApiDeprecationWarning, stacklevel=3)
    return api[found.instead]
