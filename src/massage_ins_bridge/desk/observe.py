"""Taking a platform's state of one booking into the record, and deciding it, at one stroke."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..api.connectors import PlatformBooking
from ..store.bookings import ENDED, LIVE, Seen
from ..store.models import BookingRow
from ..store.record import Record
from .accounts import Account
from .decide import decide_client
from .form_answers import file_coverage
from .installation import Installation
from .open_days import soon
from .platform_words import (
    details_of,
    moved_details,
)
from .reservations import RESERVATION, bind
from .staff_words import take_back_refusals
from .tasks import TaskKind, ask, settle
from .visits import complete_visit
from .who import client_of, learn, look_again
from .whose import ask_whose, close_about_hosts, judged


@dataclass(frozen=True, slots=True)
class Look:
    """Where a state comes from: read on the platform (our time when the reading began), or told by
    a delivery (the platform's time of sending). ``first``: read at the first look at the account,
    where a new booking that has begun is taken as it stands: nothing is owed after it any more.
    ``to_read``: it is to be read (again) before anything that cannot be taken back rests on it.
    ``unmarked``: the platform told something of a booking that had begun and shows no mark on it,
    so that a no-show is taken back."""

    looked_at: datetime | None = None
    told_at: datetime | None = None
    first: bool = False
    to_read: bool = False
    unmarked: bool = False


@dataclass(frozen=True, slots=True)
class Observed:
    """What became of one state: the booking's id, ``None`` for one that is none of the clinic's,
    and whether it was news."""

    booking_id: str | None
    changed: bool


def observe(
    installation: Installation,
    record: Record,
    account: Account,
    booking: PlatformBooking,
    look: Look,
    cause: str,
) -> Observed:
    """Store the state unless a newer one is known, and decide the client's bookings anew."""
    record.lock()
    seen = _seen(account, booking, look)
    row = record.bookings.by_ref(seen.account, seen.ref)
    news: tuple[str | None, bool] | None = (None, True)
    if row is None and not judged(account, booking):
        ask_whose(record, account, booking)  # nothing else of it is kept
        return Observed(None, False)
    if row is None:
        close_about_hosts(record, account, booking)
        row = _new(record, account, booking, seen, look)
    else:
        news = _refreshed(record, account, row, booking, seen)
    if news is None:
        return Observed(row.id, False)
    before, learned = news
    former = record.bookings.replace_previous(row)
    if former is not None:
        settle(record, former)
    look_again(record, row, former)
    if learned:  # what staff has put right since is not overruled by the same word again
        file_coverage(installation, record, row, record.bookings.details(row))
    if look.first and before is None and row.start_at <= record.now:
        _was(record, row)
    elif row.platform_status == "completed" and before != "completed":
        complete_visit(record, row)
    _end_or_revive(installation, record, account, row, before)
    decide_client(installation, record, row.patient_id, cause)
    return Observed(row.id, True)


def _end_or_revive(
    installation: Installation,
    record: Record,
    account: Account,
    row: BookingRow,
    before: str | None,
) -> None:
    if row.platform_status not in LIVE:
        settle(record, row)
        tells = account.connector.tells_client
        if before in LIVE and not tells and _may_be_ours(record, row):
            due = soon(installation, record.now)
            ask(record, TaskKind.TELL_CLIENT, row.id, about=row, due=due)
        if before in LIVE and row.platform_status == "cancelled":
            row.called_off_at = record.now
    elif before in ENDED:  # it is there again
        record.tasks.close((TaskKind.GONE_ON_PLATFORM, row.id))
        row.called_off_at = None


def _may_be_ours(record: Record, row: BookingRow) -> bool:
    """Whether the bridge may have ended the booking: it tried, and heard no answer."""
    writes = record.writes.of_bookings([row.id]).get(row.id, ())
    return any(w.kind == "block" and w.state == "queued" and w.detail is not None for w in writes)


def _refreshed(
    record: Record, account: Account, row: BookingRow, booking: PlatformBooking, seen: Seen
) -> tuple[str, bool] | None:
    """Bring a known booking up to date: its state until now, and whether anything new was said of
    who is billed; ``None`` where nothing changed."""
    record.clients.get(row.patient_id, lock=True)
    record.session.refresh(row)
    start, unread = row.start_at, row.to_read
    refreshed = record.bookings.refresh(row, seen)
    if not refreshed.changed:
        return None
    if unread and not row.to_read:
        record.tasks.close((TaskKind.UNKNOWN_ON_PLATFORM, row.id))
    if refreshed.before in ("pending", "rejected") and row.accepted_by == "person":
        take_back_refusals(record, row.id)
    if row.start_at != start or row.platform_status != "completed" == refreshed.before:
        record.visits.uncomplete(row)
    return refreshed.before, _learn(record, row, account, booking)


def _was(record: Record, row: BookingRow) -> None:
    """A booking of the time before the account was connected: it counts, and is not decided."""
    row.begun_told = True
    if row.platform_status == "completed":
        record.visits.complete(row, record.bookings.details(row))
    if row.platform_status in LIVE:
        row.outcome = "allow"


def _seen(account: Account, booking: PlatformBooking, look: Look) -> Seen:
    return Seen(
        account=account.name,
        ref=booking.ref,
        status=booking.status,
        start=booking.start,
        end=booking.end,
        version=booking.version,
        recurring=booking.recurring,
        previous_ref=booking.previous_ref,
        looked_at=look.looked_at,
        told_at=look.told_at,
        asks_confirmation=booking.asks_confirmation,
        to_read=look.to_read,
        unmarked=look.unmarked,
    )


def _new(
    record: Record, account: Account, booking: PlatformBooking, seen: Seen, look: Look
) -> BookingRow:
    details = details_of(account, booking)
    old = record.bookings.by_ref(seen.account, seen.previous_ref) if seen.previous_ref else None
    if old is not None:
        details = moved_details(record.bookings.details(old), details)
        patient_id = old.patient_id
    else:
        patient_id = client_of(record, details)
    record.clients.get(patient_id, lock=True)
    row = record.bookings.add(seen, patient_id, details)
    row.stood = look.first
    bind(record, row, booking.answers.get(RESERVATION))
    if old is None:
        learn(record, row, details)
    return row


def _learn(record: Record, row: BookingRow, account: Account, booking: PlatformBooking) -> bool:
    """Add what a later state says; it never takes back an answer or a choice of staff. Returns
    whether it says anything new of who is billed."""
    known, given = record.bookings.details(row), details_of(account, booking)
    merged = replace(
        known,
        service_ref=given.service_ref or known.service_ref,
        service=given.service or known.service,
        self_pay=known.self_pay if given.self_pay is None or known.by_staff else given.self_pay,
        payer=known.payer if known.by_staff else known.payer or given.payer,
        practitioner=given.practitioner or known.practitioner,
        host_refs=given.host_refs or known.host_refs,
        answers={**known.answers, **given.answers},
        person=known.person or given.person,
    )
    if merged != known:
        record.bookings.put_details(row, merged)
    return (merged.payer, merged.answers) != (known.payer, known.answers)
