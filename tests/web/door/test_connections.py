"""Who connects and says nothing is let go, and keeps nobody out."""

import resource
import socket
import time
from collections.abc import Iterator
from unittest.mock import Mock

import pytest
from starlette.responses import Response
from tests.web.sockets import listening

from massage_ins_bridge.web.door.connections import BoundedProtocol, connections_at_most

GOOD = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
LONG = b"x" * 20_000_000


class Small(BoundedProtocol):
    most = 5
    head_seconds = 1.0
    request_seconds = 1.5


@pytest.fixture
def port() -> Iterator[int]:
    async def app(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await Response(LONG if scope["path"] == "/long" else b"here")(scope, receive, send)

    with listening(app, http=Small, loop="uvloop") as found:
        yield found


def connect(port: int, words: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), 10)
    made.sendall(words)
    return made


def answered(made: socket.socket) -> bytes:
    """The whole answer, which may come in pieces."""
    found = b""
    while not found.endswith(b"here"):
        found += made.recv(100)
    return found


def is_open(made: socket.socket) -> bool:
    made.settimeout(0.01)
    try:
        return made.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def test_half_heads_make_room_and_are_let_go(port: int) -> None:
    half = [connect(port, GOOD[:20]) for _ in range(20)]
    with connect(port, GOOD) as good:
        assert answered(good).startswith(b"HTTP/1.1 200")
        time.sleep(0.1)
        assert [is_open(made) for made in half].count(True) <= Small.most
        good.sendall(GOOD)  # an answered one is kept for the next request
        assert answered(good).startswith(b"HTTP/1.1 200")
    for _ in range(12):  # dripping is no request either
        time.sleep(0.1)
        for made in half:
            try:
                made.sendall(b"x")
            except OSError:
                made.close()
    assert not any(is_open(made) for made in half if made.fileno() >= 0)
    for made in half:
        made.close()
    with connect(port, GOOD[:20] + b"x" * 60_000) as long:
        assert is_open(long)
        long.sendall(b"x" * 60_000)
        time.sleep(0.2)
        assert not is_open(long)


def test_an_answer_that_is_not_taken_is_given_up(port: int) -> None:
    with connect(port, GOOD.replace(b" / ", b" /long ")) as slow:
        time.sleep(2)
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
