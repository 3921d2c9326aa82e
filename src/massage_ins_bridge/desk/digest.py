"""The morning's summary for staff: figures of the day, and nobody's name."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from ..domain.days import zone
from ..messages.days import short_day, time_in_words
from ..store.bookings import LIVE
from ..store.models import BookingRow, DecisionRow, MetaRow, WordRow, WriteRow
from ..store.record import Record
from ..store.task_models import TaskRow
from ..store.unit import noted
from ..store.writes import PLATFORM
from .installation import Installation
from .machine_lines import machine_lines
from .plan_mail import moment, want
from .reminders import to_remind

DIGEST = "digest"
Values = dict[str, str | None]


def plan_digest(installation: Installation) -> None:
    """From its hour on, have the day's summary sent, once."""
    mail = installation.settings.mail
    if mail is None or not mail.staff:
        return
    with installation.read() as record:
        if record.now < moment(record, mail.digest_time):
            return
        subject = f"{DIGEST}:{record.today}"
        if noted(record.session, record.clinic, DIGEST) == subject:
            return
        empty = digest_values(installation, record) is None
    with installation.write() as record:
        record.session.merge(MetaRow(clinic=record.clinic, name=DIGEST, value=subject))
        if not empty:
            want(record, subject, 0, DIGEST, timedelta(0))


def digest_values(installation: Installation, record: Record) -> Values | None:
    """What the summary says today; ``None`` where there is nothing in it."""
    mail = installation.settings.mail
    begin, end = _day(record, 0), _day(record, 1)
    visits = _visits(record, begin, end)
    refusals = [w for w in record.writes.waiting(end) if w.due_at is not None and w.due_at < end]
    due, late = _tasks(record)
    reminders = len(to_remind(installation, record))
    if not (sum(visits.values()) or refusals or due or late or reminders):
        return None
    hold, first = visits.get("hold", 0), refusals[0].due_at if refusals else None
    own = visits.get("own", 0)
    return {
        "date": short_day(record.today, "en", record.today),
        "visits": _count_of(sum(visits.values()), "visit", "visits"),
        "need": _count_of(hold + due + late, "needs you", "need you"),
        "confirmed": str(visits.get("allow", 0)),
        "hold": str(hold),
        "own": str(own),
        "refusals": _count_of(len(refusals), "refusal", "refusals"),
        "first_refusal": time_in_words(first, "en", record.zone) if first else None,
        "reminders": str(reminders),
        "reminder_time": time_in_words(moment(record, mail.reminder_time), "en", record.zone)
        if mail
        else None,
        "tasks": _count_of(due, "task", "tasks"),
        "late": str(late),
        **_yesterday(record),
        "health": _health(installation, record),
        "link": installation.settings.public_url.rstrip("/") + "/",
        "clinic": installation.settings.clinic_facts.name or None,
    }


def _visits(record: Record, begin: datetime, end: datetime) -> dict[str, int]:
    """By outcome, the visits of the day; those that nobody is billed for as ``own``."""
    rows = record.session.scalars(
        select(BookingRow).where(
            BookingRow.clinic == record.clinic,
            BookingRow.platform_status.in_(LIVE),
            BookingRow.start_at.between(begin, end),
        )
    )
    found: dict[str, int] = {}
    for row in rows:
        own = row.outcome == "allow" and record.bookings.details(row).self_pay
        kind = "own" if own else "allow" if row.outcome == "allow" else "hold"
        found[kind] = found.get(kind, 0) + 1
    return found


def _tasks(record: Record) -> tuple[int, int]:
    """How many tasks are due today, and how many are late."""
    is_open = (TaskRow.clinic == record.clinic, TaskRow.done_at.is_(None))
    due = _count(record, TaskRow, *is_open, TaskRow.due == record.today)
    return due, _count(record, TaskRow, *is_open, TaskRow.due < record.today)


def _yesterday(record: Record) -> Values:
    begin, end = _day(record, -1), _day(record, 0)
    refused = _count(
        record,
        WriteRow,
        WriteRow.clinic == record.clinic,
        WriteRow.channel == PLATFORM,
        WriteRow.kind == "block",
        WriteRow.reached == "native",
        WriteRow.done_at.between(begin, end),
    )
    stopped = _count(
        record,
        WordRow,
        WordRow.clinic == record.clinic,
        WordRow.kind == "stop",
        WordRow.created_at.between(begin, end),
    )
    cured = _cured(record, begin, end)
    return {"cured": str(cured), "refused": str(refused), "stopped": str(stopped)}


def _cured(record: Record, begin: datetime, end: datetime) -> int:
    """How many bookings a decision of that day allowed that the one before it held."""
    before = DecisionRow.__table__.alias("before")
    return (
        record.session.scalar(
            select(func.count(DecisionRow.booking_id.distinct())).where(
                DecisionRow.clinic == record.clinic,
                DecisionRow.outcome == "allow",
                DecisionRow.decided_at.between(begin, end),
                select(before.c.id)
                .where(
                    before.c.booking_id == DecisionRow.booking_id,
                    before.c.number == DecisionRow.number - 1,
                    before.c.outcome == "hold",
                )
                .exists(),
            )
        )
        or 0
    )


def _health(installation: Installation, record: Record) -> str:
    """How the accounts are, as Today has it, the worst first."""
    said = [f"{line.account} {line.words}".strip() for line in machine_lines(installation, record)]
    return " ".join(said) or "none."


def _count_of(number: int, one: str, several: str) -> str:
    """ "1 visit", "8 visits"."""
    return f"{number} {one if number == 1 else several}"


def _count(record: Record, kind: Any, *where: ColumnElement[bool]) -> int:
    return record.session.scalar(select(func.count()).select_from(kind).where(*where)) or 0


def _day(record: Record, offset: int) -> datetime:
    """When the day begins that lies so many days from today."""
    day = record.today + timedelta(days=offset)
    return datetime.combine(day, time(), zone(record.zone))
