"""Calls to a platform are counted, and those that fail by how they fail."""

from contextlib import suppress

from massage_ins_bridge.api.connectors import PlatformError, PlatformRefusedError
from massage_ins_bridge.desk.counted import CALLS, ERRORS, CountedConnector
from massage_ins_bridge.desk.counts import Counts
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.fake_connector import FakeConnector, delivery, signed
from massage_ins_bridge.testing.platform import FakePlatform


def test_each_call_counts_and_the_door_does_not(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    counts = Counts()
    connector = CountedConnector(fake_connector, "desk", counts)
    fake_platform.put("b1")
    fake_platform.faults = [PlatformError("down"), PlatformRefusedError("no", True, 409)]
    for _ in range(3):
        with suppress(PlatformError):
            connector.fetch("b1")
    connector.verify(signed(delivery("b1")), delivery("b1"), "", NOW)
    assert counts.of(CALLS) == {(("account", "desk"), ("call", "fetch")): 3}
    assert {labels[1][1]: n for labels, n in counts.of(ERRORS).items()} == {
        "no answer": 1,
        "refused": 1,
    }
