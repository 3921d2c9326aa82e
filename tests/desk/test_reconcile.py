"""The platform's own list brings what no delivery said."""

from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformGoneError
from massage_ins_bridge.desk.reconcile import reconcile


def test_reconciling_finds_what_no_delivery_said(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    reconcile(bridge.installation, "desk")
    assert bridge.outcome("b1") == "hold"
    bridge.platform.put("b1", status="cancelled")
    reconcile(bridge.installation, "desk")
    assert bridge.row("b1").platform_status == "cancelled"
    assert bridge.decisions("b1") == 1


def test_what_two_looks_did_not_find_is_told_and_comes_back(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.platform.faults = [PlatformGoneError("not found", True, 404)] * 2
    bridge.take("b1")
    bridge.write_back()
    assert (bridge.row("b1").platform_status, bridge.platform.changes) == ("cancelled", [])
    assert bridge.writes("b1") == [("block", "superseded", None)]
    assert "gone-on-platform" in bridge.tasks()
    reconcile(bridge.installation, "desk")
    bridge.work()
    assert bridge.row("b1").platform_status == "rejected"
    assert "gone-on-platform" not in bridge.tasks()
