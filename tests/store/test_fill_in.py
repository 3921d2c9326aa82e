"""What a migration could not do is done when the database is opened."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from tests.store.conftest import opened

from massage_ins_bridge.store.bookings import Details, Seen
from massage_ins_bridge.store.clients import FORM, Contact
from massage_ins_bridge.store.database import Store
from massage_ins_bridge.store.fill_in import fill_in
from massage_ins_bridge.store.models import IdentityRow, PatientRow

ZONE = "America/Los_Angeles"


def test_keys_of_an_older_form_are_made_anew(store: Store, now: datetime) -> None:
    with opened(store, now) as record:
        row = record.clients.create({}, Contact("ann+x@x.org"))
        record.facts.add(row.id, "coverage", {"payer": "L&I", "claim": {"number": "AB 1"}})
        record.session.execute(update(IdentityRow).values(value_hash="old"))
        record.session.execute(update(PatientRow).values(found_by=FORM - 1))
    fill_in(store, ZONE)
    with opened(store, now) as record:
        assert record.clients.find("email", "ann@x.org") == {row.id}
        assert record.clients.find("claim", "ab1") == {row.id}


@pytest.mark.parametrize(
    ("name", "by_the_booking", "doubtful"),
    [("Annie Lee", True, True), ("Annie Lee", False, False), ("Bob Cho", True, False)],
)
def test_a_question_about_a_booking_becomes_one_about_its_client(
    store: Store, now: datetime, name: str, by_the_booking: bool, doubtful: bool
) -> None:
    """Who was made a client by the booking in question is in doubt, where they may be another."""
    with opened(store, now) as record:
        ann = record.clients.create({"name": "Ann Lee"}, Contact("ann@x.org"))
    later = now + timedelta(days=1)
    with opened(store, later) as record:
        row = record.clients.create({"name": name}, Contact("a@y.org"))
        if not by_the_booking:
            row.created_at = now
        seen = Seen("desk", "b1", "pending", later, None, None, False, None)
        booking = record.bookings.add(seen, row.id, Details())
        for topic in ("one", "two"):
            record.tasks.open("who-is-it", topic, "?", patient_id=row.id, booking_id=booking.id)
    fill_in(store, ZONE)
    fill_in(store, ZONE)
    with opened(store, later) as record:
        client = record.clients.get(row.id)
        assert client is not None
        assert client.doubtful is doubtful
        assert [d.candidate_id for d in record.doubts.of(row.id)] == ([ann.id] if doubtful else [])
        (task,) = record.tasks.due_first(9)
        assert (task.patient_id, task.booking_id) == (row.id, None)
        assert task.topic == record.tasks.key("who-is-it", row.id)
