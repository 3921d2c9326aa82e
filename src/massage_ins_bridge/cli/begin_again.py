"""Beginning anew with the settings as they are by now, in the same process and on the same socket:
whoever asks meanwhile waits some seconds, and nobody is turned away."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn

#: By this variable a process leaves its socket to the one that it becomes.
LISTENING = "MASSAGE_INS_BRIDGE_LISTENING"


class BeginAgain:
    """Holds the socket open over a new beginning."""

    def __init__(self, listening: socket.socket, server: uvicorn.Server) -> None:
        self._kept = os.dup(listening.fileno())
        self._server = server
        self._loop: asyncio.AbstractEventLoop | None = None
        self.wanted = False

    def started(self) -> None:
        """The server runs, in this loop."""
        self._loop = asyncio.get_running_loop()

    def ask(self) -> None:
        """End as by a signal once the answers that are being made are given, and begin anew. May be
        called by any thread."""
        assert self._loop is not None, "pages are shown once the server runs"
        self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self.wanted = True
        for one in self._server.servers:  # what comes from now on waits at the socket
            one.close()
        self._server.should_exit = True

    def go(self) -> None:
        """Become the new process. Does not return."""
        os.set_inheritable(self._kept, True)
        os.environ[LISTENING] = str(self._kept)
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - this very command


def inherited() -> socket.socket | None:
    """The socket that the process before has left; ``None`` where there is none."""
    number = os.environ.pop(LISTENING, "")
    if not number.isdecimal():
        return None
    try:
        found = socket.socket(fileno=int(number))
    except OSError:
        return None
    if not found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        found.close()
        return None
    os.set_inheritable(found.fileno(), False)
    return found
