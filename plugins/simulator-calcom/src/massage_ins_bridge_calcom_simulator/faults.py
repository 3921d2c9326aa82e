"""Bad days: slow answers, errors, and answers that get lost after the work was done."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True)
class Fault:
    """What happens to the next ``count`` calls of an action (``get``, ``list``, ``confirm``,
    ``decline``, ``cancel``, ``reschedule``, or ``*`` for any).

    ``timeout`` keeps the caller waiting for ``seconds``; ``status`` answers with ``status``.
    ``after_applying``: first does what was asked.
    """

    kind: Literal["status", "timeout"]
    action: str = "*"
    count: int = 1
    status: int = 503
    retry_after: str | None = None
    seconds: float = 120.0
    after_applying: bool = False


class Faults:
    """The faults to come, and the delay of every answer in seconds."""

    def __init__(self) -> None:
        self.queue: list[Fault] = []
        self.latency = 0.0

    def take(self, action: str) -> Fault | None:
        """The fault that hits this call, if any."""
        for fault in self.queue:
            if fault.action in ("*", action):
                fault.count -= 1
                if fault.count <= 0:
                    self.queue.remove(fault)
                return fault
        return None


class Limiter:
    """Cal.com's limit of calls in a fixed minute; 0 is no limit.

    apps/api/v2/src/lib/throttler-guard.ts counts them by API key; here there is one key.
    """

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._began, self._used = time.monotonic(), 0

    def take(self) -> tuple[bool, dict[str, str]]:
        """Whether the call may go on, and the headers that tell how much is left."""
        now = time.monotonic()
        if now - self._began >= 60:
            self._began, self._used = now, 0
        self._used += 1
        limit = self.per_minute or 120
        left = max(0, limit - self._used) if self.per_minute else limit
        headers = {
            "X-RateLimit-Limit-Default": str(limit),
            "X-RateLimit-Remaining-Default": str(left),
            "X-RateLimit-Reset-Default": str(int(60 - (now - self._began)) + 1),
        }
        return not self.per_minute or self._used <= limit, headers
