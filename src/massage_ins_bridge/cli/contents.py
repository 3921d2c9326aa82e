"""What ``doctor`` finds in the database, and in the engine's record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .finding import Finding, Level

if TYPE_CHECKING:
    from ..settings import Settings
    from ..store.database import Store
    from ..store.record import Record


def contents(store: Store, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Findings on a database of this release's shape."""
    from ..domain.clinic import DEFAULT_ZONE
    from ..settings import DEFAULT_CLINIC
    from ..store.keys import list_keys
    from ..store.record import Record

    zone = settings.clinic_facts.timezone or DEFAULT_ZONE
    with store.read() as session:
        record = Record(session, store.vault, DEFAULT_CLINIC, now, zone)
        if not settings.demo_clock:
            yield _clock(record)
            yield from _work(record)
        sealed = _seals(store)
        if sealed is not None:
            yield sealed
            return
        yield from _unconfirmed(record, settings)
        yield from _first_looks(record, settings)
        yield from _troubles(record, settings)
        yield from _plugins(record, settings)
    yield from _runs(store)
    if not any(key.revoked_at is None for key in list_keys(store, DEFAULT_CLINIC)):
        yield Finding("note", "API keys", "there is none; `mib key add NAME` makes one")


def _plugins(record: Record, settings: Settings) -> Iterator[Finding]:
    from ..desk.known_plugins import since_start

    if changed := "; ".join(since_start(record, settings)):
        said = f"since the service was started: {changed}; it goes by that once it is started again"
        yield Finding("note", "plugins", said)


def _clock(record: Record) -> Finding:
    from sqlalchemy import func, select

    from ..store.models import DecisionRow

    latest = record.session.scalar(select(func.max(DecisionRow.decided_at)))
    if latest is not None and latest > record.now + timedelta(minutes=5):
        return Finding("bad", "clock", f"decisions lie in the future ({latest}); set the clock")
    return Finding("good", "clock", f"{record.now:%Y-%m-%d %H:%M} UTC")


def _work(record: Record) -> Iterator[Finding]:
    """Whether what is to be done is done in time."""
    from sqlalchemy import func, select

    from ..desk.health import overdue, remarks, undone
    from ..store.models import WriteRow

    found = undone(record)
    late = list(overdue(found, record.now))
    cure = "start the service, or look at its log"
    yield from (Finding("bad", "work", f"{line}; {cure}") for line in late)
    yield from (Finding("note", "work", line) for line in remarks(found, record.now))
    if not late:
        waiting = sum(w.number for w in (found.deliveries, found.wakeups, found.untried))
        yield Finding("good", "work", f"{waiting} to be done, nothing overdue")
    failed = select(func.count()).where(WriteRow.state == "failed")
    if count := record.session.scalar(failed):
        yield Finding("note", "writes", f"{count} could not be written; see the tasks")


def _first_looks(record: Record, settings: Settings) -> Iterator[Finding]:
    """Accounts that only observe as long as their bookings were not all taken in."""
    for account in settings.accounts:
        row = record.looks.first(account.name)
        if row is None or row.done_at is None:
            so_far = row.taken if row is not None else 0
            waits = f" It waits: {row.said}." if row is not None and row.said else ""
            yield Finding(
                "note",
                f"account {account.name}",
                f"its bookings are not all taken in ({so_far} so far): it only observes until they "
                f"are. Start the service, and see `mib sync {account.name}` (with "
                f"`--entered-by-hand` where the platform cannot list them).{waits}",
            )


def _troubles(record: Record, settings: Settings) -> Iterator[Finding]:
    """Accounts whose platform the service could not ask."""
    from ..desk.trouble import all_trouble

    for found in all_trouble(record, [account.name for account in settings.accounts]):
        level: Level = "bad" if found.lasting else "note"
        yield Finding(level, f"account {found.account}", found.words(record.now))


def _seals(store: Store) -> Finding | None:
    from ..store.key_check import other_finder, try_keys
    from ..store.vault import SealError

    try:
        try_keys(store.engine, store.vault)
    except SealError as error:
        return Finding("bad", "key", str(error))
    with store.engine.connect() as connection:
        trouble = other_finder(connection, store.vault)
    return Finding("bad", "key", trouble) if trouble else None


def _runs(store: Store) -> Iterator[Finding]:
    from ..engine.record_check import record_trouble

    trouble = record_trouble(store)
    if trouble:
        yield Finding("bad", "durable runs", trouble)


def _unconfirmed(record: Record, settings: Settings) -> Iterator[Finding]:
    """Services whose platform setting lets insurance bookings in without asking, as seen by
    bookings that had been accepted when they should have waited."""
    from sqlalchemy import select

    from ..store.models import BookingRow, WriteRow

    rows = record.session.scalars(
        select(BookingRow)
        .join(WriteRow, WriteRow.subject == BookingRow.id)
        .where(WriteRow.kind == "manual", BookingRow.clinic == record.clinic)
        .order_by(BookingRow.created_at.desc())
        .limit(500)
    )
    seen = {(row.account, record.bookings.details(row).service_ref) for row in rows}
    for account, service in _still_there(settings, seen):
        yield Finding(
            "note",
            f"account {account}",
            f"the service {service} lets bookings in unconfirmed: have the platform ask for "
            "confirmation, or holds are left to staff",
        )


def _still_there(
    settings: Settings, seen: Iterable[tuple[str, str | None]]
) -> Iterator[tuple[str, str]]:
    for name, service in sorted((a, s) for a, s in seen if s):
        account = settings.account(name)
        meant = account.services.get(service) if account else None
        if account is not None and (meant is None or not meant.self_pay):
            yield name, service
