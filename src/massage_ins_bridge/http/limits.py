"""How long a call may take, how often one may be made, and how long a platform asks us to wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .errors import PlatformError

#: A platform that asks us to wait longer is called again after this; the durable run goes on.
MAX_RETRY_AFTER = 120.0
#: A thread never sleeps longer than so many seconds: the caller is told how long to wait, and
#: meanwhile its thread works for others.
LONGEST_SLEEP = 2.0


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, without a byte received, and for one call with all its retries."""

    connect: float = 5.0
    read: float = 20.0
    total: float = 60.0


class TokenBucket:
    """At most ``per_minute`` calls in any minute, over all threads, in small bursts."""

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if per_minute < 1:
            raise ValueError("per_minute must be at least 1")
        self._burst = float(max(1, per_minute // 10))
        # Burst and refill together stay within the minute's allowance.
        self._rate = max(per_minute - self._burst, 1.0) / 60
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._tokens, self._filled, self._closed_until = self._burst, clock(), clock()

    def take(self, deadline: float) -> None:
        """Wait for a turn. Raises ``PlatformError`` at once, with the time to wait, where the turn
        would come after ``deadline`` or later than a thread may sleep."""
        with self._lock:
            now = self._clock()
            self._tokens += max(0.0, now - self._filled) * self._rate
            self._tokens = min(self._burst, self._tokens)
            self._filled = now
            wait = max(0.0, (1 - self._tokens) / self._rate, self._closed_until - now)
            if wait > LONGEST_SLEEP or now + wait > deadline:
                raise PlatformError("too many calls to this platform at once", retry_after=wait)
            self._tokens -= 1
        if wait > 0:
            self._sleep(wait)

    def close_for(self, seconds: float) -> None:
        """No call before so many seconds have passed: the platform asked for a pause."""
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
