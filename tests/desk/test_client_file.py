"""A client is loaded once, however many bookings they have."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.test_going_live import stand
from tests.plans import nothing_gone_through
from tests.store.test_unit import statements

from massage_ins_bridge.desk import client_file
from massage_ins_bridge.desk.client_file import ClientFile, load_client, load_clients
from massage_ins_bridge.store.record import Record
from massage_ins_bridge.store.vault import Vault
from massage_ins_bridge.store.words import Said
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


def test_whether_an_account_is_live_is_asked_once_for_forty_bookings(bridge: Bridge) -> None:
    for number in range(40):
        bridge.arrive(f"b{number}", start=START + timedelta(days=number))
    bridge.work()
    with statements(bridge.installation.store) as said:
        bridge.take("b40", start=START + timedelta(days=40))
    asked = Counter(
        name for one in said for name in ("first_looks", "meta") if f"FROM {name}" in one
    )
    assert max(asked.values()) < 10, asked


def test_a_started_booking_that_staff_wrote_down_is_counted_once(bridge: Bridge) -> None:
    """As a visit, not beside it as a booking that stands."""
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.clock.moment = START + timedelta(hours=3)
    bridge.add_fact("b1", "visit", {"on": "2026-12-08", "payer": "regence"})
    bridge.take("b2", start=START + timedelta(days=7))
    case = bridge.last_case
    assert (len(case.visits or ()), case.upcoming, case.visit_number) == (1, (), 2)


def test_several_files_are_loaded_as_each_alone(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By no more queries than one takes, with all that stands in them, and none of strangers."""
    stand(bridge)
    bridge.clock.moment = START + timedelta(hours=3)  # the visit that staff wrote is the booking's
    bridge.add_fact("b1", "visit", {"on": "2026-12-08", "payer": "regence"})
    bridge.add_fact("b4", "prescription", {"signed_on": "2026-11-20"})
    bridge.take("c1", name="Cy Ng", email="cy@example.com", start=START + timedelta(days=4))
    with bridge.installation.write() as record:
        record.words.add(bridge.row("b4").id, "override", Said("Pat"))
    clients = [bridge.row(ref).patient_id for ref in ("b1", "b4", "c1")]
    monkeypatch.setattr(client_file, "MOST_NAMED", 2)
    with bridge.installation.read() as record:
        alone = [load_client(record, client) for client in clients]
    with bridge.installation.read() as record:
        with statements(bridge.installation.store) as one:
            next(load_clients(record, clients[1:2]))
        with statements(bridge.installation.store) as many:
            files = {file.patient_id: file for file in load_clients(record, [*clients, "pat_x"])}
        assert [contents(record, files[client]) for client in clients] == [
            contents(record, file) for file in alone if file is not None
        ]
    assert sum(len(file.bookings) for file in files.values()) == 5
    first, all_at_once = ([said for said in some if said[:6] == "SELECT"] for some in (one, many))
    assert len(all_at_once) == len(first) + 2 * 3  # five bookings, named two at a time


def contents(record: Record, file: ClientFile) -> dict[str, Any]:
    """All that stands in a file."""
    return {
        "client": (file.patient_id, file.patient, file.facts),
        "visits": [(f.row.id, f.row.booking_id, f.visit) for f in file.visits],
        "tasks": [task.id for task in file.tasks],
        "bookings": [
            {
                "booking": (held.row.id, held.row.start_at, held.details, held.upcoming),
                "last": held.last and record.decisions.data(held.last),
                "writes": [(write.id, write.state) for write in held.writes],
                "tasks": [task.id for task in held.tasks],
                "words": [word.id for word in held.words],
            }
            for held in file.bookings
        ],
    }


@pytest.mark.parametrize("database_url", [None])  # PostgreSQL plans by what is in its tables
def test_nothing_is_looked_for_among_all_bookings_of_the_clinic(bridge: Bridge) -> None:
    """Else each decision would take the longer the more clients there are."""
    bridge.take("b1")
    later = bridge.arrive("b2", start=START + timedelta(days=1))
    with nothing_gone_through(bridge.installation.store):
        bridge.take_in(later)
