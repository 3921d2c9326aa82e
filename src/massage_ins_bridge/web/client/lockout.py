"""Who asks again and again for addresses that there are not is asked to wait.

A token holds 192 random bits, so that nobody finds one; this keeps the attempt from costing much,
and shows in the log.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict, deque

from fastapi import Request

#: So many misses within so many seconds, and so many callers that are remembered.
MOST, WITHIN, CALLERS = 20, 600.0, 5_000


class Lockout:
    """Safe to use from several threads; each process counts for itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._misses: OrderedDict[str, deque[float]] = OrderedDict()

    def is_out(self, caller: str) -> bool:
        """Whether the caller has missed too often of late."""
        with self._lock:
            return len(_lately(self._misses.get(caller, deque()))) >= MOST

    def missed(self, caller: str) -> None:
        """The caller asked for a page that there is not."""
        with self._lock:
            _lately(self._misses.setdefault(caller, deque(maxlen=MOST))).append(time.monotonic())
            self._misses.move_to_end(caller)
            while len(self._misses) > CALLERS:
                self._misses.popitem(last=False)


def _lately(misses: deque[float]) -> deque[float]:
    """Those that count still."""
    while misses and time.monotonic() - misses[0] > WITHIN:
        misses.popleft()
    return misses


def caller_of(request: Request) -> str:
    """Who asks: the address of the connection, or, where a proxy on this machine or in this network
    passes it on, the one that the proxy adds last."""
    peer = request.client.host if request.client else ""
    passed = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    try:
        near = ipaddress.ip_address(peer)
        return str(ipaddress.ip_address(passed)) if near.is_private and passed else str(near)
    except ValueError:
        return peer
