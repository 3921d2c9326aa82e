"""A client is loaded once, however many bookings they have."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.store.vault import Vault
from massage_ins_bridge.testing.bookings import START


def test_forty_bookings_are_unsealed_once(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery for the client looks at each of them, and its cost grows with their number."""
    for number in range(40):
        bridge.arrive(f"b{number}", start=START + timedelta(days=number))
    bridge.work()
    opened: Counter[str] = Counter()
    cases = Counter[str]()
    usual, build = Vault.open_bytes, bridge.installation.host.case

    def open_bytes(vault: Vault, box: bytes, place: str) -> bytes:
        opened[place.partition(":")[0]] += 1
        return usual(vault, box, place)

    def case(chart: Any) -> Any:
        cases[chart.booking.start.isoformat()] += 1
        return build(chart)

    monkeypatch.setattr(Vault, "open_bytes", open_bytes)
    monkeypatch.setattr(bridge.installation.host, "case", case)
    bridge.take("b40", start=START + timedelta(days=40))
    looked_ahead = 2  # at visits that nobody has booked
    assert len(cases) == 41 + looked_ahead
    assert set(cases.values()) == {1}
    assert sum(opened.values()) <= 3 * 41, opened
    assert opened["bookings.details"] <= 42
    assert opened["facts.data"] <= 4


def test_a_started_booking_that_staff_wrote_down_is_counted_once(bridge: Bridge) -> None:
    """As a visit, not beside it as a booking that stands."""
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.clock.moment = START + timedelta(hours=3)
    bridge.add_fact("b1", "visit", {"on": "2026-12-08", "payer": "regence"})
    bridge.take("b2", start=START + timedelta(days=7))
    case = bridge.last_case
    assert (len(case.visits or ()), case.upcoming, case.visit_number) == (1, (), 2)
