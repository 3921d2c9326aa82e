"""The API's bookings as the host knows them, and what is refused."""

from typing import Any

import pytest

from massage_ins_bridge.api.connectors import (
    PlatformBooking,
    PlatformClient,
    PlatformError,
    PlatformPerson,
)
from massage_ins_bridge_calcom.bookings import Reader
from massage_ins_bridge_calcom.there import There

FIELDS = {"insurance": "payer", "member": "member_id"}
BOOKING = {
    "id": 123,
    "uid": "abc",
    "title": "not read",
    "hosts": [{"id": 5, "name": "Example Massage"}],
    "status": "accepted",
    "start": "2026-12-08T18:00:00.000Z",
    "end": "2026-12-08T19:00:00.000Z",
    "eventTypeId": 7,
    "eventType": {"id": 30412, "slug": "medical"},
    "attendees": [{"name": "Ada Test", "email": "ada@example.com", "absent": False}],
    "bookingFieldsResponses": {"name": "Ada Test", "insurance": "Regence", "member": 123},
    "createdAt": "2026-11-22T18:00:00.000Z",
    "updatedAt": "2026-11-22T19:00:00.000Z",
    "brandNewField": {"of": ["the vendor"]},
}


class Known(There):
    """Knows without asking."""

    def __init__(self) -> None:
        super().__init__(PlatformClient("https://api.cal.example"))

    def own_id(self) -> str:
        return "5"

    def asks_confirmation(self, ref: str | None) -> bool | None:
        return ref == "30412"


def read(data: Any, *services: str) -> PlatformBooking:
    return Reader(FIELDS, services, Known()).read(data)


def booking(*services: str, **changed: Any) -> PlatformBooking:
    """The booking with other values; ``...`` takes one away."""
    return read({k: v for k, v in {**BOOKING, **changed}.items() if v is not ...}, *services)


def test_every_field_finds_its_place() -> None:
    found = booking(rescheduledFromUid="old")
    assert (found.ref, found.status, found.service_ref) == ("abc", "accepted", "30412")
    assert found.start.isoformat() == "2026-12-08T18:00:00+00:00"
    assert found.version == "2026-11-22T19:00:00+00:00"
    assert found.person == PlatformPerson(None, "Ada Test", "ada@example.com", None)
    assert found.answers == {"payer": "Regence", "member_id": "123"}
    assert (found.host_refs, found.own, found.previous_ref) == (("5",), True, "old")
    assert (found.asks_confirmation, booking(status="pending").asks_confirmation) == (True, None)
    assert (found.recurring, booking(recurringBookingUid="series").recurring) == (False, True)


ADA = {"name": "Ada Test", "email": "ada@example.com"}
GUEST = {"name": "", "email": "guest@example.com"}
STATUSES: list[tuple[dict[str, Any], str]] = [
    *(({"status": name}, name.lower()) for name in ("pending", "cancelled", "rejected", "PENDING")),
    ({"attendees": [{"absent": True}]}, "no-show"),
    ({"attendees": [{"absent": True}], "status": "cancelled"}, "cancelled"),
    ({"attendees": [GUEST | {"absent": True}, ADA]}, "accepted"),
    ({"attendees": [GUEST, ADA | {"absent": True}]}, "no-show"),
    ({"attendees": [GUEST | {"absent": True}, {"absent": True}]}, "no-show"),
    ({"attendees": [GUEST, {"absent": True}]}, "accepted"),
    ({"absentHost": True}, "accepted"),
]


@pytest.mark.parametrize(("changed", "status"), STATUSES)
def test_statuses(changed: dict[str, Any], status: str) -> None:
    assert booking(**changed).status == status


@pytest.mark.parametrize(
    "changed",
    [
        {"hosts": ..., "bookingFieldsResponses": ...},
        {"attendees": [], "hosts": [], "createdAt": None, "eventType": None},
        {"hosts": [{"id": "unknown"}], "end": None, "bookingFieldsResponses": None},
    ],
)
def test_what_may_be_missing_may_be_missing(changed: dict[str, Any]) -> None:
    found = booking(**changed)
    assert (found.host_refs, found.own, found.version is None) == ((), None, False)
    assert found.service_ref in ("30412", "7")


UNUSABLE: list[tuple[Any, str]] = [
    *((data, "without uid") for data in (BOOKING | {"uid": None}, {}, None)),
    *((BOOKING | {"status": status}, "no status") for status in (None, "maybe")),
    *((BOOKING | {"start": start}, "start") for start in (None, "2026-12-08T18:00:00")),
    (BOOKING | {"attendees": [{"seatUid": "x", "name": "Ada Test"}]}, "seats"),
    (BOOKING | {"attendees": [], "bookingFieldsResponses": None}, "who comes"),
    ([BOOKING, BOOKING], "series"),
    *(
        (BOOKING | {"eventType": kind, "eventTypeId": other}, "eventType")
        for kind, other in ((None, {}), (None, True), ({"id": []}, None), (7, None))
    ),
]


@pytest.mark.parametrize(("data", "words"), UNUSABLE)
def test_what_must_be_there_is_named(data: Any, words: str) -> None:
    with pytest.raises(PlatformError, match=words) as caught:
        read(data)
    assert caught.value.permanent
    assert "Ada" not in str(caught.value)


def test_a_version_is_the_rows_own() -> None:
    """A mark of absence does not touch the row; a time of its making says nothing of changes."""
    present, absent = (booking(attendees=[{"absent": mark}]).version for mark in (False, True))
    assert len({present, absent, BOOKING["updatedAt"]}) == 3
    assert booking(updatedAt=None).version is None


CLIENTS: list[tuple[dict[str, Any], PlatformPerson]] = [
    ({"attendees": [GUEST, ADA]}, PlatformPerson(None, "Ada Test", "ada@example.com")),
    (
        {"attendees": [GUEST, {"name": "Ada", "email": "ADA@example.com", "phoneNumber": "1"}]},
        PlatformPerson(None, "Ada", "ADA@example.com", "1"),
    ),
    ({"attendees": [GUEST, {"name": "Bob"}]}, PlatformPerson(None, "Ada Test", "ada@example.com")),
    ({"attendees": [GUEST]}, PlatformPerson(None, "Ada Test", "ada@example.com")),
    (
        {"attendees": [{"name": "Ada Test", "email": "12065550100@sms.cal.com"}]},
        PlatformPerson(None, "Ada Test", None),
    ),
]


@pytest.mark.parametrize(("changed", "person"), CLIENTS)
def test_the_client_is_who_the_form_names(changed: dict[str, Any], person: PlatformPerson) -> None:
    """Attendees come in no order, with guests among them; a made-up address is nobody's."""
    responses = {"name": "Ada Test", "email": "ada@example.com"}
    if "sms" in str(changed):
        responses["email"] = changed["attendees"][0]["email"]
    assert booking(bookingFieldsResponses=responses, **changed).person == person


def test_of_what_nobody_named_nothing_personal_is_read() -> None:
    """Not even seats trouble anybody there; of a deleted event type there is no service."""
    seats = [{"seatUid": "x", "name": "Ada Test"}]
    for changed in ({}, {"attendees": seats}, {"eventType": None, "eventTypeId": None}):
        found = booking("999", **changed)
        assert (found.person, found.answers) == (PlatformPerson(), {})
    assert booking("999", eventType=None, eventTypeId=None).service_ref is None
    assert booking("30412").person.name == "Ada Test"


def test_another_hosts_booking_says_so() -> None:
    assert booking(hosts=[{"id": 7}]).own is False
