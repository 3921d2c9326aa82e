"""What each outcome asks of the platform, and what it never asks."""

from datetime import timedelta

from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.client_texts import BLOCK
from massage_ins_bridge.testing.bookings import NOW, START


def test_a_pending_booking_on_hold_stays_pending(bridge: Bridge) -> None:
    row = bridge.take("b1")
    assert (row.outcome, row.platform_status, row.hold_state) == ("hold", "pending", "native")
    assert bridge.writes("b1") == [("hold", "done", "native")]
    assert bridge.platform.changes == []


def test_a_cured_hold_is_confirmed_once(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").platform_status == "accepted"
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "accepted")]
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    bridge.take("b1", "created", status="accepted", sent_at=NOW + timedelta(minutes=1))
    assert len(bridge.platform.changes) == 1
    assert bridge.writes("b1")[-1] == ("confirm", "done", "native")


def test_a_pending_booking_that_is_blocked_is_rejected(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    row = bridge.take("b1")
    assert (row.outcome, row.platform_status) == ("block", "rejected")
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "rejected")]
    assert bridge.platform.reasons == [BLOCK]


def test_an_accepted_booking_that_is_blocked_is_cancelled(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    row = bridge.take("b1", "created", status="accepted")
    assert row.platform_status == "cancelled"
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "cancelled")]


def test_an_accepted_booking_on_hold_is_staffs(bridge: Bridge) -> None:
    row = bridge.take("b1", "created", status="accepted")
    assert (row.outcome, row.hold_state) == ("hold", "manual")
    assert bridge.writes("b1") == [("manual", "done", "manual")]
    assert "hold-by-hand" in bridge.tasks()
    assert bridge.platform.changes == []
    bridge.pass_time(START - timedelta(days=3))
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "cancelled")]
    assert "hold-by-hand" not in bridge.tasks()


def test_observing_writes_nothing(observer: Bridge) -> None:
    bridge = observer
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.knobs.visits = 1
    bridge.take("b2", start=START + timedelta(days=1))
    assert bridge.writes("b1") == [("hold", "observed", None), ("confirm", "observed", None)]
    assert bridge.writes("b2") == [("block", "observed", None)]
    assert bridge.platform.changes == []


def test_self_pay_is_confirmed_at_once(bridge: Bridge) -> None:
    bridge.take("b1", service_ref="2")
    assert bridge.row("b1").platform_status == "accepted"


def test_a_series_is_never_written_to(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.take("b1", recurring=True)
    assert bridge.platform.changes == []
    assert bridge.writes("b1") == [("block", "done", "manual")]
    assert "block-by-hand" in bridge.tasks()


def test_what_staff_was_asked_is_over_once_it_is_wanted_no_more(bridge: Bridge) -> None:
    bridge.take("b1", recurring=True)
    bridge.confirm_coverage("b1")
    assert "confirm-by-hand" in bridge.tasks()
    bridge.take("b1", status="accepted", sent_at=NOW + timedelta(minutes=1))
    assert "confirm-by-hand" not in bridge.tasks()


def test_of_a_series_an_accepted_occurrence_is_cancelled_alone(bridge: Bridge) -> None:
    bridge.take("b1", "created", status="accepted", recurring=True)
    bridge.knobs.visits = 0
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "cancelled")]


def test_a_decision_overtaken_before_it_was_written(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.faults = [PlatformError("down")]
    bridge.confirm_coverage("b1")
    bridge.knobs.visits = 0
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "rejected")]
    assert ("confirm", "superseded", None) in bridge.writes("b1")
