"""How Cal.com shows a booking: in answers of the API (2024-08-13) and in webhooks (2021-10-20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bookings import Attendee, Booking, EventType
from .journal import iso
from .outbox import Target
from .people import CLINIC, HOSTS, MEMBER, TEAM, ZONE, Host
from .ways import Ways

PLACE = "Example Massage, Seattle"


def in_api(booking: Booking, ways: Ways, *, seats_seen: bool = True) -> dict[str, Any]:
    """The booking as ``GET /v2/bookings/{uid}`` shows it: ``getOutputBooking``,
    ``getOutputRecurringBooking`` and ``getOutputSeatedBooking`` in
    apps/api/v2/src/platform/bookings/2024-08-13/services/output.service.ts."""
    host = booking.host
    shown: dict[str, Any] = {
        "id": booking.id,
        "uid": booking.uid,
        "title": booking.title,
        "description": "",
        "hosts": [{**host.shown(), "displayEmail": host.email, "timeZone": ZONE}],
        "status": booking.status,
        "cancellationReason": booking.reason,
        "cancelledByEmail": booking.cancelled_by,
        "start": iso(booking.start),
        "end": iso(booking.end),
        "duration": booking.minutes,
        **_event_type(booking, ways),
        "location": PLACE,
        "meetingUrl": PLACE,
        "absentHost": False,
        "createdAt": iso(booking.created),
        "updatedAt": iso(booking.updated),
        "icsUid": f"{booking.uid}@cal.example",
        "metadata": {},
        "rescheduledFromUid": booking.rescheduled_from,
        "recurringBookingUid": booking.series,
        **_who_comes(booking, ways, seats_seen=seats_seen),
    }
    if booking.series is None or "series-plain" not in ways:
        shown["rescheduledToUid"] = booking.rescheduled_to
        shown["rescheduledByEmail"] = booking.rescheduled_by
    optional = ("rescheduledFromUid", "recurringBookingUid", "rescheduledToUid")
    left_out = {*optional, "rescheduledByEmail"}
    return {k: v for k, v in shown.items() if v is not None or k not in left_out}


def _event_type(booking: Booking, ways: Ways) -> dict[str, Any]:
    kind = booking.event_type
    if kind is None:
        return {"eventTypeId": None, "eventType": None}
    number = _id_of(kind, ways)
    return {"eventTypeId": number, "eventType": {"id": number, "slug": kind.slug}}


def _id_of(kind: EventType, ways: Ways) -> int:
    return kind.id if kind.parent is None or "managed-ids" in ways else kind.parent


def _who_comes(booking: Booking, ways: Ways, *, seats_seen: bool) -> dict[str, Any]:
    """A seated booking has neither guests nor answers of its own."""
    seated = booking.event_type is not None and booking.event_type.seats is not None
    attendees = [
        _attendee(
            attendee,
            displayEmail=attendee.email,
            language="en",
            absent=attendee.absent,
            **_of_seat(attendee, ways),
        )
        for attendee in in_order(booking, ways)
    ]
    if booking.series is not None and "series-plain" in ways:
        for shown in attendees:
            shown.pop("phoneNumber", None)
    if seated and "seats-hidden" in ways:
        return {"attendees": attendees if seats_seen else []}
    return {
        "attendees": attendees,
        "guests": [guest.email for guest in booking.guests()],
        "bookingFieldsResponses": booking.responses(),
    }


def in_order(booking: Booking, ways: Ways) -> list[Attendee]:
    """The attendees as they come: the database gives them no order, so here the client is last."""
    return booking.attendees[::-1] if "unordered" in ways else booking.attendees


def _of_seat(attendee: Attendee, ways: Ways) -> dict[str, Any]:
    if attendee.seat is None or "seats-hidden" not in ways:
        return {}
    return {"seatUid": attendee.seat, "bookingFieldsResponses": attendee.answers}


def in_webhook(booking: Booking, ways: Ways, extra: Mapping[str, Any]) -> dict[str, Any]:
    """The ``payload`` of a webhook: ``buildBookingPayload`` in
    packages/features/webhooks/lib/factory/versioned/v2021-10-20/BookingPayloadBuilder.ts."""
    kind = booking.event_type
    answers = {
        key: {"label": key, "value": value, "isHidden": False}
        for key, value in booking.responses().items()
    }
    return {
        "bookingId": booking.id,
        "uid": booking.uid,
        "type": booking.slug,
        "title": booking.title,
        "description": "",
        "additionalNotes": "",
        "customInputs": {},
        "startTime": iso(booking.start),
        "endTime": iso(booking.end),
        "organizer": _organizer(booking),
        "attendees": [_in_webhook(attendee) for attendee in in_order(booking, ways)],
        "responses": answers,
        "userFieldsResponses": {},
        "location": PLACE,
        "destinationCalendar": None,
        "requiresConfirmation": kind.requires_confirmation if kind else None,
        **({"eventTypeId": _id_of(kind, ways)} if kind else {}),
        "eventTitle": kind.title if kind else None,
        "eventDescription": None,
        "seatsPerTimeSlot": kind.seats if kind else None,
        "price": 0,
        "currency": "usd",
        "length": booking.minutes,
        "hashedLink": None,
        "assignmentReason": None,
        "status": booking.status.upper(),
        **({"recurringEvent": {"freq": 2, "interval": 1}} if booking.series else {}),
        **extra,
    }


def thin(booking: Booking, ways: Ways) -> dict[str, Any]:
    """What is told where the host asks for another time:
    packages/trpc/server/routers/viewer/bookings/requestReschedule.handler.ts."""
    whole = in_webhook(booking, ways, {"requestReschedule": True})
    if "thin-request" not in ways:
        return whole
    for name in ("status", "bookingId", "eventTypeId", "requestReschedule", "recurringEvent"):
        whole.pop(name, None)
    title = booking.event_type.title if booking.event_type else booking.title
    return {**whole, "type": title, "cancellationReason": f"Please reschedule. {booking.reason}"}


def _organizer(booking: Booking) -> dict[str, Any]:
    language = {"locale": "en"}
    return {**booking.host.shown(), "timeZone": ZONE, "language": language, "utcOffset": -480}


def _in_webhook(attendee: Attendee) -> dict[str, Any]:
    first, _, last = attendee.name.partition(" ")
    language = {"locale": "en"}
    return _attendee(attendee, firstName=first, lastName=last, language=language, utcOffset=-480)


def _attendee(attendee: Attendee, **extra: Any) -> dict[str, Any]:
    phone = {"phoneNumber": attendee.phone} if attendee.phone else {}
    return {"name": attendee.name, "email": attendee.email, "timeZone": ZONE, **extra, **phone}


def type_in_api(kind: EventType) -> dict[str, Any]:
    """An event type as ``GET /v2/event-types`` (2024-06-14) shows it: ``getResponseEventType`` in
    apps/api/v2/src/platform/event-types/event-types_2024_06_14/services/
    output-event-types.service.ts; its policy in
    ../transformers/internal-to-api/requires-confirmation.ts. A parent is not named."""
    blocks = {"blockUnconfirmedBookingsInBooker": kind.blocks_slot}
    policy: dict[str, Any] = {"disabled": True}
    if kind.requires_confirmation and kind.within is not None:
        threshold = {"unit": "hours", "count": kind.within}
        policy = {"type": "time", "noticeThreshold": threshold, **blocks}
    elif kind.requires_confirmation:
        policy = {"type": "always", **blocks}
    seats: dict[str, Any] = {"disabled": True}
    if kind.seats:
        seats = {"seatsPerTimeSlot": kind.seats, "showAttendeeInfo": kind.seats_show_attendees}
    asked = kind.questions
    return {
        "id": kind.id,
        "lengthInMinutes": kind.minutes,
        "title": kind.title,
        "slug": kind.slug,
        "recurrence": None,
        "confirmationPolicy": policy,
        "seats": seats,
        "hidden": False,
        "bookingFields": [_own_question("name"), _own_question("email"), *map(_question, asked)],
        **_whose(kind),
    }


def _whose(kind: EventType) -> dict[str, Any]:
    """A user's event type names its users, a team's its hosts: ``getResponseTeamEventType`` in
    apps/api/v2/src/modules/organizations/event-types/services/output.service.ts."""
    if not kind.team:
        owner = HOSTS[kind.owner]
        user = {"id": owner.id, "name": owner.name, "username": owner.username}
        return {"ownerId": owner.id, "users": [user]}
    hosts = [{"userId": h.id, "name": h.name, "username": h.username} for h in (CLINIC, MEMBER)]
    return {"ownerId": None, "teamId": TEAM, "schedulingType": "roundRobin", "hosts": hosts}


def _own_question(slug: str) -> dict[str, Any]:
    """``OutputBookingField`` in ../transformers/internal-to-api/booking-fields.ts."""
    return {"type": slug, "slug": slug, "label": slug, "isDefault": True, "required": True}


def _question(slug: str) -> dict[str, Any]:
    label = slug.replace("-", " ").capitalize()
    return {"type": "text", "slug": slug, "label": label, "isDefault": False, "required": False}


def member_in_api(host: Host) -> dict[str, Any]:
    """A membership as ``GET /v2/teams/{id}/memberships`` shows it: apps/api/v2/src/modules/teams/
    memberships/outputs/team-membership.output.ts."""
    return {
        "id": 100 + host.id,
        "userId": host.id,
        "teamId": TEAM,
        "accepted": True,
        "role": "ADMIN" if host == CLINIC else "MEMBER",
        "user": {"name": host.name, "username": host.username, "email": host.email},
    }


def webhook_in_api(target: Target) -> dict[str, Any]:
    """A webhook as ``GET /v2/webhooks`` shows it: apps/api/v2/src/modules/webhooks/outputs/
    user-webhook.output.ts and pipes/WebhookOutputPipe.ts."""
    return {
        "id": target.id,
        "userId": CLINIC.id,
        "subscriberUrl": target.url,
        "triggers": list(target.triggers),
        "active": target.active,
        "payloadTemplate": target.template,
        "secret": target.secret,
    }
