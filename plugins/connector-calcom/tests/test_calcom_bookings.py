"""The API's bookings as the host knows them, and what is refused."""

from typing import Any

import pytest

from massage_ins_bridge.api.connectors import PlatformBooking, PlatformError, PlatformPerson
from massage_ins_bridge_calcom.bookings import read

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


def booking(**changed: Any) -> PlatformBooking:
    """The booking with other values; ``...`` takes one away."""
    return read({k: v for k, v in {**BOOKING, **changed}.items() if v is not ...}, FIELDS)


def test_every_field_finds_its_place() -> None:
    found = booking(rescheduledFromUid="old")
    assert (found.ref, found.status, found.service_ref) == ("abc", "accepted", "30412")
    assert found.start.isoformat() == "2026-12-08T18:00:00+00:00"
    assert found.version == "2026-11-22T19:00:00+00:00"
    assert found.person == PlatformPerson(None, "Ada Test", "ada@example.com", None)
    assert found.answers == {"payer": "Regence", "member_id": "123"}
    assert (found.host_refs, found.previous_ref) == (("5",), "old")
    assert (found.recurring, booking(recurringBookingUid="series").recurring) == (False, True)


STATUSES: list[tuple[dict[str, Any], str]] = [
    *(({"status": name}, name.lower()) for name in ("pending", "cancelled", "rejected", "PENDING")),
    ({"attendees": [{"absent": True}]}, "no-show"),
    ({"attendees": [{"absent": True}], "status": "cancelled"}, "cancelled"),
    ({"absentHost": True}, "accepted"),
]


@pytest.mark.parametrize(("changed", "status"), STATUSES)
def test_statuses(changed: dict[str, Any], status: str) -> None:
    assert booking(**changed).status == status


@pytest.mark.parametrize(
    "changed",
    [
        {"attendees": ..., "hosts": ..., "bookingFieldsResponses": ...},
        {"attendees": [], "hosts": [], "createdAt": None, "eventType": None},
        {"hosts": [{"id": "unknown"}], "end": None, "bookingFieldsResponses": None},
    ],
)
def test_what_may_be_missing_may_be_missing(changed: dict[str, Any]) -> None:
    found = booking(**changed)
    assert (found.host_refs, found.version is None) == ((), False)
    assert found.service_ref in ("30412", "7")


UNUSABLE: list[tuple[Any, str]] = [
    *((data, "without uid") for data in (BOOKING | {"uid": None}, {}, None)),
    *((BOOKING | {"status": status}, "no status") for status in (None, "maybe")),
    *((BOOKING | {"start": start}, "start") for start in (None, "2026-12-08T18:00:00")),
    (BOOKING | {"attendees": [{"seatUid": "x", "name": "Ada Test"}]}, "seats"),
    ([BOOKING, BOOKING], "series"),
]


@pytest.mark.parametrize(("data", "words"), UNUSABLE)
def test_what_must_be_there_is_named(data: Any, words: str) -> None:
    with pytest.raises(PlatformError, match=words) as caught:
        read(data, FIELDS)
    assert caught.value.permanent
    assert "Ada" not in str(caught.value)


def test_a_version_is_the_rows_own() -> None:
    """A mark of absence does not touch the row; a time of its making says nothing of changes."""
    present, absent = (booking(attendees=[{"absent": mark}]).version for mark in (False, True))
    assert len({present, absent, BOOKING["updatedAt"]}) == 3
    assert booking(updatedAt=None).version is None
