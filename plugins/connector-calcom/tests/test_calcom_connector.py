"""The connector against the simulated Cal.com: every write happens once."""

from __future__ import annotations

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from massage_ins_bridge.api.connectors import (
    Gone,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
)
from massage_ins_bridge_calcom import lists

pytestmark = pytest.mark.slow  # time limits and lost answers

ACCEPTED = ("pending", "accepted", "api")


def test_confirming_twice_changes_the_booking_once(simulator):
    uid, connector = simulator.book(), simulator.connector()
    assert connector.confirm(uid, "k").reached == "native"
    assert connector.confirm(uid, "k").reached == "already"
    assert connector.fetch(uid).status == "accepted"
    assert simulator.changes(uid) == [("new", "pending", "attendee"), ACCEPTED]
    assert len(simulator.calls(uid, "confirm")) == 1


@pytest.mark.parametrize(
    ("act", "wanted"),
    [
        (lambda c, uid: c.confirm(uid, "k"), "accepted"),
        (lambda c, uid: c.reject(uid, "No prescription", "k"), "rejected"),
        (lambda c, uid: c.cancel(uid, "No prescription", "k"), "cancelled"),
    ],
)
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "timeout", "seconds": 30, "after_applying": True},
        {"kind": "timeout", "seconds": 30, "after_applying": False},
        {"kind": "status", "status": 502, "after_applying": True},
        {"kind": "status", "status": 503, "after_applying": False},
        {"kind": "status", "status": 429, "retry_after": "1"},
        {"kind": "status", "status": 500, "count": 2, "after_applying": True},
    ],
    ids=["lost-after", "lost-before", "502-after", "503-before", "429", "500-twice"],
)
def test_a_bad_network_still_changes_it_once(simulator, act, wanted, fault):
    uid, connector = simulator.book(), simulator.connector(read=0.4)
    for action in ("confirm", "decline", "cancel"):
        simulator.control("POST", "faults", **fault, action=action)
    assert act(connector, uid).reached == "native"
    assert simulator.changes(uid)[1:] == [("pending", wanted, "api")]
    simulator.control("DELETE", "faults")
    assert act(connector, uid).reached == "already"
    assert len(simulator.changes(uid)) == 2


def test_when_nothing_can_be_read_either_the_next_run_finishes_it(simulator):
    uid, connector = simulator.book(), simulator.connector(read=0.4)
    simulator.control("POST", "faults", kind="timeout", action="confirm", after_applying=True)
    first_read = {"kind": "status", "status": 503, "action": "get", "count": 50}

    def spoil_reads_once_confirmed() -> None:
        while not simulator.calls(uid, "confirm"):
            pass
        simulator.control("POST", "faults", **first_read)

    thread = threading.Thread(target=spoil_reads_once_confirmed)
    thread.start()
    with pytest.raises(PlatformError) as caught:
        connector.confirm(uid, "k")
    thread.join()
    assert not caught.value.permanent
    simulator.control("DELETE", "faults")
    assert connector.confirm(uid, "k").reached == "already"
    assert simulator.changes(uid)[1:] == [ACCEPTED]


def test_runs_racing_each_other_change_it_once(simulator):
    uid, connector = simulator.book(), simulator.connector()
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda n: connector.confirm(uid, f"k{n}").reached, range(16)))
    assert outcomes.count("native") == 1
    assert outcomes.count("already") == 15
    assert simulator.changes(uid)[1:] == [ACCEPTED]


def test_the_reason_reaches_the_client(simulator):
    connector, uid = simulator.connector(), simulator.book(event_type=30413)
    assert connector.cancel(uid, "Please call us.", "k").reached == "native"
    assert simulator.booking(uid)["cancellationReason"] == "Please call us."


def test_of_a_series_only_the_one_occurrence_is_cancelled(simulator):
    connector = simulator.connector()
    first = simulator.book(occurrences=3)
    series, second = first.replace("-1", "-series"), first.replace("-1", "-2")
    assert connector.fetch(first).recurring
    assert connector.confirm(first, "k").reached == "manual"
    assert connector.reject(first, "r", "k").reached == "manual"
    assert connector.cancel(series, "r", "k").reached == "manual"
    assert connector.cancel(first, "r", "k").reached == "native"
    assert connector.fetch(first).status == "cancelled"
    assert connector.fetch(second).status == "pending"


def test_a_deleted_booking_is_gone(simulator):
    connector, uid = simulator.connector(), simulator.book()
    simulator.control("DELETE", f"bookings/{uid}")
    assert connector.fetch(uid) == Gone(uid)
    with pytest.raises(PlatformGoneError):
        connector.confirm(uid, "k")


def test_a_wrong_key_is_a_lasting_refusal(simulator):
    connector = simulator.connector()
    connector._client = connector._client.with_headers({"authorization": "Bearer wrong"})
    with pytest.raises(PlatformRefusedError) as caught:
        connector.fetch("abc")
    assert (caught.value.status, caught.value.permanent) == (401, True)


def pages(ask, cursor, now):
    """All items of a list, page by page, and the last cursor."""
    found, more = [], True
    while more:
        page = ask(cursor, now)
        found += page.items
        cursor, more = page.cursor, page.more
    return found, cursor


def test_changes_come_page_by_page_and_none_is_left_out(simulator, monkeypatch, now):
    monkeypatch.setattr(lists, "PAGE", 2)
    connector = simulator.connector()
    uids = [simulator.book() for _ in range(5)]
    _, cursor = pages(connector.changes, None, now)
    first = connector.changes(cursor, now)
    connector.confirm(uids[0], "k")  # it moves to the end while the list is read
    rest, _ = pages(connector.changes, first.cursor, now)
    assert {b.ref for b in (*first.items, *rest)} >= set(uids)
    assert (rest[-1].ref, rest[-1].status) == (uids[0], "accepted")
    assert connector.changes("2100-01-01T00:00:00.000Z", now).items == ()


def test_what_is_upcoming_comes_page_by_page(simulator, monkeypatch, now):
    """Several bookings of one time are more than a page holds; what has ended is left out."""
    monkeypatch.setattr(lists, "PAGE", 2)
    connector = simulator.connector()
    uids = [simulator.book() for _ in range(5)]
    past = simulator.book(start="2026-11-01T10:00:00-08:00")
    connector.reject(uids[0], "r", "k")
    found, cursor = pages(connector.upcoming, None, now)
    assert cursor is None
    assert set(uids[1:]) <= {b.ref for b in found}
    assert not {uids[0], past} & {b.ref for b in found}
    assert [b.start for b in found] == sorted(b.start for b in found)


def test_webhooks_say_what_the_api_says(simulator, mailbox, now):
    answers = {"insurance": "Regence", "member": "ZZZ123"}
    uid, connector = simulator.book(answers=answers), simulator.connector()
    delivery = mailbox.wait_for("BOOKING_REQUESTED", uid)
    assert connector.verify(delivery.headers, delivery.raw, mailbox.url, now).key
    [hint] = connector.parse(delivery.raw)
    fetched = connector.fetch(uid)
    assert hint.kind == "requested"
    assert hint.sent_at.isoformat() >= fetched.version
    assert dataclasses.replace(hint.booking, version=fetched.version) == fetched
    assert fetched.answers == {"payer": "Regence", "member_id": "ZZZ123"}


def test_each_change_is_told(simulator, mailbox):
    connector = simulator.connector()
    one, two, three = simulator.book(), simulator.book(), simulator.book(event_type=30413)
    connector.confirm(one, "k")
    connector.reject(two, "r", "k")
    connector.cancel(three, "r", "k")
    simulator.control("POST", f"bookings/{one}/no-show")
    for trigger, uid, kind in [
        ("BOOKING_CREATED", one, "created"),
        ("BOOKING_REJECTED", two, "rejected"),
        ("BOOKING_CREATED", three, "created"),
        ("BOOKING_CANCELLED", three, "cancelled"),
        ("BOOKING_NO_SHOW_UPDATED", one, "no-show"),
    ]:
        [hint] = connector.parse(mailbox.wait_for(trigger, uid).raw)
        assert (hint.booking_ref, hint.kind) == (uid, kind)
    assert connector.fetch(one).status == "no-show"


def test_a_no_show_that_is_taken_back_is_none(simulator, mailbox):
    connector, uid = simulator.connector(), simulator.book(event_type=30413)
    mailbox.wait_for("BOOKING_CREATED", uid)
    simulator.control("POST", f"bookings/{uid}/no-show", absent=False)
    [hint] = connector.parse(mailbox.wait_for("BOOKING_NO_SHOW_UPDATED", uid).raw)
    assert (hint.booking_ref, hint.kind, hint.booking) == (uid, "created", None)
    assert connector.fetch(uid).status == "accepted"


@pytest.mark.parametrize(
    ("who", "trigger", "status"),
    [
        ({}, "BOOKING_REQUESTED", "pending"),
        ({"by": "owner"}, "BOOKING_RESCHEDULED", "accepted"),
    ],
)
def test_a_reschedule_is_a_new_booking_for_an_old_one(simulator, mailbox, who, trigger, status):
    connector, old = simulator.connector(), simulator.book()
    start = {"start": "2026-12-09T11:00:00-08:00"}
    new = simulator.control("POST", f"bookings/{old}/reschedule", **start, **who)["uid"]
    [hint] = connector.parse(mailbox.wait_for(trigger, new).raw)
    assert (hint.kind, hint.previous_ref) == ("rescheduled", old)
    booking = connector.fetch(new)
    assert (booking.status, booking.previous_ref) == (status, old)
    assert connector.fetch(old).status == "cancelled"


def test_a_delivery_that_is_sent_again_has_its_first_key(simulator, mailbox, now):
    connector, uid = simulator.connector(), simulator.book()
    first = mailbox.wait_for("BOOKING_REQUESTED", uid)
    mailbox.arrived.clear()
    simulator.control("POST", "webhooks/resend", uid=uid)
    again = mailbox.wait_for("BOOKING_REQUESTED", uid)
    keys = {connector.verify(d.headers, d.raw, "", now).key for d in (first, again)}
    assert len(keys) == 1
