"""Waking the engine's queues when there is something to take.

DBOS looks at a queue at fixed intervals. Looking often costs a tenth of a core in idleness;
looking seldom makes a booking wait. So the queues are looked at seldom, and at once when this
process has put something in. Should a later DBOS wait in another way, nothing breaks: the queues
are then looked at at their intervals alone, and a test says so.
"""

from __future__ import annotations

import threading
import time

from dbos import DBOS

#: For how long after a nudge a queue is looked at again and again, and how often: a run that ends
#: makes room for the next one, and an enqueued run may not be visible at the first look. Nudges
#: that come quicker than that are one: each look costs more than a millisecond.
WARM_SECONDS, WARM_INTERVAL = 0.5, 0.03
_THREADS = "queue-worker-"


class Nudge:
    """Ends the waiting of the engine's queue threads early."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._nudged: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._warm: dict[str, float] = {}
        self._looked: dict[str, float] = {}

    def install(self, launched: DBOS) -> None:
        """Take over the waiting of the threads that DBOS has just launched."""
        for stopping in launched.background_thread_stop_events:
            self._watch(stopping)

    @property
    def queues(self) -> set[str]:
        """The queues whose threads wait here."""
        with self._changed:
            return set(self._looked)

    def __call__(self, queue: str) -> None:
        """Something was put into the queue."""
        with self._changed:
            self._nudged[queue] = self._nudged.get(queue, 0) + 1
            self._changed.notify_all()

    def _watch(self, stopping: threading.Event) -> None:
        usual = stopping.wait
        set_it = stopping.set

        def wait(timeout: float | None = None) -> bool:
            name = threading.current_thread().name
            if not name.startswith(_THREADS) or timeout is None:
                return usual(timeout)
            self._wait(name.removeprefix(_THREADS), timeout, stopping)
            return stopping.is_set()

        def end() -> None:
            set_it()
            with self._changed:
                self._changed.notify_all()

        stopping.wait, stopping.set = wait, end  # type: ignore[method-assign]

    def _wait(self, queue: str, timeout: float, stopping: threading.Event) -> None:
        with self._changed:
            soonest = self._looked.get(queue, 0.0) + WARM_INTERVAL
            if time.monotonic() < self._warm.get(queue, 0.0):
                timeout = min(timeout, WARM_INTERVAL)
            self._changed.wait_for(lambda: stopping.is_set() or self._news(queue), timeout)
            rest = soonest - time.monotonic()
            if rest > 0:
                self._changed.wait_for(stopping.is_set, rest)
            if self._news(queue):
                self._seen[queue] = self._nudged[queue]
                self._warm[queue] = time.monotonic() + WARM_SECONDS
            self._looked[queue] = time.monotonic()

    def _news(self, queue: str) -> bool:
        return self._nudged.get(queue, 0) != self._seen.get(queue, 0)
