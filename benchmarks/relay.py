"""A relay on loopback that counts what passes: requests up, bytes down."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_REQUEST = re.compile(rb"[A-Z]+ \S+ HTTP/1\.1\r\n")


@dataclass(slots=True)
class Count:
    """What has passed since the last ``clear``."""

    requests: int = 0
    down: int = 0

    def clear(self) -> None:
        """Begin anew."""
        self.requests = self.down = 0


@contextlib.contextmanager
def relay(port: int) -> Iterator[tuple[int, Count]]:
    """The port of a relay to that port, and its count."""
    count = Count()
    with socket.create_server(("127.0.0.1", 0)) as listens:
        threading.Thread(target=_accept, args=(listens, port, count), daemon=True).start()
        yield listens.getsockname()[1], count


def _accept(listens: socket.socket, port: int, count: Count) -> None:
    with contextlib.suppress(OSError):
        while True:
            near, _ = listens.accept()
            threading.Thread(target=_both, args=(near, port, count), daemon=True).start()


def _both(near: socket.socket, port: int, count: Count) -> None:
    """One connection, until either end closes it."""
    with near, socket.create_connection(("127.0.0.1", port)) as far:
        for made in (near, far):
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def down() -> None:
            for piece in _pieces(far):
                count.down += len(piece)
                near.sendall(piece)
            _hang_up(near, far)

        back = threading.Thread(target=_quietly, args=(down,), daemon=True)
        back.start()
        with contextlib.suppress(OSError):
            for piece in _pieces(near):
                count.requests += len(_REQUEST.findall(piece))
                far.sendall(piece)
        _hang_up(near, far)
        back.join()


def _pieces(here: socket.socket) -> Iterator[bytes]:
    while piece := here.recv(65536):
        yield piece


def _quietly(act: Callable[[], None]) -> None:
    with contextlib.suppress(OSError):
        act()


def _hang_up(*both: socket.socket) -> None:
    for made in both:
        with contextlib.suppress(OSError):
            made.shutdown(socket.SHUT_RDWR)
