"""The clock that the service is handed; only demos and tests move it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The time now, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class DemoClock:
    """A clock that can be set and runs on from there. ``on_change`` is called after each set."""

    def __init__(self, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._ahead = timedelta(0)
        self.on_change: Callable[[], None] | None = None
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def set(self, moment: datetime) -> None:
        """Make it ``moment`` now; raises ``ValueError`` for a time without a zone."""
        if moment.tzinfo is None:
            raise ValueError("the time has no offset from UTC")
        with self._lock:
            self._ahead = moment - datetime.now(UTC)
        if self.on_change is not None:
            self.on_change()
