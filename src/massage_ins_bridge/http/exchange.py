"""One request and its answer: bounded in time and bytes, led on by redirects where that is safe."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from ssl import SSLContext

import httpx

from .answers import MOVED, Call, PlatformResponse
from .checks import (
    checked_base,
    checked_path,
    checked_target,
    harmless,
    is_among,
    is_loopback,
    same_place,
)
from .errors import AmbiguousError, PlatformError
from .limits import Timeouts, http_date
from .wire import Wire

#: How often one call is sent on to another address.
MAX_REDIRECTS = 5
#: The request never left: sending it again cannot do anything twice.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
#: Sent with every request. What is compressed could become any number of bytes.
_SENT = {
    "accept": "application/json",
    "accept-encoding": "identity",
    "user-agent": "massage-ins-bridge",
}

# The library below logs each header: none may reach a log.
logging.getLogger("httpcore").setLevel(logging.WARNING)


@dataclass(slots=True)
class Heard:
    """The platform's clock at its newest answer, and ours at that moment."""

    time: datetime | None = None
    at: float | None = None


@cache
def _trusted(*, environment: bool) -> SSLContext:
    """The authorities that are trusted, read once: every account needs them, and it takes long."""
    return httpx.create_ssl_context(trust_env=environment)


class Exchange:
    """The connections of one account. Thread-safe."""

    def __init__(
        self,
        base_url: str,
        *,
        allow_http: bool,
        allowed_hosts: Iterable[str],
        transport: httpx.BaseTransport | None,
        timeout: Timeouts,
        clock: Callable[[], float],
    ) -> None:
        self._base = checked_base(base_url, allow_http=allow_http)
        self._allow_http = allow_http
        self._allowed = frozenset(host.lower() for host in allowed_hosts)
        self._timeout, self._clock = timeout, clock
        environment = not is_loopback(self._base.host)
        self._wire = Wire(_trusted(environment=environment), environment=environment, clock=clock)
        self._transport = transport or self._wire
        self.heard = Heard()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def at(self, origin: str) -> Exchange:
        """The same connections, for another address. Raises ``ValueError``."""
        other = copy(self)
        other.__dict__.update(_base=checked_base(origin, allow_http=self._allow_http))
        return other

    def call(self, method: str, where: str, headers: Mapping[str, str]) -> Call:
        """A call to a path below the base, or to a whole address."""
        deadline = self._clock() + self._timeout.total
        if "://" in where:
            try:
                url = checked_target(where, self._base, allow_http=self._allow_http)
            except ValueError as error:
                raise PlatformError(f"asked for {error}", True) from None
            named = f"{url.host}: {method}"
            return self._at(url, Call(method, url, named, deadline, headers=headers))
        raw_path = self._base.raw_path.rstrip(b"/") + checked_path(where).encode("ascii")
        named = f"{self._base.host}: {method} {where}"
        url = self._base.copy_with(raw_path=raw_path)
        return Call(method, url, named, deadline, headers=headers)

    def answer(self, call: Call, take: Callable[[float], None]) -> PlatformResponse:
        """The answer, after as many redirects as it took; ``take`` is asked before each request.
        Raises ``PlatformError``."""
        for _ in range(MAX_REDIRECTS + 1):
            take(call.deadline)
            answer = self._once(call)
            leads_on = call.follow and answer.status in MOVED and answer.status not in call.expects
            if not (leads_on and "location" in answer.headers):
                return answer
            call = self._moved(call, answer.headers["location"])
        raise PlatformError(f"{call.where}: sent from one address to the next without end", True)

    def _at(self, url: httpx.URL, call: Call) -> Call:
        """The call as it may be sent to that address."""
        if same_place(self._base, url) or is_among(url.host, self._allowed):
            return replace(call, url=url, public_only=False)
        return replace(call, url=url, public_only=True, headers=harmless(call.headers))

    def _moved(self, call: Call, location: str) -> Call:
        try:
            url = checked_target(location, call.url, allow_http=self._allow_http)
        except ValueError as error:
            raise PlatformError(f"{call.where}: sent on to {error}", True) from None
        return replace(self._at(url, call), params=None)

    def _once(self, call: Call) -> PlatformResponse:
        left = max(0.1, call.deadline - self._clock())
        limit = self._timeout
        seconds = httpx.Timeout(min(limit.read, left), connect=min(limit.connect, left))
        request = httpx.Request(
            call.method,
            call.url,
            params=call.params,
            json=call.json,
            content=call.content,
            headers={**_SENT, **call.headers},
            extensions={"timeout": seconds.as_dict()},
        )
        try:
            with self._wire.until(self._clock() + left, public_only=call.public_only):
                response = self._transport.handle_request(request)
                try:
                    self._hear(response)
                    body = self._body(call, response)
                finally:
                    response.close()
        except _UNSENT as error:
            raise PlatformError(f"{call.where}: no connection ({_kind(error)})") from None
        except httpx.HTTPError as error:
            raise AmbiguousError(f"{call.where}: no answer ({_kind(error)})") from None
        return PlatformResponse(response.status_code, dict(response.headers), body, str(call.url))

    def _hear(self, response: httpx.Response) -> None:
        said = http_date(response.headers.get("date", ""))
        if said is not None and "age" not in response.headers:  # an old answer tells an old time
            self.heard.time, self.heard.at = said, self._clock()

    def _body(self, call: Call, response: httpx.Response) -> bytes:
        """The bytes as they came. Nothing is unpacked: a few of them could become any number."""
        if _is_encoded(response.headers.get("content-encoding", "")):
            if not response.is_success:
                return b""
            raise PlatformError(
                f"{call.where}: the answer is compressed, which was not asked for", True
            )
        if int(response.headers.get("content-length", "0")[:18] or 0) > call.most:
            raise PlatformError(f"{call.where}: the answer is too large", True)
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > call.most:
                raise PlatformError(f"{call.where}: the answer is too large", True)
            if self._clock() > call.deadline:
                raise AmbiguousError(f"{call.where}: the answer took too long")
        return bytes(body)


def _is_encoded(header: str) -> bool:
    return any(part.strip().lower() not in ("", "identity") for part in header.split(","))


def _kind(error: Exception) -> str:
    """The kind of a network error; its text may hold an address with a query."""
    return type(error).__name__
