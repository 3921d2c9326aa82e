"""What only a delivery told is shown, and holds at most."""

from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.platform_state import Try
from massage_ins_bridge.desk.take_in import Taken
from massage_ins_bridge.testing.bookings import START

DONE = Taken()
WORD = Try(told=True)


@pytest.mark.parametrize("cured", [True, False])
def test_a_word_alone_is_shown_and_holds(bridge: Bridge, cured: bool) -> None:
    """Nothing is written before it is read; then it is decided."""
    bridge.take("b0")
    if cured:
        bridge.confirm_coverage("b0")
    bridge.knobs.visits = 2 if cured else 1
    assert bridge.take_in(bridge.arrive("b1", start=START + timedelta(days=1)), WORD) == DONE
    bridge.platform.faults = [PlatformError("no connection")]
    bridge.write_back()
    assert (bridge.outcome("b1"), bridge.row("b1").to_read) == ("hold", True)
    changes = list(bridge.platform.changes)
    bridge.clock.moment += timedelta(seconds=5)
    bridge.look_again()
    assert (bridge.outcome("b1"), bridge.looks()["b1"]) == ("hold", timedelta(seconds=5))
    assert bridge.platform.changes == changes
    bridge.clock.moment += timedelta(seconds=5)
    bridge.look_again()
    bridge.work()
    assert (bridge.outcome("b1"), bridge.looks()) == ("allow" if cured else "block", {})


def test_a_word_alone_refuses_no_other_booking(bridge: Bridge) -> None:
    bridge.knobs.visits = 1
    bridge.take_in(bridge.arrive("b0"), WORD)
    bridge.take("b1", start=START + timedelta(days=1))
    assert bridge.outcome("b1") == "hold"
    bridge.platform.put("b0", status="cancelled")
    bridge.clock.moment += timedelta(seconds=5)
    bridge.look_again()
    assert "b1" not in [ref for ref, _, _ in bridge.platform.changes]
