"""What Cal.com does otherwise than one would think, and what the connector makes of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from massage_ins_bridge.api.connectors import (
    Gone,
    PlatformBooking,
    PlatformError,
    PlatformRefusedError,
    ServiceMeaning,
)
from massage_ins_bridge.testing.reading import fetched
from massage_ins_bridge_calcom_simulator.testing import Mailbox

if TYPE_CHECKING:
    from datetime import datetime

    from conftest import Calcom

CONFIRM, INSTANT = 30412, 30413
PAST, LATER = "2026-11-03T10:00:00-08:00", "2026-12-10T10:00:00-08:00"
GUEST = "guest@example.com"
NAMED = {str(CONFIRM): ServiceMeaning("medical-massage", self_pay=False)}


def seen(simulator: Calcom, uid: str) -> PlatformBooking:
    return fetched(simulator.connector(), uid)


def test_a_new_booking_that_the_copy_does_not_hold_yet_is_there_soon(simulator: Calcom) -> None:
    """A webhook may be read before the API knows the booking. Nobody waits for it here: the host
    looks again, and other bookings have the connector's place meanwhile."""
    uid, connector = simulator.book(), simulator.connector()
    paused: list[float] = []
    connector._client._sleep = paused.append
    assert connector.fetch(uid) == Gone(uid)
    assert paused == []
    assert seen(simulator, uid).ref == uid
    assert simulator.connector().fetch("never-made") == Gone("never-made")


def test_a_moved_occurrence_names_the_one_that_it_was_moved_from(simulator: Calcom) -> None:
    first = simulator.settled(event_type=INSTANT, occurrences=2)
    new = simulator.act(first, "reschedule", start=LATER)["uid"]
    found = seen(simulator, new)
    assert (found.recurring, found.previous_ref) == (True, first)


def test_a_cancellation_is_told_before_it_is_there(simulator: Calcom, mailbox: Mailbox) -> None:
    """The delivery says so, and the API does not: the desk sees both, and looks again."""
    uid, connector = simulator.settled(event_type=INSTANT), simulator.connector()
    mailbox.wait_for("BOOKING_CREATED", uid)
    looked: list[str] = []
    mailbox.on_arrival = lambda: looked.append(seen(simulator, uid).status)
    simulator.control("POST", f"bookings/{uid}/cancel")
    [hint] = connector.parse(mailbox.wait_for("BOOKING_CANCELLED", uid).raw)
    assert (hint.kind, looked) == ("cancelled", ["accepted"])
    simulator.catch_up()
    assert seen(simulator, uid).status == "cancelled"


def test_a_request_for_another_time_is_a_cancellation(simulator: Calcom, mailbox: Mailbox) -> None:
    """Its payload is thin: nothing in it is taken for the booking."""
    uid = simulator.settled(event_type=INSTANT)
    simulator.act(uid, "ask-to-move", reason="ill")
    raw = mailbox.wait_for("BOOKING_CANCELLED", uid).raw
    [hint] = simulator.connector().parse(raw)
    assert (hint.kind, hint.booking) == ("cancelled", None)
    assert seen(simulator, uid).status == "cancelled"


def test_a_guests_absence_is_not_the_visits(simulator: Calcom, mailbox: Mailbox) -> None:
    """The delivery names the guest alone, whom it does not call one; the API tells."""
    uid = simulator.settled(event_type=INSTANT, start=PAST, guests=[GUEST])
    simulator.act(uid, "no-show", who=GUEST)
    [hint] = simulator.connector().parse(mailbox.wait_for("BOOKING_NO_SHOW_UPDATED", uid).raw)
    assert hint.booking is None
    guest_only = seen(simulator, uid)
    simulator.act(uid, "no-show")
    both = seen(simulator, uid)
    assert (guest_only.status, both.status) == ("accepted", "no-show")
    assert guest_only.version != both.version


def test_the_client_is_not_the_first_attendee(simulator: Calcom, mailbox: Mailbox) -> None:
    uid = simulator.settled(guests=[GUEST])
    [hint] = simulator.connector().parse(mailbox.wait_for("BOOKING_REQUESTED", uid).raw)
    assert hint.booking
    for person in (hint.booking.person, seen(simulator, uid).person):
        assert (person.name, person.email) == ("Ada Test", "ada@example.com")


def answered(simulator: Calcom, uid: str, verb: str) -> bool:
    """Whether a call about the booking was answered."""
    calls = {call["seq"] for call in simulator.calls(uid, verb)}
    return any(entry["call"] in calls for entry in simulator.journal(kind="answer"))


@pytest.mark.parametrize("verb", ["confirm", "decline"])
def test_a_try_that_was_lost_does_not_revive_what_was_cancelled_meanwhile(
    simulator: Calcom, verb: str
) -> None:
    """The first try is answered with 503 and did nothing; the client cancels; Cal.com would take
    the second."""
    uid, connector = simulator.settled(), simulator.connector()
    simulator.control("POST", "faults", kind="status", status=503, action=verb, retry_after="0")

    def cancel_once_tried() -> None:
        while not answered(simulator, uid, verb):
            pass
        simulator.control("POST", f"bookings/{uid}/cancel")

    client = threading.Thread(target=cancel_once_tried)
    pause = connector._client._sleep

    def after_the_client(seconds: float) -> None:
        client.join()
        pause(seconds)

    connector._writer.client._sleep = after_the_client
    client.start()
    done = connector.confirm(uid, "k") if verb == "confirm" else connector.reject(uid, "r", "k")
    assert done.reached == "already"
    assert simulator.booking(uid)["status"] == "cancelled"
    assert not [change for change in simulator.changes(uid) if change[2] == "api"]
    assert len(simulator.calls(uid, verb)) == 1


def test_only_hosts_confirm_and_the_refusal_is_told(simulator: Calcom) -> None:
    uid = simulator.settled(host=7)
    found = seen(simulator, uid)
    assert (found.host_refs, found.own) == (("7",), False)
    with pytest.raises(PlatformRefusedError, match="not authorized") as caught:
        simulator.connector().confirm(uid, "k")
    assert caught.value.status == 401


def test_the_list_tells_what_is_somebody_elses(simulator: Calcom, now: datetime) -> None:
    """The key's user is a guest there; the list holds it, without a webhook."""
    uid = simulator.settled(host=7, email="desk@clinic.example", name="Example Massage")
    connector = simulator.connector(NAMED)
    [found] = [b for b in connector.upcoming(None, now).items if b.ref == uid]
    assert (found.own, found.host_refs) == (False, ("7",))


def test_of_seats_staff_hears_where_they_matter(simulator: Calcom, now: datetime) -> None:
    simulator.control("POST", "settings", event_type=30420, seats=3, owner=7)
    shown = simulator.settled(event_type=30420, host=5)
    named = {"30420": ServiceMeaning("yoga", self_pay=True)}
    connector = simulator.connector(named)
    with pytest.raises(PlatformError, match="who comes") as caught:
        connector.fetch(shown)
    assert caught.value.permanent
    assert shown in connector.upcoming(None, now).unreadable
    other = simulator.connector(NAMED)
    assert shown in {b.ref for b in other.upcoming(None, now).items}
    assert fetched(other, shown).person.name is None


def test_of_a_deleted_event_type_there_is_no_service(simulator: Calcom) -> None:
    simulator.control("POST", "settings", event_type=30421, slug="gone")
    uid = simulator.book(event_type=30421)
    simulator.control("DELETE", "event-types/30421")
    simulator.catch_up()
    assert seen(simulator, uid).service_ref is None


def test_who_accepted_it_is_told_by_the_event_type(simulator: Calcom) -> None:
    """With a threshold nobody can say whether it was Cal.com or a person."""
    simulator.control("POST", "settings", event_type=30422, within=48)
    connector = simulator.connector()
    asks = []
    for kind in (CONFIRM, INSTANT, 30422):
        uid = simulator.settled(event_type=kind)
        if kind == CONFIRM:
            simulator.act(uid, "accept")
        found = fetched(connector, uid)
        assert found.status == "accepted"
        asks.append(found.asks_confirmation)
    assert asks == [True, False, None]


def test_a_host_does_not_cancel_without_a_reason(simulator: Calcom) -> None:
    uid = simulator.settled(event_type=INSTANT)
    assert simulator.connector().cancel(uid, "", "k").reached == "native"
    assert simulator.booking(uid)["cancellationReason"]
