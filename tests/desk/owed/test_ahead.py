"""What the next visits will meet is said before they are booked."""

from datetime import timedelta

from tests.desk.bridge import Bridge
from tests.desk.owed.looking import open_tasks

from massage_ins_bridge.testing.bookings import START


def test_visits_that_run_out_are_said_two_visits_ahead(bridge: Bridge) -> None:
    bridge.knobs.visits = 3
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    assert open_tasks(bridge, "look-ahead") == []
    bridge.take("b2", start=START + timedelta(days=7))
    (task,) = open_tasks(bridge, "look-ahead")
    assert task.message == "Looking ahead to visit 4: visit 4 of 3"
    bridge.knobs.visits = 9
    bridge.add_fact("b1", "progress-report", {"on": "2026-11-22", "payer": "regence"})
    assert open_tasks(bridge, "look-ahead") == []


def test_a_client_who_comes_no_more_is_left_alone(bridge: Bridge) -> None:
    bridge.knobs.visits = 1
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    visit = {"on": "2026-12-08", "payer": "regence"}
    bridge.clock.moment = START + timedelta(hours=2)
    bridge.add_fact("b1", "visit", visit)
    assert len(open_tasks(bridge, "look-ahead")) == 1
    bridge.clock.moment = START + timedelta(days=40)
    bridge.add_fact("b1", "progress-report", {"on": "2026-12-22", "payer": "regence"})
    assert open_tasks(bridge, "look-ahead") == []
