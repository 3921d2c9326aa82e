"""Who hosts bookings, and whose key it is that the API is asked with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .ways import Ways

if TYPE_CHECKING:
    from .bookings import Booking, EventType

ZONE = "America/Los_Angeles"
#: The number of the team.
TEAM = 40


@dataclass(frozen=True, slots=True)
class Host:
    """A user of the platform."""

    id: int
    name: str
    email: str
    username: str

    def shown(self) -> dict[str, Any]:
        """As answers and webhooks show a user."""
        return {
            "id": self.id,
            "name": self.name,
            "email": self.email,
            "username": self.username,
        }


#: The key's user, another member of their team, and somebody of whom they know nothing.
CLINIC = Host(5, "Example Massage", "desk@clinic.example", "clinic")
MEMBER = Host(6, "Noa Example", "noa@clinic.example", "noa")
STRANGER = Host(7, "Example Dental", "front@dental.example", "dental")
HOSTS = {host.id: host for host in (CLINIC, MEMBER, STRANGER)}


@dataclass(frozen=True, slots=True)
class Key:
    """The API key of ``CLINIC``, who may be an admin of the team of ``CLINIC`` and ``MEMBER``."""

    ways: Ways
    team_admin: bool = False

    @property
    def _theirs(self) -> tuple[Host, ...]:
        return (CLINIC, MEMBER) if self.team_admin else (CLINIC,)

    def lists(self, booking: Booking) -> bool:
        """Whether the list of bookings holds it: ``getBookings`` in
        packages/trpc/server/routers/viewer/bookings/get.handler.ts."""
        if "list-scope" not in self.ways:
            return booking.host == CLINIC
        emails = {attendee.email for attendee in booking.attendees}
        return booking.host in self._theirs or any(host.email in emails for host in self._theirs)

    def confirms(self, booking: Booking) -> bool:
        """Whether it may confirm and decline: ``checkIfUserIsAuthorizedToConfirmBooking`` in
        packages/trpc/server/routers/viewer/bookings/confirm.handler.ts."""
        return "confirm-hosts" not in self.ways or booking.host in self._theirs

    def manages(self, kind: EventType) -> bool:
        """Whether an event type is theirs, or a member's."""
        return self.team_admin if kind.team else HOSTS[kind.owner] in self._theirs

    def members(self) -> tuple[Host, ...]:
        """The members of the team whose admin they are; none without one."""
        return self._theirs if self.team_admin else ()

    def sees_seats(self, booking: Booking) -> bool:
        """Whether one seated booking shows it its attendees: ``userIsEventTypeAdminOrOwner`` in
        apps/api/v2/src/modules/event-types/services/event-type-access.service.ts."""
        kind = booking.event_type
        if "seats-hidden" not in self.ways or kind is None:
            return True
        return kind.seats_show_attendees or self.manages(kind)

    def hears_of(self, booking: Booking) -> bool:
        """Whether its webhooks tell of it: those of a user tell of what they host, those of a team
        of what its members do."""
        return booking.host in self._theirs
