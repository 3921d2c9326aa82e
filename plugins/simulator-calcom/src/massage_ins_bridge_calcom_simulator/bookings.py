"""What is on the platform: event types, bookings and their attendees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .people import CLINIC, Host


@dataclass(frozen=True, slots=True)
class EventType:
    """A bookable service. ``within``: confirmation is asked only of bookings that start within so
    many hours. ``parent``: the managed event type that this is a member's copy of. ``team``: it is
    the team's own, and any of its members may host. ``questions`` of its form are asked beside the
    platform's own."""

    id: int
    slug: str
    minutes: int = 60
    requires_confirmation: bool = True
    within: int | None = None
    blocks_slot: bool = True
    seats: int | None = None
    seats_show_attendees: bool = False
    owner: int = CLINIC.id
    parent: int | None = None
    team: bool = False
    questions: tuple[str, ...] = ("insurance", "member-id")

    @property
    def title(self) -> str:
        return self.slug.replace("-", " ").capitalize()


@dataclass(slots=True)
class Attendee:
    """Somebody who comes: the client, a guest, or the client of a seat."""

    name: str
    email: str
    phone: str | None = None
    absent: bool = False
    seat: str | None = None
    answers: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Booking:
    """One appointment. ``status`` is one of pending, accepted, cancelled, rejected. ``attendees``:
    the client first; the others are guests, or of a seated booking clients, too."""

    id: int
    uid: str
    event_type: EventType | None
    host: Host
    start: datetime
    end: datetime
    attendees: list[Attendee]
    created: datetime
    updated: datetime
    status: str = "new"
    answers: dict[str, Any] = field(default_factory=dict)
    series: str | None = None
    reason: str = ""
    cancelled_by: str = ""
    rescheduled_from: str | None = None
    rescheduled_to: str | None = None
    rescheduled_by: str | None = None
    #: The host asked the client for another time.
    to_be_moved: bool = False

    @property
    def booker(self) -> Attendee:
        return self.attendees[0]

    @property
    def standing(self) -> bool:
        return self.status in ("pending", "accepted")

    @property
    def minutes(self) -> int:
        return round((self.end - self.start).total_seconds() / 60)

    @property
    def slug(self) -> str:
        return self.event_type.slug if self.event_type else "deleted"

    @property
    def title(self) -> str:
        return f"{self.slug} between {self.host.name} and {self.booker.name}"

    def guests(self) -> Iterator[Attendee]:
        """Whoever the client brings."""
        return (attendee for attendee in self.attendees[1:] if attendee.seat is None)

    def responses(self) -> dict[str, Any]:
        """The client's answers to the booking form."""
        booker = self.booker
        phone = {"attendeePhoneNumber": booker.phone} if booker.phone else {}
        guests = [guest.email for guest in self.guests()]
        return {
            "name": booker.name,
            "email": booker.email,
            **phone,
            **({"guests": guests} if guests else {}),
            **self.answers,
        }
