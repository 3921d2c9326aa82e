"""Refusals that wait: shown with their time, stopped, and carried out at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..domain.days import local_day
from ..domain.reading import read
from ..store.bookings import LIVE
from ..store.models import BookingRow, WordRow, WriteRow
from ..store.record import Record, Work
from ..store.words import Said
from ..store.writes import first_run
from .errors import ConflictError
from .installation import Installation
from .odd_characters import refuse_odd_characters
from .open_days import open_days
from .staff_words import in_force, must_say, open_words
from .tasks import TaskKind, ask
from .visits import locked_booking

_NOTHING = "Nothing is to be refused: the rules let this booking stand, or hold it."


@dataclass(frozen=True, slots=True)
class Word:
    """A member of staff's word: their name, and their reason."""

    name: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal that waits. ``at``: when it is carried out; ``by_clock``: nobody asked for it by
    what they did; a deadline passed, or the rules are newer."""

    booking: str
    account: str
    patient: str
    start: datetime
    at: datetime
    by_clock: bool


@dataclass(frozen=True, slots=True)
class Refusals:
    """All refusals that wait, the next one first."""

    refusals: tuple[Refusal, ...]


def waiting(record: Record) -> Refusals:
    """Every refusal that waits."""
    found = []
    for write in record.writes.waiting():
        row = record.bookings.get(write.subject)
        if row is not None and write.due_at is not None:
            found.append(_refusal(write, row, write.due_at))
    return Refusals(tuple(found))


def carry_out_due(installation: Installation) -> None:
    """Have carried out what has waited long enough. Whoever does it reads and decides again."""
    with installation.read() as record:
        if not record.writes.waiting(record.now):
            return
    with installation.write() as record:
        for write in record.writes.waiting(record.now):
            write.state, write.wanted_at = "queued", record.now
            record.work.append(Work("write", write.id, first_run(write), write.account))


def stop(installation: Installation, record: Record, booking_id: str, data: Any) -> BookingRow:
    """Leave a booking that would be refused on hold: no clock refuses it from now on, and staff is
    asked on the last open day before the visit. It is no allowance: what cures it confirms it.

    Raises ``NotFoundError``, ``UnusableInputError``, and ``ConflictError`` where nothing is to be
    refused.
    """
    said = _said(data)
    row = locked_booking(record, booking_id)
    words = _words(record, row)
    if in_force(words, record.now).stopped:
        return row
    if row.outcome != "block" or row.platform_status not in LIVE:
        raise ConflictError(_NOTHING)
    if in_force(words, record.now).override == "block":
        raise ConflictError("A person refused this booking; take their override back instead.")
    _end(record, words, "now", said.name)
    record.words.add(row.id, "stop", said)
    for write in _open_blocks(record, row):
        record.writes.withdraw(write, "it was stopped")
    row.outcome = "hold"
    days = open_days(installation)
    before = local_day(row.start_at, record.zone) - timedelta(days=1)
    last = max(record.today, days.last_on_or_before(before))
    ask(record, TaskKind.REFUSAL_STOPPED, row.id, about=row, due=last)
    record.wake(row.patient_id, "refusal-stopped")
    return row


def resume(record: Record, booking_id: str, data: Any) -> BookingRow:
    """Take a stop back: what the rules say counts again, after a new pause.

    Raises ``NotFoundError``, ``UnusableInputError``, and ``ConflictError`` where none was stopped.
    """
    said = _said(data)
    row = locked_booking(record, booking_id)
    words = _words(record, row)
    if not in_force(words, record.now).stopped:
        raise ConflictError("No refusal of this booking was stopped.")
    _end(record, words, "stop", said.name)
    record.wake(row.patient_id, "refusal-resumed")
    return row


def carry_out(installation: Installation, record: Record, booking_id: str, data: Any) -> BookingRow:
    """Refuse a booking now that the rules do not let stand, on a person's word: also one that a
    person accepted, and one whose refusal was stopped.

    Raises ``NotFoundError``, ``UnusableInputError``, and ``ConflictError`` where nothing is to be
    refused, or nothing may be written.
    """
    said = _said(data)
    row = locked_booking(record, booking_id)
    words = _words(record, row)
    now = in_force(words, record.now)
    if row.platform_status not in LIVE or not (row.outcome == "block" or now.stopped):
        raise ConflictError(_NOTHING)
    if row.start_at <= record.now:
        raise ConflictError("This booking has begun; say how it ended instead.")
    account = installation.accounts.get(row.account)
    if account is None or not account.enforces:
        raise ConflictError("Its account only observes: nothing is written to the platform.")
    if not now.at_once:
        _end(record, words, "stop", said.name)
        record.words.add(row.id, "now", said)
        record.wake(row.patient_id, "refusal-ordered")
    return row


def _refusal(write: WriteRow, row: BookingRow, at: datetime) -> Refusal:
    return Refusal(row.id, row.account, row.patient_id, row.start_at, at, write.by_clock)


def _said(data: Any) -> Said:
    refuse_odd_characters(data, one_line=True)
    word = read(Word, data)
    must_say("name", word.name)
    return Said(word.name, word.reason or "")


def _words(record: Record, row: BookingRow) -> list[WordRow]:
    return record.words.of_bookings([row.id]).get(row.id, [])


def _end(record: Record, words: list[WordRow], kind: str, by: str) -> None:
    for word in open_words(words, record.now):
        if word.kind == kind:
            record.words.end(word, by)


def _open_blocks(record: Record, row: BookingRow) -> list[WriteRow]:
    writes = record.writes.of_bookings([row.id]).get(row.id, [])
    return [w for w in writes if w.kind == "block" and w.revision == row.revision]
