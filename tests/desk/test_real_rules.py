"""The same service over the installed payer rules: Regence, from a bare booking to a cure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.desk.chart import add_fact, change_client
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.testing.bookings import NOW, START

pytest.importorskip("massage_ins_bridge_regence", reason="the plugin payer-regence is missing")
COVERAGE = {
    "payer": "regence",
    "position": "primary",
    "funding": "self_insured",
    "staff_confirmed": True,
    "visit_limit": 20,
    "visits_used": 0,
}
PRESCRIPTION = {
    "signed_on": "2026-11-20",
    "received_on": "2026-11-21",
    "signed": True,
    "staff_confirmed": True,
    "prescriber": {"name": "Dr Example", "credential": "MD", "npi": "1234567893", "state": "WA"},
    "diagnoses": ["M54.50"],
    "frequency": {"times": 2, "per": "week"},
    "duration": {"count": 6, "unit": "week"},
    "visits": 12,
    "pain": True,
    "loss_of_function": "cannot sit longer than 20 minutes",
    "purpose": "rehabilitation",
}


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    network = {"regence": [{"status": "in", "from": "2015-01-01"}]}
    made = make_bridge(tmp_path, None, host=Host.load(), clinic={"network": network})
    yield made
    made.close()


def chart(bridge: Bridge, ref: str, *, visits: int) -> None:
    """A confirmed coverage, a full prescription and an approval for so many visits."""
    approval = {
        "payer": "regence",
        "kind": "prior-authorization",
        "number": "A1",
        "status": "approved",
        "visits": visits,
        "from": "2026-11-20",
        "to": "2027-01-20",
    }
    patient = bridge.row(ref).patient_id
    with bridge.installation.write() as record:
        change_client(record, patient, {"intake_received": True})
        add_fact(record, patient, "prescription", PRESCRIPTION)
        add_fact(record, patient, "authorization", approval)
        add_fact(record, patient, "coverage", COVERAGE)
    bridge.work()


def test_held_then_cured(bridge: Bridge) -> None:
    bridge.take("b1", answers={})
    assert bridge.outcome("b1") == "hold"
    chart(bridge, "b1", visits=4)
    assert bridge.row("b1").platform_status == "accepted"


def test_no_prescription_by_the_day(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.pass_time(START - timedelta(days=4))
    assert bridge.outcome("b1") == "hold"
    bridge.pass_time(START - timedelta(days=3))
    assert bridge.row("b1").platform_status == "rejected"


def test_the_last_authorized_visit(bridge: Bridge) -> None:
    bridge.take("b1", answers={})
    chart(bridge, "b1", visits=1)
    bridge.take("b2", start=START + timedelta(days=1), sent_at=NOW, answers={})
    assert (bridge.outcome("b1"), bridge.outcome("b2")) == ("allow", "block")
