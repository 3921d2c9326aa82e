"""Servers that drip, that never end, and that point into the clinic's own network."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from massage_ins_bridge.http import PlatformClient, PlatformError, Timeouts
from massage_ins_bridge.http.wire import PrivateAddressError, Wire, addresses_of, is_private

Behave = Callable[[socket.socket], object]
OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/calendar\r\ncontent-length: 2\r\n\r\nok"


class Server:
    """A raw server on a port of this machine; ``asked`` is what came, ``behave`` what it does."""

    def __init__(self, behave: Behave) -> None:
        self.behave, self.asked = behave, list[bytes]()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _serve(self) -> None:
        while True:
            try:
                there, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(there,), daemon=True).start()

    def _answer(self, there: socket.socket) -> None:
        with there, contextlib.suppress(OSError):
            while raw := there.recv(65536):
                self.asked.append(raw)
                self.behave(there)

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Behave], Server]]:
    with contextlib.ExitStack() as running:

        def start(behave: Behave) -> Server:
            server = Server(behave)
            running.callback(server.close)
            return server

        yield start


Serve = Callable[[Behave], Server]


def drip(text: bytes) -> Behave:
    def behave(there: socket.socket) -> None:
        for byte in text:
            there.sendall(bytes([byte]))
            time.sleep(0.05)

    return behave


def moved(target: str, status: int = 302) -> Behave:
    head = f"HTTP/1.1 {status} Moved\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n"
    return lambda there: there.sendall(head.encode())


HEAD = b"HTTP/1.1 200 OK\r\n" + b"x-slow: " + b"a" * 400 + b"\r\n\r\n"
BODY = b"HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n" + b"a" * 400


@pytest.mark.parametrize("text", [HEAD, BODY])
def test_a_server_that_drips_is_left_when_the_time_is_up(serve: Serve, text: bytes) -> None:
    """Each byte comes well within the time limit of a read."""
    server = serve(drip(text))
    limits = Timeouts(connect=0.5, read=0.5, total=0.6)
    began = time.monotonic()
    with (
        PlatformClient(server.url, timeout=limits) as client,
        pytest.raises(PlatformError, match=r"no answer|took too long") as caught,
    ):
        client.send("GET", "/feed")
    assert not caught.value.permanent
    assert time.monotonic() - began < 3


def test_an_answer_of_hundreds_of_megabytes_is_not_read_to_its_end(serve: Serve) -> None:
    sent = 0

    def behave(there: socket.socket) -> None:
        nonlocal sent
        there.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 200000000\r\n\r\n")
        for _ in range(200):
            there.sendall(b"x" * 1_000_000)
            sent += 1

    with (
        PlatformClient(serve(behave).url) as client,
        pytest.raises(PlatformError, match="too large") as caught,
    ):
        client.send("GET", "/feed", most=2_000_000)
    assert caught.value.permanent
    assert sent < 20


def test_a_length_that_is_too_large_is_believed_at_once(serve: Serve) -> None:
    huge = b"HTTP/1.1 200 OK\r\ncontent-length: 200000000\r\n\r\n"
    server = serve(lambda there: there.sendall(huge))
    with (
        PlatformClient(server.url, timeout=Timeouts(read=5, total=5)) as client,
        pytest.raises(PlatformError, match="too large"),
    ):
        client.send("GET", "/feed")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.5", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1"),  # noqa: S104
        *("64:ff9b::7f00:1", "2002:7f00:1::", "::"),
    ],
)
def test_a_private_address_is_known_as_one(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::808:808"])
def test_a_public_address_is_known_as_one(address: str) -> None:
    assert not is_private(address)


def test_a_redirect_into_the_own_network_is_refused_before_a_byte_is_sent(serve: Serve) -> None:
    """Such as one to the router, or to where a cloud keeps its keys. The other port is another
    server, though the base lies there as well."""
    inside = serve(lambda there: there.sendall(OK))
    outside = serve(moved(f"{inside.url}/secret"))
    with (
        PlatformClient(outside.url, {"authorization": "Bearer k"}) as client,
        pytest.raises(PrivateAddressError, match=r'allowed_hosts = \["127.0.0.1"\]') as caught,
    ):
        client.send("GET", "/feed")
    assert caught.value.permanent
    assert inside.asked == []
    assert "secret" not in str(caught.value)


def test_what_the_clinic_allows_is_followed_and_gets_the_key(serve: Serve) -> None:
    inside = serve(lambda there: there.sendall(OK))
    outside = serve(moved(f"{inside.url}/feed"))
    with PlatformClient(
        outside.url, {"authorization": "Bearer k"}, allowed_hosts=["127.0.0.1"]
    ) as client:
        answer = client.send("GET", "/feed")
    assert (answer.status, answer.body, answer.url) == (200, b"ok", f"{inside.url}/feed")
    assert b"Bearer k" in inside.asked[0]


def test_a_name_is_judged_by_what_it_is_connected_to(serve: Serve) -> None:
    """Whatever it meant a moment before: the address that was judged is the one connected to."""
    server = serve(lambda there: there.sendall(OK))
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if host == "inside.example" else addresses_of(host, port)

    wire = Wire(httpx.create_ssl_context(), environment=False, resolve=resolve)
    request = httpx.Request("GET", f"http://inside.example:{server.port}/")
    with contextlib.closing(wire), wire.until(time.monotonic() + 5, public_only=True):
        with pytest.raises(PrivateAddressError, match=r"inside\.example"):
            wire.handle_request(request)
        with pytest.raises(httpx.ConnectError):
            wire.handle_request(httpx.Request("GET", "http://nowhere.invalid/"))
    assert (asked, server.asked) == (["inside.example", "nowhere.invalid"], [])


def test_a_proxy_is_asked_for_no_private_address(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(lambda there: there.sendall(OK))
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    names = {"public.example": "93.184.216.34", "inside.example": "10.0.0.1"}
    wire = Wire(httpx.create_ssl_context(), resolve=lambda host, port: [names[host]])
    with contextlib.closing(wire), wire.until(time.monotonic() + 5, public_only=True):
        answer = wire.handle_request(httpx.Request("GET", "http://public.example/x"))
        assert answer.read() == b"ok"
        with pytest.raises(PrivateAddressError):
            wire.handle_request(httpx.Request("GET", "http://inside.example/x"))
    [asked] = proxy.asked
    assert asked.startswith(b"GET http://public.example/x ")
