"""What is wanted of the platform and of other channels, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from .models import BookingRow, WriteRow
from .scope import Scope
from .types import new_id

PLATFORM, NOTICE, EMAIL = "platform", "notice", "email"
#: What a notice tells a platform that acts by itself: to hold, and that a hold is over.
TELL_HOLD, TELL_ALLOW = "tell-hold", "tell-allow"
#: In the place of an account, what has e-mails wait for their server alone. No account is named so.
MAIL_SERVER = "@mail"
#: Only looked at, overtaken by another outcome, or refused by the platform at the time.
NEVER_WRITTEN = ("observed", "superseded", "failed")
#: Still to be written: at a time to come, or now.
OPEN = ("waiting", "queued")
_OF_BOOKINGS = (
    select(WriteRow)
    .where(
        WriteRow.channel == bindparam("channel"),
        WriteRow.subject.in_(bindparam("ids", expanding=True)),
    )
    .order_by(WriteRow.subject, WriteRow.number)
)


_LAST_NOTICE = (
    select(WriteRow)
    .where(WriteRow.channel == NOTICE, WriteRow.subject == bindparam("id"))
    .order_by(WriteRow.number.desc())
    .limit(1)
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

    def of_bookings(
        self, booking_ids: Iterable[str], channel: str = PLATFORM
    ) -> dict[str, list[WriteRow]]:
        """By booking, its writes in the order in which they were first wanted."""
        found: dict[str, list[WriteRow]] = {}
        wanted = {"ids": list(booking_ids), "channel": channel}
        for row in self._scope.session.scalars(_OF_BOOKINGS, wanted):
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

    def last_notice(self, booking_id: str) -> WriteRow | None:
        """The latest notice of a booking, whatever became of it."""
        return self._scope.session.scalar(_LAST_NOTICE, {"id": booking_id})

    def notify(self, row: BookingRow, last: WriteRow | None, kind: str, said: str) -> WriteRow:
        """One more notice of a booking, to be sent; ``last`` is the latest. ``said``: what tells it
        from others, kept as a hash."""
        number, now = (last.number if last is not None else 0) + 1, self._scope.now
        write = WriteRow(
            id=new_id("wrt"),
            clinic=row.clinic,
            channel=NOTICE,
            account=row.account,
            subject=row.id,
            number=number,
            revision=number,
            kind=kind,
            state="queued",
            reason="",
            said_hash=self.hash_of(said),
            created_at=now,
            wanted_at=now,
        )
        self._scope.session.add(write)
        return write

    def hash_of(self, said: str) -> str:
        """What a notice says, as a keyed hash."""
        return self._scope.vault.fingerprint(said, self._scope.place("writes.said"))

    def want_mail(
        self, subject: str, revision: int, kind: str, due_at: datetime
    ) -> WriteRow | None:
        """An e-mail that leaves at ``due_at``, one of a kind for each subject and revision;
        ``None`` where it is on record. One that was called off before it left is wanted anew."""
        known = self.of_bookings([subject], EMAIL).get(subject, [])
        write = next((w for w in known if (w.revision, w.kind) == (revision, kind)), None)
        if write is not None and write.state != "superseded":
            return None
        if write is None:
            write = WriteRow(
                id=new_id("wrt"),
                clinic=self._scope.clinic,
                channel=EMAIL,
                account=MAIL_SERVER,
                subject=subject,
                number=len(known) + 1,
                revision=revision,
                kind=kind,
                created_at=self._scope.now,
            )
            self._scope.session.add(write)
        write.state, write.due_at, write.wanted_at = "queued", due_at, self._scope.now
        write.detail, write.done_at, write.reached = None, None, None
        return write

    def call_off(self, write: WriteRow, why: str) -> None:
        """An e-mail that has not left is wanted no more."""
        if write.state == "queued":
            write.state, write.done_at, write.detail = "superseded", self._scope.now, why

    def withdraw(self, write: WriteRow, why: str) -> None:
        """A write that only waits is wanted no more. One that is queued may be under way: whoever
        carries it out looks whether it is still wanted."""
        if write.state == "waiting":
            write.state, write.done_at, write.detail = "superseded", self._scope.now, why

    def queued(self, account: str, most: int = 1_000) -> list[WriteRow]:
        """What is to be written to an account's platform now, oldest first."""
        query = select(WriteRow).where(
            WriteRow.clinic == self._scope.clinic,
            WriteRow.account == account,
            WriteRow.state == "queued",
        )
        return list(self._scope.session.scalars(query.order_by(WriteRow.wanted_at).limit(most)))

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
