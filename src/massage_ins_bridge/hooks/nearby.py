"""Keeping a helper thread on the processor of the thread that waits for it.

Under one interpreter lock the two never run at once, so nothing is lost by it; but to wake a
thread on another processor costs more than all plugins together. Where the system does not tell
its processors, nothing is done.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache


@cache
def _current_processor() -> Callable[[], int] | None:
    if not hasattr(os, "sched_setaffinity"):
        return None
    import ctypes  # late: it is slow to import, and a single decision has no use for it

    try:
        found: Callable[[], int] = ctypes.PyDLL(None).sched_getcpu
    except (OSError, AttributeError):
        return None
    return found


#: More than any machine has; the system takes of them what the process may use.
ANYWHERE = range(1024)


class Nearby:
    """Where one helper thread is kept; ``thread`` is its native id."""

    __slots__ = ("_here", "_processor", "_usual", "thread")

    def __init__(self) -> None:
        self.thread = 0
        self._processor = -1
        self._here: frozenset[int] = frozenset()
        self._usual: Collection[int] = ANYWHERE

    def come(self) -> bool:
        """Bring the helper to the processor that the caller runs on, and keep the caller there
        until ``part``: woken on another one, it would have to be followed each time. Whether
        there is anything to part from."""
        current = _current_processor() if self.thread else None
        if current is None:
            return False
        processor = current()
        if processor < 0:  # the system would not say
            return False
        self._usual = os.sched_getaffinity(0)  # it may be changed while the process runs
        if processor != self._processor:
            self._processor = processor
            self._here = frozenset((processor,))
            self._move(self._here)
        try:
            os.sched_setaffinity(0, self._here)
        except OSError:  # the processors were changed under us: then nobody is kept anywhere
            return False
        return True

    def part(self) -> None:
        """Let the caller run where it could before."""
        try:
            os.sched_setaffinity(0, self._usual)
        except OSError:  # none of these is the process's any more
            with suppress(OSError):
                os.sched_setaffinity(0, ANYWHERE)

    def let_go(self) -> None:
        """Let the helper run anywhere again, as one does that is given up."""
        if self._processor >= 0:
            self._move(self._usual)

    def _move(self, processors: Collection[int]) -> None:
        with suppress(OSError):  # the thread has ended, or the processors were changed under us
            os.sched_setaffinity(self.thread, processors)
