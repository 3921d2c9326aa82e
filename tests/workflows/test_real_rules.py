"""The same service over the installed payer rules: Regence, from a bare booking to a cure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from tests.workflows.bridge import Bridge, HandClock, fake_settings
from tests.workflows.fakes import NOW, PLATFORMS, START, FakeConnector, FakeHost

from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.store.inbox import Inbox
from massage_ins_bridge.workflows.service import build_service

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
    settings = fake_settings(tmp_path, None).model_copy(update={"clinic": {"network": network}})
    clock = HandClock()
    service = build_service(settings, clock, Host.load(), {"fake": FakeConnector})
    platform = PLATFORMS[str(tmp_path)]
    yield Bridge(service, clock, cast(Any, FakeHost()), platform, Inbox(service.store))
    service.close()


def chart(bridge: Bridge, ref: str, *, visits: int) -> None:
    """A confirmed coverage, a full prescription and an approval for so many visits."""
    bridge.add_fact(ref, "prescription", PRESCRIPTION)
    approval = {
        "payer": "regence",
        "kind": "prior-authorization",
        "number": "A1",
        "status": "approved",
        "visits": visits,
        "from": "2026-11-20",
        "to": "2027-01-20",
    }
    bridge.add_fact(ref, "authorization", approval)
    intake(bridge, ref)
    bridge.add_fact(ref, "coverage", COVERAGE)


def intake(bridge: Bridge, ref: str) -> None:
    from massage_ins_bridge.store.patients import Patients

    with bridge.service.store.write() as session:
        patients = Patients(session, bridge.service.store.vault, "default")
        row = patients.get(bridge.row(ref).patient_id)
        assert row is not None
        facts = {**patients.facts(row), "intake_received": True}
        patients.update(row, facts, patients.contact(row), bridge.clock.now())


def test_held_then_cured(bridge: Bridge) -> None:
    bridge.take("b1", more={"answers": {}})
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
    bridge.take("b1", more={"answers": {}})
    chart(bridge, "b1", visits=1)
    bridge.take("b2", start=START + timedelta(days=1), version=NOW, more={"answers": {}})
    assert (bridge.outcome("b1"), bridge.outcome("b2")) == ("allow", "block")
