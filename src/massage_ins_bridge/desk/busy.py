"""Busy times: what is booked on one account is kept free in another one's calendar, where its
settings say so (``busy_times``), so that nobody is booked twice.

An entry says a time and nothing about anybody. What was written is noted, entry by entry, so that a
look at what is to be written costs no call where nothing changed; the connector itself looks before
it writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy import select

from ..api.connectors import CalendarEntry, PlatformBusyError, PlatformError
from ..store.bookings import LIVE, Details
from ..store.models import BookingRow, MetaRow
from ..store.record import Record
from .accounts import Account
from .clock_check import clock_is_wrong
from .installation import Installation
from .looked import complete
from .tasks import TaskKind, ask

log = structlog.get_logger(__name__)
TITLE = "Busy"
#: How long a booking without an end is taken to last.
UNKNOWN_LENGTH = timedelta(hours=1)
#: How many entries are written at one look: the others wait for the next.
MOST = 60


@dataclass(frozen=True, slots=True)
class _Noted:
    """What was written of a booking: how often it was changed, and what it said."""

    sequence: int
    said: str


def keep_busy(installation: Installation, account_name: str) -> None:
    """Bring the account's calendar to what is booked elsewhere. A platform that does not answer is
    written to at the next look. Never raises for the platform's sake."""
    account = installation.accounts.get(account_name)
    if account is None or not account.settings.busy_times or not account.can("put"):
        return
    with installation.read() as record:
        if not (account.enforces and complete(record, account)) or clock_is_wrong(installation):
            return
        noted = _noted(record, account)
        wanted = {entry.uid: entry for entry in _wanted(installation, record, account)}
    todo = [e for uid, e in wanted.items() if uid not in noted or noted[uid].said != _said(e)]
    over = [uid for uid in noted if uid not in wanted]
    try:
        for entry in todo[:MOST]:
            before = noted.get(entry.uid)
            _put(installation, account, entry, before.sequence + 1 if before else 0)
        for uid in over[:MOST]:
            account.connector.remove(uid)
            _note(installation, account, uid, None)
    except PlatformError as error:
        _tell(installation, account, error)
        return
    with installation.write() as record:
        record.tasks.close((TaskKind.BUSY_NOT_KEPT, account.name))


def _put(installation: Installation, account: Account, entry: CalendarEntry, sequence: int) -> None:
    counted = CalendarEntry(
        uid=entry.uid,
        start=entry.start,
        end=entry.end,
        title=entry.title,
        status=entry.status,
        sequence=sequence,
        host_ref=entry.host_ref,
    )
    account.connector.put(counted)
    _note(installation, account, entry.uid, _Noted(sequence, _said(entry)))


def _wanted(
    installation: Installation, record: Record, account: Account
) -> Iterator[CalendarEntry]:
    """An entry for each booking to come of another account that one of this account's
    practitioners gives."""
    hosts = {key: ref for ref, key in account.settings.practitioners.items()}
    query = select(BookingRow).where(
        BookingRow.clinic == record.clinic,
        BookingRow.account != account.name,
        BookingRow.platform_status.in_(LIVE),
        BookingRow.start_at > record.now,
    )
    for row in record.session.scalars(query):
        if row.account not in installation.accounts:
            continue
        details: Details = record.bookings.details(row)
        if details.practitioner in hosts:
            status: Literal["TENTATIVE", "CONFIRMED"]
            status = "CONFIRMED" if row.platform_status == "accepted" else "TENTATIVE"
            yield CalendarEntry(
                uid=f"{row.id}@massage-ins-bridge",
                start=row.start_at,
                end=row.end_at or row.start_at + UNKNOWN_LENGTH,
                title=TITLE,
                status=status,
                host_ref=hosts[details.practitioner],
            )


def _said(entry: CalendarEntry) -> str:
    times = f"{_second(entry.start)} {_second(entry.end)}"
    return f"{times} {entry.status} {entry.host_ref}"[:380]


def _second(moment: datetime) -> int:
    return int(moment.timestamp())


def _name(account: Account, uid: str = "") -> str:
    return f"busy:{account.name}:{uid}"


def _noted(record: Record, account: Account) -> dict[str, _Noted]:
    """What was written, by UID."""
    begins = MetaRow.name.startswith(_name(account), autoescape=True)
    rows = record.session.scalars(select(MetaRow).where(MetaRow.clinic == record.clinic, begins))
    found = {}
    for row in rows:
        sequence, _, said = row.value.partition(" ")
        found[row.name.removeprefix(_name(account))] = _Noted(int(sequence), said)
    return found


def _note(installation: Installation, account: Account, uid: str, noted: _Noted | None) -> None:
    with installation.write() as record:
        key = (record.clinic, _name(account, uid))
        row = record.session.get(MetaRow, key)
        if noted is None:
            if row is not None:
                record.session.delete(row)
            return
        value = f"{noted.sequence} {noted.said}"
        record.session.merge(MetaRow(clinic=record.clinic, name=key[1], value=value))


def _tell(installation: Installation, account: Account, error: PlatformError) -> None:
    log.warning("busy times wait", account=account.name, error=error.message)
    if error.permanent and not isinstance(error, PlatformBusyError):
        with installation.write() as record:
            name = account.name
            ask(record, TaskKind.BUSY_NOT_KEPT, name, account=name, said=error.message)
