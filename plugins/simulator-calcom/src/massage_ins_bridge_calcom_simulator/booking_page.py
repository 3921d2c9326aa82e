"""The booking page: a client asks for an appointment."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .bookings import Attendee, Booking, EventType
from .people import HOSTS, Host
from .platform import Actor, Platform, RefusedError

_TOLD = {"pending": "BOOKING_REQUESTED", "accepted": "BOOKING_CREATED"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client fills in. ``occurrences``: a weekly series; ``guests``: e-mails; ``uid``
    chooses the uid."""

    event_type: int
    start: datetime
    booker: Attendee
    guests: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    occurrences: int = 1
    uid: str | None = None
    host: int | None = None


def book(platform: Platform, wish: Wish, actor: Actor) -> list[Booking]:
    """A client books; on an event type with seats one of them. Raises ``RefusedError``."""
    kind = platform.event_types.get(wish.event_type)
    if kind is None:
        raise RefusedError(404, f"Event type with id {wish.event_type} not found.")
    if wish.uid in platform.bookings:
        raise RefusedError(409, f"Booking with uid={wish.uid} exists")
    host = HOSTS.get(kind.owner if wish.host is None else wish.host)
    if host is None:
        raise RefusedError(404, f"There is no user with id {wish.host}.")
    shared = _with_a_free_seat(platform, kind, wish.start)
    if shared is not None:
        platform.add_attendee(shared, _seated(wish), actor)
        platform.teller.tell(_TOLD[shared.status], shared, metadata={})
        return [shared]
    return _appointments(platform, kind, host, wish, actor)


def _appointments(
    platform: Platform, kind: EventType, host: Host, wish: Wish, actor: Actor
) -> list[Booking]:
    stem = wish.uid or secrets.token_hex(11)
    weekly = wish.occurrences > 1
    made = []
    for number in range(wish.occurrences):
        start = wish.start + timedelta(weeks=number)
        booking = platform.new(
            uid=f"{stem}-{number + 1}" if weekly else stem,
            event_type=kind,
            host=host,
            start=start,
            end=start + timedelta(minutes=kind.minutes),
            attendees=[
                _seated(wish) if kind.seats else dataclasses.replace(wish.booker),
                *(Attendee(name="", email=email) for email in wish.guests),
            ],
            answers=dict(wish.answers),
            series=f"{stem}-series" if weekly else None,
        )
        platform.move(booking, "pending" if platform.asks(booking) else "accepted", actor)
        platform.teller.tell(_TOLD[booking.status], booking, metadata={})
        made.append(booking)
    return made


def _with_a_free_seat(platform: Platform, kind: EventType, start: datetime) -> Booking | None:
    """The seated booking of that time
    (packages/features/bookings/lib/handleSeats/handleSeats.ts)."""
    for booking in platform.bookings.values():
        same = booking.event_type == kind and booking.start == start and booking.standing
        if same and len(booking.attendees) < (kind.seats or 0):
            return booking
    return None


def _seated(wish: Wish) -> Attendee:
    answers = {"name": wish.booker.name, **wish.answers}
    return dataclasses.replace(wish.booker, seat=secrets.token_hex(8), answers=answers)
