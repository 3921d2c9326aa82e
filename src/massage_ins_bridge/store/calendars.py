"""Calendars that are given out, by the tokens in their addresses, and what was shown in them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from .calendar_models import CalendarEntryRow, CalendarRow
from .models import BookingRow
from .scope import Scope
from .task_models import TaskRow
from .types import new_id
from .vault import Vault

#: Of any clinic: whose a token is, nobody knows before it was found.
_TOKEN = "calendars.token"  # noqa: S105 - the name of a column
_SHOWN = "calendars.shown"
#: So many are looked up at once.
_AT_ONCE = 500


def calendar_of(session: Session, vault: Vault, token: str) -> CalendarRow | None:
    """The calendar whose address holds this token."""
    found = vault.fingerprint(token, _TOKEN)
    return session.scalar(select(CalendarRow).where(CalendarRow.token_hash == found))


class Calendars:
    """The calendars of one clinic, within one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._session = scope.session

    def all(self) -> list[CalendarRow]:
        """By name."""
        query = select(CalendarRow).where(CalendarRow.clinic == self._scope.clinic)
        return list(self._session.scalars(query.order_by(CalendarRow.name)))

    def get(self, calendar_id: str) -> CalendarRow | None:
        row = self._session.get(CalendarRow, calendar_id)
        return row if row is not None and row.clinic == self._scope.clinic else None

    def named(self, name: str) -> CalendarRow | None:
        return next((row for row in self.all() if row.name == name), None)

    def add(self, name: str, kind: str, practitioner: str | None) -> tuple[CalendarRow, str]:
        """A new one with its token, which cannot be shown again."""
        token = secrets.token_urlsafe(32)
        row = CalendarRow(
            id=new_id("cal"),
            clinic=self._scope.clinic,
            name=name,
            kind=kind,
            practitioner=practitioner,
            token_hash=self._scope.vault.fingerprint(token, _TOKEN),
            created_at=self._scope.now,
        )
        self._session.add(row)
        return row, token

    def rotate(self, row: CalendarRow) -> str:
        """Another token: the former address leads nowhere from now on."""
        token = secrets.token_urlsafe(32)
        row.token_hash = self._scope.vault.fingerprint(token, _TOKEN)
        row.rotated_at = self._scope.now
        return token

    def remove(self, row: CalendarRow) -> None:
        self._session.delete(row)

    def bookings_since(self, since: datetime) -> list[BookingRow]:
        """Every booking that starts then or later, whatever became of it."""
        wanted = {"clinic": self._scope.clinic, "since": since}
        return list(self._session.scalars(_BOOKINGS, wanted))

    def tasks_with_a_day(self) -> list[TaskRow]:
        """Open tasks that are due by a day."""
        return list(self._session.scalars(_TASKS, {"clinic": self._scope.clinic}))

    def shown(self, subjects: Iterable[str]) -> dict[str, CalendarEntryRow]:
        """By subject, what was shown last."""
        found, wanted = {}, sorted(set(subjects))
        for first in range(0, len(wanted), _AT_ONCE):
            some = {"clinic": self._scope.clinic, "subjects": wanted[first : first + _AT_ONCE]}
            for row in self._session.scalars(_ENTRIES, some):
                found[row.subject] = row
        return found

    def mark(self, what: str) -> str:
        """What is shown, as a keyed hash: it holds whose it is."""
        return self._scope.vault.fingerprint(what, self._scope.place(_SHOWN))

    def show(self, marks: Mapping[str, str]) -> dict[str, CalendarEntryRow]:
        """Note what is shown from now on of each subject; what changed counts up."""
        found = self.shown(marks)
        for subject, mark in marks.items():
            row = found.get(subject)
            if row is None:
                row = CalendarEntryRow(
                    id=new_id("ent"),
                    clinic=self._scope.clinic,
                    subject=subject,
                    shown_hash=mark,
                    sequence=0,
                    changed_at=self._scope.now,
                )
                self._session.add(row)
                found[subject] = row
            elif row.shown_hash != mark:
                row.shown_hash, row.changed_at = mark, self._scope.now
                row.sequence += 1
        return found


_BOOKINGS = (
    select(BookingRow)
    .where(
        BookingRow.clinic == bindparam("clinic"),
        BookingRow.start_at >= bindparam("since", type_=BookingRow.start_at.type),
    )
    .order_by(BookingRow.start_at, BookingRow.id)
)
_TASKS = (
    select(TaskRow)
    .where(
        TaskRow.clinic == bindparam("clinic"),
        TaskRow.done_at.is_(None),
        TaskRow.due.is_not(None),
    )
    .order_by(TaskRow.due, TaskRow.id)
)
_ENTRIES = select(CalendarEntryRow).where(
    CalendarEntryRow.clinic == bindparam("clinic"),
    CalendarEntryRow.subject.in_(bindparam("subjects", expanding=True)),
)
