"""Which standing bookings would have another outcome under edited rules, before they are applied.

Nothing is written: each booking is decided twice, by the rules that are in force here and by the
edited ones, on the same chart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import ColumnElement, func, select

from ..domain.answers import Decision, Outcome
from ..gate.cause import the_cause
from ..hooks.host import Host
from ..store.bookings import LIVE
from ..store.models import BookingRow
from ..store.record import Record
from .client_file import ClientFile, Held, load_clients
from .installation import Installation
from .staff_words import in_force
from .whose import still_judged

#: Clients of one read: it must not hold the database for long, nor all of them in memory.
AT_ONCE = 200
#: From the mildest on.
OUTCOMES = get_args(Outcome)
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """A booking whose outcome the edited rules would change. ``why``: what decides it then, in
    staff's words; ``overridden``: a person's word stands above both."""

    booking: str
    patient: str
    start: datetime
    payer: str | None
    now: Outcome
    then: Outcome
    why: str
    overridden: bool


def standing_clients(record: Record) -> list[str]:
    """The clients who have bookings that stand and are to come."""
    of = BookingRow.patient_id
    query = select(of).where(*_standing(record)).distinct().order_by(of)
    return [str(found) for found in record.session.scalars(query)]


def count_standing(record: Record) -> int:
    """How many bookings stand and are to come."""
    query = select(func.count()).select_from(BookingRow)
    return record.session.scalar(query.where(*_standing(record))) or 0


def impact(installation: Installation, edited: Host, progress: Progress) -> list[OutcomeChange]:
    """The bookings that would change, in order of their starts. ``progress`` is told after each
    client how many bookings were looked at."""
    found: list[OutcomeChange] = []
    with installation.read() as record:
        clients = standing_clients(record)
    for first in range(0, len(clients), AT_ONCE):
        with installation.read() as record:
            for file in load_clients(record, clients[first : first + AT_ONCE]):
                found += _of_client(installation, record, file, edited, progress)
    return sorted(found, key=lambda change: (change.start, change.booking))


def _of_client(
    installation: Installation, record: Record, file: ClientFile, edited: Host, progress: Progress
) -> Iterator[OutcomeChange]:
    looked = 0
    for held in file.bookings:
        row = held.row
        account = installation.accounts.get(row.account)
        if row.platform_status not in LIVE or row.start_at <= record.now:
            continue
        looked += 1
        if account is not None and not still_judged(account, held.details):
            continue
        chart = file.chart(record, installation.settings.clinic_facts, held)
        now, then = installation.host.decide(chart), edited.decide(chart)
        if now.outcome != then.outcome:
            yield _change(held, record.now, now, then)
    progress(looked)


def _change(held: Held, at: datetime, now: Decision, then: Decision) -> OutcomeChange:
    said = in_force(held.words, at)
    return OutcomeChange(
        booking=held.row.id,
        patient=held.row.patient_id,
        start=held.row.start_at,
        payer=then.payer,
        now=now.outcome,
        then=then.outcome,
        why=_why(max(now, then, key=lambda one: OUTCOMES.index(one.outcome))),
        overridden=said.override is not None,
    )


def _why(decision: Decision) -> str:
    """The one cause of the decision."""
    cause = the_cause(decision.requirements, decision.outcome)
    return cause.message if cause is not None else ""


def _standing(record: Record) -> tuple[ColumnElement[bool], ...]:
    return (
        BookingRow.clinic == record.clinic,
        BookingRow.platform_status.in_(LIVE),
        BookingRow.start_at > record.now,
    )
