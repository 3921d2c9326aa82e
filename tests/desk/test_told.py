"""What a silent platform keeps waiting is filed by what it told; one that answers is waited for."""

from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.platform_state import TOLD_AFTER
from massage_ins_bridge.desk.take_in import Next
from massage_ins_bridge.desk.told import AGAIN_AFTER, SILENT, file_told
from massage_ins_bridge.testing.bookings import START


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    passed = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: passed[0])
    return passed


def after(bridge: Bridge, seconds: list[float], wait: timedelta = TOLD_AFTER) -> float | None:
    """The look at what waits, when the time has passed."""
    seconds[0] += wait.total_seconds()
    bridge.clock.moment += wait
    return file_told(bridge.installation, "desk")


def silent(bridge: Bridge, delivery: str) -> None:
    bridge.platform.faults = [PlatformError("no connection")] * 9
    assert bridge.take_in(delivery).next is Next.AGAIN


def test_all_that_waits_is_filed_at_one_time(bridge: Bridge, seconds: list[float]) -> None:
    """But one that does not hold its booking, and whoever cannot be read keeps none waiting."""
    refs = ["b1", "b2", "b3"]
    whole = [bridge.arrive(ref, start=START + timedelta(hours=n)) for n, ref in enumerate(refs)]
    thin = bridge.arrive("b4", thin=True)
    silent(bridge, whole[0])
    assert after(bridge, seconds) == AGAIN_AFTER
    assert bridge.waiting() == [thin]
    assert [(bridge.outcome(ref), bridge.row(ref).to_read) for ref in refs] == [("hold", True)] * 3


def test_one_that_answers_is_waited_for(bridge: Bridge, seconds: list[float]) -> None:
    """That it does not show a booking yet is an answer: it is looked for a second time."""
    delivery = bridge.arrive("b1")
    bridge.platform.bookings.clear()
    assert bridge.take_in(delivery).absent
    assert after(bridge, seconds) == TOLD_AFTER.total_seconds()
    assert bridge.waiting() == [delivery]


def test_silence_takes_a_while(bridge: Bridge, seconds: list[float]) -> None:
    bridge.arrive("b1")
    bridge.clock.moment += TOLD_AFTER
    later = bridge.arrive("b2", start=START + timedelta(days=1))
    silent(bridge, later)
    assert after(bridge, seconds, timedelta(seconds=SILENT / 2)) == TOLD_AFTER.total_seconds()
    assert after(bridge, seconds, timedelta(seconds=SILENT / 2)) == AGAIN_AFTER
    assert bridge.waiting() == [later]


def test_nothing_waits(bridge: Bridge, seconds: list[float]) -> None:
    assert after(bridge, seconds) is None
    assert file_told(bridge.installation, "of old") is None
    bridge.take("b1")
    assert after(bridge, seconds) is None


def test_what_cannot_be_filed_keeps_nobody_waiting(
    bridge: Bridge, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = bridge.arrive("b1"), bridge.arrive("b2", start=START + timedelta(days=1))
    silent(bridge, good)
    known = bridge.installation.parsed.get

    def get(delivery: str) -> object:
        if delivery == bad:
            raise RuntimeError("a fault")
        return known(delivery)

    monkeypatch.setattr(bridge.installation.parsed, "get", get)
    assert after(bridge, seconds) == AGAIN_AFTER
    assert bridge.waiting() == [bad]
