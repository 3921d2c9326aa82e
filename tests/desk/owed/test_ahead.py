"""What the next visits will meet is said before they are booked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.desk.owed.looking import open_tasks

from massage_ins_bridge.desk.chart import add_client, add_fact
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.testing.bookings import NOW, START
from massage_ins_bridge.testing.requests import authorization, request


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


def test_a_full_week_is_no_matter_of_the_next_visits(bridge: Bridge) -> None:
    """They need not be in it: a client who books twice a week is none who comes too often."""
    bridge.knobs.a_week = 2
    for number in range(2):
        bridge.take(f"b{number}", start=START + timedelta(days=7 * number))
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").outcome == "allow"
    assert open_tasks(bridge, "look-ahead") == []


def test_a_visit_ahead_is_as_the_last_one(bridge: Bridge) -> None:
    """By the same practitioner, at the same place, of the same episode and injury, and as long; on
    whichever prescription serves it."""
    bridge.take("b1")
    bridge.choose("b1", place="home", prescription="rx1", episode="knee", injury="neither")
    bookings = [case.booking for case in bridge.knobs.cases]
    last = next(booking for booking in reversed(bookings) if booking.start == START)
    ahead = [booking for booking in bookings[-2:] if booking.start != START]
    assert ahead
    for booking in ahead:
        end = booking.start + timedelta(hours=1)
        same = replace(last, start=booking.start, end=end, payer="regence", prescription=None)
        assert booking == same


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


def test_a_visit_ahead_comes_too_late_for_nothing(bridge: Bridge) -> None:
    """Nobody has chosen its day: what must be asked for is said, not that no days are left."""
    bridge.knobs.lead, bridge.knobs.asks_from = timedelta(days=10), 2
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.clock.moment = START + timedelta(hours=2)
    bridge.add_fact("b1", "visit", {"on": "2026-12-08", "payer": "regence"})
    (task,) = open_tasks(bridge, "look-ahead")
    assert task.message == "Looking ahead to visit 2: visit 2 is to be asked for"


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Bridge]:
    """L&I's own rules."""
    network = {"lni": [{"status": "in", "from": "2015-01-01"}]}
    made = make_bridge(tmp_path, None, host=Host.load(), clinic={"network": network})
    yield made
    made.close()


@pytest.mark.skipif(find_spec("massage_ins_bridge_lni") is None, reason="payer-lni is missing")
def test_a_threshold_a_report_and_a_prescriptions_end_are_said_in_time(worker: Bridge) -> None:
    """After eleven visits on a claim, with a prescription that ends in three weeks."""
    facts = request("lni")
    paper = {**facts["prescriptions"][0], "signed_on": "2026-10-20", "visits": 30}
    paper["duration"] = {"count": 8, "unit": "week"}
    with worker.installation.write() as record:
        patient = add_client(record, {"name": "Ivan Orr", "intake_received": True}).id
        add_fact(record, patient, "coverage", facts["coverages"][0])
        add_fact(record, patient, "prescription", paper)
        add_fact(record, patient, "authorization", authorization("lni", "lni-f245-417", visits=6))
        for number in range(11):
            day = str((NOW - timedelta(days=3 * number)).date())
            add_fact(record, patient, "visit", {"on": day, "payer": "lni"})
    worker.work()
    said = " ".join(task.message for task in open_tasks(worker, "look-ahead"))
    assert "Looking ahead to visit 13" in said
    assert "claim manager" in said
    assert "The prescription" in said
    work = [task.message for task in open_tasks(worker, "after-visit")]
    assert any(message.startswith("send-progress-report") for message in work)
