"""A booking's state: what the platform says of it, or the delivery where that does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from ..api.connectors import Gone, Hint, PlatformBooking, PlatformError
from ..store.bookings import LIVE
from ..store.models import BookingRow
from ..store.record import Record
from .absence import hear_witness
from .accounts import Account
from .installation import Installation
from .observe import Look

#: A delivery older than this is only a hint: the platform's own state is read.
FRESH = timedelta(minutes=10)
#: How many times a platform that does not answer is asked before the word of a delivery that holds
#: the whole booking is taken (about half a minute).
TRIES_BEFORE_WORD = 6
#: What a delivery says of a booking that the platform may well not show any more.
CALLED_OFF = ("cancelled", "rejected")


@dataclass(frozen=True, slots=True)
class Try:
    """One try at a delivery: ``number`` from 1; ``asking``: it may wait for the platform;
    ``absent``: the platform did not show the booking at the last look."""

    number: int = 1
    asking: bool = True
    absent: bool = False


FIRST_TRY = Try()


@dataclass(frozen=True, slots=True)
class State:
    """A booking's state, as it was read or told."""

    hint: Hint
    booking: PlatformBooking | Gone
    look: Look


class AskPlatformError(Exception):
    """The delivery's own word does not do, and this try may not wait for the platform."""


@dataclass(frozen=True, slots=True)
class Known:
    """A booking that is on record, and what its form said."""

    row: BookingRow
    answers: dict[str, str]


def known_of(record: Record, account: Account, hint: Hint) -> Known | None:
    row = record.bookings.by_ref(account.name, hint.booking_ref)
    return None if row is None else Known(row, record.bookings.details(row).answers)


def states_of(
    installation: Installation,
    account: Account,
    hints: Sequence[Hint],
    known: Mapping[str, Known | None],
    attempt: Try,
) -> list[State]:
    """What the platform says now of each booking that the delivery names, where that is news."""
    return [
        _state(installation, account, hint, known[hint.booking_ref], attempt)
        for hint in hints
        if hint.kind != "ping" and not _says_nothing_new(known[hint.booking_ref], hint)
    ]


def _says_nothing_new(known: Known | None, hint: Hint) -> bool:
    """Whether a delivery only repeats what is on record and decided, such as the platform's word
    of what the bridge itself wrote."""
    told = hint.booking
    if known is None or told is None or known.row.outcome is None:
        return False
    return (
        (known.row.platform_status, known.row.start_at) == (told.status, told.start)
        and known.row.end_at == told.end
        and told.answers.items() <= known.answers.items()
        and (hint.previous_ref or told.previous_ref) in (None, known.row.previous_ref)
    )


def _state(
    installation: Installation,
    account: Account,
    hint: Hint,
    known: Known | None,
    attempt: Try,
) -> State:
    told, now = hint.booking, installation.clock.now()
    fresh = hint.sent_at is not None and abs(now - hint.sent_at) <= FRESH
    if told is not None and ((fresh and known is None) or not account.can("fetch")):
        return _as_told(hint, told)
    if not attempt.asking:
        raise AskPlatformError
    try:
        found = account.connector.fetch(hint.booking_ref)
        if isinstance(found, Gone) and attempt.absent and hint.kind not in CALLED_OFF:
            hear_witness(account, now)
    except PlatformError as error:
        if told is None or not (attempt.number >= TRIES_BEFORE_WORD or error.permanent):
            raise
        return _as_told(hint, told)
    if isinstance(found, Gone):
        return State(hint, found, Look(looked_at=now))
    ended = hint.kind if hint.kind in ("completed", "no-show") else None
    if ended and found.status in LIVE and found.start <= now:
        found = replace(found, status=ended)  # platforms go on saying "accepted"
    previous = found.previous_ref or hint.previous_ref
    answers = found.answers or (told.answers if told else {})
    found = replace(found, previous_ref=previous, answers=answers)
    return State(hint, found, Look(looked_at=now))


def _as_told(hint: Hint, told: PlatformBooking) -> State:
    told = replace(told, version=None, previous_ref=told.previous_ref or hint.previous_ref)
    return State(hint, told, Look(told_at=hint.sent_at))


def doubtful_absence(states: Sequence[State]) -> bool:
    """Whether the platform does not show a booking that its delivery does not call ended."""
    return any(isinstance(s.booking, Gone) and s.hint.kind not in CALLED_OFF for s in states)
