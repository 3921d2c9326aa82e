"""Calling plugins apart from each other, each within a time limit.

A Python thread cannot be killed. So one dispatcher thread runs the plugins; where one does not
come back in time that thread is abandoned (it is a daemon and cannot keep the process alive)
and a fresh one goes on with the next plugin.
"""

from __future__ import annotations

import os
import select
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from ..domain.describe import describe
from ..gate.answer_days import Loading

#: The function that is called, its arguments, and the package that an error is placed in.
Call = tuple[Callable[..., Any], tuple[Any, ...], str]


class NoReply(NamedTuple):
    """Why a call gave no result. ``cause`` is for the plugin's author alone: its text may hold a
    client's facts."""

    error: str
    timed_out: bool = False
    cause: BaseException | None = None


class _Job:
    """A batch of calls. ``started`` is when the call was begun whose reply comes next."""

    __slots__ = ("abandoned", "calls", "replies", "started")

    def __init__(self, calls: Sequence[Call]) -> None:
        self.calls = calls
        self.replies: list[Any] = []
        self.abandoned = False
        self.started = time.monotonic()

    def run(self) -> None:
        for function, arguments, package in self.calls:
            try:
                reply = function(*arguments)
            except BaseException as error:  # noqa: BLE001 - a plugin may raise SystemExit too
                reply = NoReply(f"it raised {describe(error, package)}", cause=error)
            if self.abandoned:
                return
            self.started = time.monotonic()  # before the reply is there: see ``left``
            self.replies.append(reply)

    def left(self, limit: float) -> float:
        """How many seconds the call that is running may still take."""
        done = len(self.replies)  # read first: then ``started`` is no older than it
        left = self.started + limit - time.monotonic()
        return max(left, 0.001) if done == len(self.calls) else left


class _Line:
    """A dispatcher thread, and the pipes by which it is woken and says that a job is done.

    Pipes instead of locks: who writes to one lets go of the interpreter, so that the thread
    woken finds it free. With a lock it wakes, finds the interpreter held and sleeps once more,
    which doubles the switches. The thread ends when the line is no longer referred to.
    """

    def __init__(self) -> None:
        wake, self._wake = os.pipe()
        self._done, done = os.pipe()
        weakref.finalize(self, _close, self._wake, self._done).atexit = False
        self._poll = select.poll()
        self._poll.register(self._done, select.POLLIN)
        self._jobs: deque[_Job] = deque()
        ends = (self._jobs, wake, done)
        threading.Thread(target=_serve, args=ends, name="mib-plugins", daemon=True).start()

    def put(self, job: _Job) -> None:
        self._jobs.append(job)
        os.write(self._wake, b".")

    def is_done(self, seconds: float) -> bool:
        """Whether the job is done. Waits for it as many seconds, and no longer."""
        return bool(self._poll.poll(seconds * 1000) and os.read(self._done, 1))


class Dispatcher:
    """Runs batches of calls one after another. Safe to use from several threads."""

    def __init__(self, time_limit: float) -> None:
        """``time_limit``: how long one call may take, in seconds."""
        self.time_limit = time_limit
        self._lock = threading.Lock()
        self._line: _Line | None = None

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
        """The replies up to a call that hangs, or all. What the host itself loads meanwhile is not
        the call's time. The line of a call that hangs, or whose caller was interrupted, is given
        up: what it may still say belongs to no one."""
        line, self._line = self._line or _Line(), None
        job = _Job(calls)
        line.put(job)
        left, loaded = self.time_limit, Loading.done
        while not line.is_done(left):
            if Loading.since(loaded):
                loaded, job.started = Loading.done, time.monotonic()
            left = job.left(self.time_limit)
            if left <= 0:
                job.abandoned = True
                error = f"it did not answer within {self.time_limit:g} s"
                return [*job.replies, NoReply(error, timed_out=True)]
        self._line = line
        return job.replies


def _serve(jobs: deque[_Job], wake: int, done: int) -> None:
    """Run jobs until the line is given up: then the pipe ends, or nobody listens."""
    with suppress(BrokenPipeError):
        while os.read(wake, 1):
            job = jobs.popleft()
            job.run()
            if job.abandoned:
                break
            del job
            os.write(done, b".")
    _close(wake, done)


def _close(*ends: int) -> None:
    for end in ends:
        os.close(end)
