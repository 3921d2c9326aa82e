"""What the door is measured against: a bare Starlette handler that verifies the signature and
stores the body durably, many in one commit. ``python -m benchmarks.bare FOLDER``, secret on
standard input."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import sqlite3
import sys
import threading
import uuid
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .processes import serve

MAX_BATCH = 256


class Item(NamedTuple):
    id: str
    key: str
    raw: bytes
    loop: asyncio.AbstractEventLoop
    stored: asyncio.Future[bool]


class Inbox:
    """One thread with one connection; everything that waits shares a commit."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._items: SimpleQueue[Item] = SimpleQueue()
        threading.Thread(target=self._serve, daemon=True).start()

    async def store(self, key: str, raw: bytes) -> str:
        """The delivery's id, once it is on the disk."""
        loop = asyncio.get_running_loop()
        item = Item(uuid.uuid4().hex, key, raw, loop, loop.create_future())
        self._items.put(item)
        await item.stored
        return item.id

    def _serve(self) -> None:
        connection = sqlite3.connect(self._file, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE inbox (id TEXT PRIMARY KEY, key TEXT UNIQUE, raw BLOB)")
        while True:
            batch = [self._items.get()]
            while len(batch) < MAX_BATCH and not self._items.empty():
                batch.append(self._items.get())
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO inbox VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(item.id, item.key, item.raw) for item in batch],
            )
            connection.execute("COMMIT")
            batch[0].loop.call_soon_threadsafe(_tell, batch)


def _tell(batch: list[Item]) -> None:
    for item in batch:
        item.stored.set_result(True)


def create_app(folder: Path, secret: str) -> Starlette:
    """The application with its one route."""
    inbox = Inbox(folder / "bare.sqlite3")

    async def receive(request: Request) -> Response:
        raw = await request.body()
        good = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers.get("x-cal-signature-256", ""), good):
            return JSONResponse({"error": "signature"}, 401)
        stored = await inbox.store(hashlib.sha256(raw).hexdigest(), raw)
        return JSONResponse({"delivery": stored}, 202)

    return Starlette(routes=[Route("/webhooks/{account}", receive, methods=["POST"])])


if __name__ == "__main__":
    serve(create_app(Path(sys.argv[1]), input()))
