"""From a delivery to a decision: order, faults, races."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformBusyError, PlatformError
from massage_ins_bridge.desk.platform_state import TRIES_BEFORE_WORD, Try
from massage_ins_bridge.desk.take_in import MAX_TRIES, SECOND_LOOK, Next, Taken
from massage_ins_bridge.testing.bookings import NOW, START

DONE = Taken()
AGAIN = Next.AGAIN


def test_taking_in_twice_decides_once(bridge: Bridge) -> None:
    delivery = bridge.arrive("b1")
    for _ in range(3):
        bridge.take_in(delivery)
    assert bridge.decisions("b1") == 1


def test_a_thin_delivery_is_fetched(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    row = bridge.take("b1", thin=True)
    assert (row.outcome, bridge.platform.fetched) == ("hold", 1)


def test_an_old_delivery_is_only_a_hint(bridge: Bridge) -> None:
    bridge.arrive("b1", sent_at=NOW - timedelta(hours=1))
    bridge.platform.put("b1", status="cancelled")
    bridge.work()
    assert bridge.row("b1").platform_status == "cancelled"


def test_of_a_known_booking_a_delivery_only_says_look(bridge: Bridge) -> None:
    """Deliveries may come in any order; the platform's own row is what counts."""
    bridge.take("b1")
    bridge.take("b1", "cancelled", status="cancelled")
    bridge.arrive("b1", "requested", sent_at=NOW + timedelta(minutes=1))
    bridge.platform.put("b1", status="cancelled")
    bridge.work()
    assert bridge.row("b1").platform_status == "cancelled"


def test_the_platforms_word_of_what_we_wrote_needs_no_look(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    looks = bridge.platform.fetched
    bridge.take("b1", "created", status="accepted")
    assert bridge.platform.fetched == looks
    assert bridge.waiting() == []


def test_a_booking_that_the_platform_does_not_show_is_looked_for_twice(bridge: Bridge) -> None:
    bridge.take("b1")
    kept = dict(bridge.platform.bookings)
    bridge.platform.bookings.clear()
    delivery = bridge.arrive("b1", thin=True)
    assert bridge.take_in(delivery) == Taken(Next.AGAIN, absent=True, pause=SECOND_LOOK)
    assert bridge.row("b1").platform_status == "pending"
    assert bridge.take_in(delivery, Try(2, absent=True)) == DONE
    assert bridge.row("b1").platform_status == "cancelled"
    bridge.platform.bookings.update(kept)
    bridge.take("b1", thin=True, sent_at=NOW + timedelta(minutes=1))
    assert (bridge.row("b1").platform_status, bridge.outcome("b1")) == ("pending", "hold")


def test_a_cancelled_booking_that_the_platform_forgot_is_over_at_once(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.bookings.clear()
    assert bridge.take_in(bridge.arrive("b1", "cancelled", thin=True)) == DONE
    assert bridge.row("b1").platform_status == "cancelled"


def test_a_platform_that_does_not_answer_is_asked_again(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    delivery = bridge.arrive("b1", thin=True)
    bridge.platform.faults = [PlatformError("down")]
    assert bridge.take_in(delivery).next is AGAIN
    assert bridge.take_in(delivery, Try(2)) == DONE
    assert bridge.outcome("b1") == "hold"


def test_a_platform_that_has_no_room_is_asked_later_and_nothing_counts(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    delivery = bridge.arrive("b1", thin=True)
    bridge.platform.faults = [PlatformBusyError("too many calls", retry_after=7.0)]
    later = Taken(Next.AGAIN, pause=7.0, counted=False)
    assert bridge.take_in(delivery, Try(MAX_TRIES)) == later
    assert bridge.take_in(delivery) == DONE


def test_who_may_not_wait_for_the_platform_hands_the_delivery_on(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    thin, whole = bridge.arrive("b1", thin=True), bridge.arrive("b2")
    assert bridge.take_in(thin, Try(asking=False)) == Taken(Next.ASK_PLATFORM)
    assert bridge.take_in(whole, Try(asking=False)) == DONE
    assert bridge.platform.fetched == 0


def test_in_the_end_the_deliverys_own_word_is_taken(bridge: Bridge) -> None:
    delivery = bridge.arrive("b1", sent_at=NOW - timedelta(hours=1))
    bridge.platform.faults = [PlatformError("down")]
    assert bridge.take_in(delivery, Try(TRIES_BEFORE_WORD)) == DONE
    assert bridge.outcome("b1") == "hold"


def test_an_old_delivery_that_the_platform_denies_is_filed_with_a_task(bridge: Bridge) -> None:
    bridge.arrive("b1", sent_at=NOW - timedelta(hours=1))
    bridge.platform.bookings.clear()
    bridge.work()
    assert bridge.outcome("b1") == "hold"
    assert "unknown-on-platform" in bridge.tasks()


@pytest.mark.parametrize("field", ["status", "start"])
def test_a_connector_that_breaks_the_protocol_is_told_to_staff(bridge: Bridge, field: str) -> None:
    """Its line names connector, method and field; nothing of the booking is lost in silence."""
    wrong = {"status": "booked", "start": START.replace(tzinfo=None)}
    bridge.platform.careless = True
    bridge.platform.put("b1", **{field: wrong[field], "end": None})
    delivery = bridge.arrive("b1", thin=True)
    assert bridge.take_in(delivery).next is AGAIN
    assert bridge.take_in(delivery, Try(3)) == DONE
    assert bridge.tasks() == ["unreadable-delivery"]
    with bridge.installation.read() as record:
        (task,) = record.tasks.due_first(1)
        assert f"connector fake: fetch(): {field}" in record.tasks.message(task)


def test_what_cannot_be_understood_becomes_a_task(bridge: Bridge) -> None:
    bridge.arrive("b1", "crash")
    bridge.work()
    assert bridge.tasks() == ["unreadable-delivery"]
    assert bridge.waiting() == []


def test_a_year_far_away_holds_or_becomes_a_task(bridge: Bridge) -> None:
    start = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    bridge.arrive("b1", start=start)
    bridge.work()
    assert bridge.waiting() == []


@pytest.mark.parametrize("hours", [0, 2, -2])
def test_exactly_one_of_two_gets_the_last_visit(bridge: Bridge, hours: int) -> None:
    bridge.take("b0", start=START - timedelta(days=7))
    bridge.confirm_coverage("b0")
    bridge.knobs.visits = 2
    deliveries = [bridge.arrive("b1"), bridge.arrive("b2", start=START + timedelta(hours=hours))]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(bridge.take_in, deliveries))
    bridge.work()
    assert {bridge.outcome("b1"), bridge.outcome("b2")} == {"allow", "block"}
    assert bridge.outcome("b0") == "allow"
    accepted = [b.ref for b in bridge.platform.bookings.values() if b.status == "accepted"]
    assert len(accepted) == 2


def test_a_dozen_new_bookings_of_one_new_client(bridge: Bridge) -> None:
    bridge.knobs.visits = 5
    deliveries = [bridge.arrive(f"b{n}", start=START + timedelta(hours=n // 2)) for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(bridge.take_in, deliveries))
    bridge.work()
    outcomes = [bridge.outcome(f"b{n}") for n in range(12)]
    assert (outcomes.count("hold"), outcomes.count("block")) == (5, 7)
    assert len({bridge.row(f"b{n}").patient_id for n in range(12)}) == 1


def test_one_delivery_taken_in_by_many(bridge: Bridge) -> None:
    delivery = bridge.arrive("b1")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: bridge.take_in(delivery), range(8)))
    assert bridge.waiting() == []
    assert bridge.decisions("b1") == 1
