"""Start the simulated Cal.com on loopback; it prints one line of JSON with its address."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
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
from .journal import Clock, Journal
from .outbox import Outbox, Target
from .people import Key
from .platform import Platform
from .ways import WAYS, Ways, told

#: Seconds for which webhooks are tried again where they are.
RETRY_FOR = 3600.0
_MODE = re.compile(r"instant|confirm(-within-(?P<hours>\d+)h)?")
EVENT_TYPES = ("30412:medical-massage:60:confirm", "30413:relaxation-massage:60:instant")


def event_type(text: str) -> EventType:
    """``ID:SLUG:MINUTES:MODE``; the mode is ``confirm``, ``instant``, or ``confirm-within-48h``."""
    number, slug, minutes, mode = text.split(":")
    found = _MODE.fullmatch(mode)
    if found is None:
        raise ValueError(mode)
    within = int(found["hours"]) if found["hours"] else None
    return EventType(int(number), slug, int(minutes), mode != "instant", within)


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="calcom-simulator",
        description=__doc__,
        epilog=f"Ways that --unlike turns off, each with the vendor's file:\n\n{told()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--api-key", required="list" not in _unlike(argv))
    parser.add_argument("--team-admin", action="store_true", help="the key's user is one")
    parser.add_argument("--webhook-url", help="held back until one is set")
    parser.add_argument("--secret", help="without one, webhooks are sent unsigned")
    parser.add_argument("--journal", type=Path, help="file that the journal is appended to")
    parser.add_argument("--per-minute", type=int, default=0, help="limit calls as Cal.com does")
    parser.add_argument(
        "--retry-for", type=float, help="seconds; 3600 with --unlike sent-once, else 0"
    )
    parser.add_argument("--workers", type=int, default=4, help="webhooks under way at once")
    parser.add_argument(
        "--unlike",
        action="append",
        default=[],
        metavar="NAME",
        choices=("list", *WAYS),
        help="turn off a way in which Cal.com acts; `list` shows them all",
    )
    parser.add_argument(
        "--event-type", action="append", type=event_type, metavar="ID:SLUG:MINUTES:MODE"
    )
    return parser.parse_args(argv)


def _unlike(argv: list[str] | None) -> list[str]:
    """What ``--unlike`` names, before the rest is looked at."""
    only = argparse.ArgumentParser(add_help=False)
    only.add_argument("--unlike", action="append", default=[])
    return list(only.parse_known_args(argv)[0].unlike)


def build(options: argparse.Namespace) -> Starlette:
    """The application with its webhook workers."""
    ways, journal, clock = Ways(options.unlike), Journal(options.journal), Clock()
    usual = 0.0 if "sent-once" in ways else RETRY_FOR
    retry_for = usual if options.retry_for is None else options.retry_for
    target = Target(options.webhook_url, options.secret, retry_for)
    outbox = Outbox(target, journal, clock, ways)
    kinds = options.event_type or [event_type(text) for text in EVENT_TYPES]
    platform = Platform(kinds, Key(ways, options.team_admin), clock, outbox, journal)
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
            build(options),
            log_level="warning",
            access_log=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
    )


def address(listener: socket.socket) -> str:
    """Where a listening socket is reached."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def main(argv: list[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    options = arguments(argv)
    if "list" in options.unlike:
        sys.stdout.write(f"{told()}\n")
        return
    listener = listen(options.port)
    said = {"standin": "calcom", "url": address(listener), "pid": os.getpid()}
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    server(options).run(sockets=[listener])
