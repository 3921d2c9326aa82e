"""Each way in which Cal.com acts, on and off."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Self, cast

import pytest

from massage_ins_bridge_calcom_simulator.testing import Arrived, Mailbox, Simulator
from massage_ins_bridge_calcom_simulator.ways import WAYS

CONFIRM, INSTANT, SEATED, NEAR, MANAGED = 30412, 30413, 30414, 30415, 30416
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
PAST, LATER = "2026-11-01T10:00:00-08:00", "2027-03-01T10:00:00-08:00"
KINDS = (
    "30412:medical:60:confirm",
    "30413:relaxation:60:instant",
    "30415:near:60:confirm-within-48h",
)


class Played(Simulator):
    """A simulator with event types of every kind, in which it is ``NOW``, on whatever day the tests
    run."""

    def __init__(self, *options: str) -> None:
        kinds = [part for kind in KINDS for part in ("--event-type", kind)]
        super().__init__("--api-key", "cal_test", "--secret", "whsec", *kinds, *options)

    def __enter__(self) -> Self:
        super().__enter__()
        self.control("POST", "settings", now=NOW.isoformat())
        self.control("POST", "settings", event_type=SEATED, requires_confirmation=False, seats=3)
        self.control("POST", "settings", event_type=MANAGED, parent=CONFIRM)
        return self


def read(at: Simulator, uid: str) -> dict[str, Any]:
    """A booking as the API shows it once its copy has caught up."""
    at.catch_up()
    found: dict[str, Any] = at.api("GET", f"bookings/{uid}").json()["data"]
    return found


def listed(at: Simulator, **query: str) -> dict[str, Any]:
    """A list as the API shows it once its copy has caught up."""
    at.catch_up()
    found: dict[str, Any] = at.look("bookings", **query).json()
    return found


def said(arrived: Arrived) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(arrived.raw)["payload"])


def stamp(arrived: Arrived) -> str:
    return str(json.loads(arrived.raw)["createdAt"])


def requested_plain(at: Simulator, box: Mailbox) -> bool:
    new = at.control("POST", f"bookings/{at.book()}/reschedule", start=LATER)["uid"]
    return "rescheduleUid" not in said(box.wait_for("BOOKING_REQUESTED", new))


def queued(at: Simulator, box: Mailbox) -> bool:
    """What was cancelled meanwhile is still said to be pending."""
    at.control("POST", "settings", holding=True)
    uid = at.book()
    changed = str(at.control("POST", f"bookings/{uid}/cancel")["updatedAt"])
    at.control("POST", "webhooks/release")
    told = box.wait_for("BOOKING_REQUESTED", uid)
    assert said(told)["status"] == "PENDING"
    return stamp(told) < changed


def stamped_late(at: Simulator, box: Mailbox) -> bool:
    at.control("POST", "settings", holding=True)
    uid = at.book(event_type=INSTANT)
    changed = str(at.control("POST", f"bookings/{uid}/cancel")["updatedAt"])
    at.control("POST", "webhooks/release")
    told = box.wait_for("BOOKING_CREATED", uid)
    assert said(told)["status"] == "ACCEPTED"
    return stamp(told) > changed


def sent_once(at: Simulator, box: Mailbox) -> bool:
    box.refusals.append(HTTPStatus.SERVICE_UNAVAILABLE)
    uid = at.book()
    at.settle()
    return [one["result"] for one in at.journal(kind="webhook", uid=uid)] == [503]


def no_redirect(at: Simulator, box: Mailbox) -> bool:
    at.control("POST", "settings", webhook_url=f"{box.url}/slash")
    uid = at.book()
    at.settle()
    return [one["result"] for one in at.journal(kind="webhook", uid=uid)] == [307]


def organizer_plain(at: Simulator, box: Mailbox) -> bool:
    uid = at.book()
    at.control("POST", f"bookings/{uid}/accept")
    return "id" not in said(box.wait_for("BOOKING_CREATED", uid))["organizer"]


def thin_request(at: Simulator, box: Mailbox) -> bool:
    uid = at.book(event_type=INSTANT)
    at.control("POST", f"bookings/{uid}/ask-to-move", reason="ill")
    told = said(box.wait_for("BOOKING_CANCELLED", uid))
    assert at.booking(uid)["status"] == "cancelled"
    assert (
        at.control("POST", f"bookings/{uid}/reschedule", start=LATER)["rescheduledFromUid"] == uid
    )
    return not {"status", "eventTypeId", "bookingId"} & told.keys()


def cancel_first(at: Simulator, box: Mailbox) -> bool:
    uid = at.book(event_type=INSTANT)
    seen = []
    box.on_arrival = lambda: seen.append(at.booking(uid)["status"])
    box.wait_for("BOOKING_CREATED", uid)
    at.control("POST", f"bookings/{uid}/cancel")
    box.wait_for("BOOKING_CANCELLED", uid)
    assert at.booking(uid)["status"] == "cancelled"
    return bool(seen[-1] == "accepted")


def series_once(at: Simulator, box: Mailbox) -> bool:
    first = at.book(event_type=INSTANT, occurrences=3)
    series = at.booking(first)["recurringBookingUid"]
    at.catch_up()
    at.api("POST", f"bookings/{series}/cancel", cancellationReason="closed")
    at.settle()
    told = [one for one in box.arrived if b"BOOKING_CANCELLED" in one.raw]
    assert len(at.journal(kind="change", to="cancelled")) == 3
    return len(told) == 1


def cancel_any(at: Simulator, box: Mailbox) -> bool:
    uid = at.book(event_type=INSTANT, host=7)
    at.catch_up()
    assert not any(uid.encode() in one.raw for one in box.arrived)
    return at.api("POST", f"bookings/{uid}/cancel", cancellationReason="x").status_code == 200


def cancel_reason(at: Simulator, _box: Mailbox) -> bool:
    return at.api("POST", f"bookings/{at.book()}/cancel").status_code == HTTPStatus.BAD_REQUEST


def confirm_any(at: Simulator, _box: Mailbox) -> bool:
    uids = [at.book(), at.book()]
    for uid in uids:
        at.control("POST", f"bookings/{uid}/cancel")
    at.catch_up()
    done = [
        at.api("POST", f"bookings/{uid}/{verb}").is_success
        for uid, verb in zip(uids, ("confirm", "decline"), strict=True)
    ]
    states = [at.booking(uid)["status"] for uid in uids]
    assert states == (["accepted", "rejected"] if all(done) else ["cancelled"] * 2)
    return all(done)


def confirm_hosts(at: Simulator, _box: Mailbox) -> bool:
    uid = at.book(host=7)
    at.catch_up()
    return at.api("POST", f"bookings/{uid}/confirm").status_code == HTTPStatus.UNAUTHORIZED


def no_show_apart(at: Simulator, box: Mailbox) -> bool:
    uid = at.book(event_type=INSTANT, start=PAST, guests=["guest@example.com"])
    before = at.booking(uid)["updatedAt"]
    at.control("POST", f"bookings/{uid}/no-show", who="guest@example.com")
    told = said(box.wait_for("BOOKING_NO_SHOW_UPDATED", uid))
    marks = {one["email"]: one["absent"] for one in at.booking(uid)["attendees"]}
    assert marks == {"ada@example.com": False, "guest@example.com": True}
    return bool(len(told["attendees"]) == 1 and at.booking(uid)["updatedAt"] == before)


def no_show_after(at: Simulator, _box: Mailbox) -> bool:
    uid = at.book(event_type=INSTANT, start=LATER)
    answer = at.http.post(f"/_standin/bookings/{uid}/no-show")
    at.control("POST", "settings", now="2027-03-01T10:30:00-08:00")
    at.control("POST", f"bookings/{uid}/no-show")
    return answer.status_code == HTTPStatus.BAD_REQUEST


def list_scope(at: Simulator, _box: Mailbox) -> bool:
    mine, member, guest, theirs = (
        at.book(),
        at.book(host=6),
        at.book(host=7, email="desk@clinic.example"),
        at.book(host=7),
    )
    refs = {row["uid"] for row in listed(at)["data"]}
    assert mine in refs
    assert theirs not in refs
    return {member, guest} <= refs


def list_total(at: Simulator, _box: Mailbox) -> bool:
    at.book()
    page = listed(at, afterUpdatedAt="2100-01-01T00:00:00Z")
    return not page["data"] and page["pagination"]["totalItems"] == 1


def replica(at: Simulator, _box: Mailbox) -> bool:
    uid = at.book()
    statuses = [at.api("GET", f"bookings/{uid}").status_code for _ in range(2)]
    at.control("POST", f"bookings/{uid}/cancel")
    states = [at.api("GET", f"bookings/{uid}").json()["data"]["status"] for _ in range(2)]
    assert (statuses[1], states[1]) == (200, "cancelled")
    return (statuses[0], states[0]) == (404, "pending")


def unordered(at: Simulator, box: Mailbox) -> bool:
    uid = at.book(guests=["guest@example.com"])
    told = said(box.wait_for("BOOKING_REQUESTED", uid))["attendees"]
    shown = read(at, uid)["attendees"]
    assert [one["email"] for one in told] == [one["email"] for one in shown]
    return bool(shown[0]["email"] == "guest@example.com")


def series_plain(at: Simulator, _box: Mailbox) -> bool:
    first = at.book(event_type=INSTANT, occurrences=2)
    new = at.control("POST", f"bookings/{first}/reschedule", start=LATER)
    assert new["rescheduledFromUid"] == first
    assert new["recurringBookingUid"]
    old = read(at, first)
    return "rescheduledToUid" not in old and "phoneNumber" not in old["attendees"][0]


def seats_hidden(at: Simulator, _box: Mailbox) -> bool:
    """The list shows of its own event type what one booking of another's hides."""
    mine = at.book(event_type=SEATED)
    assert at.book(event_type=SEATED, email="bob@example.com", name="Bob Test") == mine
    [row] = listed(at)["data"]
    assert len(row["attendees"]) == 2
    at.control("POST", "settings", event_type=SEATED, owner=7)
    return bool(read(at, at.book(event_type=SEATED))["attendees"] == [])


def type_null(at: Simulator, _box: Mailbox) -> bool:
    uid = at.book()
    at.control("DELETE", f"event-types/{CONFIRM}")
    shown = read(at, uid)
    return (shown["eventTypeId"], shown["eventType"]) == (None, None)


def managed_ids(at: Simulator, _box: Mailbox) -> bool:
    return bool(read(at, at.book(event_type=MANAGED))["eventType"]["id"] == MANAGED)


def threshold(at: Simulator, _box: Mailbox) -> bool:
    near = (NOW + timedelta(hours=30)).isoformat()
    assert at.booking(at.book(event_type=NEAR, start=near))["status"] == "pending"
    return bool(at.booking(at.book(event_type=NEAR, start=LATER))["status"] == "accepted")


def webhook_public(at: Simulator, _box: Mailbox) -> bool:
    wanted = {"active": True, "triggers": ["BOOKING_CREATED"]}
    private = at.api("POST", "webhooks", subscriberUrl="http://127.0.0.1:9/x", **wanted)
    return private.status_code == 400


Probe = Callable[[Simulator, Mailbox], bool]
PROBES: dict[str, Probe] = {
    name.replace("_", "-"): probe
    for name, probe in list(globals().items())
    if name.replace("_", "-") in WAYS
}


@pytest.mark.parametrize("name", WAYS)
def test_each_way_can_be_turned_off(name: str) -> None:
    acts = []
    for off in ((), ("--unlike", name)):
        with Played("--team-admin", *off) as at, Mailbox(at) as box:
            acts.append(PROBES[name](at, box))
    assert acts == [True, False]
