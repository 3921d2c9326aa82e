import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from massage_ins_bridge.store.database import Store
from massage_ins_bridge.store.inbox import MAX_BATCH, Inbox, InboxClosedError, Receipt
from massage_ins_bridge.store.models import DeliveryRow


@pytest.fixture
def inbox(store: Store) -> Iterator[Inbox]:
    made = Inbox(store)
    yield made
    made.close()


def put(inbox: Inbox, *values: Any) -> Receipt:
    """Store one and wait for it."""
    return asyncio.run(asyncio.wait_for(inbox.store(*values), 20))


def test_a_repeat_gets_the_first_ones_id(inbox: Inbox, now: datetime) -> None:
    first = put(inbox, "default", "desk", "key-1", b"body", now)
    again = put(inbox, "default", "desk", "key-1", b"body", now)
    other = put(inbox, "default", "other", "key-1", b"body", now)
    assert (first.duplicate, again.duplicate, other.duplicate) == (False, True, False)
    assert again.delivery == first.delivery != other.delivery


def test_what_was_stored_reads_back(inbox: Inbox, store: Store, now: datetime) -> None:
    receipt = put(inbox, "default", "desk", "k", b"\x00body", now, now)
    with store.read() as session:
        row = session.get_one(DeliveryRow, receipt.delivery)
        assert (row.received_at, row.signed_at) == (now, now)
        assert row.raw_sealed is not None
        assert store.vault.open_bytes(row.raw_sealed, "deliveries.raw:default") == b"\x00body"


def test_many_at_once(inbox: Inbox, now: datetime) -> None:
    def send(number: int) -> bool:
        key = f"key-{number % 50}"
        return put(inbox, "default", "desk", key, b"x", now).duplicate

    with ThreadPoolExecutor(16) as pool:
        repeats = list(pool.map(send, range(200)))
    assert repeats.count(False) == 50


def test_repeats_within_one_commit_are_told_apart(inbox: Inbox, now: datetime) -> None:
    async def send() -> list[Receipt]:
        keys = [f"key-{n % 40}" for n in range(MAX_BATCH + 40)]
        return await asyncio.gather(
            *(inbox.store("default", "desk", key, b"x", now) for key in keys)
        )

    receipts = asyncio.run(send())
    assert sum(not receipt.duplicate for receipt in receipts) == 40
    assert len({receipt.delivery for receipt in receipts}) == 40
    for n, receipt in enumerate(receipts):
        assert receipt.delivery == receipts[n % 40].delivery


def test_closing_writes_what_waits(inbox: Inbox, now: datetime) -> None:
    async def send() -> list[Receipt]:
        waiting = [
            asyncio.create_task(inbox.store("default", "desk", f"k{n}", b"x", now))
            for n in range(20)
        ]
        await asyncio.sleep(0)  # each of them is on its way
        await asyncio.to_thread(inbox.close)
        return await asyncio.gather(*waiting)

    assert all(receipt.delivery for receipt in asyncio.run(send()))
    with pytest.raises(InboxClosedError):
        put(inbox, "default", "desk", "late", b"x", now)


def test_who_waits_is_told_of_a_failure(inbox: Inbox, store: Store, now: datetime) -> None:
    with store.write() as session:
        session.execute(text("ALTER TABLE deliveries RENAME TO elsewhere"))
    with pytest.raises((sqlite3.OperationalError, ProgrammingError)):
        put(inbox, "default", "desk", "k", b"x", now)
    with store.write() as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO deliveries"))
    assert not put(inbox, "default", "desk", "k", b"x", now).duplicate


def test_one_that_left_keeps_no_other_waiting(inbox: Inbox, store: Store, now: datetime) -> None:
    async def send() -> Receipt:
        gone = asyncio.create_task(inbox.store("default", "desk", "gone", b"x", now))
        await asyncio.sleep(0)
        gone.cancel()
        return await inbox.store("default", "desk", "here", b"x", now)

    assert not asyncio.run(send()).duplicate
    inbox.close()
    with store.read() as session:
        assert len(session.scalars(select(DeliveryRow)).all()) == 2
