"""Deliveries that were read at the door, handed on to where they are dealt with.

A delivery is parsed once: what the door read is kept until it is taken in. Where that happens in
another process, or after a start, the stored body is parsed instead.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")
#: More than this wait only in a backlog; the oldest are then parsed from what is stored.
MOST = 2_000


class ParsedDeliveries(Generic[T]):
    """What deliveries say, by their id. Safe to use from several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._found: OrderedDict[str, T] = OrderedDict()

    def keep(self, delivery_id: str, said: T) -> None:
        with self._lock:
            self._found[delivery_id] = said
            while len(self._found) > self._most:
                self._found.popitem(last=False)

    def get(self, delivery_id: str) -> T | None:
        """What the delivery says, where this process has read it."""
        with self._lock:
            return self._found.get(delivery_id)

    def forget(self, delivery_id: str) -> None:
        """It has been dealt with."""
        with self._lock:
            self._found.pop(delivery_id, None)
