"""The clock of demonstrations runs on from where it was set."""

from datetime import timedelta

import pytest

from massage_ins_bridge.desk.clock import DemoClock
from massage_ins_bridge.testing.bookings import NOW


def test_it_runs_on_from_where_it_was_set() -> None:
    clock, told = DemoClock(NOW), list[str]()
    assert timedelta(0) <= clock.now() - NOW < timedelta(minutes=1)
    clock.on_change = lambda: told.append("changed")
    clock.set(NOW + timedelta(days=1))
    assert told == ["changed"]
    assert clock.now() >= NOW + timedelta(days=1)
    with pytest.raises(ValueError, match="no offset"):
        clock.set(NOW.replace(tzinfo=None))
