"""The writers of one process, one at a time."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class WriteLock:
    """Lets one writer of this process in at a time, the urgent ones first: a platform that waits
    for its answer must not queue behind decisions."""

    def __init__(self) -> None:
        lock = threading.Lock()
        self._first, self._rest = threading.Condition(lock), threading.Condition(lock)
        self._held = False
        self._urgent = 0

    @contextlib.contextmanager
    def hold(self, *, urgent: bool = False) -> Iterator[None]:
        turn = self._first if urgent else self._rest
        with turn:
            self._urgent += urgent
            turn.wait_for(lambda: not self._held and (urgent or not self._urgent))
            self._urgent -= urgent
            self._held = True
        try:
            yield
        finally:
            with self._first:
                self._held = False
                (self._first if self._urgent else self._rest).notify()
