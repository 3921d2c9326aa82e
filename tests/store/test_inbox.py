from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from massage_ins_bridge.store.database import Store
from massage_ins_bridge.store.inbox import Inbox, InboxClosedError
from massage_ins_bridge.store.models import DeliveryRow


def test_a_repeat_gets_the_first_ones_id(store: Store, now: datetime) -> None:
    inbox = Inbox(store)
    first = inbox.append("default", "desk", "key-1", b"body", now).result(10)
    again = inbox.append("default", "desk", "key-1", b"body", now).result(10)
    other = inbox.append("default", "other", "key-1", b"body", now).result(10)
    assert (first.duplicate, again.duplicate, other.duplicate) == (False, True, False)
    assert again.delivery == first.delivery != other.delivery
    inbox.close()


def test_what_was_stored_reads_back(store: Store, now: datetime) -> None:
    inbox = Inbox(store)
    receipt = inbox.append("default", "desk", "k", b"\x00body", now, now).result(10)
    with store.read() as session:
        row = session.get_one(DeliveryRow, receipt.delivery)
        assert (row.received_at, row.signed_at) == (now, now)
        assert row.raw_sealed is not None
        assert store.vault.open_bytes(row.raw_sealed, "deliveries.raw:default") == b"\x00body"
    inbox.close()


def test_many_at_once(store: Store, now: datetime) -> None:
    inbox = Inbox(store)

    def send(number: int) -> bool:
        key = f"key-{number % 50}"
        return inbox.append("default", "desk", key, b"x", now).result(20).duplicate

    with ThreadPoolExecutor(16) as pool:
        repeats = list(pool.map(send, range(200)))
    assert repeats.count(False) == 50
    inbox.close()


def test_closing_writes_what_waits(store: Store, now: datetime) -> None:
    inbox = Inbox(store)
    waiting = [inbox.append("default", "desk", f"k{n}", b"x", now) for n in range(20)]
    inbox.close()
    assert all(future.result(0).delivery for future in waiting)
    with pytest.raises(InboxClosedError):
        inbox.append("default", "desk", "late", b"x", now)
