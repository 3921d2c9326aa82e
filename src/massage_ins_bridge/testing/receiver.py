"""A receiver of webhooks on loopback: what was sent to it, and what it answers."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

#: For how long a call is left hanging at most, in seconds.
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Taken:
    """One request: its headers, in lower case, and its body."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request is answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class Receiver:
    """Serves while the ``with`` lasts. ``answers``: what the next requests are answered, one each;
    then ``usual``. ``took``: the requests so far. While it ``hangs`` nothing is answered; what came
    meanwhile is answered as it was told to when that came."""

    def __init__(self, path: str = "/hooks/bridge") -> None:
        self.answers: list[Reply] = []
        self.usual = Reply(204, {})
        self.took: list[Taken] = []
        self._path = path
        self._answering = threading.Event()
        self._answering.set()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}{self._path}"

    @property
    def hangs(self) -> bool:
        """Whether nothing is answered for now."""
        return not self._answering.is_set()

    @hangs.setter
    def hangs(self, value: bool) -> None:
        (self._answering.clear if value else self._answering.set)()

    def begin_anew(self, usual: Reply) -> None:
        """From now on requests are answered so, and these alone are kept."""
        with self._lock:
            self.usual = usual
            self.took.clear()

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.hangs = False
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _take(self, taken: Taken) -> Reply:
        with self._lock:
            self.took.append(taken)
            reply = self.answers.pop(0) if self.answers else self.usual
        self._answering.wait(PATIENCE)
        return reply

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = outer._take(Taken(self.path, headers, body))
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status != 204:
                    self.send_header("content-length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        return Handler
