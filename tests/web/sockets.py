"""The service on a real socket: as a process of its own, or an application in this one."""

import contextlib
import http.client
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn


@contextlib.contextmanager
def listening(app: Any, **options: Any) -> Iterator[int]:
    """An application on a port of this machine."""
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


@dataclass
class Serving:
    """A process of ``massage-ins-bridge serve``; ``log`` is what it said so far."""

    port: int
    file: Path

    @property
    def log(self) -> str:
        return self.file.read_text("utf-8")

    def ask(self, path: str, **headers: str) -> http.client.HTTPResponse:
        return ask(self.port, path, **headers)


@contextlib.contextmanager
def serving(folder: Path, settings: str = "") -> Iterator[Serving]:
    config, log = folder / "bridge.toml", folder / "serve.log"
    config.write_text(f'data_dir = "{folder / "data"}"\nport = 0\n{settings}', "utf-8")
    module = [sys.executable, "-m", "massage_ins_bridge.cli.main"]
    command = [*module, "serve", "--config", str(config)]
    with log.open("w") as out, subprocess.Popen(command, cwd=folder, stderr=out) as process:
        try:
            listens = re.compile(r"listens on \S+:(\d+)")
            found = until(lambda: listens.search(log.read_text()) or process.poll())
            assert isinstance(found, re.Match), log.read_text()
            yield Serving(int(found[1]), log)
        finally:
            end(process)


def end(process: subprocess.Popen[Any], seconds: float = 30) -> None:
    """Ask a process to end, and see that it has: one that does not holds up no other test."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()


def ask(
    port: int, path: str, method: str = "GET", body: str | None = None, **headers: str
) -> http.client.HTTPResponse:
    """One request on a connection of its own; the answer has been read, into ``text``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
    connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    answer.text = answer.read().decode()  # type: ignore[attr-defined]
    connection.close()
    return answer


def until(condition: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come about in time")
