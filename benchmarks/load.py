"""The load: a process that posts ready-made requests over kept-alive connections.

It speaks just enough HTTP to be far from the bottleneck, and checks each answer's status. Prints
one line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from . import deliveries


class LoadError(Exception):
    """A server did not answer each request as it should."""


@dataclass(frozen=True, slots=True)
class Load:
    """How a load went; ``busy``: the share of a processor that making it took."""

    seconds: float
    rate: float
    p50_ms: float
    p99_ms: float
    busy: float


@dataclass(slots=True)
class Tally:
    """What came back, and when all is done."""

    left: int
    done: asyncio.Future[None]
    statuses: Counter[int] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)

    def count(self, status: int, seconds: float) -> None:
        self.statuses[status] += 1
        self.took.append(seconds)
        self.left -= 1
        if not self.left and not self.done.done():
            self.done.set_result(None)

    def fail(self, error: Exception | None) -> None:
        if self.left and not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed a connection"))


class Poster(asyncio.Protocol):
    """One connection: the next request as soon as the last is answered."""

    def __init__(self, requests: Iterator[bytes], tally: Tally) -> None:
        self._requests, self._tally = requests, tally
        self._buffer = b""
        self._sent = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def begin(self) -> None:
        """Send the first request."""
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, mark, rest = self._buffer.partition(b"\r\n\r\n")
        if not mark or len(rest) < _length(head):
            return
        self._buffer = rest[_length(head) :]
        self._tally.count(int(head[9:12]), time.perf_counter() - self._sent)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._tally.fail(exc)

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is not None and self._transport is not None:
            self._sent = time.perf_counter()
            self._transport.write(request)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def post(port: int, requests: list[bytes], connections: int) -> Tally:
    """Post all of them; the time counts from the first to the last answer."""
    loop = asyncio.get_running_loop()
    tally = Tally(len(requests), loop.create_future())
    waiting = iter(requests)
    posters = [
        (await loop.create_connection(lambda: Poster(waiting, tally), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    for poster in posters:
        poster.begin()
    await tally.done
    return tally


def prepare(
    path: str, secret: str, count: int, service: int, stem: str | None = None
) -> list[bytes]:
    """Distinct signed requests; ``stem`` begins the uids of their bookings."""
    now, stem = datetime.now(UTC), stem or new_stem()
    bodies = (deliveries.body(uid(stem, n), n, now, service) for n in range(count))
    return [deliveries.request(path, secret, raw) for raw in bodies]


def new_stem() -> str:
    """What the uids of one load have in common, and those of no other."""
    return secrets.token_hex(6)


def uid(stem: str, number: int) -> str:
    """The uid of one booking."""
    return f"{stem}{number:06}"


def post_from_outside(
    port: int,
    path: str,
    secret: str,
    count: int,
    connections: int,
    service: int = deliveries.RELAXATION,
    stem: str | None = None,
) -> Load:
    """Post so many distinct deliveries from a process of its own; ``stem`` begins the uids of their
    bookings. Raises ``LoadError`` where one of them is not answered with 202."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.load", "--port", str(port), "--path", path),
            *("--count", str(count), "--connections", str(connections)),
            *("--service", str(service), "--stem", stem or new_stem()),
        ],
        cwd=Path(__file__).parents[1],
        input=secret,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise LoadError(done.stderr.strip().splitlines()[-1])
    return Load(**json.loads(done.stdout))


def main() -> None:
    """The command line; the secret comes on standard input."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", required=True)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--service", type=int, default=deliveries.RELAXATION)
    parser.add_argument("--stem")
    options = parser.parse_args()
    requests = prepare(options.path, input(), options.count, options.service, options.stem)
    used = time.process_time()
    began = time.perf_counter()
    tally = asyncio.run(post(options.port, requests, options.connections))
    seconds = time.perf_counter() - began
    if tally.statuses != {202: options.count}:
        raise LoadError(f"answers were {dict(tally.statuses)}")
    took = sorted(tally.took)
    load = Load(
        seconds,
        options.count / seconds,
        took[len(took) // 2] * 1e3,
        took[int(len(took) * 0.99)] * 1e3,
        (time.process_time() - used) / seconds,
    )
    print(json.dumps(asdict(load)))


if __name__ == "__main__":
    main()
