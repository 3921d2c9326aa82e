"""A booking, and how Cal.com shows it: in answers of the API (2024-08-13) and in webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .journal import iso

HOST = {"id": 5, "name": "Example Massage", "email": "desk@clinic.example", "username": "clinic"}
ZONE = "America/Los_Angeles"


@dataclass(frozen=True, slots=True)
class EventType:
    """A bookable service."""

    id: int
    slug: str
    minutes: int = 60
    requires_confirmation: bool = True


@dataclass(slots=True)
class Booking:
    """One appointment. ``status`` is one of pending, accepted, cancelled, rejected."""

    id: int
    uid: str
    event_type: EventType
    start: datetime
    end: datetime
    name: str
    email: str
    created: datetime
    updated: datetime
    status: str
    phone: str | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    series: str | None = None
    reason: str = ""
    cancelled_by: str = ""
    rescheduled_from: str | None = None
    rescheduled_to: str | None = None
    rescheduled_by: str | None = None
    absent: bool = False

    @property
    def title(self) -> str:
        return f"{self.event_type.slug} between {HOST['name']} and {self.name}"

    def in_api(self) -> dict[str, Any]:
        """The booking as ``GET /v2/bookings/{uid}`` shows it: ``getOutputBooking`` in
        apps/api/v2/src/platform/bookings/2024-08-13/services/output.service.ts."""
        shown: dict[str, Any] = {
            "id": self.id,
            "uid": self.uid,
            "title": self.title,
            "description": "",
            "hosts": [{**HOST, "displayEmail": HOST["email"], "timeZone": ZONE}],
            "status": self.status,
            "cancellationReason": self.reason,
            "cancelledByEmail": self.cancelled_by,
            "start": iso(self.start),
            "end": iso(self.end),
            "duration": self.event_type.minutes,
            "eventTypeId": self.event_type.id,
            "eventType": {"id": self.event_type.id, "slug": self.event_type.slug},
            "location": "Example Massage, Seattle",
            "meetingUrl": "Example Massage, Seattle",
            "absentHost": False,
            "createdAt": iso(self.created),
            "updatedAt": iso(self.updated),
            "icsUid": f"{self.uid}@cal.example",
            "metadata": {},
            "attendees": [
                self._attendee(displayEmail=self.email, language="en", absent=self.absent)
            ],
            "guests": [],
            "bookingFieldsResponses": self._responses(),
        }
        optional = {
            "recurringBookingUid": self.series,
            "rescheduledFromUid": self.rescheduled_from,
            "rescheduledToUid": self.rescheduled_to,
            "rescheduledByEmail": self.rescheduled_by,
        }
        return shown | {key: value for key, value in optional.items() if value is not None}

    def in_webhook(self, **extra: Any) -> dict[str, Any]:
        """The ``payload`` of a webhook of version 2021-10-20: ``buildBookingPayload`` in
        packages/features/webhooks/lib/factory/versioned/v2021-10-20/BookingPayloadBuilder.ts."""
        first, _, last = self.name.partition(" ")
        language = {"locale": "en"}
        responses = {
            key: {"label": key, "value": value, "isHidden": False}
            for key, value in self._responses().items()
        }
        return {
            "bookingId": self.id,
            "uid": self.uid,
            "type": self.event_type.slug,
            "title": self.title,
            "description": "",
            "additionalNotes": "",
            "customInputs": {},
            "startTime": iso(self.start),
            "endTime": iso(self.end),
            "organizer": {**HOST, "timeZone": ZONE, "language": language, "utcOffset": -480},
            "attendees": [
                self._attendee(firstName=first, lastName=last, language=language, utcOffset=-480)
            ],
            "responses": responses,
            "userFieldsResponses": {},
            "location": "Example Massage, Seattle",
            "destinationCalendar": None,
            "requiresConfirmation": self.event_type.requires_confirmation,
            "eventTypeId": self.event_type.id,
            "eventTitle": self.event_type.slug,
            "eventDescription": None,
            "seatsPerTimeSlot": None,
            "price": 0,
            "currency": "usd",
            "length": self.event_type.minutes,
            "status": self.status.upper(),
            **({"recurringEvent": {"freq": 2, "interval": 1}} if self.series else {}),
            **extra,
        }

    def _attendee(self, **extra: Any) -> dict[str, Any]:
        phone = {"phoneNumber": self.phone} if self.phone else {}
        return {"name": self.name, "email": self.email, "timeZone": ZONE, **extra, **phone}

    def _responses(self) -> dict[str, Any]:
        phone = {"attendeePhoneNumber": self.phone} if self.phone else {}
        return {"name": self.name, "email": self.email, **phone, **self.answers}
