"""Processes on loopback for the time of a demonstration, a measurement or a test: started, waited
for, and ended whatever happens."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

START_SECONDS = 60.0
#: How long a process may take to end by itself.
END_SECONDS = 12.0
_CHILD = Path(__file__).with_name("child.py")
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_Found = TypeVar("_Found")


class ProcessError(Exception):
    """A process did not come up, or has ended by itself. The text is one line; the end of what the
    process said is the error's note."""


@dataclass(slots=True)
class Process:
    """A Python module that runs in a process group of its own, away from our terminal, and ends
    with us even where we are killed. What it says goes to ``log``, from ``begins`` on."""

    name: str
    log: Path
    popen: subprocess.Popen[bytes]
    begins: int
    _leash: int

    @classmethod
    def start(
        cls,
        folder: Path,
        name: str,
        *command: str,
        stdin: str = "",
        variables: Mapping[str, str] | None = None,
    ) -> Self:
        """``python -m`` the command in ``folder``, with ``variables`` and without the settings
        (``MIB_…``) of whoever runs this. The log ``NAME.log`` is appended to."""
        log = folder / f"{name}.log"
        ours = {k: v for k, v in os.environ.items() if not k.upper().startswith("MIB_")}
        end, leash = os.pipe()
        with log.open("ab") as out, tempfile.TemporaryFile(dir=folder) as words:
            begins = out.tell()
            words.write(stdin.encode())
            words.seek(0)
            popen = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, "-P", str(_CHILD), str(end), *command],
                cwd=folder,
                env={**ours, **(variables or {})},
                stdin=words,
                stdout=out,
                stderr=subprocess.STDOUT,
                pass_fds=[end],
                start_new_session=True,
            )
        os.close(end)
        return cls(name, log, popen, begins, leash)

    def said(self) -> str:
        """What it has said so far."""
        with self.log.open("rb") as log:
            log.seek(self.begins)
            return log.read().decode("utf-8", "replace")

    def check(self) -> None:
        """Raises ``ProcessError`` where it has ended by itself."""
        code = self.popen.poll()
        if code is not None:
            raise self._error(f"ended with code {code}")

    def wait_until(
        self, found: Callable[[], _Found | None], seconds: float = START_SECONDS
    ) -> _Found:
        """What ``found`` returns once it is true. Raises ``ProcessError`` where the process ends
        before that, or the time is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if result := found():
                return result
            self.check()
            time.sleep(0.02)
        raise self._error(f"is not up after {seconds:g} seconds")

    def announced(self) -> dict[str, Any]:
        """The first line of JSON that it says, waited for."""
        return self.wait_until(self._json_line)

    def processor_seconds(self) -> float:
        """Processor time used so far, all threads; 0 where the system does not tell."""
        try:
            text = Path(f"/proc/{self.popen.pid}/stat").read_text("utf-8")
        except OSError:
            return 0.0
        user, system = text.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """SIGKILL for the whole group: nothing of it gets to say goodbye."""
        if self._leash < 0:
            return  # its number may be another's by now
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        os.close(self._leash)
        self._leash = -1

    def stop(self) -> None:
        """Ask it to end; kill it where it does not."""
        stop(self)

    def _json_line(self) -> dict[str, Any] | None:
        lines = self.said().splitlines()
        found = next((line for line in lines if line[:1] == "{" and line[-1:] == "}"), None)
        return json.loads(found) if found else None

    def _error(self, what: str) -> ProcessError:
        said = self.said().strip()
        last = f": {said.splitlines()[-1][:300]}" if said else ""
        error = ProcessError(f"the {self.name} {what}{last}")
        error.add_note(said[-4000:])
        return error


def stop(*processes: Process) -> None:
    """Ask all of them to end, in this order; kill what does not, and what any of them left."""
    for process in processes:
        process.popen.terminate()
    deadline = time.monotonic() + END_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.popen.wait(max(0.1, deadline - time.monotonic()))
        process.kill()


@contextlib.contextmanager
def ending(*processes: Process) -> Iterator[None]:
    """Ends them whatever happens."""
    try:
        yield
    finally:
        stop(*processes)


def alive(pid: int) -> bool:
    """Whether a process is alive, and not only waits to be reaped (Linux)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
    return port


@contextlib.contextmanager
def kept_port() -> Iterator[int]:
    """A port that nobody else is given while the ``with`` lasts. A server may listen on it all the
    same if it takes over addresses (``SO_REUSEADDR``), as servers do. Only Linux keeps it; on
    other systems it is a free one."""
    with socket.socket() as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        if sys.platform != "linux":
            made.close()
        yield port


def call(url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
    """The JSON at an address on loopback; with ``body`` (JSON, or bytes as they are) a POST.

    Raises ``OSError`` where nobody answers, or with an error.
    """
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 - our own processes
        url, data, {"content-type": "application/json", **(headers or {})}
    )
    with _OPENER.open(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def answers(url: str) -> bool:
    """Whether it is up and says so."""
    try:
        call(url)
    except (OSError, ValueError):
        return False
    return True
