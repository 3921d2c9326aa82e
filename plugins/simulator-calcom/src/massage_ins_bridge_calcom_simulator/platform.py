"""The state of the simulated platform. Every method runs to its end without waiting, so that two
calls at once can never both change a booking."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .bookings import HOST, Booking, EventType
from .journal import Clock, Journal, iso

Send = Callable[[str, str, dict[str, Any]], None]


class RefusedError(Exception):
    """What the platform answers instead of doing it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes a booking (``api``, ``owner`` or an attendee's address), and the journal's
    number of the call by which."""

    name: str
    call: int | None = None

    @property
    def is_owner(self) -> bool:
        return self.name in ("api", "owner")

    @property
    def email(self) -> str:
        return str(HOST["email"]) if self.is_owner else self.name

    def entry(self) -> dict[str, Any]:
        """The journal's fields; an attendee stays unnamed."""
        return {"by": self.name if self.is_owner else "attendee", "call": self.call}


class Platform:
    """Bookings by uid; ``send`` gets each webhook (trigger, time, payload)."""

    def __init__(self, event_types: Iterable[EventType], journal: Journal, send: Send) -> None:
        self.event_types = {kind.id: kind for kind in event_types}
        self.bookings: dict[str, Booking] = {}
        self.clock = Clock()
        self._made = 0
        self._journal, self._send = journal, send

    def find(self, uid: str) -> Booking:
        booking = self.bookings.get(uid)
        if booking is None:
            raise RefusedError(404, f"Booking with uid={uid} was not found in the database")
        return booking

    def series(self, uid: str) -> list[Booking]:
        """The occurrences of a series, by the series' own uid."""
        return [b for b in self.bookings.values() if b.series == uid]

    def create(  # noqa: PLR0913 - what a booking form asks
        self,
        event_type: int,
        start: datetime,
        name: str,
        email: str,
        *,
        phone: str | None = None,
        answers: dict[str, Any] | None = None,
        occurrences: int = 1,
        uid: str | None = None,
        actor: Actor,
    ) -> list[Booking]:
        """An attendee books; with ``occurrences`` a weekly series. ``uid`` chooses the uid."""
        kind = self.event_types.get(event_type)
        if kind is None:
            raise RefusedError(404, f"Event type with id {event_type} not found.")
        if uid in self.bookings:
            raise RefusedError(409, f"Booking with uid={uid} exists")
        stem = uid or secrets.token_hex(11)
        weekly = occurrences > 1
        made = []
        for number in range(occurrences):
            booking = self._new(
                uid=f"{stem}-{number + 1}" if weekly else stem,
                event_type=kind,
                start=start + timedelta(weeks=number),
                end=start + timedelta(weeks=number, minutes=kind.minutes),
                name=name,
                email=email,
                phone=phone,
                answers=dict(answers or {}),
                series=f"{stem}-series" if weekly else None,
            )
            self._move(booking, "pending" if kind.requires_confirmation else "accepted", actor)
            self._announce(_CREATED[booking.status], booking, metadata={})
            made.append(booking)
        return made

    def confirm(self, uid: str, actor: Actor) -> Booking:
        """The owner accepts; like the platform, all pending occurrences of a series at once
        (packages/features/bookings/lib/handleConfirmation.ts)."""
        booking = self.find(uid)
        self._only_pending(booking)
        for one in self._occurrences(booking):
            self._move(one, "accepted", actor)
            self._announce("BOOKING_CREATED", one, metadata={})
        return booking

    def decline(self, uid: str, reason: str, actor: Actor) -> Booking:
        """The owner refuses; like the platform, all pending occurrences of a series at once
        (packages/trpc/server/routers/viewer/bookings/confirm.handler.ts)."""
        booking = self.find(uid)
        self._only_pending(booking)
        for one in self._occurrences(booking):
            one.reason = reason
            self._move(one, "rejected", actor)
            self._announce("BOOKING_REJECTED", one)
        return booking

    def cancel(self, uid: str, reason: str, actor: Actor) -> Booking:
        """Cancel one booking; by the uid of a series, all that stand in it
        (packages/features/bookings/lib/handleCancelBooking.ts)."""
        in_series = [b for b in self.series(uid) if b.status in ("pending", "accepted")]
        for booking in in_series or [self.find(uid)]:
            if booking.status not in ("pending", "accepted"):
                raise RefusedError(400, "This booking has already been cancelled.")
            booking.reason, booking.cancelled_by = reason, actor.email
            self._move(booking, "cancelled", actor)
            self._announce(
                "BOOKING_CANCELLED",
                booking,
                cancelledBy=actor.email,
                cancellationReason=reason,
                requestReschedule=False,
            )
        return in_series[0] if in_series else self.find(uid)

    def reschedule(self, uid: str, start: datetime, actor: Actor) -> Booking:
        """A new booking takes the old one's place. Moved by the owner it keeps its confirmation,
        moved by the attendee it asks for a new one
        (packages/features/bookings/lib/service/RegularBookingService.ts, and what can be moved:
        ``canRescheduleBooking`` in
        apps/api/v2/src/platform/bookings/2024-08-13/services/bookings.service.ts)."""
        old = self.find(uid)
        if old.status not in ("pending", "accepted"):
            raise RefusedError(
                400, f"Can't reschedule booking with uid={uid} because it has been cancelled."
            )
        new = self._new(
            **{name: getattr(old, name) for name in ("event_type", "name", "email", "phone")},
            uid=secrets.token_hex(11),
            start=start,
            end=start + (old.end - old.start),
            answers=dict(old.answers),
            rescheduled_from=uid,
        )
        old.rescheduled_to, old.rescheduled_by = new.uid, actor.email
        self._move(old, "cancelled", actor)
        asks = old.event_type.requires_confirmation and not actor.is_owner
        self._move(new, "pending" if asks else "accepted", actor)
        self._announce(
            "BOOKING_REQUESTED" if asks else "BOOKING_RESCHEDULED",
            new,
            rescheduleId=old.id,
            rescheduleUid=old.uid,
            rescheduleStartTime=iso(old.start),
            rescheduleEndTime=iso(old.end),
            rescheduledBy=actor.email,
            metadata={},
        )
        return new

    def mark_absent(self, uid: str, actor: Actor, *, absent: bool) -> Booking:
        """The attendee did not come, or did after all (packages/features/handleMarkNoShow.ts)."""
        booking = self.find(uid)
        booking.absent, booking.updated = absent, self.clock.now()
        to = "no-show" if absent else booking.status
        fields = {"from": booking.status, "to": to, **actor.entry()}
        self._journal.write("change", uid=uid, **fields)
        self._send(
            "BOOKING_NO_SHOW_UPDATED",
            iso(self.clock.now()),
            {
                "message": f"{booking.email} {'' if absent else 'un'}marked as no-show",
                "bookingUid": uid,
                "bookingId": booking.id,
                "attendees": [{"email": booking.email, "noShow": absent}],
            },
        )
        return booking

    def forget(self, uid: str, actor: Actor) -> None:
        """Delete a booking without a webhook, as a data retention rule does."""
        booking = self.find(uid)
        self._move(booking, "deleted", actor)
        del self.bookings[uid]

    def _new(self, **fields: Any) -> Booking:
        self._made += 1
        now = self.clock.now()
        booking = Booking(id=90 + self._made, created=now, updated=now, status="new", **fields)
        self.bookings[booking.uid] = booking
        return booking

    def _occurrences(self, booking: Booking) -> list[Booking]:
        if booking.series is None:
            return [booking]
        return [b for b in self.series(booking.series) if b.status == "pending"]

    def _only_pending(self, booking: Booking) -> None:
        """The first refusal is that of packages/trpc/server/routers/viewer/bookings/
        confirm.handler.ts; the second is our own."""
        if booking.status == "accepted":
            raise RefusedError(400, "Bad request: Booking already confirmed")
        if booking.status != "pending":
            raise RefusedError(400, f"Bad request: Booking is {booking.status}")

    def _move(self, booking: Booking, to: str, actor: Actor) -> None:
        origin, booking.status, booking.updated = booking.status, to, self.clock.now()
        fields = {"from": origin, "to": to, **actor.entry()}
        self._journal.write("change", uid=booking.uid, **fields)

    def _announce(self, trigger: str, booking: Booking, **extra: Any) -> None:
        self._send(trigger, iso(self.clock.now()), booking.in_webhook(**extra))


_CREATED = {"pending": "BOOKING_REQUESTED", "accepted": "BOOKING_CREATED"}
