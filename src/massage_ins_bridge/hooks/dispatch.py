"""Calling plugins apart from each other, each within a time limit.

A Python thread cannot be killed. So one dispatcher thread runs the plugins; where one does not
come back in time that thread is abandoned (it is a daemon and cannot keep the process alive)
and a fresh one goes on with the next plugin.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from ..domain.describe import describe

#: The function that is called, its arguments, and the package that an error is placed in.
Call = tuple[Callable[..., Any], tuple[Any, ...], str]


class NoReply(NamedTuple):
    """What stands in the place of a result: why there is none."""

    error: str
    timed_out: bool = False


class _Job:
    __slots__ = ("abandoned", "calls", "done", "lock", "replies", "started")

    def __init__(self, calls: Sequence[Call]) -> None:
        self.calls = calls
        self.started = time.monotonic()
        self.replies: list[Any] = []
        self.abandoned = False
        self.lock = threading.Lock()
        self.done: SimpleQueue[bool] = SimpleQueue()

    def run(self) -> None:
        for function, arguments, package in self.calls:
            try:
                reply = function(*arguments)
            except BaseException as error:  # noqa: BLE001 - a plugin may raise SystemExit too
                reply = NoReply(f"it raised {describe(error, package)}")
            with self.lock:
                if self.abandoned:
                    return
                self.replies.append(reply)
                self.started = time.monotonic()
        self.done.put(True)

    def overrun(self, limit: float) -> float | None:
        """How long the running call may still take; ``None`` where its time is up, and then the
        job is given up at the same stroke."""
        with self.lock:
            left = self.started + limit - time.monotonic()
            if left > 0 or len(self.replies) == len(self.calls):
                return max(left, 0.001)
            self.abandoned = True
            return None


class Dispatcher:
    """Runs batches of calls one after another. Safe to use from several threads."""

    def __init__(self, time_limit: float) -> None:
        """``time_limit``: how long one call may take, in seconds."""
        self.time_limit = time_limit
        self._lock = threading.Lock()
        self._jobs: SimpleQueue[_Job] | None = None

    def run(self, calls: Sequence[Call]) -> list[Any]:
        """What each call returned, in the order of the calls, or a ``NoReply``."""
        if not calls:
            return []
        with self._lock:
            replies = self._batch(calls)
            while len(replies) < len(calls):  # one hung; the rest gets a fresh thread
                replies += self._batch(calls[len(replies) :])
            return replies

    def _batch(self, calls: Sequence[Call]) -> list[Any]:
        """The replies up to a call that hangs, or all."""
        job = _Job(calls)
        self._worker().put(job)
        return self._wait(job)

    def _wait(self, job: _Job) -> list[Any]:
        """Wait for the job; where one call hangs, abandon its thread and say so in its place."""
        wait = self.time_limit
        while True:
            try:
                job.done.get(timeout=wait)
            except Empty:
                left = job.overrun(self.time_limit)
                if left is not None:
                    wait = left
                    continue
                self._jobs = None
                error = f"it did not answer within {self.time_limit:g} s"
                return [*job.replies, NoReply(error, timed_out=True)]
            return job.replies

    def _worker(self) -> SimpleQueue[_Job]:
        if self._jobs is None:
            jobs: SimpleQueue[_Job] = SimpleQueue()
            threading.Thread(target=_serve, args=(jobs,), name="mib-plugins", daemon=True).start()
            self._jobs = jobs
        return self._jobs


def _serve(jobs: SimpleQueue[_Job]) -> None:
    while True:
        job = jobs.get()
        job.run()
        if job.abandoned:
            return
