"""What is to be looked at on the platforms: single bookings again, and each account at first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from .look_rows import FirstLookRow, LookRow
from .models import BookingRow, DeliveryRow, MetaRow
from .scope import Scope
from .types import new_id

T = TypeVar("T")


def read_once(session: Session, kind: type[T], key: tuple[str, str]) -> T | None:
    """The row of a key, read once in a transaction: a session by itself forgets a row that nobody
    holds, and reads it anew."""
    row = session.get(kind, key)
    session.info[kind, key] = row
    return row


class Looks:
    """The looks of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def want(self, account: str, ref: str, event: str, wait: timedelta) -> LookRow:
        """A booking is to be read after ``wait``; a look that is due sooner stays so. The count of
        looks begins anew."""
        due = self._scope.now + wait
        row = self.of(account, ref)
        if row is None:
            row = LookRow(
                id=new_id("lok"),
                clinic=self._scope.clinic,
                account=account,
                ref=ref,
                event=event,
                tries=0,
                absent=False,
                due_at=due,
                created_at=self._scope.now,
            )
            self._session.add(row)
        else:
            row.event, row.tries, row.absent = event, 0, False
            row.due_at = min(row.due_at, due)
        self._session.flush()
        return row

    def of(self, account: str, ref: str) -> LookRow | None:
        """The look that a booking waits for."""
        return self._session.scalar(
            select(LookRow).where(
                LookRow.clinic == self._scope.clinic,
                LookRow.account == account,
                LookRow.ref == ref,
            )
        )

    def forget(self, account: str, ref: str) -> None:
        """The booking is none of the clinic's."""
        row = self.of(account, ref)
        if row is not None:
            self.over(row)

    def over(self, row: LookRow) -> None:
        """Nothing is left to look for."""
        self._session.delete(row)
        self._session.flush()

    def first(self, account: str) -> FirstLookRow | None:
        """How far the first look at an account is. It is asked for with each of a client's
        bookings, and read once."""
        return read_once(self._session, FirstLookRow, (self._scope.clinic, account))

    def begin_first(self, account: str, platform: str) -> FirstLookRow:
        """Have an account looked at whole, from the beginning."""
        row = self.first(account)
        if row is None:
            row = FirstLookRow(clinic=self._scope.clinic, account=account)
            self._session.add(row)
        row.platform, row.wanted_at = platform, self._scope.now
        row.done_at = row.cursor = row.said = None
        row.taken = row.past = 0
        self._session.flush()
        return row

    def announced_since(self, account: str, moment: datetime) -> list[str]:
        """The clients of bookings that a delivery made known since then."""
        query = (
            select(BookingRow.patient_id)
            .join(DeliveryRow, DeliveryRow.booking_id == BookingRow.id)
            .where(
                BookingRow.clinic == self._scope.clinic,
                BookingRow.account == account,
                BookingRow.created_at >= moment,
                DeliveryRow.done_at >= moment,
            )
            .distinct()
        )
        return list(self._session.scalars(query))

    def to_come(self, account: str, states: tuple[str, ...]) -> list[str]:
        """The refs of bookings to come, in one of the states."""
        query = select(BookingRow.ref).where(
            BookingRow.clinic == self._scope.clinic,
            BookingRow.account == account,
            BookingRow.platform_status.in_(states),
            BookingRow.start_at > self._scope.now,
        )
        return list(self._session.scalars(query))

    def seen_since(self, account: str, moment: datetime) -> tuple[int, int]:
        """How many bookings were read since then, and how many of them had begun by now."""
        begun = func.sum(case((BookingRow.start_at <= self._scope.now, 1), else_=0))
        query = select(func.count(), begun).where(
            BookingRow.clinic == self._scope.clinic,
            BookingRow.account == account,
            BookingRow.looked_at >= moment,
        )
        found = self._session.execute(query).one()
        return int(found[0]), int(found[1] or 0)

    def not_seen_since(self, account: str, moment: datetime, states: tuple[str, ...]) -> list[str]:
        """The refs of bookings to come, in one of the states, that were not read since then."""
        query = select(BookingRow.ref).where(
            BookingRow.clinic == self._scope.clinic,
            BookingRow.account == account,
            BookingRow.platform_status.in_(states),
            BookingRow.start_at > self._scope.now,
            BookingRow.looked_at.is_(None) | (BookingRow.looked_at < moment),
        )
        return list(self._session.scalars(query))

    def to_begin(
        self, account: str, states: tuple[str, ...], begin: datetime, end: datetime
    ) -> list[str]:
        """The refs of bookings, in one of the states, that begin between the two moments."""
        query = select(BookingRow.ref).where(
            BookingRow.clinic == self._scope.clinic,
            BookingRow.account == account,
            BookingRow.platform_status.in_(states),
            BookingRow.start_at.between(begin, end),
        )
        return list(self._session.scalars(query))

    def missing_since(self, prefix: str) -> dict[str, datetime]:
        """Since when a list lacks bookings, by the names under which that is remembered."""
        query = select(MetaRow).where(
            MetaRow.clinic == self._scope.clinic, MetaRow.name.startswith(prefix, autoescape=True)
        )
        return {row.name: datetime.fromisoformat(row.value) for row in self._session.scalars(query)}

    def note_missing(self, name: str, moment: datetime) -> None:
        """Remember since when a booking is missing."""
        row = MetaRow(clinic=self._scope.clinic, name=name, value=moment.isoformat())
        self._session.add(row)

    def forget_missing(self, names: Iterable[str]) -> None:
        """They are there again, or over."""
        for name in names:
            row = MetaRow.clinic == self._scope.clinic, MetaRow.name == name
            self._session.execute(delete(MetaRow).where(*row))
