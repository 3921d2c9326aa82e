"""How old what is undone may be, and how it is told."""

from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.health import in_words, overdue, remarks, undone
from massage_ins_bridge.testing.bookings import NOW


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (119, "119 minutes"),
        (120, "2 hours"),
        (2879, "47 hours"),
        (2880, "2 days"),
    ],
)
def test_an_age_in_words(minutes: int, words: str) -> None:
    assert in_words(timedelta(minutes=minutes)) == words


def test_what_waits_too_long_is_told_and_what_is_refused_is_a_remark(bridge: Bridge) -> None:
    bridge.take_in(bridge.arrive("b1", service_ref="2"))
    bridge.platform.faults = [PlatformError("down")]
    bridge.work()
    bridge.arrive("b2", thin=True)
    with bridge.installation.read() as record:
        found = undone(record)
    assert (found.deliveries.number, found.wakeups.number, found.refused.number) == (1, 0, 1)
    assert list(overdue(found, NOW)) == list(remarks(found, NOW)) == []
    later = NOW + timedelta(hours=2)
    assert list(overdue(found, later)) == ["a delivery was not dealt with for 2 hours (1 wait)"]
    (said,) = remarks(found, later)
    assert said.startswith("a platform has not taken what is to be written for 2 hours (1 wait)")
