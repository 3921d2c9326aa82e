"""Start the simulated Cal.com on loopback; it prints one line of JSON with its address."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from .api import Api
from .bookings import EventType
from .control import Control
from .faults import Faults, Limiter
from .journal import Journal
from .outbox import Outbox, Target
from .platform import Platform

EVENT_TYPES = ("30412:medical-massage:60:confirm", "30413:relaxation-massage:60:instant")


def event_type(text: str) -> EventType:
    """``ID:SLUG:MINUTES:confirm`` or ``…:instant``."""
    number, slug, minutes, mode = text.split(":")
    if mode not in ("confirm", "instant"):
        raise ValueError(mode)
    return EventType(int(number), slug, int(minutes), mode == "confirm")


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="calcom-simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--api-key", required=True)
    parser.add_argument("--webhook-url", help="held back until one is set")
    parser.add_argument("--secret", help="without one, webhooks are sent unsigned")
    parser.add_argument("--journal", type=Path, help="file that the journal is appended to")
    parser.add_argument("--per-minute", type=int, default=0, help="limit calls as Cal.com does")
    parser.add_argument("--retry-for", type=float, default=3600, help="seconds; 0 sends once")
    parser.add_argument("--workers", type=int, default=4, help="webhooks under way at once")
    parser.add_argument(
        "--event-type", action="append", type=event_type, metavar="ID:SLUG:MINUTES:MODE"
    )
    return parser.parse_args(argv)


def build(options: argparse.Namespace) -> Starlette:
    """The application with its webhook workers."""
    journal = Journal(options.journal)
    target = Target(options.webhook_url, options.secret, options.retry_for)
    outbox = Outbox(target, journal)
    kinds = options.event_type or [event_type(text) for text in EVENT_TYPES]
    platform = Platform(kinds, journal, outbox.send)
    api = Api(platform, journal, Faults(), Limiter(options.per_minute), options.api_key)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        workers = [asyncio.create_task(outbox.work()) for _ in range(options.workers)]
        yield
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        journal.close()

    return Starlette(routes=[*api.routes(), *Control(api, outbox).routes()], lifespan=lifespan)


def listen(port: int = 0) -> socket.socket:
    """A listening socket on loopback; 0 takes a free port."""
    # Named as TCP, so that asyncio turns the 40 ms of Nagle's algorithm off.
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(256)
    return listener


def server(options: argparse.Namespace) -> uvicorn.Server:
    """The application's server; ``run(sockets=[…])`` serves until SIGTERM or SIGINT."""
    return uvicorn.Server(
        uvicorn.Config(
            build(options), log_level="warning", access_log=False, timeout_graceful_shutdown=1
        )
    )


def address(listener: socket.socket) -> str:
    """Where a listening socket is reached."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def main(argv: list[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    options = arguments(argv)
    listener = listen(options.port)
    said = {"standin": "calcom", "url": address(listener), "pid": os.getpid()}
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    server(options).run(sockets=[listener])
