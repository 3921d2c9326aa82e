"""Values that plugins declare on a fact beside the host's own fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

#: What says of a field of a fact class that it is its ``extra``, and of which kind of fact; and
#: that plugins may add to the words that it takes.
EXTRA, PLUGINS_TOO = "extra", "plugins_too"


class Extra(Mapping[str, Any]):
    """Immutable values by name, such as ``coverage.extra["regence"]["ccn"]``. Every field that the
    plugin declares is there; ``None`` means unknown, as it does everywhere."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | Iterable[tuple[str, Any]] = ()) -> None:
        self._items = dict(items)

    def __getitem__(self, name: str) -> Any:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


NO_EXTRA = Extra()
