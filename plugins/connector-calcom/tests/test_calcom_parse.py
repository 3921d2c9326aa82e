"""What each trigger says."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from massage_ins_bridge.api.connectors import BadPayloadError, PlatformPerson

SENT = "2026-11-22T18:00:00.500Z"
SENT_AT = datetime(2026, 11, 22, 18, 0, 0, 500_000, tzinfo=UTC)


def body(trigger, status=None, **changed):
    payload = {
        "uid": "new-uid",
        "bookingId": 91,
        "startTime": "2026-12-08T18:00:00Z",
        "endTime": "2026-12-08T19:00:00Z",
        "organizer": {"id": 5, "email": "desk@clinic.example"},
        "attendees": [{"name": "Ada Test", "email": "ada@example.com", "timeZone": "UTC"}],
        "responses": {
            "name": {"label": "your_name", "value": "Ada Test"},
            "attendeePhoneNumber": {"label": "phone", "value": "+12065550100"},
            "insurance": {"label": "Insurance", "value": ["Regence", " Other "], "isHidden": False},
            "member": {"label": "Member", "value": {"value": "card", "optionValue": "ZZZ\n123"}},
            "notes": {"label": "notes"},
        },
        "eventTypeId": 30412,
        "status": status,
        "seatsPerTimeSlot": None,
        **changed,
    }
    payload = {k: v for k, v in payload.items() if v != "absent"}
    return json.dumps({"triggerEvent": trigger, "createdAt": SENT, "payload": payload}).encode()


@pytest.mark.parametrize(
    ("trigger", "status", "kind"),
    [
        ("BOOKING_CREATED", "ACCEPTED", "created"),
        ("BOOKING_REQUESTED", "PENDING", "requested"),
        ("BOOKING_CANCELLED", "CANCELLED", "cancelled"),
        ("BOOKING_REJECTED", "REJECTED", "rejected"),
    ],
)
def test_a_whole_payload_carries_the_booking(connector, trigger, status, kind):
    [hint] = connector.parse(body(trigger, status))
    assert (hint.booking_ref, hint.kind, hint.sent_at) == ("new-uid", kind, SENT_AT)
    booking = hint.booking
    assert booking is not None
    assert (booking.ref, booking.status, booking.version) == ("new-uid", status.lower(), None)
    assert booking.person == PlatformPerson(None, "Ada Test", "ada@example.com", "+12065550100")
    assert booking.answers == {"payer": "Regence, Other", "member_id": "ZZZ 123"}
    assert (booking.service_ref, booking.practitioner_ref) == ("30412", "5")
    assert hint.previous_ref is None


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "absent"},
        {"status": "PENDING"},
        {"status": 5},
        {"responses": "absent"},
        {"responses": None},
        {"startTime": "2026-12-08T18:00:00"},
        {"startTime": "soon"},
        {"attendees": []},
        {"attendees": None},
        {"eventTypeId": None},
        {"recurringEvent": {"freq": 2}},
        {"seatsPerTimeSlot": 4},
    ],
)
def test_a_thin_or_odd_payload_makes_the_host_fetch(connector, changed):
    [hint] = connector.parse(body("BOOKING_CREATED", **{"status": "ACCEPTED", **changed}))
    assert (hint.booking_ref, hint.kind, hint.booking) == ("new-uid", "created", None)


@pytest.mark.parametrize(
    ("trigger", "status"),
    [
        ("BOOKING_RESCHEDULED", "ACCEPTED"),
        ("BOOKING_REQUESTED", "PENDING"),
        ("BOOKING_CREATED", "ACCEPTED"),
    ],
)
def test_a_reschedule_names_the_booking_it_replaces(connector, trigger, status):
    [hint] = connector.parse(body(trigger, status, rescheduleUid="old-uid", rescheduleId=90))
    assert (hint.kind, hint.booking_ref, hint.previous_ref) == ("rescheduled", "new-uid", "old-uid")


def test_a_rescheduled_booking_is_fetched_since_its_status_is_not_told(connector):
    [hint] = connector.parse(body("BOOKING_RESCHEDULED", "ACCEPTED", rescheduleUid="old-uid"))
    assert hint.booking is None
    [asking] = connector.parse(body("BOOKING_REQUESTED", "PENDING", rescheduleUid="old-uid"))
    assert asking.booking.status == "pending"
    assert asking.booking.previous_ref == "old-uid"


def test_a_reschedule_without_its_old_uid_is_still_one(connector):
    [hint] = connector.parse(body("BOOKING_RESCHEDULED", "ACCEPTED", rescheduleUid=None))
    assert (hint.kind, hint.previous_ref) == ("rescheduled", None)


def test_a_cancellation_for_a_reschedule_is_a_cancellation(connector):
    changed = {"requestReschedule": True, "rescheduleUid": "x", "cancelledBy": "desk@c.example"}
    [hint] = connector.parse(body("BOOKING_CANCELLED", "CANCELLED", **changed))
    assert (hint.kind, hint.previous_ref) == ("cancelled", None)


ADA, GUEST = "ada@example.com", "guest@example.com"


@pytest.mark.parametrize(
    ("attendees", "kind"),
    [
        ([{"email": ADA, "noShow": True}], "no-show"),
        ([{"email": ADA, "noShow": True}, {"email": GUEST, "noShow": True}], "no-show"),
        ([{"email": ADA, "noShow": False}], "created"),
        ([{"email": ADA, "noShow": False}, {"email": GUEST, "noShow": True}], "created"),
        ([{"email": ADA, "noShow": "false"}], "created"),
        ([{"email": ADA}], "created"),
        ([], "created"),
        (None, "created"),
    ],
)
def test_a_no_show_is_one_only_where_an_attendee_is_absent(connector, attendees, kind):
    payload = {
        "message": "ada@example.com marked as no-show",
        "bookingUid": "new-uid",
        "bookingId": 91,
        "attendees": attendees,
    }
    raw = {"triggerEvent": "BOOKING_NO_SHOW_UPDATED", "createdAt": SENT, "payload": payload}
    [hint] = connector.parse(json.dumps(raw).encode())
    assert (hint.booking_ref, hint.kind, hint.booking) == ("new-uid", kind, None)


@pytest.mark.parametrize(
    "raw",
    [
        {"triggerEvent": "BOOKING_PAID", "createdAt": SENT, "payload": {"uid": "a"}},
        {"triggerEvent": "MEETING_ENDED", "uid": "a", "startTime": "2026-12-08T18:00:00Z"},
        {"triggerEvent": "OOO_CREATED", "createdAt": SENT, "payload": {"oooEntry": {}}},
        {"triggerEvent": "FORM_SUBMITTED", "createdAt": SENT, "payload": {}},
    ],
)
def test_known_events_of_no_interest_say_nothing(connector, sign, now, raw):
    delivery = sign(raw)
    assert connector.verify(delivery.headers, delivery.raw, "", now).key
    assert connector.parse(delivery.raw) == []


def test_a_ping_is_a_ping(connector):
    raw = {"triggerEvent": "PING", "createdAt": SENT, "payload": {"type": "Test"}}
    [hint] = connector.parse(json.dumps(raw).encode())
    assert (hint.kind, hint.booking_ref, hint.booking) == ("ping", "", None)


@pytest.mark.parametrize("uid", ["absent", None, "", "a/b", "..", "a?b", "x" * 300, 5, "ä"])
def test_a_uid_that_fits_no_address_is_refused(connector, uid):
    with pytest.raises(BadPayloadError, match=r"payload\.uid"):
        connector.parse(body("BOOKING_CREATED", "ACCEPTED", uid=uid))


def test_a_name_in_parts_is_put_together(connector):
    responses = {"name": {"label": "n", "value": {"firstName": "Ada", "lastName": "Test"}}}
    changed = {"responses": responses, "attendees": [{"email": "ada@example.com"}]}
    [hint] = connector.parse(body("BOOKING_CREATED", "ACCEPTED", **changed))
    assert hint.booking.person.name == "Ada Test"
