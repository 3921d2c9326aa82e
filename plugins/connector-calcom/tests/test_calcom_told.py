"""What the simulated Cal.com tells of each change is what its API says."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from massage_ins_bridge.testing.reading import fetched
from massage_ins_bridge_calcom_simulator.testing import Mailbox

if TYPE_CHECKING:
    from conftest import Calcom

PAST = "2026-11-02T10:00:00-08:00"


def test_webhooks_say_what_the_api_says(simulator: Calcom, mailbox: Mailbox, now: datetime) -> None:
    answers = {"insurance": "Regence", "member": "ZZZ123"}
    uid, connector = simulator.settled(answers=answers), simulator.connector()
    delivery = mailbox.wait_for("BOOKING_REQUESTED", uid)
    assert connector.verify(delivery.headers, delivery.raw, mailbox.url, now).key
    [hint] = connector.parse(delivery.raw)
    read = fetched(connector, uid)
    assert hint.kind == "requested"
    assert hint.sent_at
    assert hint.booking
    assert dataclasses.replace(hint.booking, version=read.version, own=True) == read
    assert read.answers == {"payer": "Regence", "member_id": "ZZZ123"}


def test_each_change_is_told(simulator: Calcom, mailbox: Mailbox) -> None:
    connector = simulator.connector()
    one, two = simulator.settled(start=PAST), simulator.settled()
    three = simulator.settled(event_type=30413)
    connector.confirm(one, "k")
    connector.reject(two, "r", "k")
    connector.cancel(three, "Please call us.", "k")
    simulator.act(one, "no-show")
    for trigger, uid, kind in [
        ("BOOKING_CREATED", one, "created"),
        ("BOOKING_REJECTED", two, "rejected"),
        ("BOOKING_CREATED", three, "created"),
        ("BOOKING_CANCELLED", three, "cancelled"),
        ("BOOKING_NO_SHOW_UPDATED", one, "no-show"),
    ]:
        [hint] = connector.parse(mailbox.wait_for(trigger, uid).raw)
        assert (hint.booking_ref, hint.kind) == (uid, kind)
    assert fetched(connector, one).status == "no-show"
    assert simulator.booking(three)["cancellationReason"] == "Please call us."


def test_a_no_show_that_is_taken_back_is_none(simulator: Calcom, mailbox: Mailbox) -> None:
    connector, uid = simulator.connector(), simulator.book(event_type=30413, start=PAST)
    mailbox.wait_for("BOOKING_CREATED", uid)
    simulator.act(uid, "no-show")
    mailbox.wait_for("BOOKING_NO_SHOW_UPDATED", uid)
    assert fetched(connector, uid).status == "no-show"
    mailbox.arrived.clear()
    simulator.act(uid, "no-show", absent=False)
    [hint] = connector.parse(mailbox.wait_for("BOOKING_NO_SHOW_UPDATED", uid).raw)
    assert (hint.booking_ref, hint.kind, hint.booking) == (uid, "created", None)
    assert fetched(connector, uid).status == "accepted"


@pytest.mark.parametrize(
    ("who", "trigger", "status"),
    [({}, "BOOKING_REQUESTED", "pending"), ({"by": "owner"}, "BOOKING_RESCHEDULED", "accepted")],
)
def test_a_reschedule_is_a_new_booking_for_an_old_one(
    simulator: Calcom, mailbox: Mailbox, who: dict[str, str], trigger: str, status: str
) -> None:
    """A request does not name the old one; the API does."""
    connector, old = simulator.connector(), simulator.settled()
    start = {"start": "2026-12-09T11:00:00-08:00"}
    new = simulator.act(old, "reschedule", **start, **who)["uid"]
    [hint] = connector.parse(mailbox.wait_for(trigger, new).raw)
    told = ("rescheduled", old) if status == "accepted" else ("requested", None)
    assert (hint.kind, hint.previous_ref) == told
    booking = fetched(connector, new)
    assert (booking.status, booking.previous_ref) == (status, old)
    assert fetched(connector, old).status == "cancelled"
