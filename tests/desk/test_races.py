"""Two bookings race for the last visit: exactly one gets it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.chart import add_fact
from massage_ins_bridge.desk.decide import decide_again
from massage_ins_bridge.desk.write_back import write_back
from massage_ins_bridge.testing.bookings import START


@pytest.mark.parametrize("hours", [0, 2, -2])
def test_exactly_one_of_two_gets_the_last_visit(bridge: Bridge, hours: int) -> None:
    bridge.take("b0", start=START - timedelta(days=7))
    bridge.confirm_coverage("b0")
    bridge.knobs.visits = 2
    deliveries = [
        bridge.arrive("b1"),
        bridge.arrive("b2", start=START + timedelta(hours=hours)),
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(bridge.take_in, deliveries))
    bridge.work()
    assert sorted([bridge.outcome("b1"), bridge.outcome("b2")]) == ["allow", "block"]
    assert bridge.outcome("b0") == "allow"
    accepted = [b.ref for b in bridge.platform.bookings.values() if b.status == "accepted"]
    assert len(accepted) == 2


def test_a_dozen_new_bookings_of_one_new_client(bridge: Bridge) -> None:
    bridge.knobs.visits = 5
    deliveries = [bridge.arrive(f"b{n}", start=START + timedelta(hours=n // 2)) for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(bridge.take_in, deliveries))
    bridge.work()
    outcomes = [bridge.outcome(f"b{n}") for n in range(12)]
    assert (outcomes.count("hold"), outcomes.count("block")) == (5, 7)
    assert len({bridge.row(f"b{n}").patient_id for n in range(12)}) == 1


def test_one_delivery_taken_in_by_many(bridge: Bridge) -> None:
    delivery = bridge.arrive("b1")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: bridge.take_in(delivery), range(8)))
    assert bridge.waiting() == []
    assert bridge.decisions("b1") == 1


def test_one_wakeup_run_by_many(bridge: Bridge) -> None:
    patient = bridge.take("b1").patient_id
    with bridge.installation.write() as record:
        for row in record.facts.list(patient, "coverage"):
            record.facts.remove(row)
        add_fact(record, patient, "coverage", {"payer": "regence", "staff_confirmed": True})
    (wakeup,) = [work.item for work in bridge.started if work.kind == "wakeup"]
    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(lambda _: decide_again(bridge.installation, wakeup), range(8)))
    assert len([work for work in bridge.started if work.kind == "write"]) == 1


def test_one_write_carried_out_by_many_reaches_the_platform_once(bridge: Bridge) -> None:
    bridge.platform.faults = [PlatformError("down")]
    bridge.take("b1", service_ref="2")
    write = next(work.item for work in bridge.started if work.kind == "write")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: write_back(bridge.installation, write), range(8)))
    assert [change[:2] for change in bridge.platform.changes] == [("b1", "accepted")]
    assert bridge.platform.calls["confirm"] == 1
