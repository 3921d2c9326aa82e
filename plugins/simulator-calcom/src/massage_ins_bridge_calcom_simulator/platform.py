"""The state of the simulated platform. But for a cancellation every method runs to its end without
waiting, so that two calls at once can never both change a booking."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .bookings import Attendee, Booking, EventType
from .journal import Clock, Journal, iso
from .outbox import Outbox
from .people import CLINIC, Key
from .replica import Replica
from .shown import in_api, thin
from .telling import Teller


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
        return CLINIC.email if self.is_owner else self.name

    def entry(self) -> dict[str, Any]:
        """The journal's fields; an attendee stays unnamed."""
        return {"by": self.name if self.is_owner else "attendee", "call": self.call}


class Platform:
    """Bookings by uid. ``key`` is whose key the API is asked with."""

    def __init__(
        self,
        event_types: Iterable[EventType],
        key: Key,
        clock: Clock,
        outbox: Outbox,
        journal: Journal,
    ) -> None:
        self.event_types = {kind.id: kind for kind in event_types}
        self.bookings: dict[str, Booking] = {}
        self.clock = clock
        self.key, self.ways = key, key.ways
        self.replica = Replica(1 if "replica" in key.ways else 0)
        self._made = 0
        self.teller = Teller(key, outbox)
        self._journal = journal

    def find(self, uid: str) -> Booking:
        booking = self.bookings.get(uid)
        if booking is None:
            raise _unknown(uid)
        return booking

    def read(self, uid: str) -> Booking:
        """The booking as a read of the API sees it."""
        seen = self.replica.read(uid, self.bookings.get(uid))
        if seen is None:
            raise _unknown(uid)
        return seen

    def series(self, uid: str) -> list[Booking]:
        """The occurrences of a series, by the series' own uid."""
        return [b for b in self.bookings.values() if b.series == uid]

    def shown(self, booking: Booking, *, listed: bool = False) -> dict[str, Any]:
        """The booking as the API shows it to the key; a list hides no seats."""
        return in_api(booking, self.ways, seats_seen=listed or self.key.sees_seats(booking))

    def confirm(self, uid: str, actor: Actor) -> Booking:
        """The owner accepts; like the platform, all pending occurrences of a series at once
        (packages/features/bookings/lib/handleConfirmation.ts)."""
        booking = self._to_decide(uid, actor)
        for one in self._occurrences(booking):
            self.move(one, "accepted", actor)
            self.teller.decided("BOOKING_CREATED", one, metadata={})
        return booking

    def decline(self, uid: str, reason: str, actor: Actor) -> Booking:
        """The owner refuses; like the platform, all pending occurrences of a series at once
        (packages/trpc/server/routers/viewer/bookings/confirm.handler.ts)."""
        booking = self._to_decide(uid, actor)
        for one in self._occurrences(booking):
            self.move(one, "rejected", actor, reason=reason)
            self.teller.decided("BOOKING_REJECTED", one)
        return booking

    async def cancel(self, uid: str, reason: str, actor: Actor) -> Booking:
        """Cancel one booking; by the uid of a series, all that stand in it
        (packages/features/bookings/lib/handleCancelBooking.ts)."""
        in_series = [b for b in self.series(uid) if b.standing]
        booking = in_series[0] if in_series else self.find(uid)
        self._may_cancel(booking, reason, actor)
        said = {
            "cancelledBy": actor.email,
            "cancellationReason": reason,
            "requestReschedule": False,
            "status": "CANCELLED",
        }
        if "cancel-first" in self.ways:
            await self.teller.cancelled(in_series or [booking], said)
        for one in in_series or [booking]:
            if one.status != "cancelled":  # somebody else may have come before the row was written
                self.move(one, "cancelled", actor, reason=reason, cancelled_by=actor.email)
        if "cancel-first" not in self.ways:
            await self.teller.cancelled(in_series or [booking], said)
        return booking

    def ask_to_move(self, uid: str, reason: str, actor: Actor) -> Booking:
        """The host asks the client for another time
        (packages/trpc/server/routers/viewer/bookings/requestReschedule.handler.ts)."""
        booking = self.find(uid)
        if not booking.standing:
            raise RefusedError(404, "No Booking found")
        self.move(booking, "cancelled", actor, reason=reason, to_be_moved=True)
        self.teller.say("BOOKING_CANCELLED", booking, thin(booking, self.ways))
        return booking

    def reschedule(self, uid: str, start: datetime, actor: Actor, reason: str = "") -> Booking:
        """A new booking takes the old one's place. Moved by the owner it keeps its confirmation,
        moved by the client it asks for a new one
        (packages/features/bookings/lib/handleNewBooking/createBooking.ts, and what can be moved:
        ``canRescheduleBooking`` in
        apps/api/v2/src/platform/bookings/2024-08-13/services/bookings.service.ts)."""
        old = self.find(uid)
        if not (old.standing or (old.to_be_moved and old.rescheduled_to is None)):
            raise RefusedError(
                400, f"Can't reschedule booking with uid={uid} because it has been cancelled."
            )
        new = self.new(
            event_type=old.event_type,
            host=old.host,
            attendees=[dataclasses.replace(one, absent=False) for one in old.attendees],
            uid=secrets.token_hex(11),
            start=start,
            end=start + (old.end - old.start),
            answers=dict(old.answers),
            series=old.series,
            reason=reason,
            rescheduled_from=uid,
        )
        moved = {"rescheduled_to": new.uid, "rescheduled_by": actor.email}
        self.move(old, "cancelled", actor, **moved)
        asks = self.asks(new) and not actor.is_owner
        self.move(new, "pending" if asks else "accepted", actor)
        named = {
            "rescheduleId": old.id,
            "rescheduleUid": old.uid,
            "rescheduleStartTime": iso(old.start),
            "rescheduleEndTime": iso(old.end),
            "rescheduledBy": actor.email,
        }
        if not asks:
            self.teller.tell("BOOKING_RESCHEDULED", new, **named, metadata={})
        elif "requested-plain" in self.ways:
            self.teller.tell("BOOKING_REQUESTED", new, metadata={})
        else:
            self.teller.tell("BOOKING_REQUESTED", new, **named, metadata={})
        return new

    def mark_absent(self, uid: str, marks: Mapping[str, bool], actor: Actor) -> Booking:
        """Attendees, by e-mail, did not come, or did after all
        (packages/features/handleMarkNoShow.ts; ``markAbsent`` in
        apps/api/v2/src/platform/bookings/2024-08-13/services/bookings.service.ts)."""
        booking = self.find(uid)
        if "no-show-after" in self.ways and self.clock.now() < booking.start:
            raise RefusedError(
                400, "Bookings can only be marked as absent after their scheduled start time."
            )
        marked = [one for one in booking.attendees if one.email in marks]
        self.replica.before_change(uid, booking)
        for one in marked:
            one.absent = marks[one.email]
        if "no-show-apart" not in self.ways:
            booking.updated = self.clock.now()
        if booking.booker in marked:
            to = "no-show" if booking.booker.absent else booking.status
            fields = {"from": booking.status, "to": to, **actor.entry()}
            self._journal.write("change", uid=uid, **fields)
        told = marked if "no-show-apart" in self.ways else booking.attendees
        said = {
            "message": "no_show_updated",
            "bookingUid": uid,
            "bookingId": booking.id,
            "attendees": [{"email": one.email, "noShow": one.absent} for one in told],
        }
        if booking.event_type is not None:
            self.teller.say("BOOKING_NO_SHOW_UPDATED", booking, said)
        return booking

    def forget(self, uid: str, actor: Actor) -> None:
        """Delete a booking without a webhook, as a data retention rule does."""
        self.move(self.find(uid), "deleted", actor)
        del self.bookings[uid]

    def delete_event_type(self, number: int) -> None:
        """Its bookings stay, without one."""
        if self.event_types.pop(number, None) is None:
            raise RefusedError(404, f"Event type with ID={number} does not exist.")
        if "type-null" in self.ways:
            for booking in self.bookings.values():
                if booking.event_type is not None and booking.event_type.id == number:
                    booking.event_type = None

    def new(self, **fields: Any) -> Booking:
        """A booking that has no status yet."""
        self._made += 1
        now = self.clock.now()
        booking = Booking(id=90 + self._made, created=now, updated=now, **fields)
        self.replica.before_change(booking.uid, None)
        self.bookings[booking.uid] = booking
        return booking

    def asks(self, booking: Booking) -> bool:
        """Whether a new booking waits for confirmation:
        packages/features/bookings/lib/handleNewBooking/getRequiresConfirmationFlags.ts."""
        kind = booking.event_type
        if kind is None or not kind.requires_confirmation:
            return False
        ahead = booking.start - self.clock.now()
        far = kind.within is not None and ahead > timedelta(hours=kind.within)
        return not (far and "threshold" in self.ways)

    def _occurrences(self, booking: Booking) -> list[Booking]:
        if booking.series is None:
            return [booking]
        return [b for b in self.series(booking.series) if b.status == "pending"]

    def _to_decide(self, uid: str, actor: Actor) -> Booking:
        """What may be confirmed or declined; see the ways ``confirm-hosts`` and ``confirm-any``."""
        booking = self.find(uid)
        if actor.name == "api" and not self.key.confirms(booking):
            raise RefusedError(401, "User is not authorized to confirm this booking")
        if booking.status == "accepted":
            raise RefusedError(400, "Bad request: Booking already confirmed")
        if booking.status != "pending" and "confirm-any" not in self.ways:
            raise RefusedError(400, f"Bad request: Booking is {booking.status}")
        return booking

    def _may_cancel(self, booking: Booking, reason: str, actor: Actor) -> None:
        ended = not booking.standing
        if booking.status == "cancelled" or (ended and "cancel-any" not in self.ways):
            raise RefusedError(400, "This booking has already been cancelled.")
        if "cancel-any" not in self.ways and actor.name == "api" and booking.host != CLINIC:
            raise RefusedError(401, "User is not authorized to cancel this booking")
        host = actor.name == "api" and booking.host == CLINIC
        if host and not reason and "cancel-reason" in self.ways:
            raise RefusedError(400, "Cancellation reason is required when you are the host")

    def add_attendee(self, booking: Booking, attendee: Attendee, actor: Actor) -> None:
        """Another client takes a seat."""
        self.move(booking, booking.status, actor)
        booking.attendees.append(attendee)

    def move(self, booking: Booking, to: str, actor: Actor, **changed: Any) -> None:
        """Write the row: another status, and what else changes."""
        self.replica.before_change(booking.uid, booking)
        origin, booking.status, booking.updated = booking.status, to, self.clock.now()
        for name, value in changed.items():
            setattr(booking, name, value)
        fields = {"from": origin, "to": to, **actor.entry()}
        self._journal.write("change", uid=booking.uid, **fields)


def _unknown(uid: str) -> RefusedError:
    return RefusedError(404, f"Booking with uid={uid} was not found in the database")
