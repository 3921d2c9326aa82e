"""Changing a booking: every single try reads it first, since Cal.com itself guards little.

It takes no idempotency keys; confirm and decline refuse only what is accepted, so that a booking
that was cancelled would be confirmed anew (packages/trpc/server/routers/viewer/bookings/
confirm.handler.ts); and what is read comes from a copy that lags (bookings.repository.ts in
apps/api/v2/src/platform/bookings/2024-08-13/repositories), so that what seems unchanged is read
once more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from massage_ins_bridge.api.connectors import (
    PlatformBooking,
    PlatformClient,
    PlatformError,
    PlatformRefusedError,
    WriteResult,
)

from . import values

#: Seconds after which the copy surely shows a change.
LAG = 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the verb, what goes with it, and the states before and after."""

    verb: str
    before: str
    after: str
    body: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Writer:
    """Changes bookings through the client; ``read`` reads one."""

    client: PlatformClient
    read: Callable[[str], PlatformBooking]

    def change(self, ref: str, change: Change, idem_key: str) -> WriteResult | None:
        """Bring a booking from one state to another. ``None``: somebody else was quicker, and it
        is in neither; look anew. Raises ``PlatformError``."""

        def stands() -> Any:
            """What came of a try whose answer was lost; ``None``: nothing, so once more."""
            status = self._status(ref, change.before)
            return None if status == change.before else status

        try:
            answer = self.client.post(
                f"{path_of(ref)}/{change.verb}",
                dict(change.body),
                applied=stands,
                headers={"x-request-id": idem_key},
            )
        except PlatformRefusedError as error:
            return self._refused(ref, change, error)
        if isinstance(answer, str):
            return WriteResult("native") if answer == change.after else None
        said = values.mapping(values.mapping(answer).get("data")).get("status")
        if said != change.after and self._status(ref, change.before) != change.after:
            raise PlatformError(f"Cal.com took the {change.verb} of booking {ref} without doing it")
        return WriteResult("native")

    def _refused(self, ref: str, change: Change, error: PlatformRefusedError) -> WriteResult | None:
        """Another run, or a person in Cal.com, may have been quicker."""
        if error.status not in (400, 409):
            raise error
        status = self._status(ref, change.before)
        if status == change.before:
            raise error
        return WriteResult("already") if status == change.after else None

    def _status(self, ref: str, before: str) -> str:
        """The state now; where it seems unchanged, the copy gets time to catch up."""
        status = self.read(ref).status
        if status == before:
            self.client.pause(LAG)
            status = self.read(ref).status
        return status


def path_of(ref: str) -> str:
    """A booking's address. Raises ``PlatformError`` for what is no uid."""
    if values.uid(ref) is None:
        raise PlatformError("this is no uid of a Cal.com booking", True)
    return f"/v2/bookings/{ref}"
