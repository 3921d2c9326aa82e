"""What a process counts, for whoever watches it: numbers by plain names, never a health fact or
anything about a person."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

#: What is counted of deliveries, by account and what became of them; and what one is called there
#: whose secret does not fit.
DELIVERIES, UNFIT = "deliveries", "signature"
Labels = tuple[tuple[str, str], ...]


class Counts:
    """Counters that only grow. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, Labels]] = Counter()
        self._last: dict[tuple[str, Labels], datetime] = {}

    def add(self, name: str, number: int = 1, **labels: str) -> None:
        """Count something under a name, apart for each set of labels."""
        with self._lock:
            self._counts[name, tuple(sorted(labels.items()))] += number

    def note(self, name: str, at: datetime, **labels: str) -> None:
        """When something happened that is counted, the last time."""
        with self._lock:
            self._last[name, tuple(sorted(labels.items()))] = at

    def last(self, name: str, **labels: str) -> tuple[int, datetime | None]:
        """How often it was counted, and when the last time was."""
        key = (name, tuple(sorted(labels.items())))
        with self._lock:
            return self._counts[key], self._last.get(key)

    def of(self, name: str) -> Mapping[Labels, int]:
        """By labels, what was counted under a name."""
        with self._lock:
            return {labels: n for (known, labels), n in self._counts.items() if known == name}
