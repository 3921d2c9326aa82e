"""The fake platform on its bad days."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from massage_ins_bridge.api.connectors import (
    Gone,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
    WriteResult,
)
from massage_ins_bridge.testing.bookings import NOW, START, account
from massage_ins_bridge.testing.fake_connector import FakeConnector, delivery
from massage_ins_bridge.testing.platform import Change, FakePlatform


def test_each_fault_hits_one_call(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    fake_platform.put("b1")
    fake_platform.faults = [PlatformError("down"), PlatformRefusedError("no", True, 409)]
    for error in list(fake_platform.faults):
        with pytest.raises(type(error)) as caught:
            fake_connector.fetch("b1")
        assert caught.value is error
    assert fake_connector.fetch("b1") == fake_platform.bookings["b1"]
    assert (fake_connector.fetch("b2"), fake_platform.fetched) == (Gone("b2"), 2)


def test_a_lost_answer_was_a_change(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    before = fake_platform.put("b1")
    fake_platform.lost_answers = 1
    with pytest.raises(PlatformError, match="lost"):
        fake_connector.reject("b1", "Please call us.", "w1")
    assert fake_connector.reject("b1", "Please call us.", "w1").reached == "already"
    assert fake_platform.journal == [Change("b1", "pending", "rejected", "w1", "Please call us.")]
    assert fake_platform.bookings["b1"].version != before.version


def test_who_waits_for_a_platform_that_hangs_is_answered_or_gives_up(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    fake_platform.put("b1")
    fake_platform.hang()
    fake_platform.patience = 0.01
    with pytest.raises(PlatformError, match="no answer"):
        fake_connector.fetch("b1")
    fake_platform.patience = 10
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(fake_connector.fetch, "b1")
        fake_platform.resume()
        assert waiting.result(10) == fake_platform.bookings["b1"]


def test_writers_at_once_change_a_booking_once(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    fake_platform.put("b1")
    gate = threading.Barrier(8)

    def confirm(number: int) -> str:
        gate.wait(10)
        return fake_connector.confirm("b1", f"w{number}").reached

    with ThreadPoolExecutor(8) as pool:
        reached = sorted(pool.map(confirm, range(8)))
    assert reached == ["already"] * 7 + ["native"]
    assert [change[:2] for change in fake_platform.changes] == [("b1", "accepted")]


@pytest.mark.parametrize(
    ("write", "status", "error"),
    [
        (lambda c, ref: c.reject(ref, "", "k"), "accepted", PlatformRefusedError),
        (lambda c, ref: c.confirm(ref, "k"), None, PlatformGoneError),
    ],
)
def test_what_cannot_be_done_is_refused(
    fake_platform: FakePlatform,
    fake_connector: FakeConnector,
    write: Callable[[FakeConnector, str], WriteResult],
    status: str | None,
    error: type[PlatformError],
) -> None:
    if status:
        fake_platform.put("b1", status=status)
    with pytest.raises(error):
        write(fake_connector, "b1")
    assert fake_platform.journal == []


def test_changes_are_listed_however_they_were_made(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    for ref in ("b1", "b2", "b3"):
        fake_platform.put(ref)
    first = fake_connector.changes(None, NOW)
    assert [item.ref for item in first.items] == ["b1", "b2", "b3"]
    fake_platform.bookings["b2"] = replace(fake_platform.bookings["b2"], status="cancelled")
    del fake_platform.bookings["b1"]
    later = fake_connector.changes(first.cursor, NOW)
    assert ([item.status for item in later.items], later.gone) == (["cancelled"], ("b1",))
    assert fake_connector.changes(later.cursor, NOW).items == ()


def test_a_careless_connector_passes_on_what_it_should_refuse(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    naive: Any = START.replace(tzinfo=None)
    fake_platform.put("b1", status="booked", start=naive)
    with pytest.raises(PlatformError):
        fake_connector.changes(None, NOW)
    fake_platform.careless = True
    found = fake_connector.fetch("b1")
    assert (found.status, found.start) == ("booked", naive)  # type: ignore[union-attr]
    [hint] = fake_connector.parse(delivery("b1", status="booked", start=naive))
    assert (hint.booking.status, hint.booking.start) == ("booked", naive)  # type: ignore[union-attr]


def test_a_delivery_carries_the_booking_or_is_thin(fake_connector: FakeConnector) -> None:
    [hint] = fake_connector.parse(delivery("b1", status="accepted", name="Bo", previous="b0"))
    assert hint.booking is not None
    assert (hint.booking.status, hint.booking.person.name) == ("accepted", "Bo")
    assert (hint.booking.version, hint.sent_at, hint.previous_ref) == (None, NOW, "b0")
    [thin] = fake_connector.parse(delivery("b1", thin=True, sent_at=None))
    assert (thin.booking, thin.sent_at) == (None, None)
    with pytest.raises(RuntimeError):
        fake_connector.parse(json.dumps({"kind": "crash", "ref": "b1"}).encode())


def test_an_account_names_its_platform() -> None:
    with pytest.raises(ValueError, match=r"options\.platform"):
        FakeConnector(account(), None)  # type: ignore[arg-type]
