"""The fake platform on its bad days."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from massage_ins_bridge.api import connectors as api
from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.platform import Change, FakePlatform


def test_a_fault_hits_one_call(fake_platform: FakePlatform, fake_connector: FakeConnector) -> None:
    fake_platform.put("b1")
    fake_platform.faults = [api.PlatformError("down"), api.PlatformRefusedError("no", True, 409)]
    for error in list(fake_platform.faults):
        with pytest.raises(type(error)) as caught:
            fake_connector.fetch("b1")
        assert caught.value is error
    assert fake_connector.fetch("b1") == fake_platform.bookings["b1"]
    assert (fake_connector.fetch("b2"), fake_platform.fetched) == (api.Gone("b2"), 2)


def test_a_lost_answer_changed(fake_platform: FakePlatform, fake_connector: FakeConnector) -> None:
    before = fake_platform.put("b1")
    fake_platform.lost_answers = 1
    with pytest.raises(api.PlatformError, match="lost"):
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
    with pytest.raises(api.PlatformError, match="no answer"):
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


def test_what_cannot_be_done_is_refused(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    with pytest.raises(api.PlatformGoneError):
        fake_connector.confirm("b1", "k")
    fake_platform.put("b1", status="accepted")
    with pytest.raises(api.PlatformRefusedError):
        fake_connector.reject("b1", "", "k")
    assert fake_platform.journal == []
