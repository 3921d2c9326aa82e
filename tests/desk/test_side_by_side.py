"""A client in doubt beside those whom they may be."""

from datetime import date, timedelta

from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.chart import add_client, add_fact
from massage_ins_bridge.desk.side_by_side import Agrees, compare
from massage_ins_bridge.testing.bookings import START


def test_both_people(bridge: Bridge) -> None:
    """The likeliest first, with what agrees and what does not."""
    with bridge.installation.write() as record:
        robert = add_client(
            record,
            {"name": "Robert Eriksen", "phone": "(253) 555-0171", "birth_date": "1969-05-02"}
            | {"email": "r.eriksen@example.com"},
        ).id
        add_client(record, {"name": "Robert Eriksen", "email": "other@example.com"})
        add_fact(record, robert, "visit", {"on": "2026-11-03"})
    row = bridge.take("b1", name="Bob Eriksen", email="bob.e@example.com", phone="253-555-0171")
    with bridge.installation.read() as record:
        found = compare(record, row.patient_id)
        sure = compare(record, robert)
    assert (found.identity, found.person.names) == ("doubtful", ("Bob Eriksen",))
    assert (found.person.visits, found.person.next_booking) == (0, START)
    first, second = found.candidates
    assert (first.id, first.visits, first.last_visit) == (robert, 1, date(2026, 11, 3))
    assert first.agrees == Agrees("alike", "different", "same", "unknown")
    assert second.agrees == Agrees("alike", "different", "unknown", "unknown")
    assert (sure.identity, sure.candidates) == ("sure", ())
    assert sure.person.birth_date == date(1969, 5, 2)


def test_nobody_can_say_who_it_is(bridge: Bridge) -> None:
    row = bridge.take("b1", name=None, email=None, start=START + timedelta(days=1))
    with bridge.installation.read() as record:
        found = compare(record, row.patient_id)
    assert (found.identity, found.candidates, found.person.names) == ("doubtful", (), ())
