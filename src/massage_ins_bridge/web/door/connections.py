"""Connections within bounds: one whose request does not come is closed, and of too many the one
that has waited longest makes room. A proxy in front does this better; without one, nobody shall
be able to use up the service's descriptors by doing nothing."""

from __future__ import annotations

import asyncio
import resource
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: A request's head takes milliseconds, and the whole of it with its answer some seconds.
HEAD_SECONDS, REQUEST_SECONDS = 30.0, 120.0
#: Descriptors that the service needs for itself: database, files, platforms.
KEPT_BACK = 256
FEWEST, MOST = 64, 2048
#: Longer heads are nobody's; the parser would keep them all the same.
HEAD_BYTES = 65_536


def connections_at_most() -> int:
    """How many connections the system's limit of open files leaves room for; the limit is raised
    where that is allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = KEPT_BACK + MOST
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(FEWEST, min(MOST, soft - KEPT_BACK))


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with an end to all waiting. The bounds are those of the class."""

    most: ClassVar[int] = MOST
    head_seconds: ClassVar[float] = HEAD_SECONDS
    request_seconds: ClassVar[float] = REQUEST_SECONDS
    #: Connections that wait for a first or a next request, the oldest first.
    _waiting: ClassVar[dict[BoundedProtocol, None]] = {}
    _timer: asyncio.TimerHandle | None = None
    #: How many bytes have come of a head that is not whole; ``None`` while no head is coming.
    _head: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request()
        if len(self.connections) > self.most:
            oldest = next(iter(self._waiting))
            self._waiting.pop(oldest)
            oldest.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self.transport.abort()

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head = None
        self._set_end(self.request_seconds)
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Said when it is written, which does not mean that the other side has taken it: a close
        would wait for that for ever."""
        self._set_end(self.request_seconds)
        if not self.pipeline:
            self._waiting[self] = None  # kept open for a next request, for some seconds
        super().on_response_complete()

    def _await_request(self) -> None:
        self._set_end(self.head_seconds)
        self._waiting[self] = None

    def _set_end(self, seconds: float) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        self._waiting.pop(self, None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
