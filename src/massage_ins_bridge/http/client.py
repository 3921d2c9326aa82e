"""``PlatformClient``: one account's way to its platform."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from ssl import SSLContext
from typing import Any, Self

import httpx
import tenacity

from .checks import checked_base, checked_headers, checked_path, is_loopback
from .errors import (
    AmbiguousError,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
    is_platforms_own,
    platforms_words,
    texts_in,
)
from .limits import LONGEST_SLEEP, Timeouts, TokenBucket, asked_to_wait, http_date

ATTEMPTS = 4
MAX_RESPONSE_BYTES = 8 * 1024 * 1024

# httpx logs each address with its query, httpcore each header: neither may reach a log.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

#: The request never left: sending it again cannot do anything twice.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_WAITING = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    path: str
    deadline: float
    params: Mapping[str, Any] | None = field(default=None, repr=False)
    json: Any = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    repeatable: bool = True
    applied: Callable[[], Any] | None = None

    def sent(self) -> list[str]:
        """Every text in the request, to be kept out of error messages."""
        return texts_in([self.params or {}, self.json, self.headers])


@dataclass(slots=True)
class _Heard:
    """The platform's clock at its newest answer, and ours at that moment."""

    time: datetime | None = None
    at: float | None = None


@cache
def _trusted(*, environment: bool) -> SSLContext:
    """The authorities that are trusted, read once: every account needs them, and it takes long."""
    return httpx.create_ssl_context(trust_env=environment)


class PlatformClient:
    """Thread-safe. Redirects are not followed, cookies are not kept, nothing is logged."""

    def __init__(  # noqa: PLR0913 - all but two are for tests and odd platforms
        self,
        base_url: str,
        headers: Mapping[str, str] | None = None,
        *,
        per_minute: int = 120,
        timeout: Timeouts | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        allow_http: bool = False,
    ) -> None:
        self._base = checked_base(base_url, allow_http=allow_http)
        self._headers = checked_headers(headers or {})
        self._timeout = timeout or Timeouts()
        self._clock, self._sleep = clock, sleep
        self._bucket = TokenBucket(per_minute, clock, sleep)
        self._heard = _Heard()
        environment = not is_loopback(self._base.host)
        self._http = httpx.Client(
            transport=transport,
            follow_redirects=False,
            trust_env=environment,
            verify=_trusted(environment=environment) if transport is None else True,
            headers={"accept": "application/json", "accept-encoding": "identity"},
            limits=httpx.Limits(max_connections=10, keepalive_expiry=30),
        )

    def with_headers(self, headers: Mapping[str, str]) -> PlatformClient:
        """The same client, connections and rate limit, sending more headers, such as a
        connector's credentials."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other._headers = {**self._headers, **checked_headers(headers)}
        return other

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
        deadline = self._clock() + self._timeout.total
        return self._run(_Call("GET", checked_path(path), deadline, params, None, self._headers))

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
        return self._run(
            _Call(
                "POST",
                checked_path(path),
                self._clock() + self._timeout.total,
                json=json,
                headers={**self._headers, **checked_headers(headers or {})},
                repeatable=idempotent or applied is not None,
                applied=applied,
            )
        )

    def pause(self, seconds: float) -> None:
        """Wait, between two calls, for a platform that shows a change a little later."""
        self._sleep(min(seconds, LONGEST_SLEEP))

    def close(self) -> None:
        """Close the connections, also those of clients made by ``with_headers``."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, call: _Call) -> Any:
        tried = False

        def attempt() -> Any:
            nonlocal tried
            if tried and call.applied is not None and (found := call.applied()) is not None:
                return found
            tried = True
            return self._once(call)

        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=_pause,
            retry=tenacity.retry_if_exception(lambda error: self._may_repeat(error, call)),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(attempt)

    def _may_repeat(self, error: BaseException, call: _Call) -> bool:
        if not isinstance(error, PlatformError) or error.permanent:
            return False
        if isinstance(error, AmbiguousError) and not call.repeatable:
            return False
        wait = error.retry_after or 0.0
        return wait <= LONGEST_SLEEP and self._clock() + wait < call.deadline

    def _once(self, call: _Call) -> Any:
        self._bucket.take(call.deadline)
        left = max(0.1, call.deadline - self._clock())
        limit = self._timeout
        path = self._base.raw_path.rstrip(b"/") + call.path.encode("ascii")
        request = self._http.build_request(
            call.method,
            self._base.copy_with(raw_path=path),
            params=call.params,
            json=call.json,
            headers=call.headers,
            timeout=httpx.Timeout(min(limit.read, left), connect=min(limit.connect, left)),
        )
        try:
            response = self._http.send(request, stream=True)
            try:
                self._hear(response)
                body = self._body(call, response)
            finally:
                response.close()
                self._http.cookies.clear()
        except _UNSENT as error:
            raise PlatformError(f"{self._where(call)}: no connection ({_kind(error)})") from None
        except httpx.HTTPError as error:
            raise AmbiguousError(f"{self._where(call)}: no answer ({_kind(error)})") from None
        return self._answer(call, response, body)

    def _hear(self, response: httpx.Response) -> None:
        said = http_date(response.headers.get("date", ""))
        if said is not None and "age" not in response.headers:  # an old answer tells an old time
            self._heard.time, self._heard.at = said, self._clock()

    def _body(self, call: _Call, response: httpx.Response) -> bytes:
        """The bytes as they came. Nothing is unpacked: a few of them could become any number."""
        if _is_encoded(response.headers.get("content-encoding", "")):
            if not response.is_success:
                return b""
            raise PlatformError(
                f"{self._where(call)}: the answer is compressed, which was not asked for", True
            )
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_RESPONSE_BYTES:
                raise PlatformError(f"{self._where(call)}: the answer is too large", True)
            if self._clock() > call.deadline:
                raise AmbiguousError(f"{self._where(call)}: the answer took too long")
        return bytes(body)

    def _answer(self, call: _Call, response: httpx.Response, body: bytes) -> Any:
        status, where = response.status_code, self._where(call)
        if 200 <= status < 300:
            return _parsed(where, body)
        said = platforms_words(body, call.sent())
        text = f"{where} answered {status}" + (f": {said}" if said else "")
        if status in (404, 410):
            if is_platforms_own(body):
                raise PlatformGoneError(text, True, status)
            raise PlatformError(f"{text} in words that are not the platform's", status=status)
        if status in _WAITING or status >= 500:
            wait = asked_to_wait(response.headers)
            if wait:
                self._bucket.close_for(wait)
            kind = PlatformError if status == 429 else AmbiguousError
            raise kind(text, status=status, retry_after=wait)
        if status >= 400:
            raise PlatformRefusedError(text, True, status)
        raise PlatformError(f"{text} instead of data; check the base_url", True, status)

    def _where(self, call: _Call) -> str:
        return f"{self._base.host}: {call.method} {call.path}"


def _pause(state: tenacity.RetryCallState) -> float:
    """What the platform asked for, else a doubling pause; with jitter, so that runs spread."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, PlatformError) else None
    backoff = min(8.0, 0.5 * 2.0 ** (state.attempt_number - 1))
    return (asked or 0.0) + random.uniform(0.5, 1.0) * backoff  # noqa: S311 - jitter is no secret


def _parsed(where: str, body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise AmbiguousError(f"{where} answered with something that is not JSON") from None


def _is_encoded(header: str) -> bool:
    return any(part.strip().lower() not in ("", "identity") for part in header.split(","))


def _kind(error: Exception) -> str:
    """The kind of a network error; its text may hold an address with a query."""
    return type(error).__name__
