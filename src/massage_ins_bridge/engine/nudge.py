"""Waking the engine's queues when there is something to take.

DBOS looks at a queue at fixed intervals. Looking often costs a tenth of a core in idleness;
looking seldom makes a booking wait. So the queues are looked at seldom, and at once when this
process has put something in, or has done with something that may have kept others waiting. Should
a later DBOS wait in another way, nothing breaks: the queues are then looked at at their intervals
alone, and a test says so.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from dbos import DBOS

#: The least time between two looks at a queue. What is put in meanwhile is taken in one.
INTERVAL = 0.03
#: While one look follows the other, each rests so many times as long as it took: under load, when
#: each costs the most, there are few looks that take much. One that had to wait for the database
#: rests no longer than that.
REST = 9
LONGEST_REST = 0.2
_THREADS = "queue-worker-"
_NEVER = float("inf")


@dataclass(slots=True)
class _Queue:
    """When the last look at a queue began, when the next is due, and for how long the last one was
    waited for."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    looked: float = 0.0
    due: float = _NEVER
    waited: float = _NEVER

    def earliest(self) -> float:
        """When the queue may be looked at again, its last look being over now."""
        if not self.looked:
            return 0.0
        now = time.monotonic()
        busy = self.waited <= LONGEST_REST
        rest = min(REST * (now - self.looked), LONGEST_REST) if busy else 0.0
        return max(self.looked + INTERVAL, now + rest)


class Nudge:
    """Ends the waiting of the engine's queue threads early."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queues: dict[str, _Queue] = {}

    def install(self, launched: DBOS) -> None:
        """Take over the waiting of the threads that DBOS has just launched."""
        for stopping in launched.background_thread_stop_events:
            self._watch(stopping)

    @property
    def queues(self) -> set[str]:
        """The queues whose threads have waited here."""
        with self._lock:
            return {name for name, queue in self._queues.items() if queue.looked}

    def __call__(self, queue: str, after: float = 0.0) -> None:
        """There will be something to take from the queue after so many seconds."""
        known, due = self._known(queue), time.monotonic() + after
        with known.changed:
            if due < known.due:
                known.due = due
                known.changed.notify()

    def _known(self, name: str) -> _Queue:
        with self._lock:
            return self._queues.setdefault(name, _Queue())

    def _watch(self, stopping: threading.Event) -> None:
        usual, set_it = stopping.wait, stopping.set

        def wait(timeout: float | None = None) -> bool:
            name = threading.current_thread().name
            if not name.startswith(_THREADS) or timeout is None:
                return usual(timeout)
            _wait(self._known(name.removeprefix(_THREADS)), timeout, stopping)
            return stopping.is_set()

        def end() -> None:
            set_it()
            for queue in list(self._queues.values()):
                with queue.changed:
                    queue.changed.notify()

        stopping.wait, stopping.set = wait, end  # type: ignore[method-assign]


def _wait(queue: _Queue, timeout: float, stopping: threading.Event) -> None:
    """Wait until the queue is due, for ``timeout`` at most."""
    began, earliest = time.monotonic(), queue.earliest()
    last = began + timeout
    with queue.changed:
        while not stopping.is_set():
            due = min(last, max(queue.due, earliest))
            left = due - time.monotonic()
            if left <= 0:
                break
            queue.changed.wait(left)
        queue.due, queue.looked = _NEVER, time.monotonic()
        queue.waited = queue.looked - began
