"""Who connects and says nothing is let go, and keeps nobody out."""

import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from typing import ClassVar
from unittest.mock import Mock

import pytest
from starlette.responses import Response
from tests.web.sockets import listening, until

from massage_ins_bridge.web.door.connections import BoundedProtocol, connections_at_most

GOOD = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
LONG = b"x" * 20_000_000
#: Seconds after which whoever is to be let go is gone, on a busy machine too.
WITHIN = 5.0


class Small(BoundedProtocol):
    """It has room for few, and lets nobody go because of the time."""

    most = 5
    head_seconds = request_seconds = 600.0


class Hurried(BoundedProtocol):
    """It has room, and waits for nobody."""

    head_seconds = 1.0
    request_seconds = 1.5
    #: Whether a connection is over.
    over: ClassVar[threading.Event]

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.over.set()


def served(protocol: type[BoundedProtocol]) -> AbstractContextManager[int]:
    async def app(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await Response(LONG if scope["path"] == "/long" else b"here")(scope, receive, send)

    return listening(app, http=protocol, loop="uvloop", timeout_keep_alive=600)


@pytest.fixture
def small() -> Iterator[int]:
    with served(Small) as port:
        yield port


@pytest.fixture
def hurried() -> Iterator[int]:
    Hurried.over = threading.Event()
    with served(Hurried) as port:
        yield port


def connect(port: int, words: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), 60)
    made.sendall(words)
    return made


def answered(made: socket.socket) -> bytes:
    """The whole answer, which may come in pieces."""
    found = b""
    while not found.endswith(b"here"):
        found += (part := made.recv(100))
        assert part, "it was let go"
    return found


def is_open(made: socket.socket) -> bool:
    made.settimeout(0.01)
    try:
        return made.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def drips(made: socket.socket) -> bool:
    """Whether it is still open, now that another byte was sent."""
    with suppress(OSError):
        made.sendall(b"x")
        return is_open(made)
    return False


def test_half_heads_make_room(small: int) -> None:
    half = [connect(small, GOOD[:20]) for _ in range(20)]
    with connect(small, GOOD) as good:
        assert answered(good).startswith(b"HTTP/1.1 200")
        until(lambda: [is_open(made) for made in half].count(True) <= Small.most, WITHIN)
        good.sendall(GOOD)  # an answered one is kept for the next request
        assert answered(good).startswith(b"HTTP/1.1 200")
    for made in half:
        made.close()


def test_half_heads_are_let_go(hurried: int) -> None:
    half = [connect(hurried, GOOD[:20]) for _ in range(5)]
    # dripping is no request either
    until(lambda: not [made for made in half if drips(made)], Hurried.head_seconds + WITHIN)
    for made in half:
        made.close()


def test_a_head_that_is_too_long_is_let_go(small: int) -> None:
    with connect(small, GOOD[:20] + b"x" * 60_000) as long:
        assert is_open(long)
        with suppress(OSError):  # it need not take all of it
            long.sendall(b"x" * 60_000)
        until(lambda: not is_open(long), WITHIN)


def test_an_answer_that_is_not_taken_is_given_up(hurried: int) -> None:
    with connect(hurried, GOOD.replace(b" / ", b" /long ")) as slow:
        assert Hurried.over.wait(Hurried.request_seconds + WITHIN)
        assert taken(slow) < len(LONG)


def taken(made: socket.socket) -> int:
    size = 0
    try:
        while part := made.recv(1 << 20):
            size += len(part)
    except ConnectionError:
        pass
    return size


@pytest.mark.parametrize(
    ("limits", "most", "raised_to"),
    [
        ((256, 256), 64, 256),
        ((1024, 1024), 768, 1024),
        ((1024, 2000), 1744, 2000),
        ((1024, resource.RLIM_INFINITY), 2048, 2304),
        ((65536, 65536), 2048, None),
    ],
)
def test_open_files_are_left_for_database_and_platforms(
    monkeypatch: pytest.MonkeyPatch, limits: tuple[int, int], most: int, raised_to: int | None
) -> None:
    raised = Mock()
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(resource, "setrlimit", raised)
    assert connections_at_most() == most
    assert [call.args[1][0] for call in raised.call_args_list] == [raised_to] * bool(raised_to)
