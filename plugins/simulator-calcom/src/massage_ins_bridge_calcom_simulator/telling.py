"""Who is told of what happens on the platform: webhooks and what they say."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .bookings import Booking
from .outbox import Message, Outbox
from .people import Key
from .shown import in_webhook

#: Seconds that a cancellation waits for its webhook.
PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Teller:
    """Sends the webhooks of the key's user, and of their team where they are an admin."""

    key: Key
    outbox: Outbox

    def tell(self, trigger: str, booking: Booking, **extra: Any) -> Message | None:
        """Tell of a booking; what is said is what the booking is when the webhook is filled."""
        return self._send(trigger, booking, None, **extra)

    def say(self, trigger: str, booking: Booking, said: Mapping[str, Any]) -> None:
        """Tell these very words."""
        self._send(trigger, booking, said)

    def decided(self, trigger: str, booking: Booking, **extra: Any) -> None:
        """Tell of a confirmation or a refusal; see the way ``organizer-plain``."""
        said = in_webhook(booking, self.key.ways, extra)
        if "organizer-plain" in self.key.ways:
            said["organizer"] = {k: v for k, v in said["organizer"].items() if k != "id"}
        self._send(trigger, booking, said)

    async def cancelled(self, bookings: Sequence[Booking], said: Mapping[str, Any]) -> None:
        """Tell of a cancellation, and wait until that was sent, as the platform does; not for ever,
        since here other webhooks may stand before it in the queue."""
        once = bookings[:1] if "series-once" in self.key.ways else bookings
        for message in [self.tell("BOOKING_CANCELLED", one, **said) for one in once]:
            if message is not None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(message.tried.wait(), PATIENCE)

    def _send(
        self, trigger: str, booking: Booking, said: Mapping[str, Any] | None, **extra: Any
    ) -> Message | None:
        ways = self.key.ways
        if not self.key.hears_of(booking):
            return None

        def payload() -> Mapping[str, Any] | None:
            if said is not None:
                return said
            if trigger != "BOOKING_REQUESTED":
                return in_webhook(booking, ways, extra)
            if booking.event_type is None and "queued" in ways:
                return None
            return in_webhook(booking, ways, {"status": "PENDING", **extra})

        return self.outbox.send(trigger, booking.uid, payload)
