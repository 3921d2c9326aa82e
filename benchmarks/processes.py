"""Processes on loopback for the time of a measurement or a test: started, found, ended for sure."""

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
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

START_SECONDS = 60.0
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class StartError(Exception):
    """A process did not come up; the text ends with its last words."""


@dataclass(slots=True)
class Process:
    """One Python module running in a process group of its own; what it says goes to ``log``."""

    name: str
    log: Path
    popen: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path, name: str, *command: str, stdin: str = "") -> Self:
        """``python -m`` the command in ``folder``, without settings of whoever runs this."""
        log = folder / f"{name}.log"
        environment = {k: v for k, v in os.environ.items() if not k.upper().startswith("MIB_")}
        path = [str(Path(__file__).parents[1]), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(p for p in path if p)
        with log.open("ab") as out, tempfile.TemporaryFile(dir=folder) as words:
            words.write(stdin.encode())
            words.seek(0)
            popen = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.child", *command],
                cwd=folder,
                env=environment,
                stdin=words,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(name, log, popen)

    def wait_until(self, found: Callable[[], Any], seconds: float = START_SECONDS) -> Any:
        """What ``found`` returns once it is true; ``StartError`` where it never is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if result := found():
                return result
            if self.popen.poll() is not None:
                raise StartError(f"{self.name} ended: {self.last_words()}")
            time.sleep(0.02)
        raise StartError(f"{self.name} is not up after {seconds:g} s: {self.last_words()}")

    def last_words(self) -> str:
        """The end of what it said."""
        return self.log.read_text("utf-8", "replace")[-2000:]

    def processor_seconds(self) -> float:
        """Processor time used so far, all threads; 0 where the system does not tell."""
        try:
            text = Path(f"/proc/{self.popen.pid}/stat").read_text("utf-8")
        except OSError:
            return 0.0
        user, system = text.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """SIGKILL, for the whole group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL for what does not end."""
        if self.popen.poll() is None:
            self.popen.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(10)
        self.kill()


@contextlib.contextmanager
def ending(*processes: Process) -> Iterator[None]:
    """Ends them whatever happens."""
    try:
        yield
    finally:
        for process in processes:
            process.stop()


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
    return port


def call(url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
    """The JSON at an address on loopback; with ``body`` a POST. ``OSError`` where there is none."""
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


def serve(app: Any) -> None:
    """Serve with the settings that ``massage-ins-bridge serve`` uses; says the port first."""
    import uvicorn

    # Named as TCP, so that asyncio turns the 40 ms of Nagle's algorithm off.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(1024)
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
    config = uvicorn.Config(
        app, access_log=False, log_config=None, proxy_headers=False, server_header=False
    )
    uvicorn.Server(config).run(sockets=[listening])


def port_of(process: Process) -> int:
    """The port that ``serve`` announced, once it listens."""
    found = process.wait_until(lambda: _json_line(process.log))
    port: int = found["port"]
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), 10)):
        return port


def start_standin(folder: Path, api_key: str, secret: str, webhook: str, *more: str) -> Process:
    """The simulated booking platform; ``url_of`` tells where it is."""
    return Process.start(
        folder,
        "platform",
        "massage_ins_bridge_calcom_simulator",
        *("--api-key", api_key, "--secret", secret, "--webhook-url", webhook),
        *("--event-type", "30412:medical-massage:60:confirm"),
        *("--event-type", "30413:relaxation-massage:60:confirm"),
        *more,
    )


def url_of(standin: Process) -> str:
    """Where the simulated platform listens."""
    return str(standin.wait_until(lambda: _json_line(standin.log))["url"])


def start_service(folder: Path, config: Path) -> Process:
    """``massage-ins-bridge serve``; it is ready once ``/readyz`` says so."""
    return Process.start(
        folder, "service", "massage_ins_bridge.cli.main", "serve", "--config", str(config)
    )


def _json_line(log: Path) -> dict[str, Any] | None:
    lines = log.read_text("utf-8", "replace").splitlines()
    found = next((line for line in lines if line[:1] == "{" and line[-1:] == "}"), None)
    return json.loads(found) if found else None
