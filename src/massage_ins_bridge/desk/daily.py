"""What each day brings: clients whose treatment goes on are looked at anew, since days pass without
a fact. So what lies ahead of them is said in time. What decides differs only with a start, or a
change of the clinic's own rules: then the day is looked at once more."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from .. import __version__
from ..store.bookings import LIVE
from ..store.models import BookingRow, MetaRow, VisitRow
from ..store.record import Record
from .clock_check import watch_clock
from .installation import Installation
from .kept_form import forget_kept_forms

_NAME = "looked-ahead"
_DECIDES = "decides"
#: What woke those who are looked at.
DAY = "day"


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
        forget_kept_forms(record)
        today = record.today.isoformat()
        record.session.merge(MetaRow(clinic=record.clinic, name=_NAME, value=today))
        since = record.today - timedelta(days=installation.settings.tasks.ahead_days)
        waiting = record.wakeups.waiting()
        for patient_id in sorted(_going_on(record, since) - waiting):
            record.wake(patient_id, DAY)


def look_where_others_decide(installation: Installation) -> None:
    """Where release, rules, the clinic's settings or what they call services and hosts are not
    those that decided until the last stop, have the day looked at anew, whatever of it was looked
    at already. Nothing is decided here: the looking goes the way of every day, with its pause
    before a refusal."""
    now = _what_decides(installation)
    with installation.write() as record:
        record.lock()  # several processes may start at one moment
        key = (record.clinic, _DECIDES)
        known = record.session.get(MetaRow, key)
        if known is not None and known.value == now:
            return
        record.session.merge(MetaRow(clinic=record.clinic, name=_DECIDES, value=now))
        _forget_look(record)


def look_anew(installation: Installation, record: Record) -> None:
    """The same after the rules became others while it runs."""
    now = _what_decides(installation)
    record.session.merge(MetaRow(clinic=record.clinic, name=_DECIDES, value=now))
    _forget_look(record)


def _forget_look(record: Record) -> None:
    looked = record.session.get(MetaRow, (record.clinic, _NAME))
    if looked is not None:
        record.session.delete(looked)


def _what_decides(installation: Installation) -> str:
    books = sorted(installation.host.books.items())
    rules = [(name, book.ruleset, book.rules, book.payers) for name, book in books]
    named = [
        (account.name, account.settings.services, account.settings.practitioners)
        for account in installation.accounts.values()
    ]
    said = repr((__version__, rules, installation.settings.clinic_facts, named))
    return hashlib.sha256(said.encode()).hexdigest()


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
