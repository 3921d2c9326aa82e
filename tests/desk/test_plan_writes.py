"""What each outcome asks of the platform, and what it never asks."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.client_texts import BLOCK
from massage_ins_bridge.gate.selfpay import PLATFORM
from massage_ins_bridge.testing.bookings import NOW, START

ACCEPTED: dict[str, Any] = {"kind": "created", "status": "accepted"}
SERIES = {"recurring": True}
BY_ITSELF = ACCEPTED | {"asks_confirmation": False}
BLOCK_DONE = ("block", "done", "native")
#: How the booking comes, and how many visits are paid for; how it then is on the platform, the
#: write, and what staff is asked to do.
WANTED: dict[str, tuple[dict[str, Any], int, str, tuple[str, ...], str]] = {
    "a pending one on hold waits": ({}, 9, "pending", ("hold", "done", "native"), ""),
    "a pending one is rejected": ({}, 0, "rejected", BLOCK_DONE, ""),
    "an accepted one is staff's": (
        *(ACCEPTED, 0, "accepted"),
        *(("block", "done", "manual"), "block-by-hand"),
    ),
    "one that asks nobody is staff's too": (
        *(BY_ITSELF, 0, "accepted"),
        *(("block", "done", "manual"), "block-by-hand"),
    ),
    "an accepted one on hold is staff's": (
        *(ACCEPTED, 9, "accepted"),
        *(("manual", "done", "manual"), "hold-by-hand"),
    ),
    "self-pay": ({"service_ref": "2"}, 9, "accepted", ("confirm", "done", "native"), ""),
    "of a series": (SERIES, 0, "pending", ("block", "done", "manual"), "block-by-hand"),
}


@pytest.mark.parametrize("name", WANTED)
def test_what_an_outcome_asks_of_the_platform(bridge: Bridge, name: str) -> None:
    given, visits, status, write, task = WANTED[name]
    bridge.knobs.visits = visits
    row = bridge.take("b1", **given)
    assert (row.platform_status, bridge.writes("b1")) == (status, [write])
    changed = status != given.get("status", "pending")
    assert [c[:2] for c in bridge.platform.changes] == ([("b1", status)] if changed else [])
    refused = f"{BLOCK} {PLATFORM['signed-before']}"
    assert bridge.platform.reasons == ([refused if visits == 0 else ""] if changed else [])
    assert row.hold_state == {"hold": "native", "manual": "manual"}.get(write[0])
    assert [kind for kind in bridge.tasks() if kind.endswith("-by-hand")] == (
        [task] if task else []
    )


def test_a_cured_hold_is_confirmed_once(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").platform_status == "accepted"
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "accepted")]
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    bridge.take("b1", "created", status="accepted", sent_at=NOW + timedelta(minutes=1))
    assert len(bridge.platform.changes) == 1
    assert bridge.writes("b1")[-1] == ("confirm", "done", "native")


@pytest.mark.parametrize("more", [{}, SERIES], ids=["alone", "of a series"])
def test_what_nobody_accepted_is_cancelled_where_the_account_says_so(
    tmp_path: Path, more: dict[str, Any]
) -> None:
    bridge = make_bridge(tmp_path, None, account={"cancel_accepted": True})
    bridge.take("b1", **BY_ITSELF, **more)
    bridge.take("b2", **ACCEPTED, start=START + timedelta(days=1), **more)
    bridge.knobs.visits = 0
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "cancelled")]
    assert bridge.tasks().count("block-by-hand") == 1
    bridge.close()


def test_observing_writes_nothing(observer: Bridge) -> None:
    bridge = observer
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.knobs.visits = 1
    bridge.take("b2", start=START + timedelta(days=1))
    assert bridge.writes("b1") == [("hold", "observed", None), ("confirm", "observed", None)]
    assert bridge.writes("b2") == [("block", "observed", None)]
    assert bridge.platform.changes == []


def test_what_staff_was_asked_is_over_once_it_is_wanted_no_more(bridge: Bridge) -> None:
    bridge.take("b1", recurring=True)
    bridge.confirm_coverage("b1")
    assert "confirm-by-hand" in bridge.tasks()
    bridge.take("b1", status="accepted", sent_at=NOW + timedelta(minutes=1))
    assert "confirm-by-hand" not in bridge.tasks()


def test_a_decision_overtaken_before_it_was_written(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.faults = [PlatformError("down")]
    bridge.confirm_coverage("b1")
    bridge.knobs.visits = 0
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    bridge.work()  # the two began at one moment: whichever was tried first, the other comes to rest
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "rejected")]
    assert ("confirm", "superseded", None) in bridge.writes("b1")
