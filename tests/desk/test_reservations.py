"""A reserved visit counts like a booking that stands until its booking comes, or its time is over;
nobody is refused for it."""

from datetime import timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge
from tests.desk.test_ask_before import DAY, ann_is_known, ask

from massage_ins_bridge.desk.reservations import give_back
from massage_ins_bridge.desk.settle_who import merge
from massage_ins_bridge.testing.bookings import START

LATER = START + 5 * DAY


@pytest.fixture
def reserved(bridge: Bridge) -> str:
    """The last visit is reserved for a day after ``START``."""
    ann_is_known(bridge)
    bridge.knobs.visits = 1
    found = ask(bridge).reservation
    assert found is not None
    return found


def held_for_it(bridge: Bridge, ref: str) -> bool:
    with bridge.installation.read() as record:
        last = record.decisions.last_of([bridge.row(ref).id])[bridge.row(ref).id]
        said = record.decisions.data(last)
    return "core.reserved" in {r["key"] for r in said["requirements"]}


def test_another_booking_is_held_and_not_refused_for_it(bridge: Bridge, reserved: str) -> None:
    bridge.take("b2", start=LATER)
    assert bridge.outcome("b2") == "hold"
    assert held_for_it(bridge, "b2")
    assert bridge.platform.bookings["b2"].status == "pending"


def test_it_is_decided_again_once_the_time_is_over(bridge: Bridge, reserved: str) -> None:
    bridge.take("b2", start=LATER)
    bridge.pass_time(bridge.clock.moment + timedelta(minutes=9))
    assert bridge.outcome("b2") == "hold"
    bridge.pass_time(bridge.clock.moment + timedelta(minutes=1))
    assert bridge.outcome("b2") == "allow"
    assert not held_for_it(bridge, "b2")


def test_it_is_decided_again_once_it_is_given_back(bridge: Bridge, reserved: str) -> None:
    bridge.take("b2", start=LATER)
    with bridge.installation.write() as record:
        give_back(record, reserved)
    bridge.work()
    assert bridge.outcome("b2") == "allow"


def test_what_is_refused_anyway_is_refused(bridge: Bridge, reserved: str) -> None:
    bridge.knobs.visits = 0
    bridge.take("b2", start=LATER)
    assert bridge.outcome("b2") == "block"


@pytest.mark.parametrize(
    "booked",
    [
        {"start": START + DAY},
        {"start": START + DAY * 2, "answers": {"payer": "regence", "reservation": "its id"}},
    ],
    ids=["by client and time", "by its id"],
)
def test_the_booking_that_follows_takes_its_place(
    bridge: Bridge, reserved: str, booked: dict[str, Any]
) -> None:
    answers = booked.get("answers", {"payer": "regence"})
    if "reservation" in answers:
        booked = {**booked, "answers": {**answers, "reservation": reserved}}
    bridge.take("b2", start=LATER)
    bridge.take("b3", **booked)
    assert bridge.outcome("b3") == "allow"
    assert bridge.outcome("b2") == "block"
    with bridge.installation.read() as record:
        row = record.reservations.get(reserved)
        assert row is not None
        assert row.booking_id == bridge.row("b3").id
        assert record.reservations.live_of(bridge.row("b3").patient_id) == []


def test_it_is_known_by_the_ref_of_its_booking(bridge: Bridge) -> None:
    ann_is_known(bridge)
    found = ask(bridge, ref="b7").reservation
    bridge.take("b7", start=LATER)
    with bridge.installation.read() as record:
        row = record.reservations.get(found or "")
        assert row is not None
        assert row.booking_id == bridge.row("b7").id


def test_one_that_is_reserved_for_moving_a_booking_does_not_hold_it(bridge: Bridge) -> None:
    bridge.take("b1", start=LATER)
    bridge.confirm_coverage("b1")
    bridge.knobs.visits = 1
    assert ask(bridge, previous="b1").outcome == "allow"
    bridge.choose("b1", payer="regence")
    assert bridge.outcome("b1") == "allow"


def test_it_goes_with_the_client(bridge: Bridge, reserved: str) -> None:
    bridge.take("b4", name="Anna Leigh", email="al@example.com", start=LATER)
    keep, gone = bridge.row("b4").patient_id, bridge.row("b1").patient_id
    with bridge.installation.write() as record:
        merge(record, keep, gone, "Pat")
    with bridge.installation.read() as record:
        assert [row.id for row in record.reservations.live_of(keep)] == [reserved]
