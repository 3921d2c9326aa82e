"""Completed visits: one row each, whoever says so, and however it is corrected."""

from datetime import timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.over import close, over

from massage_ins_bridge.desk.chart import list_facts, remove_fact
from massage_ins_bridge.desk.client_file import load_client
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.testing.bookings import START

FILED = {"on": "2026-12-08", "payer": "regence", "provider": "this-clinic"}


@pytest.fixture
def visited(bridge: Bridge) -> Bridge:
    """A confirmed booking whose hour has passed."""
    return over(bridge)


def visits(bridge: Bridge) -> list[tuple[str | None, dict[str, Any]]]:
    with bridge.installation.read() as record:
        found = list_facts(record, bridge.row("b1").patient_id, "visit")
        return [(fact.booking, fact.data) for fact in found]


def test_a_completed_booking_is_a_visit(visited: Bridge) -> None:
    close(visited, "completed")
    ((booking, data),) = visits(visited)
    assert booking == visited.row("b1").id
    assert data == {"modality": "massage", **FILED}
    assert "after-visit" in visited.tasks()
    close(visited, "completed")
    assert len(visits(visited)) == 1


def test_corrected_to_a_no_show_it_is_none(visited: Bridge) -> None:
    close(visited, "completed")
    close(visited, "no-show")
    assert visits(visited) == []
    assert "after-visit" not in visited.tasks()
    close(visited, "completed")
    assert len(visits(visited)) == 1


@pytest.mark.parametrize("first", ["staff", "platform"])
def test_staffs_words_and_the_booking_are_one_visit(visited: Bridge, first: str) -> None:
    said = {**FILED, "modality": "medical massage"}
    if first == "staff":
        visited.add_fact("b1", "visit", said)
        close(visited, "completed")
    else:
        close(visited, "completed")
        visited.add_fact("b1", "visit", said)
    assert visits(visited) == [(visited.row("b1").id, said)]


def test_staffs_words_taken_back_leave_what_the_booking_says(visited: Bridge) -> None:
    close(visited, "completed")
    visited.add_fact("b1", "visit", {**FILED, "payer": "aetna"})
    patient = visited.row("b1").patient_id
    with visited.installation.write() as record:
        (fact,) = list_facts(record, patient, "visit")
        remove_fact(record, (patient, "visit", fact.record))
    assert visits(visited) == [(visited.row("b1").id, {"modality": "massage", **FILED})]


def test_a_visit_elsewhere_is_another_one(visited: Bridge) -> None:
    close(visited, "completed")
    visited.add_fact("b1", "visit", {"on": "2026-12-08", "provider": "other"})
    assert len(visits(visited)) == 2


def test_what_has_not_begun_or_does_not_stand_cannot_be_closed(bridge: Bridge) -> None:
    bridge.take("b1")
    with pytest.raises(ConflictError, match="has not begun"):
        close(bridge, "completed")
    bridge.take("b1", "cancelled", status="cancelled")
    with pytest.raises(ConflictError, match="was cancelled on the platform"):
        close(bridge, "no-show")


def test_a_booking_that_is_moved_is_no_visit_any_more(visited: Bridge) -> None:
    visited.add_fact("b1", "visit", FILED)
    visited.take("b1", "rescheduled", start=START + timedelta(days=9), status="accepted")
    assert visits(visited) == [(None, FILED)]


def test_a_completed_visit_is_counted_as_a_visit(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.clock.moment = START + timedelta(hours=2)
    bridge.take("b1", "completed", status="completed", sent_at=bridge.clock.now())
    assert "after-visit" in bridge.tasks()
    bridge.take("b2", start=START + timedelta(days=7), sent_at=bridge.clock.now())
    chart = bridge.last_case
    assert (len(chart.visits or ()), chart.upcoming) == (1, ())
    bridge.add_fact("b2", "visit", {"on": "2026-12-08", "provider": "this-clinic"})
    assert len(bridge.last_case.visits or ()) == 1


def test_a_booking_that_an_earlier_release_completed_is_a_visit(visited: Bridge) -> None:
    """What is personal in it was sealed under the names of then."""
    with visited.installation.write() as record:
        row = record.bookings.by_ref("desk", "b1")
        assert row is not None
        said = {"practitioner_ref": "7", "payer": "regence"}
        place = f"bookings.details:{record.clinic}"
        row.details_sealed = visited.installation.store.vault.seal_json(said, place)
        row.platform_status = "completed"
    with visited.installation.write() as record:
        file = load_client(record, visited.row("b1").patient_id)
    assert file is not None
    ((booking, data),) = visits(visited)
    assert (booking, data) == (visited.row("b1").id, {"modality": "massage", **FILED})
