"""A booking of the API, version 2024-08-13, as the host knows bookings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from massage_ins_bridge.api.connectors import BookingStatus, PlatformBooking, PlatformError

from . import values

API_VERSION = "2024-08-13"


def read(data: Any, form_fields: Mapping[str, str]) -> PlatformBooking:
    """One booking; ``PlatformError`` names what is missing or cannot be served."""
    if isinstance(data, list):
        raise PlatformError("Cal.com: this uid stands for a whole series of bookings", True)
    booking = values.mapping(data)
    ref = values.uid(booking.get("uid"))
    if ref is None:
        raise PlatformError("Cal.com answered with a booking without uid", True)
    attendees = values.objects(booking.get("attendees"))
    if any(one.get("seatUid") for one in attendees):
        raise PlatformError(
            f"booking {ref} is one of several seats; turn off 'Offer seats' on its event type, "
            "since each client's insurance is judged apart",
            True,
        )
    responses = values.mapping(booking.get("bookingFieldsResponses"))
    status = _status(ref, booking, attendees)
    return PlatformBooking(
        ref=ref,
        status=status,
        start=_time(ref, booking, "start"),
        end=values.moment(booking.get("end")),
        service_ref=_service(booking),
        person=values.person(attendees, responses),
        version=_version(booking, status),
        host_refs=values.hosts(booking.get("hosts")),
        answers=values.answers(responses, form_fields),
        recurring=values.uid(booking.get("recurringBookingUid")) is not None,
        previous_ref=values.uid(booking.get("rescheduledFromUid")),
    )


def _status(
    ref: str, booking: Mapping[str, Any], attendees: list[Mapping[str, Any]]
) -> BookingStatus:
    raw = booking.get("status")
    status = values.STATUSES.get(raw.lower()) if isinstance(raw, str) else None
    if status is None:
        raise PlatformError(f"Cal.com: booking {ref} has no status that is known", True)
    if status == "accepted" and attendees and attendees[0].get("absent") is True:
        return "no-show"
    return status


def _version(booking: Mapping[str, Any], status: BookingStatus) -> str | None:
    """When the row changed. A mark of absence stands in another row and does not touch it."""
    changed = values.moment(booking.get("updatedAt"))
    if changed is None:
        return None
    return changed.isoformat() + (" absent" if status == "no-show" else "")


def _time(ref: str, booking: Mapping[str, Any], name: str) -> datetime:
    found = values.moment(booking.get(name))
    if found is None:
        raise PlatformError(f"Cal.com: booking {ref} has no readable {name}", True)
    return found


def _service(booking: Mapping[str, Any]) -> str | None:
    event_type = values.mapping(booking.get("eventType"))
    return values.text(event_type.get("id")) or values.text(booking.get("eventTypeId"))
