"""Facts: whose bookings a new one wakes, and whose it does not."""

from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.chart import add_fact
from massage_ins_bridge.desk.decide import decide_again
from massage_ins_bridge.store.bookings import Details, Seen
from massage_ins_bridge.store.clients import Contact
from massage_ins_bridge.store.models import BookingRow, PatientRow, WakeupRow
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
