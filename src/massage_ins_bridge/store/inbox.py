"""The inbox: what came in, durable before it is answered.

On SQLite one thread writes with a plain connection and commits many deliveries at once: a commit
waits for the disk, and this way all who wait share one. On PostgreSQL, which does the same by
itself, each delivery is a transaction of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import sqlite3
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from queue import SimpleQueue
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from .database import BUSY_SECONDS, Store, sqlite_pragmas
from .models import DeliveryRow
from .types import new_id

#: With the columns below, under the number of values that any SQLite takes in one statement.
MAX_BATCH = 128
_COLUMNS = ("id", "clinic", "account", "key_hash", "received_at", "signed_at", "raw_sealed")
_FIND = "SELECT id FROM deliveries WHERE clinic = ? AND account = ? AND key_hash = ?"


class InboxClosedError(Exception):
    """The service is stopping; the platform will send again."""


class Receipt(NamedTuple):
    """The delivery's id, and whether it had been received before."""

    delivery: str
    duplicate: bool


class _Row(NamedTuple):
    id: str
    clinic: str
    account: str
    key_hash: str
    received_at: datetime
    signed_at: datetime | None
    raw_sealed: bytes


class _Item(NamedTuple):
    """A row to write, and who waits for it."""

    row: _Row
    loop: asyncio.AbstractEventLoop
    stored: asyncio.Future[Receipt]


class Inbox:
    """Append-only: ``store`` comes back once the delivery is on disk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._items: SimpleQueue[_Item | None] = SimpleQueue()
        self._closed = False
        #: When a delivery could not be stored (monotonic); ``None`` since one could again.
        self.refused_at: float | None = None
        self._thread: threading.Thread | None = None
        if store.sqlite:
            self._thread = threading.Thread(target=self._serve, name="mib-inbox", daemon=True)
            self._thread.start()

    async def store(
        self,
        clinic: str,
        account: str,
        key: str,
        raw: bytes,
        received_at: datetime,
        signed_at: datetime | None = None,
    ) -> Receipt:
        """Store one verified delivery; equal ``key`` means a repeat. ``InboxClosedError``, and
        whatever the database raises: then it is not stored."""
        if self._closed:
            raise InboxClosedError
        key_hash = hashlib.sha256(key.encode()).hexdigest()
        sealed = self._store.vault.seal_bytes(raw, f"deliveries.raw:{clinic}")
        row = _Row(new_id("dlv"), clinic, account, key_hash, received_at, signed_at, sealed)
        if self._thread is None:
            return await self._store_alone(row)
        loop = asyncio.get_running_loop()
        item = _Item(row, loop, loop.create_future())
        self._items.put(item)
        return await item.stored

    async def _store_alone(self, row: _Row) -> Receipt:
        try:
            found = await asyncio.to_thread(_insert_one, self._store, row)
        except Exception:
            self.refused_at = time.monotonic()
            raise
        self.refused_at = None
        return found

    @property
    def alive(self) -> bool:
        """Whether deliveries can be taken."""
        return not self._closed and (self._thread is None or self._thread.is_alive())

    def close(self) -> None:
        """Write what waits, then stop."""
        self._closed = True
        if self._thread is not None:
            self._items.put(None)
            self._thread.join(timeout=BUSY_SECONDS)

    def _serve(self) -> None:
        connection: sqlite3.Connection | None = None
        last = False
        while not last:
            batch, last = self._next_batch()
            try:
                if connection is None:
                    connection = self._connect()
                if batch:
                    with self._store.write_lock.hold(urgent=True):
                        found = _write(connection, [item.row for item in batch])
                    self._store.need_file()
                    self.refused_at = None
                    _tell(batch, found)
            except Exception as error:  # noqa: BLE001 - who waits is told; the next may do better
                self.refused_at = time.monotonic()
                _tell(batch, [error] * len(batch))
                _give_up(connection)
                connection = None
        _give_up(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            str(self._store.file), timeout=BUSY_SECONDS, isolation_level=None
        )
        for pragma in sqlite_pragmas():
            connection.execute(pragma)
        return connection

    def _next_batch(self) -> tuple[list[_Item], bool]:
        first = self._items.get()
        if first is None:
            return [], True
        batch = [first]
        while len(batch) < MAX_BATCH and not self._items.empty():
            item = self._items.get()
            if item is None:
                return batch, True
            batch.append(item)
        return batch, False


def _give_up(connection: sqlite3.Connection | None) -> None:
    """Close a connection, in whatever state it is."""
    if connection is not None:
        with contextlib.suppress(sqlite3.Error):
            connection.close()


def _write(connection: sqlite3.Connection, rows: Sequence[_Row]) -> Sequence[Receipt]:
    """One statement and one commit for all: each step of a statement hands the interpreter to
    other threads and waits to have it back."""
    values: list[Any] = []
    for row in rows:
        times = (_text(row.received_at), _text(row.signed_at))
        values += (row.id, row.clinic, row.account, row.key_hash, *times, row.raw_sealed)
    before = connection.total_changes
    connection.execute(_insert(len(rows)), values)
    if connection.total_changes - before == len(rows):
        return [Receipt(row.id, False) for row in rows]
    stored = [
        connection.execute(_FIND, (row.clinic, row.account, row.key_hash)).fetchone()[0]
        for row in rows
    ]
    return [Receipt(known, known != row.id) for row, known in zip(rows, stored, strict=True)]


@lru_cache(maxsize=MAX_BATCH)
def _insert(rows: int) -> str:
    marks = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * rows)
    return (
        f"INSERT INTO deliveries ({', '.join(_COLUMNS)}) VALUES {marks} "  # noqa: S608
        "ON CONFLICT (clinic, account, key_hash) DO NOTHING"
    )


def _text(moment: datetime | None) -> str | None:
    """A time as SQLAlchemy writes it on SQLite."""
    if moment is None:
        return None
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(" ", "microseconds")[: len("2026-11-22 18:00:00.000000")]


def _tell(batch: Sequence[_Item], found: Sequence[Receipt | Exception]) -> None:
    """Wake those who wait, each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Receipt], Any]]] = {}
    for item, answer in zip(batch, found, strict=True):
        by_loop.setdefault(item.loop, []).append((item.stored, answer))
    for loop, answers in by_loop.items():
        with contextlib.suppress(RuntimeError):  # it was closed: nobody waits there any more
            loop.call_soon_threadsafe(_answer, answers)


def _answer(answers: Sequence[tuple[asyncio.Future[Receipt], Receipt | Exception]]) -> None:
    for stored, answer in answers:
        if stored.done():  # who waited was cancelled
            continue
        if isinstance(answer, Exception):
            stored.set_exception(answer)
        else:
            stored.set_result(answer)


def _insert_one(store: Store, row: _Row) -> Receipt:
    with store.write() as session:
        added = session.execute(
            insert(DeliveryRow)
            .values(**row._asdict())
            .on_conflict_do_nothing()
            .returning(DeliveryRow.id)
        ).scalar()
        if added is not None:
            return Receipt(added, False)
        known = session.execute(
            select(DeliveryRow.id).where(
                DeliveryRow.clinic == row.clinic,
                DeliveryRow.account == row.account,
                DeliveryRow.key_hash == row.key_hash,
            )
        ).scalar_one()
        return Receipt(known, True)
