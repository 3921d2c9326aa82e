"""From observing to enforcing: what stood before is written to only where staff lets it through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import update

from ..domain.reading import read
from ..store.looks import read_once
from ..store.models import BookingRow, MetaRow
from ..store.record import Record
from ..store.to_come import StandingCells, standing_bookings
from ..store.words import Said
from .accounts import Account
from .errors import ConflictError, NotFoundError
from .installation import Installation
from .looked import complete
from .odd_characters import refuse_odd_characters
from .staff_words import StaffWords, in_force, must_say
from .steps import Place, Step, step_for
from .whose import close_answered, still_judged

#: What would be done to a booking that stands.
Would = Literal["confirm", "decline", "cancel", "mark as held", "ask staff", "nothing"]


@dataclass(frozen=True, slots=True)
class StandingBooking:
    """A booking that stood when its account began to enforce, and what would be done to it."""

    booking: str
    patient: str
    start: datetime
    platform_status: str
    outcome: str | None
    would: Would


@dataclass(frozen=True, slots=True)
class Preview:
    """What enforcing would do to the bookings that stand. ``since``: when the account began to
    enforce; from then on new bookings are enforced at once."""

    account: str
    enforcement: Literal["enforce", "observe"]
    since: datetime | None
    bookings: tuple[StandingBooking, ...]


@dataclass(frozen=True, slots=True)
class LetThroughSent:
    """``name``: who says so; ``bookings``: ids, or all that stand where it is left out."""

    name: str
    reason: str | None = None
    bookings: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class LetThrough:
    """How many bookings were let through."""

    number: int


def go_live(installation: Installation) -> None:
    """Note since when each account enforces, and which bookings stood before; forget it where it
    only observes: settings change only with a start. Several processes may start at one moment:
    the first of them notes it."""
    with installation.read() as record:
        changed = [a for a in installation.accounts.values() if _is_news(record, a)]
    if not changed:
        return
    with installation.write() as record:
        record.lock()
        for account in (a for a in changed if _is_news(record, a)):
            row = record.session.get(MetaRow, (record.clinic, _name(account)))
            if row is not None:
                record.session.delete(row)
            else:
                now = record.now.isoformat()
                made = MetaRow(clinic=record.clinic, name=_name(account), value=now)
                record.session.add(made)
                mark_standing(record, account)


def mark_standing(record: Record, account: Account) -> None:
    """What is on record by now stood before the account enforced, whatever any clock said then."""
    of_account = (BookingRow.clinic == record.clinic, BookingRow.account == account.name)
    record.session.execute(update(BookingRow).where(*of_account).values(stood=True))


def close_questions(installation: Installation) -> None:
    """What the settings name by now is no longer asked about; they change only with a start."""
    with installation.write() as record:
        for account in installation.accounts.values():
            close_answered(record, account)


def live_since(record: Record, account: Account) -> datetime | None:
    """Since when the account enforces; ``None`` where it observes, or does not yet know all
    bookings that are to come."""
    if not (account.enforces and complete(record, account)):
        return None
    since = read_once(record.session, MetaRow, (record.clinic, _name(account)))
    return datetime.fromisoformat(since.value) if since is not None else None


def may_write(record: Record, account: Account, row: BookingRow, said: StaffWords) -> bool:
    """Whether outcomes of this booking are written to its platform."""
    since = live_since(record, account)
    return since is not None and (said.let_through or not row.stood)


def preview(installation: Installation, record: Record, name: str) -> Preview:
    """Raises ``NotFoundError`` where there is no such account."""
    account = _account(installation, name)
    since = live_since(record, account)
    rows = _held_back(record, account, since)
    return Preview(
        account=name,
        enforcement=account.settings.enforcement,
        since=since,
        bookings=tuple(
            StandingBooking(
                booking=row.id,
                patient=row.patient_id,
                start=row.start_at,
                platform_status=row.platform_status,
                outcome=row.outcome,
                would=_would(account, row, said),
            )
            for row, said in rows
        ),
    )


def number_waiting(installation: Installation, record: Record, name: str) -> int:
    """How many bookings that stood before wait to be let through, and would be changed; none while
    the account observes. Raises ``NotFoundError``."""
    account = _account(installation, name)
    since = live_since(record, account)
    if since is None:
        return 0
    rows = _held_back(record, account, since)
    return sum(_would(account, row, said) != "nothing" for row, said in rows)


def let_through(
    installation: Installation,
    record: Record,
    name: str,
    said: Said,
    booking_ids: Sequence[str] | None = None,
) -> int:
    """Have written what is wanted of these bookings, or of all that stand; how many there were.

    Raises ``NotFoundError`` for an account, or a booking of it, that does not wait for this, and
    ``ConflictError`` where the account does not enforce.
    """
    account = _account(installation, name)
    since = live_since(record, account)
    if since is None:
        raise ConflictError(
            f'The account {name!r} does not enforce yet: set enforcement = "enforce", start the '
            "service, and let it look at all bookings first."
        )
    rows = {row.id: row for row, _ in _held_back(record, account, since)}
    chosen = list(rows) if booking_ids is None else list(dict.fromkeys(booking_ids))
    for booking_id in chosen:
        if booking_id not in rows:
            raise NotFoundError(f"booking {booking_id} that waits to be let through")
        record.words.add(booking_id, "let-through", said)
    for patient_id in dict.fromkeys(rows[booking_id].patient_id for booking_id in chosen):
        record.wake(patient_id, "let-through")
    return len(chosen)


def let_through_sent(
    installation: Installation, record: Record, name: str, data: Any
) -> LetThrough:
    """As ``let_through``, of what was sent. Raises ``UnusableInputError`` too."""
    refuse_odd_characters(data, one_line=True)
    sent = read(LetThroughSent, data)
    must_say("name", sent.name)
    said = Said(sent.name, sent.reason or "")
    return LetThrough(let_through(installation, record, name, said, sent.bookings))


def step_of(
    account: Account, row: BookingRow | StandingCells, said: StaffWords, outcome: str | None
) -> Step | None:
    """What an outcome of a booking asks for on this account."""
    return step_for(
        outcome,
        Place(
            status=row.platform_status,
            accepted_by=row.accepted_by,
            ordered=said.ordered,
            cancel_accepted=account.settings.cancel_accepted,
        ),
    )


def _is_news(record: Record, account: Account) -> bool:
    known = record.session.get(MetaRow, (record.clinic, _name(account))) is not None
    return known != account.enforces


def _name(account: Account) -> str:
    return f"live:{account.name}"


def _account(installation: Installation, name: str) -> Account:
    if name not in installation.accounts:
        raise NotFoundError("account")
    return installation.accounts[name]


def _held_back(
    record: Record, account: Account, since: datetime | None
) -> list[tuple[StandingCells, StaffWords]]:
    """Bookings to come that stood before, of which nobody said that they may be written to."""
    rows = standing_bookings(record, account.name, stood=since is not None)
    found = [(row, in_force(words, record.now)) for row, words in rows]
    return [
        (row, said)
        for row, said in found
        if not said.let_through
        and still_judged(account, record.bookings.opened(row.details_sealed))
    ]


def _would(account: Account, row: StandingCells, said: StaffWords) -> Would:
    match step_of(account, row, said, row.outcome):
        case "confirm":
            return "confirm" if account.can("confirm") and not row.recurring else "ask staff"
        case "refuse" if row.platform_status == "pending":
            return "decline" if account.can("reject") and not row.recurring else "ask staff"
        case "refuse":
            return "cancel" if account.can("cancel") else "ask staff"
        case "hold":
            return "mark as held" if account.marks else "ask staff"
        case "ask":
            return "ask staff"
    return "nothing"
