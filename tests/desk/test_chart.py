"""Facts: whose bookings a new one wakes, whose it does not, and what stands about it in plain."""

from typing import Any

import pytest
from sqlalchemy import select
from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.chart import LISTS, add_fact, change_fact, remove_fact
from massage_ins_bridge.desk.decide import decide_again
from massage_ins_bridge.store.bookings import Details, Seen
from massage_ins_bridge.store.clients import Contact
from massage_ins_bridge.store.models import BookingRow, DecisionRow, PatientRow
from massage_ins_bridge.store.task_models import WakeupRow
from massage_ins_bridge.testing.bookings import START


def test_a_fact_of_another_clinic_wakes_that_clinics_bookings(bridge: Bridge) -> None:
    """One answer to "which clinic": the record's own, from the key to the decision."""
    bridge.take("b1")
    with bridge.installation.write("second") as record:
        client = record.clients.create({"name": "Bea Cho"}, Contact())
        seen = Seen("desk", "s1", "pending", START, None, "1", recurring=False, previous_ref=None)
        row = record.bookings.add(seen, client.id, Details(service_ref="1", payer="regence"))
        add_fact(record, client.id, "coverage", {"payer": "regence", "staff_confirmed": True})
    (wakeup,) = [work.item for work in bridge.started if work.kind == "wakeup"]
    assert not decide_again(bridge.installation, wakeup)
    with bridge.installation.store.read() as session:
        assert session.get_one(WakeupRow, wakeup).clinic == "second"
        assert session.get_one(BookingRow, row.id).outcome == "allow"
        assert session.get_one(PatientRow, client.id).clinic == "second"
    assert bridge.outcome("b1") == "hold"


FACTS: dict[str, dict[str, Any]] = {
    "coverage": {"payer": "regence"},
    "prescription": {"signed_on": "2026-11-20"},
    "authorization": {"payer": "regence", "kind": "prior-authorization"},
    "visit": {"on": "2026-11-01"},
    "progress-report": {"on": "2026-11-01"},
}


@pytest.mark.parametrize("kind", LISTS.values())
def test_what_woke_a_client_does_not_say_which_fact(bridge: Bridge, kind: str) -> None:
    """It stands in plain text beside their id: in the wakeup, and in the decision that follows."""
    bridge.take("b1")
    data = FACTS[kind]
    with bridge.installation.write() as record:
        patient = bridge.row("b1").patient_id
        fact = add_fact(record, patient, kind, data)
        change_fact(record, (patient, kind, fact.record), data, merge=True)
        remove_fact(record, (patient, kind, fact.record))
    bridge.work()
    with bridge.installation.store.read() as session:
        causes = {*session.scalars(select(WakeupRow.cause))}
        decided = {*session.scalars(select(DecisionRow.cause))}
    assert causes == {"chart-changed"}
    assert decided <= {"chart-changed", "delivery:requested"}
