"""What is wanted of the platform and of other channels, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from .models import BookingRow, WriteRow
from .scope import Scope
from .types import new_id

PLATFORM = "platform"
#: Only looked at, overtaken by another outcome, or refused by the platform at the time.
NEVER_WRITTEN = ("observed", "superseded", "failed")
MAX_TEXT = 500
_OF_BOOKINGS = (
    select(WriteRow)
    .where(WriteRow.channel == PLATFORM, WriteRow.subject.in_(bindparam("ids", expanding=True)))
    .order_by(WriteRow.subject, WriteRow.number)
)


class Writes:
    """The writes of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def of_bookings(self, booking_ids: Iterable[str]) -> dict[str, list[WriteRow]]:
        """By booking, its writes in the order in which they were first wanted."""
        found: dict[str, list[WriteRow]] = {}
        for row in self._scope.session.scalars(_OF_BOOKINGS, {"ids": list(booking_ids)}):
            found.setdefault(row.subject, []).append(row)
        return found

    def want(
        self,
        row: BookingRow,
        known: list[WriteRow],
        kind: str,
        state: str,
        *,
        reason: str = "",
        reached: str | None = None,
    ) -> WriteRow | None:
        """One change of a booking's state, once in each of its revisions; ``None`` where it is on
        record and need not be done (again). One that was never written is wanted anew.

        ``known`` are the booking's writes; a new one is added to the list.
        """
        now = self._scope.now
        same = [w for w in known if (w.revision, w.kind) == (row.revision, kind)]
        done_at = None if state == "queued" else now
        if same:
            write = same[0]
            if write.state not in NEVER_WRITTEN or state in NEVER_WRITTEN:
                return None
            write.state, write.reached, write.reason = state, reached, reason[:MAX_TEXT]
            write.wanted_at, write.done_at, write.detail = now, done_at, None
            return write
        write = WriteRow(
            id=new_id("wrt"),
            clinic=row.clinic,
            channel=PLATFORM,
            account=row.account,
            subject=row.id,
            number=max((w.number for w in known), default=0) + 1,
            revision=row.revision,
            kind=kind,
            state=state,
            reached=reached,
            reason=reason[:MAX_TEXT],
            created_at=now,
            wanted_at=now,
            done_at=done_at,
        )
        self._scope.session.add(write)
        known.append(write)
        return write


def first_run(write: WriteRow) -> str:
    """The id of the run that does a write first: another one each time that it is wanted."""
    return f"{write.id}@{write.wanted_at:%Y%m%d%H%M%S%f}"
