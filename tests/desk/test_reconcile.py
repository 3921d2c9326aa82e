"""The platform's own list brings what no delivery said."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DataError, OperationalError
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import Page, PlatformError, PlatformGoneError
from massage_ins_bridge.desk import listed
from massage_ins_bridge.desk.look_again import read_soon
from massage_ins_bridge.desk.observe import Observed, observe
from massage_ins_bridge.desk.reconcile import reconcile


def test_reconciling_finds_what_no_delivery_said(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    reconcile(bridge.installation, "desk")
    assert bridge.outcome("b1") == "hold"
    bridge.platform.put("b1", status="cancelled")
    reconcile(bridge.installation, "desk")
    assert bridge.row("b1").platform_status == "cancelled"
    assert bridge.decisions("b1") == 1


def test_what_several_looks_did_not_find_is_told_and_comes_back(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.take_in(bridge.arrive("b1"))
    bridge.platform.faults = [PlatformGoneError("not found", True, 404)] * 3
    for _ in range(3):
        bridge.write_back()
    assert (bridge.row("b1").platform_status, bridge.platform.changes) == ("cancelled", [])
    assert bridge.writes("b1") == [("block", "superseded", None)]
    assert "gone-on-platform" in bridge.tasks()
    reconcile(bridge.installation, "desk")
    bridge.work()
    assert bridge.row("b1").platform_status == "rejected"
    assert "gone-on-platform" not in bridge.tasks()


def test_what_the_list_says_is_gone_is_looked_for_once_more(bridge: Bridge) -> None:
    for ref in ("b1", "b2"):
        bridge.take(ref)
    reconcile(bridge.installation, "desk")
    kept = bridge.platform.bookings.pop("b1")
    del bridge.platform.bookings["b2"]
    reconcile(bridge.installation, "desk")
    bridge.platform.bookings["b1"] = kept
    bridge.clock.moment += timedelta(minutes=1)
    bridge.look_again()
    assert bridge.row("b1").platform_status == "pending"
    assert bridge.row("b2").platform_status == "cancelled"
    assert "gone-on-platform" in bridge.tasks()


def test_a_list_alone_is_believed_where_nothing_else_can_be_asked(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge.take("b1")
    reconcile(bridge.installation, "desk")
    bridge.platform.bookings.clear()
    connector = bridge.installation.accounts["desk"].connector
    monkeypatch.setattr(connector, "capabilities", connector.capabilities - {"fetch"})
    reconcile(bridge.installation, "desk")
    assert bridge.row("b1").platform_status == "cancelled"


@pytest.mark.parametrize("error", [KeyError("a"), DataError("x", {}, Exception("too long"))])
def test_a_booking_that_cannot_be_taken_in_keeps_none_of_the_others(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    for ref in ("b1", "b2", "b3"):
        bridge.platform.put(ref)
    fail_for(monkeypatch, "b2", error)
    reconcile(bridge.installation, "desk")
    assert (bridge.outcome("b1"), bridge.outcome("b3")) == ("hold", "hold")
    assert bridge.tasks() == ["unreadable-booking"]
    monkeypatch.undo()
    bridge.platform.put("b2")
    reconcile(bridge.installation, "desk")
    assert (bridge.outcome("b2"), bridge.tasks()) == ("hold", [])


def test_a_database_that_does_not_take_it_is_asked_again(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge.platform.put("b1")
    fail_for(monkeypatch, "b1", OperationalError("x", {}, Exception("locked")))
    with pytest.raises(OperationalError):
        reconcile(bridge.installation, "desk")
    monkeypatch.undo()
    reconcile(bridge.installation, "desk")
    assert (bridge.outcome("b1"), bridge.tasks()) == ("hold", [])


def fail_for(monkeypatch: pytest.MonkeyPatch, ref: str, error: Exception) -> None:
    def failing(*given: Any) -> Observed:
        if given[3].ref == ref:
            raise error
        return observe(*given)

    monkeypatch.setattr(listed, "observe", failing)


def lists(bridge: Bridge, monkeypatch: pytest.MonkeyPatch, page: Page) -> None:
    """The next look for changes is answered with this page."""
    connector = bridge.installation.accounts["desk"].connector
    monkeypatch.setattr(connector, "changes", lambda _cursor, _now: page)
    reconcile(bridge.installation, "desk")


def test_what_should_be_listed_with_others_and_is_not_is_read_by_itself(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A booking of a series that its series does not show any more; that alone ends nothing."""
    for ref in ("a#1", "a#2", "b#1", "a"):
        bridge.take(ref)
    kept = bridge.platform.bookings["a#1"]
    del bridge.platform.bookings["a#2"], bridge.platform.bookings["a"]
    lists(bridge, monkeypatch, Page((kept,), whole=("a",)))
    assert set(bridge.looks()) == {"a#2", "a"}
    assert {bridge.row(ref).platform_status for ref in ("a#2", "a")} == {"pending"}
    for _ in range(2):
        bridge.look_again()
        bridge.clock.moment += timedelta(minutes=1)
    assert {bridge.row(ref).platform_status for ref in ("a#2", "a")} == {"cancelled"}
    assert {bridge.row(ref).platform_status for ref in ("a#1", "b#1")} == {"pending"}


def test_what_a_look_at_everything_did_not_meet_is_read_by_itself(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ref in ("b1", "b2"):
        bridge.take(ref)
    bridge.clock.moment += timedelta(hours=1)
    began = bridge.clock.moment
    met = bridge.platform.bookings["b1"]
    lists(bridge, monkeypatch, Page((met,), cursor="1", more=False, whole_since=began))
    assert set(bridge.looks()) == {"b2"}
    bridge.look_again()
    assert bridge.row("b2").platform_status == "pending"
    assert bridge.looks() == {}


def test_a_booking_that_is_there_and_cannot_be_understood_is_told(bridge: Bridge) -> None:
    """It stays as it was; an error of the way there is none of the booking's."""
    bridge.take("b1")
    for error, told in (
        (PlatformError("not allowed", True, 401), False),
        (PlatformError("it names no service any more", True), True),
    ):
        with bridge.installation.write() as record:
            read_soon(record, bridge.installation.accounts["desk"], "b1")
        bridge.platform.faults = [error]
        bridge.look_again()
        assert ("unreadable-booking" in bridge.tasks()) is told
        bridge.clock.moment += timedelta(hours=1)
    assert bridge.row("b1").platform_status == "pending"
