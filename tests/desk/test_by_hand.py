"""Bookings that no platform knows are decided like any other, and no platform is told."""

from datetime import timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.owed.looking import open_tasks

from massage_ins_bridge.desk.book import book
from massage_ins_bridge.desk.bookings import change_booking
from massage_ins_bridge.desk.chart import add_fact
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.visits import close_booking
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.store.models import BookingRow
from massage_ins_bridge.testing.bookings import START

WHEN = {"start": START.isoformat(), "end": (START + timedelta(hours=1)).isoformat()}
ANN: dict[str, Any] = {**WHEN, "client": {"name": "Ann Lee", "email": "ann@example.com"}}
BILLED: dict[str, Any] = {**ANN, "payer": "regence", "service": "medical-massage"}
CONFIRMED = {"payer": "regence", "staff_confirmed": True}


def made(bridge: Bridge, data: dict[str, Any]) -> BookingRow:
    with bridge.installation.write() as record:
        return book(bridge.installation, record, data)


def now(bridge: Bridge, row: BookingRow) -> BookingRow:
    with bridge.installation.read() as record:
        found = record.bookings.get(row.id)
        assert found is not None
        return found


def confirm(bridge: Bridge, row: BookingRow) -> None:
    with bridge.installation.write() as record:
        add_fact(record, row.patient_id, "coverage", CONFIRMED)
    bridge.work()


def close(bridge: Bridge, row: BookingRow, ending: Any) -> str:
    with bridge.installation.write() as record:
        close_booking(bridge.installation, record, row.id, ending)
    bridge.work()
    return now(bridge, row).platform_status


def test_it_is_held_cured_completed_and_owes(bridge: Bridge) -> None:
    row = made(bridge, BILLED)
    assert (row.outcome, bridge.tasks()) == ("hold", ["hold-by-hand"])
    confirm(bridge, row)
    assert (now(bridge, row).outcome, bridge.tasks()) == ("allow", [])
    bridge.clock.moment = START + timedelta(hours=2)
    assert close(bridge, row, "completed") == "completed"
    assert bridge.tasks() == ["after-visit"]
    assert bridge.platform.changes == []


def test_one_that_may_not_stand_is_staffs_and_can_still_be_cured(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    row = made(bridge, BILLED)
    assert (row.outcome, row.platform_status, bridge.tasks()) == (
        "block",
        "accepted",
        ["block-by-hand"],
    )
    bridge.knobs.visits = 9
    confirm(bridge, row)
    assert (now(bridge, row).outcome, bridge.tasks()) == ("allow", [])


@pytest.mark.parametrize(("visits", "kind"), [(9, "hold-by-hand"), (0, "block-by-hand")])
def test_its_task_is_due_on_the_day_of_the_visit(bridge: Bridge, visits: int, kind: str) -> None:
    bridge.knobs.visits = visits
    row = made(bridge, BILLED)
    for days in (0, 3):
        start = START + timedelta(days=days)
        with bridge.installation.write() as record:
            change_booking(record, row.id, {"start": start.isoformat()})
        bridge.work()
        assert [(t.kind, t.due) for t in open_tasks(bridge, kind)] == [(kind, start.date())]


def test_it_counts_for_the_platforms_bookings_of_the_client(bridge: Bridge) -> None:
    row = made(bridge, BILLED)
    confirm(bridge, row)
    later = bridge.take("b1", start=START + timedelta(days=7))
    assert (later.patient_id, bridge.last_case.visit_number) == (row.patient_id, 2)
    assert close(bridge, row, "cancelled") == "cancelled"
    assert bridge.last_case.visit_number == 1
    assert close(bridge, row, "open") == "accepted"
    assert bridge.last_case.visit_number == 2


def test_it_is_moved_and_decided_anew(bridge: Bridge) -> None:
    row = made(bridge, BILLED)
    start = START + timedelta(days=1)
    with bridge.installation.write() as record:
        change_booking(record, row.id, {"start": start.isoformat(), "practitioner": "mira"})
    bridge.work()
    found = now(bridge, row)
    assert (found.start_at, found.end_at) == (start, start + timedelta(hours=1))
    assert (found.revision, found.outcome) == (2, "hold")


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({**WHEN}, "patient"),
        ({**ANN, "patient": "pat_1"}, "patient"),
        ({**ANN, "end": WHEN["start"]}, "end"),
        ({**WHEN, "client": {"name": " "}}, "client.name"),
        ({**WHEN, "client": {}}, "client.name"),
        ({**ANN, "start": "2026-12-08T10:00:00"}, "start"),
        ({**ANN, "payr": "lni"}, "payr"),
    ],
)
def test_what_cannot_be_booked_names_its_field(
    bridge: Bridge, data: dict[str, Any], path: str
) -> None:
    with pytest.raises(UnusableInputError) as refused:
        made(bridge, data)
    assert [problem.path for problem in refused.value.problems] == [path]


def test_one_visit_is_not_booked_twice(bridge: Bridge) -> None:
    row = made(bridge, {**ANN, "ref": "phone 1"})
    with pytest.raises(ConflictError, match=row.id):
        made(bridge, ANN)
    other = {**ANN, "client": {"name": "Bea Cho"}, "ref": "phone 1"}
    with pytest.raises(ConflictError, match="phone 1"):
        made(bridge, other)
    made(bridge, {**other, "ref": "phone 2"})


def test_what_a_platform_knows_is_changed_there(bridge: Bridge) -> None:
    row = bridge.take("b1")
    with bridge.installation.write() as record:
        with pytest.raises(ConflictError, match="Change its start on the platform"):
            change_booking(record, row.id, {"start": START.isoformat()})
        with pytest.raises(ConflictError, match="Cancel this booking on its platform"):
            close_booking(bridge.installation, record, row.id, "cancelled")


def test_what_is_held_for_a_day_on_which_nobody_is_there_is_due_before(bridge: Bridge) -> None:
    saturday = START + timedelta(days=4)
    made(bridge, {**BILLED, "start": saturday.isoformat(), "end": None})
    (task,) = open_tasks(bridge, "hold-by-hand")
    assert str(task.due) == "2026-12-11"
