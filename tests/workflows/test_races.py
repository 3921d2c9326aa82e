"""Two bookings race for the last visit: exactly one gets it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.workflows.bridge import Bridge
from tests.workflows.fakes import START

from massage_ins_bridge.workflows.intake import take_in
from massage_ins_bridge.workflows.redecide import redecide


@pytest.mark.parametrize("hours", [0, 2, -2])
def test_exactly_one_of_two_gets_the_last_visit(bridge: Bridge, hours: int) -> None:
    bridge.take("b0", start=START - timedelta(days=7))
    bridge.confirm_coverage("b0")
    bridge.host.visits = 2
    deliveries = [
        bridge.arrive("b1"),
        bridge.arrive("b2", start=START + timedelta(hours=hours)),
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda d: take_in(bridge.service, d), deliveries))
    bridge.work()
    assert sorted([bridge.outcome("b1"), bridge.outcome("b2")]) == ["allow", "block"]
    assert bridge.outcome("b0") == "allow"
    accepted = [b.ref for b in bridge.platform.bookings.values() if b.status == "accepted"]
    assert len(accepted) == 2


def test_a_dozen_new_bookings_of_one_new_client(bridge: Bridge) -> None:
    bridge.host.visits = 5
    deliveries = [bridge.arrive(f"b{n}", start=START + timedelta(hours=n // 2)) for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda d: take_in(bridge.service, d), deliveries))
    bridge.work()
    outcomes = [bridge.outcome(f"b{n}") for n in range(12)]
    assert (outcomes.count("hold"), outcomes.count("block")) == (5, 7)
    assert len({bridge.row(f"b{n}").patient_id for n in range(12)}) == 1


def test_one_delivery_taken_in_by_many(bridge: Bridge) -> None:
    delivery = bridge.arrive("b1")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: take_in(bridge.service, delivery), range(8)))
    assert bridge.waiting() == []
    assert bridge.decisions("b1") == 1


def test_one_wakeup_run_by_many(bridge: Bridge) -> None:
    from massage_ins_bridge.store.facts import Facts
    from massage_ins_bridge.store.tasks import wake

    patient = bridge.take("b1").patient_id
    store, now = bridge.service.store, bridge.clock.now()
    with store.write() as session:
        data = {"payer": "regence", "staff_confirmed": True}
        Facts(session, store.vault, "default").add(patient, "coverage", data, now)
        wakeup = wake(session, "default", patient, "test", now)
    with ThreadPoolExecutor(8) as pool:
        planned = list(pool.map(lambda _: redecide(bridge.service, wakeup).planned, range(8)))
    assert sum(map(len, planned)) == 1
