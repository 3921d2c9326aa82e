"""What each day brings: clients whose treatment goes on are looked at anew, since days pass without
a fact. So what lies ahead of them is said in time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from ..store.bookings import LIVE
from ..store.models import BookingRow, MetaRow, VisitRow
from ..store.record import Record
from .clock_check import watch_clock
from .installation import Installation

_NAME = "looked-ahead"


def look_at_the_day(installation: Installation) -> None:
    """Wake, once a day, every client who has a booking to come or was here not long ago; nobody
    while the clock cannot be believed."""
    with installation.read() as record:
        if _done(record):
            return
    if watch_clock(installation).trouble:
        return
    with installation.write() as record:
        if _done(record):
            return
        today = record.today.isoformat()
        record.session.merge(MetaRow(clinic=record.clinic, name=_NAME, value=today))
        since = record.today - timedelta(days=installation.settings.tasks.ahead_days)
        waiting = record.wakeups.waiting()
        for patient_id in sorted(_going_on(record, since) - waiting):
            record.wake(patient_id, "day")


def _done(record: Record) -> bool:
    row = record.session.get(MetaRow, (record.clinic, _NAME))
    return row is not None and row.value == record.today.isoformat()


def _going_on(record: Record, since: date) -> set[str]:
    begin = datetime.combine(since, time(), ZoneInfo(record.zone))
    booked = select(BookingRow.patient_id).where(
        BookingRow.clinic == record.clinic,
        BookingRow.platform_status.in_(LIVE),
        BookingRow.start_at >= begin,
    )
    been = select(VisitRow.patient_id).where(
        VisitRow.clinic == record.clinic, VisitRow.day >= since, VisitRow.removed_at.is_(None)
    )
    return {*record.session.scalars(booked), *record.session.scalars(been)}
