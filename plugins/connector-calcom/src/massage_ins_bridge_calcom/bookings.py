"""A booking of the API, version 2024-08-13, as the host knows bookings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from massage_ins_bridge.api.connectors import (
    BookingStatus,
    PlatformBooking,
    PlatformError,
    PlatformPerson,
)

from . import values
from .there import There

API_VERSION = "2024-08-13"
_NOBODY = PlatformPerson()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the bookings of one account. ``services`` are those that the settings name: only of
    them it matters who comes."""

    form_fields: Mapping[str, str]
    services: Collection[str]
    there: There

    def read(self, data: Any) -> PlatformBooking:
        """One booking; ``PlatformError`` names what is missing or cannot be served."""
        if isinstance(data, list):
            raise PlatformError("Cal.com: this uid stands for a whole series of bookings", True)
        booking = values.mapping(data)
        ref = values.uid(booking.get("uid"))
        if ref is None:
            raise PlatformError("Cal.com answered with a booking without uid", True)
        service, hosts = _service(ref, booking), values.hosts(booking.get("hosts"))
        ours = not self.services or service in self.services
        status = _status(ref, booking)
        return PlatformBooking(
            ref=ref,
            status=status,
            start=_time(ref, booking, "start"),
            end=values.moment(booking.get("end")),
            service_ref=service,
            person=_person(ref, booking) if ours else _NOBODY,
            version=_version(booking, status),
            host_refs=hosts,
            own=self.there.own_id() in hosts if hosts else None,
            asks_confirmation=self._asks(service, status) if ours else None,
            answers=values.answers(_responses(booking), self.form_fields) if ours else {},
            recurring=values.uid(booking.get("recurringBookingUid")) is not None,
            previous_ref=values.uid(booking.get("rescheduledFromUid")),
        )

    def _asks(self, service: str | None, status: BookingStatus) -> bool | None:
        """It matters of an accepted booking only: who accepted it?"""
        return self.there.asks_confirmation(service) if status == "accepted" else None


def _person(ref: str, booking: Mapping[str, Any]) -> PlatformPerson:
    """The client. A booking with seats has several, and shows them only to its own hosts:
    ``getOutputSeatedBooking`` in
    apps/api/v2/src/platform/bookings/2024-08-13/services/output.service.ts."""
    attendees = values.objects(booking.get("attendees"))
    if any(one.get("seatUid") for one in attendees):
        raise PlatformError(
            f"booking {ref} is one of several seats; turn off 'Offer seats' on its event type, "
            "since each client's insurance is judged apart",
            True,
        )
    person = values.person(attendees, _responses(booking))
    if person == _NOBODY:
        raise PlatformError(
            f"booking {ref} does not show who comes; its event type perhaps offers seats, or "
            "belongs to somebody whose clients this key may not see",
            True,
        )
    return person


def _responses(booking: Mapping[str, Any]) -> Mapping[str, Any]:
    return values.mapping(booking.get("bookingFieldsResponses"))


def _status(ref: str, booking: Mapping[str, Any]) -> BookingStatus:
    raw = booking.get("status")
    status = values.STATUSES.get(raw.lower()) if isinstance(raw, str) else None
    if status is None:
        raise PlatformError(f"Cal.com: booking {ref} has no status that is known", True)
    attendees = values.objects(booking.get("attendees"))
    if status == "accepted" and values.client_is_absent(attendees, _responses(booking)):
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


def _service(ref: str, booking: Mapping[str, Any]) -> str | None:
    """The event type's id; that of a deleted one is null. What is neither is not taken for one:
    the booking would count as another service's and be left alone."""
    kind, other = booking.get("eventType"), booking.get("eventTypeId")
    own = kind.get("id") if isinstance(kind, dict) else None
    found = values.text(own) or values.text(other)
    unread = own is not None or other is not None or not (kind is None or isinstance(kind, dict))
    if found is None and unread:
        raise PlatformError(f"Cal.com: booking {ref} has no readable eventType", True)
    return found
