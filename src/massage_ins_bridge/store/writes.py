"""What is wanted of the platform and of other channels, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from .models import BookingRow, WriteRow
from .scope import Scope
from .types import new_id

PLATFORM = "platform"
#: Only looked at, overtaken by another outcome, or refused by the platform at the time.
NEVER_WRITTEN = ("observed", "superseded", "failed")
#: Still to be written: at a time to come, or now.
OPEN = ("waiting", "queued")
_OF_BOOKINGS = (
    select(WriteRow)
    .where(WriteRow.channel == PLATFORM, WriteRow.subject.in_(bindparam("ids", expanding=True)))
    .order_by(WriteRow.subject, WriteRow.number)
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One change of a booking's state that is wanted, in the terms of ``WriteRow``."""

    kind: str
    state: str
    reason: str = ""
    reached: str | None = None
    due_at: datetime | None = None
    by_clock: bool = False


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

    def want(self, row: BookingRow, known: list[WriteRow], wanted: Wanted) -> WriteRow | None:
        """One change of a booking's state, once in each of its revisions; ``None`` where it is on
        record and need not be done (again). One that was never written is wanted anew.

        ``known`` are the booking's writes; a new one is added to the list.
        """
        now = self._scope.now
        same = [w for w in known if (w.revision, w.kind) == (row.revision, wanted.kind)]
        if same:
            write = same[0]
            if not _changes(write, wanted):
                return None
        else:
            write = WriteRow(
                id=new_id("wrt"),
                clinic=row.clinic,
                channel=PLATFORM,
                account=row.account,
                subject=row.id,
                number=max((w.number for w in known), default=0) + 1,
                revision=row.revision,
                kind=wanted.kind,
                created_at=now,
            )
            self._scope.session.add(write)
            known.append(write)
        write.state, write.reached, write.reason = wanted.state, wanted.reached, wanted.reason
        write.due_at, write.by_clock = wanted.due_at, wanted.by_clock
        write.wanted_at, write.detail = now, None
        write.done_at = None if wanted.state in OPEN else now
        return write

    def withdraw(self, write: WriteRow, why: str) -> None:
        """A write that only waits is wanted no more. One that is queued may be under way: whoever
        carries it out looks whether it is still wanted."""
        if write.state == "waiting":
            write.state, write.done_at, write.detail = "superseded", self._scope.now, why

    def waiting(self, until: datetime | None = None) -> list[WriteRow]:
        """The writes that wait, by their time; ``until``: only those whose time has come then."""
        query = select(WriteRow).where(
            WriteRow.clinic == self._scope.clinic, WriteRow.state == "waiting"
        )
        if until is not None:
            query = query.where(WriteRow.due_at <= until)
        return list(self._scope.session.scalars(query.order_by(WriteRow.due_at, WriteRow.id)))


def _changes(write: WriteRow, wanted: Wanted) -> bool:
    """Whether a write on record becomes what is wanted now."""
    if write.state in NEVER_WRITTEN:
        return wanted.state not in NEVER_WRITTEN
    if write.state == "waiting":
        return wanted.state != "waiting"
    by_hand = write.state == "done" and write.reached in ("manual", "unsupported")
    return by_hand and wanted.state in OPEN


def first_run(write: WriteRow) -> str:
    """The id of the run that does a write first: another one each time that it is wanted."""
    return f"{write.id}@{write.wanted_at:%Y%m%d%H%M%S%f}"
