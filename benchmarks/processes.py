"""Servers of the benchmarks themselves, as processes on loopback."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from pathlib import Path
from typing import Any

from massage_ins_bridge.cli.serve import listen, server_config
from massage_ins_bridge.testing.processes import Process


def start(folder: Path, name: str, module: str, *arguments: str, stdin: str = "") -> Process:
    """A module of this package as a process that serves with ``serve``."""
    path = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    found = {"PYTHONPATH": os.pathsep.join(filter(None, path))}
    return Process.start(
        folder, name, f"benchmarks.{module}", *arguments, stdin=stdin, variables=found
    )


def serve(app: Any) -> None:
    """Serve with the settings that ``massage-ins-bridge serve`` uses; says the port first."""
    import uvicorn

    listening = listen("127.0.0.1", 0)
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
    uvicorn.Server(server_config(app)).run(sockets=[listening])


def port_of(process: Process) -> int:
    """The port that ``serve`` announced, once it listens."""
    port: int = process.announced()["port"]
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), 10)):
        return port


def used(process: Process) -> float:
    """Seconds of processor time that the threads now alive have used, to the microsecond. A thread
    that ended takes its share away: over a longer time ``processor_seconds`` says more."""
    found = 0
    for file in Path(f"/proc/{process.popen.pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            found += int(file.read_text("ascii").split()[0])
    return found / 1e9
