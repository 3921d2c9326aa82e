"""Ending an answer that takes longer than the host waits for one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ...gate.answer_days import Loading
from ...hooks.host import DEFAULT_TIME_LIMIT

#: In seconds, how long the host waits where nobody says otherwise.
LIMIT = DEFAULT_TIME_LIMIT


class TooSlowError(BaseException):
    """An answer took too long. A plugin that catches every ``Exception`` does not catch this."""


@contextmanager
def in_time() -> Iterator[None]:
    """Raises ``TooSlowError`` inside what takes longer than ``LIMIT``; what the host itself loads
    does not count. Systems that cannot interrupt, and other threads than the first, wait."""
    first = threading.current_thread() is threading.main_thread()
    if not hasattr(signal, "setitimer") or not first:
        yield
        return
    loaded = Loading.done

    def end(_number: int, _frame: FrameType | None) -> None:
        nonlocal loaded
        if not Loading.since(loaded):
            raise TooSlowError
        loaded = Loading.done
        signal.setitimer(signal.ITIMER_REAL, LIMIT)

    before = signal.signal(signal.SIGALRM, end)
    whose = signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *whose)  # a whole test may have a limit of its own
