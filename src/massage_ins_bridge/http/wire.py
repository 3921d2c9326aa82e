"""The connections themselves: each read and write ends by a deadline, and where a platform points
into a private network nothing is sent.

A time limit for each read alone would let a server that drips one byte a second hold a thread for a
day, so each read and write gets what is left of the whole call. An address is looked up and judged
at the moment in which it is connected to: what a name meant a moment before says nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ssl import SSLContext
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from .errors import PlatformError

#: Idle connections are closed after so many seconds, and so many are open at most.
KEEP, MOST = 30.0, 10
Resolve = Callable[[str, int], list[str]]


class PrivateAddressError(PlatformError):
    """A platform pointed to an address inside the clinic's own network."""


def is_private(address: str) -> bool:
    """Whether an address is of this machine or of a network that is not everybody's."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is not None:
            found = inner
        elif found in _NAT64:
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return not found.is_global or found.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses that a name stands for now. Raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class _Current(threading.local):
    """What holds for the call that this thread makes."""

    deadline: float = float("inf")
    public_only: bool = False


class Wire(httpx.BaseTransport):
    """Connections for calls that are made within ``until``. Thread-safe."""

    def __init__(
        self,
        trusted: SSLContext,
        *,
        environment: bool = True,
        clock: Callable[[], float] = time.monotonic,
        resolve: Resolve = addresses_of,
    ) -> None:
        """``environment``: the proxies that the environment names are used."""
        self._trusted, self._environment = trusted, environment
        self._clock, self._resolve = clock, resolve
        self._current = _Current()
        self._pools: dict[str, httpcore.ConnectionPool] = {}
        self._lock = threading.Lock()

    @contextmanager
    def until(self, deadline: float, *, public_only: bool) -> Iterator[None]:
        """What this thread sends ends by the deadline; ``public_only``: and goes to no private
        address, else ``PrivateAddressError`` is raised before a byte is sent."""
        self._current.deadline, self._current.public_only = deadline, public_only
        try:
            yield
        finally:
            self._current.deadline, self._current.public_only = float("inf"), False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it; called by the client."""
        url = request.url
        proxy = self._proxy(url)
        if proxy and self._current.public_only:
            # the proxy connects: what it will take the name for can only be guessed
            self.public_addresses(url.host, url.port or 443)
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx():
            answer = self._pool(proxy).handle_request(asked)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

    def left(self, timeout: float | None) -> float:
        """Seconds for the next read or write. Raises ``httpcore.ReadTimeout`` where none are."""
        left = self._current.deadline - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout("the call took too long")
        return min(left, 3600.0 if timeout is None else timeout)

    def connectable(self, host: str, port: int) -> list[str]:
        """What to connect to for a host, in turn."""
        return self.public_addresses(host, port) if self._current.public_only else [host]

    def public_addresses(self, host: str, port: int) -> list[str]:
        """The host's addresses. Raises ``PrivateAddressError`` where one is private."""
        try:
            found = self._resolve(host, port)
        except OSError:
            raise httpx.ConnectError("the name is not known") from None
        if any(map(is_private, found)):
            raise PrivateAddressError(
                f"the platform points to {host}, an address inside a private network; if that is "
                f'right, add it to the account: allowed_hosts = ["{host}"]',
                True,
            )
        return found

    def _proxy(self, url: httpx.URL) -> str:
        if not self._environment or proxy_bypass(url.host):
            return ""
        proxies = getproxies()
        return proxies.get(url.scheme) or proxies.get("all") or ""

    def _pool(self, proxy: str) -> httpcore.ConnectionPool:
        with self._lock:
            if proxy not in self._pools:
                self._pools[proxy] = self._made(proxy)
            return self._pools[proxy]

    def _made(self, proxy: str) -> httpcore.ConnectionPool:
        options: dict[str, Any] = {
            "ssl_context": self._trusted,
            "max_connections": MOST,
            "keepalive_expiry": KEEP,
            "network_backend": _Backend(self, judged=not proxy),
        }
        if not proxy:
            return httpcore.ConnectionPool(**options)
        named = httpx.Proxy(proxy if "://" in proxy else f"http://{proxy}")
        if named.url.scheme not in ("http", "https"):
            raise PlatformError("the environment names a proxy that is no HTTP proxy", True)
        return httpcore.HTTPProxy(
            proxy_url=str(named.url), proxy_auth=named.raw_auth, proxy_headers=None, **options
        )


class _Backend(httpcore.SyncBackend):
    """Connects; ``judged``: by the call's own word of what it may connect to."""

    def __init__(self, wire: Wire, *, judged: bool) -> None:
        self._wire, self._judged = wire, judged

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        error: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._wire.connectable(host, port) if self._judged else [host]:
            try:
                made = super().connect_tcp(
                    address, port, self._wire.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as refused:
                error = refused
                continue
            return _Stream(made, self._wire)
        raise error or httpcore.ConnectError("the name stands for no address")


class _Stream(httpcore.NetworkStream):
    """A connection whose every read and write ends by the call's deadline."""

    def __init__(self, stream: httpcore.NetworkStream, wire: Wire) -> None:
        self._stream, self._wire = stream, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._wire.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._wire.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._wire.left(timeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._wire)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._stream

    def close(self) -> None:
        self._stream.close()


@contextmanager
def _as_httpx() -> Iterator[None]:
    """The library below has the same errors under the same names."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.UnsupportedProtocol,
    ) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from None
