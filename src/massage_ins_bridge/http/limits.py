"""How long a call may take, how often one may be made, and how long a platform asks us to wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..domain.told import Told
from .errors import PlatformBusyError

#: A platform that asks us to wait longer is called again after this; the durable run goes on.
MAX_RETRY_AFTER = 120.0
#: How many seconds a thread sleeps at most. Else the caller is told how long to wait, and
#: meanwhile its thread works for others.
LONGEST_SLEEP = 2.0
#: How many calls a task takes that does not say: a look, and a write with its own looks.
TASK_CALLS = 4
#: For how many seconds a caller is sent away at most.
MAX_PROMISE = 300.0


@dataclass(frozen=True, slots=True)
class Timeouts(metaclass=Told):
    """Seconds: to connect, without a byte received, and for one call with all its retries."""

    connect: float = 5.0
    read: float = 20.0
    total: float = 60.0


class TokenBucket:
    """At most ``per_minute`` calls in any minute, over all threads, in small bursts.

    Whoever is refused is told when to come again, each later than the one before. Without that,
    tasks of several calls each would come all at once, and each spend its calls on a beginning.
    """

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if per_minute < 1:
            raise ValueError("per_minute must be at least 1")
        self._burst = float(max(1, min(TASK_CALLS, per_minute - 1), per_minute // 10))
        # Burst and refill together stay within the minute's allowance.
        self._rate = max(per_minute - self._burst, 1.0) / 60
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._tokens, self._filled = self._burst, clock()
        self._closed_until = self._promised = self._filled
        self._own = threading.local()

    @contextmanager
    def turn(self, calls: int) -> Iterator[None]:
        """Take calls of this thread all at once. Raises ``PlatformBusyError`` as ``take`` does.
        What is not used is given back. More than a burst cannot be taken at once."""
        if getattr(self._own, "calls", 0):
            yield  # within a turn already
            return
        taken = min(calls, int(self._burst))
        self._take(taken, float("inf"), taken)
        self._own.calls = taken
        try:
            yield
        finally:
            with self._lock:
                self._tokens += self._own.calls
            self._own.calls = 0

    def take(self, deadline: float) -> None:
        """Wait until a call may be made. Raises ``PlatformBusyError`` at once, with the time to
        wait, where that would be after ``deadline`` or later than a thread may sleep."""
        own = getattr(self._own, "calls", 0)
        self._take(0 if own else 1, deadline, TASK_CALLS)
        self._own.calls = max(0, own - 1)

    def _take(self, count: int, deadline: float, task: int) -> None:
        with self._lock:
            now = self._clock()
            self._tokens += max(0.0, now - self._filled) * self._rate
            self._tokens = min(self._burst, self._tokens)
            self._filled = now
            wait = max(0.0, self._closed_until - now)
            if count:
                wait = max(wait, (count - self._tokens) / self._rate)
            if wait > LONGEST_SLEEP or now + wait > deadline:
                later = self._promise(now, task, wait)
                raise PlatformBusyError(
                    "too many calls to this platform at once", retry_after=later
                )
            self._tokens -= count
        if wait > 0:
            self._sleep(wait)

    def _promise(self, now: float, task: int, wait: float) -> float:
        """Seconds until there is room for a task of so many calls, after those who were told
        before."""
        room = (min(self._burst, task) - self._tokens) / self._rate
        after_others = self._promised + task / self._rate if self._promised > now else now
        promised = max(after_others, now + max(room, wait))
        self._promised = min(promised, now + max(MAX_PROMISE, wait))
        return self._promised - now

    def close_for(self, seconds: float) -> None:
        """Let no call through for some seconds: the platform asked for a pause."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock() + seconds)


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that the platform asks us to wait: ``Retry-After`` as seconds or as a date (read
    against the answer's own ``Date``), or a rate limit's reset; capped, ``None`` without one."""
    value = headers.get("retry-after", "").strip()
    if not value and headers.get("x-ratelimit-remaining-default", "").strip() == "0":
        value = headers.get("x-ratelimit-reset-default", "").strip()
    if not value:
        return None
    seconds = float(value[:9]) if value.isascii() and value.isdigit() else _until(value, headers)
    return None if seconds is None else min(max(0.0, seconds), MAX_RETRY_AFTER)


def http_date(text: str) -> datetime | None:
    """The moment that an HTTP date names; ``None`` where the text is no date."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _until(value: str, headers: Mapping[str, str]) -> float | None:
    target, said = http_date(value), http_date(headers.get("date", ""))
    if target is None:
        return None
    return target.timestamp() - (time.time() if said is None else said.timestamp())
