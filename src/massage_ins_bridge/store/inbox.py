"""The inbox: what came in, durable before it is answered.

On SQLite one thread writes with a plain connection and commits many deliveries at once: a commit
waits for the disk, and this way all who wait share one. On PostgreSQL, which does the same by
itself, each delivery is a transaction of its own.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import SimpleQueue

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from .database import BUSY_SECONDS, Store, sqlite_pragmas
from .models import DeliveryRow
from .types import new_id

MAX_BATCH = 256
_INSERT = (
    "INSERT INTO deliveries (id, clinic, account, key_hash, received_at, signed_at, raw_sealed) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (clinic, account, key_hash) DO NOTHING"
)
_FIND = "SELECT id FROM deliveries WHERE clinic = ? AND account = ? AND key_hash = ?"


class InboxClosedError(Exception):
    """The service is stopping; the platform will send again."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The delivery's id, and whether it had been received before."""

    delivery: str
    duplicate: bool


@dataclass(frozen=True, slots=True)
class _Item:
    id: str
    clinic: str
    account: str
    key_hash: str
    received_at: datetime
    signed_at: datetime | None
    raw_sealed: bytes
    done: Future[Receipt]


class Inbox:
    """Append-only. ``append`` returns a future that is done once the delivery is on disk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._items: SimpleQueue[_Item | None] = SimpleQueue()
        self._closed = False
        self._thread: threading.Thread | None = None
        if store.sqlite:
            self._thread = threading.Thread(target=self._serve, name="mib-inbox", daemon=True)
            self._thread.start()

    def append(
        self,
        clinic: str,
        account: str,
        key: str,
        raw: bytes,
        received_at: datetime,
        signed_at: datetime | None = None,
    ) -> Future[Receipt]:
        """Store one verified delivery; equal ``key`` means a repeat. ``InboxClosedError``."""
        if self._closed:
            raise InboxClosedError
        item = _Item(
            new_id("dlv"),
            clinic,
            account,
            hashlib.sha256(key.encode()).hexdigest(),
            received_at,
            signed_at,
            self._store.vault.seal_bytes(raw, f"deliveries.raw:{clinic}"),
            Future(),
        )
        if self._thread is not None:
            self._items.put(item)
        else:
            _settle(self._store, item)
        return item.done

    def close(self) -> None:
        """Write what waits, then stop."""
        self._closed = True
        if self._thread is not None:
            self._items.put(None)
            self._thread.join(timeout=BUSY_SECONDS)

    def _serve(self) -> None:
        connection = self._connect()
        while True:
            batch, last = self._next_batch()
            if batch:
                try:
                    with self._store.write_lock.hold(urgent=True):
                        receipts = _write(connection, batch)
                except Exception as error:  # noqa: BLE001 - who waits is told
                    for item in batch:
                        item.done.set_exception(error)
                    connection.close()
                    connection = self._connect()
                else:
                    for item, receipt in zip(batch, receipts, strict=True):
                        item.done.set_result(receipt)
            if last:
                connection.close()
                return

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


def _write(connection: sqlite3.Connection, batch: Sequence[_Item]) -> list[Receipt]:
    receipts: list[Receipt] = []
    connection.execute("BEGIN IMMEDIATE")
    try:
        for item in batch:
            key = (item.clinic, item.account, item.key_hash)
            times = (_text(item.received_at), _text(item.signed_at))
            added = connection.execute(_INSERT, (item.id, *key, *times, item.raw_sealed)).rowcount
            if added:
                receipts.append(Receipt(item.id, False))
            else:
                receipts.append(Receipt(connection.execute(_FIND, key).fetchone()[0], True))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return receipts


def _text(moment: datetime | None) -> str | None:
    """A time as SQLAlchemy writes it on SQLite."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _settle(store: Store, item: _Item) -> None:
    try:
        item.done.set_result(_insert_one(store, item))
    except Exception as error:  # noqa: BLE001 - who waits is told
        item.done.set_exception(error)


def _insert_one(store: Store, item: _Item) -> Receipt:
    values = {
        name: getattr(item, name)
        for name in DeliveryRow.__table__.columns.keys()  # noqa: SIM118 - a column collection
    }
    with store.write() as session:
        added = session.execute(
            insert(DeliveryRow).values(**values).on_conflict_do_nothing().returning(DeliveryRow.id)
        ).scalar()
        if added is not None:
            return Receipt(added, False)
        known = session.execute(
            select(DeliveryRow.id).where(
                DeliveryRow.clinic == item.clinic,
                DeliveryRow.account == item.account,
                DeliveryRow.key_hash == item.key_hash,
            )
        ).scalar_one()
        return Receipt(known, True)
