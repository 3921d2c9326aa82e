"""How an installation is: by the age of the oldest thing that is still to be done, not by whether
threads live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from ..store.models import DeliveryRow, WriteRow
from ..store.record import Record
from ..store.task_models import WakeupRow
from ..store.writes import EMAIL

#: What is to be decided is overdue after this time, and what is to be written after that one: a
#: platform may well be down for some while.
DECIDE_WITHIN, WRITE_WITHIN = timedelta(minutes=10), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Things of one kind that are still to be done: how many, and since when the oldest."""

    number: int
    oldest: datetime | None

    def age(self, now: datetime) -> timedelta:
        """How long the oldest has waited."""
        if self.oldest is None:
            return timedelta(0)
        return max(timedelta(0), now - self.oldest)


@dataclass(frozen=True, slots=True)
class Undone:
    """All that is still to be done. ``refused``: writes that a platform did not take so far;
    ``untried``: those that were not tried yet."""

    deliveries: Waiting
    wakeups: Waiting
    untried: Waiting
    refused: Waiting


def undone(record: Record) -> Undone:
    """What is still to be done, over all clinics of the database: one look at short indexes."""
    tried = WriteRow.detail.is_not(None)
    queued = and_(WriteRow.state == "queued", WriteRow.channel != EMAIL)
    kept = DeliveryRow.raw_sealed.is_not(None)
    parts = (
        (DeliveryRow.received_at, DeliveryRow.done_at.is_(None), kept),
        (WakeupRow.created_at, WakeupRow.done_at.is_(None)),
        (WriteRow.wanted_at, queued, ~tried),
        (WriteRow.wanted_at, queued, tried),
    )
    columns = []
    for moment, *where in parts:
        columns.append(select(func.count()).where(*where).scalar_subquery())
        columns.append(select(func.min(moment)).where(*where).scalar_subquery())
    row = record.session.execute(select(*columns)).one()
    return Undone(*(Waiting(row[n], row[n + 1]) for n in range(0, 8, 2)))


def overdue(found: Undone, now: datetime) -> Iterator[str]:
    """What has waited for too long, each in one line of plain words."""
    for what, waiting, within in (
        ("a delivery was not dealt with", found.deliveries, DECIDE_WITHIN),
        ("a client's bookings were not decided again", found.wakeups, DECIDE_WITHIN),
        ("a booking's outcome was not written to its platform", found.untried, WRITE_WITHIN),
    ):
        age = waiting.age(now)
        if age > within:
            yield f"{what} for {in_words(age)} ({waiting.number} wait)"


def remarks(found: Undone, now: datetime) -> Iterator[str]:
    """What waits for others than this service."""
    age = found.refused.age(now)
    if age > WRITE_WITHIN:
        yield (
            f"a platform has not taken what is to be written for {in_words(age)} "
            f"({found.refused.number} wait); see the tasks"
        )


def in_words(age: timedelta) -> str:
    """An age as people say it."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
