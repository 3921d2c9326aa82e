"""From a delivery to a decision: order, faults, races."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import (
    PlatformBusyError,
    PlatformError,
    PlatformRefusedError,
)
from massage_ins_bridge.desk.platform_state import TOLD_AFTER, TOLD_AFTER_A_READING, Try
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.desk.take_in import MAX_TRIES, Next, Taken
from massage_ins_bridge.hooks.platform_answers import ConnectorFaultError
from massage_ins_bridge.store.models import DeliveryRow
from massage_ins_bridge.testing.bookings import NOW, START

DONE = Taken()
WORD = Try(told=True)
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


def test_the_log_names_what_a_connector_answered_wrongly(bridge: Bridge) -> None:
    said = "connector fake: fetch(): ref: is no text"
    bridge.platform.faults = [ConnectorFaultError(said), PlatformError("Ann Lee is not here")]
    delivery = bridge.arrive("b1", thin=True)
    with capture_logs() as logged:
        for number in (1, 2):
            bridge.take_in(delivery, Try(number))
    assert [(one["event"], one.get("error")) for one in logged] == [
        ("connector failed", said),
        ("platform did not answer", None),
    ]


@pytest.mark.parametrize("gone", [False, True])
def test_of_what_is_none_of_the_clinics_only_the_receipt_is_kept(
    bridge: Bridge, gone: bool
) -> None:
    """The body says who books what; a repeat is known without it."""
    ours = bridge.arrive("b1")
    theirs = bridge.arrive("b2", "cancelled", service_ref="77", status="cancelled")
    if gone:
        del bridge.platform.bookings["b2"]
    bridge.work()
    again = bridge.arrive("b2", "cancelled", service_ref="77", status="cancelled")
    with bridge.installation.read() as record:
        rows = [record.session.get_one(DeliveryRow, one) for one in (ours, theirs)]
        assert [record.deliveries.raw(row) is None for row in rows] == [False, True]
        assert all(row.done_at for row in rows)
    assert (again, bridge.waiting()) == (theirs, [])


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


def test_a_delivery_only_says_look(bridge: Bridge) -> None:
    """A new booking's, too: what it leaves out, such as where it was moved from, decides."""
    bridge.knobs.visits = 1
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    bridge.arrive("b2", start=START + timedelta(days=2))
    bridge.platform.put("b2", previous_ref="b1")
    bridge.work()
    assert (bridge.row("b1").platform_status, bridge.outcome("b2")) == ("replaced", "allow")


def test_what_is_told_is_waited_with(bridge: Bridge) -> None:
    """Where the platform does not answer it is filed soon where nothing was read, later where that
    may be newer, and never where it does not hold the booking."""
    bridge.take("b1")
    moved = bridge.arrive("b1", "rescheduled", start=START + timedelta(days=1))
    new, thin = bridge.arrive("b2"), bridge.arrive("b3", thin=True)
    bridge.platform.faults = [PlatformError("no connection")] * 100

    def late(delivery: str, by: timedelta) -> Taken:
        bridge.clock.moment = NOW + by
        return bridge.take_in(delivery, Try(20))

    assert late(new, TOLD_AFTER / 2) == Taken(AGAIN, pause=TOLD_AFTER.total_seconds() / 2)
    assert late(new, TOLD_AFTER) == DONE
    assert (bridge.outcome("b2"), bridge.row("b2").to_read) == ("hold", True)
    assert late(moved, TOLD_AFTER).next is AGAIN
    assert late(thin, TOLD_AFTER_A_READING).next is AGAIN
    assert late(moved, TOLD_AFTER_A_READING) == DONE
    assert bridge.row("b1").start_at == START + timedelta(days=1)


def test_what_is_shown_now_wins_over_what_was_told_later(bridge: Bridge) -> None:
    """A platform may stamp what it tells after slow calls of its own."""
    bridge.take("b1", status="cancelled")
    told = bridge.arrive("b1", "created", status="accepted", sent_at=NOW + timedelta(hours=1))
    bridge.take_in(told, WORD)
    assert bridge.row("b1").platform_status == "accepted"
    bridge.platform.put("b1", status="cancelled", version="1")
    bridge.clock.moment += timedelta(seconds=5)
    bridge.look_again()
    assert bridge.row("b1").platform_status == "cancelled"


def test_a_mark_that_leaves_the_platforms_version_is_taken(bridge: Bridge) -> None:
    row = bridge.take("b1", status="accepted")
    bridge.clock.moment = START + timedelta(hours=1)
    version = row.version
    for event, status in (("no-show", "no-show"), ("created", "accepted")):
        bridge.platform.put("b1", status=status, version=version)
        bridge.arrive("b1", event, thin=True, sent_at=bridge.clock.moment)
        bridge.work()
        assert bridge.row("b1").platform_status == status


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


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_is_tried_on(bridge: Bridge, status: int) -> None:
    """It is given a new one, and nothing of what came meanwhile is lost."""
    delivery = bridge.arrive("b1", thin=True)
    bridge.platform.put("b1")
    bridge.platform.faults = [PlatformRefusedError("no", True, status)]
    assert bridge.take_in(delivery).next is AGAIN
    assert bridge.tasks() == []
    assert bridge.take_in(delivery) == DONE
    assert bridge.outcome("b1") == "hold"


def test_what_was_asked_of_a_booking_is_over_when_a_delivery_has_it_read(bridge: Bridge) -> None:
    bridge.platform.put("b1")
    bridge.platform.seated.add("b1")
    reconcile(bridge.installation, "desk")
    assert bridge.tasks() == ["unreadable-booking"]
    bridge.platform.seated.clear()
    bridge.take("b1")
    assert "unreadable-booking" not in bridge.tasks()
