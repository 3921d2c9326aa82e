"""The ways in which Cal.com acts otherwise than one would think, each by its name.

All are on. One that is turned off makes the simulator act as one would think, so that what a fault
comes of can be found out. ``file`` is the vendor's file that acts so, as a path in the repository
calcom/cal.com.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_API = "apps/api/v2/src/platform/bookings/2024-08-13"
_WEBHOOKS = "packages/features/webhooks/lib"
_TRPC = "packages/trpc/server/routers/viewer/bookings"


@dataclass(frozen=True, slots=True)
class Way:
    """What Cal.com does, in one line, and the vendor's file where it does so."""

    name: str
    does: str
    file: str


WAYS = {
    way.name: way
    for way in (
        Way(
            "requested-plain",
            "BOOKING_REQUESTED after a move does not name the booking that was moved",
            f"{_WEBHOOKS}/factory/versioned/v2021-10-20/BookingPayloadBuilder.ts",
        ),
        Way(
            "queued",
            "BOOKING_REQUESTED is stamped when it is queued, filled when it is sent, and says "
            "PENDING whatever the booking is by then; of a deleted event type it is not sent",
            f"{_WEBHOOKS}/service/WebhookTaskConsumer.ts",
        ),
        Way(
            "stamped-late",
            "the other webhooks are stamped when they are sent, after slow calls, and are filled "
            "before: createdAt is later than the row's updatedAt, and perhaps than a later change",
            "packages/features/bookings/lib/handleConfirmation.ts",
        ),
        Way(
            "sent-once",
            "a webhook that is not answered with 2xx is not sent again",
            f"{_WEBHOOKS}/service/WebhookService.ts",
        ),
        Way(
            "no-redirect",
            "a redirect is not followed: the webhook is lost",
            f"{_WEBHOOKS}/sendPayload.ts",
        ),
        Way(
            "organizer-plain",
            "webhooks about a confirmation or a refusal do not name the host's id",
            f"{_TRPC}/confirm.handler.ts",
        ),
        Way(
            "thin-request",
            "where the host asks for another time, BOOKING_CANCELLED has neither status, bookingId "
            "nor eventTypeId, and its type is the event type's title",
            f"{_TRPC}/requestReschedule.handler.ts",
        ),
        Way(
            "cancel-first",
            "BOOKING_CANCELLED is sent, and waited for, before the row is written",
            "packages/features/bookings/lib/handleCancelBooking.ts",
        ),
        Way(
            "series-once",
            "a series that is cancelled whole sends one BOOKING_CANCELLED, about its first booking",
            "packages/features/bookings/lib/handleCancelBooking.ts",
        ),
        Way(
            "cancel-any",
            "cancel asks neither for a key nor for ownership, and refuses only what is cancelled",
            f"{_API}/controllers/bookings.controller.ts",
        ),
        Way(
            "cancel-reason",
            "the host cannot cancel without a reason",
            "packages/features/bookings/lib/handleCancelBooking.ts",
        ),
        Way(
            "confirm-any",
            "confirm and decline refuse only what is accepted: what was cancelled or rejected "
            "becomes accepted or rejected",
            f"{_TRPC}/confirm.handler.ts",
        ),
        Way(
            "confirm-hosts",
            "confirm and decline are for hosts and admins of their team (401)",
            f"{_TRPC}/confirm.handler.ts",
        ),
        Way(
            "no-show-apart",
            "a no-show is marked on an attendee, perhaps on a guest, and the booking's updatedAt "
            "stays; the webhook names the changed attendees only",
            "packages/features/handleMarkNoShow.ts",
        ),
        Way(
            "no-show-after",
            "a no-show is refused before the booking's start",
            f"{_API}/services/bookings.service.ts",
        ),
        Way(
            "list-scope",
            "the list holds also bookings in which the key's user is a guest, and for a team's "
            "admin those of its members",
            f"{_TRPC}/get.handler.ts",
        ),
        Way(
            "list-total",
            "the list's total counts also what the filters by time of change leave out",
            f"{_TRPC}/get.handler.ts",
        ),
        Way(
            "replica",
            "reads come from a copy that lags: at the first read after a change a booking is as it "
            "was, a new one is not there (404)",
            f"{_API}/repositories/bookings.repository.ts",
        ),
        Way(
            "unordered",
            "attendees come in no order, the guests among them",
            f"{_API}/repositories/bookings.repository.ts",
        ),
        Way(
            "series-plain",
            "a booking of a series names neither the one that it was moved to, nor who moved it, "
            "nor the client's phone",
            f"{_API}/services/output.service.ts",
        ),
        Way(
            "seats-hidden",
            "one seated booking shows its attendees only to hosts and admins of the event type; "
            "it has no answers but those of the seats",
            f"{_API}/services/output.service.ts",
        ),
        Way(
            "type-null",
            "the bookings of a deleted event type have none (eventTypeId null)",
            f"{_API}/services/output.service.ts",
        ),
        Way(
            "managed-ids",
            "a managed event type has an id of its own for each member",
            f"{_API}/services/bookings.service.ts",
        ),
        Way(
            "webhook-public",
            "a webhook is registered by the API only for https and a public host",
            "apps/api/v2/src/modules/webhooks/validators/webhookUrlValidator.ts",
        ),
        Way(
            "threshold",
            "an event type may ask for confirmation only shortly before the start; bookings "
            "further ahead are accepted at once",
            "packages/features/bookings/lib/handleNewBooking/getRequiresConfirmationFlags.ts",
        ),
    )
}


class Ways:
    """The ways that are on: ``"replica" in ways``."""

    def __init__(self, off: Iterable[str] = ()) -> None:
        """``off`` names those that are not. Raises ``ValueError`` for a name that is none."""
        self.off = frozenset(off)
        unknown = sorted(self.off - WAYS.keys())
        if unknown:
            raise ValueError(f"{unknown[0]!r} is none of {', '.join(WAYS)}")

    def __contains__(self, name: str) -> bool:
        return WAYS[name].name not in self.off


def told() -> str:
    """All ways, each with what it does and where."""
    return "\n".join(f"{way.name}: {way.does}\n    {way.file}" for way in WAYS.values())
