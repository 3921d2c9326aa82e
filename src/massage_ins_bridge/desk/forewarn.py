"""The day before a clock refuses a booking, staff hears of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from ..domain.answers import Decision
from ..domain.days import zone
from ..domain.describe import describe
from ..store.bookings import LIVE
from ..store.models import BookingRow
from ..store.record import Record
from .client_file import ClientFile, Held, load_client
from .going_live import may_write, step_of
from .installation import Installation
from .open_days import open_days
from .staff_words import in_force
from .tasks import TaskKind, ask

log = structlog.get_logger(__name__)
#: No week passes without an open day, but for holidays.
_AHEAD = timedelta(days=14)


def warn(record: Record, held: Held, *, last: date, act_by: date) -> None:
    """Tell staff that the bridge refuses the booking once ``last`` has passed."""
    ask(
        record,
        TaskKind.REFUSED_TOMORROW,
        held.row.id,
        about=held.row,
        due=act_by,
        known=held.tasks,
        last=f"{last:%A, %B} {last.day}, {last.year}",
    )


def warn_of_refusals(installation: Installation) -> None:
    """Ask about every booking on hold that the passing of its deadline would have refused, from the
    last open day on that is no later than the deadline."""
    days = open_days(installation)
    with installation.read() as record:
        due = [row.id for row in _held(record) if _is_time(days.last_on_or_before, record, row)]
    for booking_id in due:
        with installation.write() as record:
            row = record.bookings.get(booking_id)
            if row is None or row.next_due is None:
                continue
            file = load_client(record, row.patient_id, lock=True)
            if file is None or row.next_due is None or row.outcome != "hold":
                continue
            row.warned_due = row.next_due  # looked at, whatever came of it
            held = file.held(row.id)
            if would_refuse(installation, record, file, held, row.next_due):
                warn(record, held, last=row.next_due, act_by=days.last_on_or_before(row.next_due))


def decided_at(
    installation: Installation, record: Record, file: ClientFile, held: Held, moment: datetime
) -> Decision | None:
    """What the rules would say of the booking at another time, with what is known now; ``None``
    where they cannot say."""
    chart = file.chart(record, installation.settings.clinic_facts, held, moment)
    try:
        return installation.host.decide(chart)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a plugin raises
        log.error("deciding failed", booking=held.row.id, error=describe(error))
        return None


def would_refuse(
    installation: Installation, record: Record, file: ClientFile, held: Held, due: date
) -> bool:
    """Whether the bridge refuses the booking once ``due`` has passed, with what is known now."""
    row, said = held.row, in_force(held.words, record.now)
    account = installation.accounts.get(row.account)
    if account is None or said.stopped or not may_write(record, account, row, said):
        return False
    after = datetime.combine(due + timedelta(days=1), time(), zone(record.zone))
    decision = decided_at(installation, record, file, held, after)
    if decision is None or said.outcome(decision.outcome) != "block":
        return False
    return step_of(account, row, said, "block") == "refuse"


def _held(record: Record) -> list[BookingRow]:
    query = select(BookingRow).where(
        BookingRow.clinic == record.clinic,
        BookingRow.platform_status.in_(LIVE),
        BookingRow.outcome == "hold",
        BookingRow.start_at > record.now,
        BookingRow.next_due.between(record.today, record.today + _AHEAD),
    )
    return list(record.session.scalars(query))


def _is_time(last_open: Callable[[date], date], record: Record, row: BookingRow) -> bool:
    due = row.next_due
    return due is not None and row.warned_due != due and last_open(due) <= record.today
