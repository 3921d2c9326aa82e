"""Reminders of what a client has still to send: on the open day before the last one, each once."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from ..store.bookings import LIVE
from ..store.models import BookingRow, WriteRow
from ..store.record import Record
from ..store.writes import EMAIL
from .client_file import load_client
from .installation import Installation
from .mail_values import address_of_client, is_true, last_day_of
from .open_days import open_days
from .plan_mail import moment, want

REMINDER = "reminder"
_AHEAD = timedelta(days=14)


def plan_reminders(installation: Installation) -> None:
    """From the hour of reminders on, remind those whose last day is the next open one."""
    mail = installation.settings.mail
    if mail is None:
        return
    with installation.read() as record:
        if record.now < moment(record, mail.reminder_time):
            return
        due = [row.id for row in to_remind(installation, record)]
    for booking_id in due:
        with installation.write() as record:
            row = record.bookings.get(booking_id)
            if row is not None and row.outcome == "hold":
                want(record, row.id, row.revision, REMINDER, timedelta(0))


def to_remind(installation: Installation, record: Record) -> list[BookingRow]:
    """Bookings on hold whose client's own last day comes after the next one on which nobody is at
    the desk, or tomorrow; whose clients can be written to, and have still something to send; of
    whom nobody was reminded yet, nor told today. The client's day is no earlier than the first one
    on which anything is due."""
    query = select(BookingRow).where(
        BookingRow.clinic == record.clinic,
        BookingRow.platform_status.in_(LIVE),
        BookingRow.outcome == "hold",
        BookingRow.start_at > record.now,
        BookingRow.next_due.between(record.today, record.today + _AHEAD),
    )
    days, found = open_days(installation), []
    rows = list(record.session.scalars(query))
    mails = record.writes.of_bookings([row.id for row in rows], EMAIL)
    for row in rows:
        known = [w for w in mails.get(row.id, []) if w.revision == row.revision]
        if not _was_told_before(record, known):
            continue
        last = _last_day(installation, record, row)
        if last is None or last <= record.today:
            continue
        if days.last_on_or_before(last - timedelta(days=1)) <= record.today:
            found.append(row)
    return found


def _was_told_before(record: Record, known: list[WriteRow]) -> bool:
    """Whether the client heard on an earlier day what is missing, and was not reminded. A reminder
    that was called off reminded nobody."""
    if any(w.kind == REMINDER and w.state != "superseded" for w in known):
        return False
    return any(
        w.kind == "hold" and w.done_at is not None and record.day(w.done_at) < record.today
        for w in known
        if w.state == "done"
    )


def _last_day(installation: Installation, record: Record, row: BookingRow) -> date | None:
    """The client's own last day; ``None`` where a reminder of it would not leave."""
    file = load_client(record, row.patient_id)
    if file is None or address_of_client(installation, record, file.patient_id) is None:
        return None
    held = file.held(row.id)
    if not is_true(installation, record, file, held, REMINDER):
        return None
    return last_day_of(record, file, held)
