"""Servers of the benchmarks themselves, as processes on loopback."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from pathlib import Path
from typing import Any

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
    port: int = process.announced()["port"]
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), 10)):
        return port
