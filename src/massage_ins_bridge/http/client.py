"""``PlatformClient``: one account's way to its platform."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

import httpx
import tenacity

from ..domain.told import Told
from .answers import MAX_RESPONSE_BYTES, Call, PlatformResponse, parsed, trouble
from .checks import checked_headers
from .errors import AmbiguousError, PlatformError
from .exchange import Exchange
from .limits import LONGEST_SLEEP, Timeouts, TokenBucket

ATTEMPTS = 4
#: Methods that change nothing.
_READING = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"})


def _sleep(seconds: float) -> None:
    """Looked up when it is called, so that a whole installation can be tested without waiting."""
    time.sleep(seconds)


class PlatformClient(metaclass=Told):
    """Thread-safe. Cookies are not kept, nothing is logged. A redirect is followed by ``send``
    alone, and to a private network only where the clinic allows that host."""

    def __init__(  # noqa: PLR0913 - all but two are for tests and odd platforms
        self,
        base_url: str,
        headers: Mapping[str, str] | None = None,
        *,
        per_minute: int = 120,
        timeout: Timeouts | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = _sleep,
        clock: Callable[[], float] = time.monotonic,
        allow_http: bool = False,
        allowed_hosts: Iterable[str] = (),
    ) -> None:
        """``allowed_hosts``: hosts beside the base's own that may lie in a private network, and
        that get the account's key. Raises ``ValueError``."""
        self._exchange = Exchange(
            base_url,
            allow_http=allow_http,
            allowed_hosts=allowed_hosts,
            transport=transport,
            timeout=timeout or Timeouts(),
            clock=clock,
        )
        self._heard = self._exchange.heard
        self._headers = checked_headers(headers or {})
        self._clock, self._sleep = clock, sleep
        self._bucket = TokenBucket(per_minute, clock, sleep)

    def with_headers(self, headers: Mapping[str, str]) -> PlatformClient:
        """The same client, connections and rate limit, sending more headers, such as a
        connector's credentials."""
        return self._changed(_headers={**self._headers, **checked_headers(headers)})

    @property
    def platform_time(self) -> datetime | None:
        """What the platform's clock said in its newest answer (``Date``), to any client that
        shares these connections."""
        return self._heard.time

    @property
    def platform_time_heard_at(self) -> float | None:
        """When that answer came, by ``time.monotonic``."""
        return self._heard.at

    def turn(self, calls: int) -> AbstractContextManager[None]:
        """Reserve calls of this thread that belong together: all may be made, or the ``with``
        raises ``PlatformError`` before the first. For whoever writes to a platform that is busy:
        a task that is refused between its calls has wasted them."""
        return self._bucket.turn(calls)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The parsed JSON at ``path``. Raises ``PlatformError``."""
        return self._json(replace(self._exchange.call("GET", path, self._headers), params=params))

    def post(
        self,
        path: str,
        json: Any = None,
        *,
        idempotent: bool = False,
        applied: Callable[[], Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Post ``json``; the parsed answer. Raises ``PlatformError``.

        Sent again by itself only where it surely did not happen (no connection, 429) or may
        happen twice (``idempotent``). ``applied`` is asked before each repeat: what it returns is
        the answer; ``None`` means that it did not happen and is still to be done, so once more.
        """
        call = self._exchange.call("POST", path, self._headers)
        return self._json(
            replace(
                call,
                json=json,
                headers={**call.headers, **checked_headers(headers or {})},
                repeatable=idempotent or applied is not None,
                applied=applied,
            )
        )

    def send(  # noqa: PLR0913 - what a call can have
        self,
        method: str,
        where: str,
        content: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        expects: Collection[int] = (),
        repeatable: bool = True,
        once: bool = False,
        applied: Callable[[], PlatformResponse | None] | None = None,
        most: int = MAX_RESPONSE_BYTES,
    ) -> PlatformResponse:
        """A call of any method, and its answer as it came: for platforms that do not speak JSON.
        ``where``: a path below the base, or a whole address. Raises ``PlatformError``, but not for
        the statuses in ``expects``, nor for a success; and for more than ``most`` bytes.

        Sent again by itself as ``post`` is, and whenever it may be sent twice (``repeatable``);
        never where it is to be sent ``once``, for whoever has a schedule of their own.
        What only reads (GET, PROPFIND, REPORT …) is led on by a redirect that is not expected.
        Another server than the base's gets the account's key only where the clinic allows that
        host; else it gets nothing where it lies in a private network. Of a whole address error
        texts name the host alone, for a feed's address is a secret.
        """
        call = self._exchange.call(method, where, self._headers)
        call = replace(
            call,
            content=content,
            headers={**call.headers, **checked_headers(headers or {})},
            expects=frozenset(expects),
            repeatable=repeatable or applied is not None,
            applied=applied,
            follow=method in _READING,
            once=once,
            most=most,
        )
        answer: PlatformResponse = self._run(call, lambda answer: answer)
        return answer

    def at(self, origin: str) -> PlatformClient:
        """The same client, rate limit and headers for another address to which the platform led.
        Whether it may be led there, with its credentials, is for the caller to say. Raises
        ``ValueError``."""
        return self._changed(_exchange=self._exchange.at(origin))

    def _changed(self, **parts: Any) -> PlatformClient:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, **parts)
        return other

    def pause(self, seconds: float) -> None:
        """Wait, between two calls, for a platform that shows a change a little later."""
        self._sleep(min(seconds, LONGEST_SLEEP))

    def close(self) -> None:
        """Close the connections, also those of clients made by ``with_headers``."""
        self._exchange.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _json(self, call: Call) -> Any:
        return self._run(call, lambda answer: parsed(call, answer))

    def _run(self, call: Call, read: Callable[[PlatformResponse], Any]) -> Any:
        tried = False

        def attempt() -> Any:
            nonlocal tried
            if tried and call.applied is not None and (found := call.applied()) is not None:
                return found
            tried = True
            return read(self._good(call))

        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=_pause,
            retry=tenacity.retry_if_exception(lambda error: self._may_repeat(error, call)),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(attempt)

    def _may_repeat(self, error: BaseException, call: Call) -> bool:
        if not isinstance(error, PlatformError) or error.permanent or call.once:
            return False
        if isinstance(error, AmbiguousError) and not call.repeatable:
            return False
        wait = error.retry_after or 0.0
        return wait <= LONGEST_SLEEP and self._clock() + wait < call.deadline

    def _good(self, call: Call) -> PlatformResponse:
        answer = self._exchange.answer(call, self._bucket.take)
        wrong = trouble(call, answer)
        if wrong is None:
            return answer
        if wrong.retry_after:
            self._bucket.close_for(wrong.retry_after)
        raise wrong


def _pause(state: tenacity.RetryCallState) -> float:
    """What the platform asked for, else a doubling pause; with jitter, so that runs spread."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, PlatformError) else None
    backoff = min(8.0, 0.5 * 2.0 ** (state.attempt_number - 1))
    return (asked or 0.0) + random.uniform(0.5, 1.0) * backoff  # noqa: S311 - jitter is no secret
