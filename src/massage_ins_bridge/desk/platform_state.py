"""A booking's state: what the platform says of it, or the delivery where that does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..api.connectors import Gone, Hint, PlatformBooking, PlatformError
from ..store.bookings import LIVE
from ..store.models import BookingRow
from ..store.record import Record
from .absence import CAUGHT_UP, fetched, hear_witness
from .accounts import Account
from .installation import Installation
from .observe import Look

#: How long a platform that does not answer may keep a delivery waiting that holds its whole
#: booking: then what it told is filed, and the booking stays to be read. Of a booking that was read
#: before that is waited with: nobody knows whether it is older than what was read.
TOLD_AFTER, TOLD_AFTER_A_READING = timedelta(seconds=2), timedelta(seconds=30)
#: What a delivery says of a booking that the platform may well not show any more.
CALLED_OFF = ("cancelled", "rejected")
#: After how long a booking that is not shown is looked for again, from look to look.
LOOKS = (CAUGHT_UP, timedelta(seconds=45))
_RANK = {"pending": 0, "accepted": 1}


@dataclass(frozen=True, slots=True)
class Try:
    """One try at a delivery: ``number`` from 1; ``absent``: at how many looks in a row the platform
    did not show the booking; ``told``: the platform does not answer in time, and what the delivery
    told is to be filed where it holds everything."""

    number: int = 1
    absent: int = 0
    told: bool = False

    @property
    def next_look(self) -> timedelta | None:
        """After how long a booking that is not shown now is looked for again; ``None``: this look
        is believed."""
        return LOOKS[self.absent] if self.absent < len(LOOKS) else None


FIRST_TRY = Try()


@dataclass(frozen=True, slots=True)
class State:
    """A booking's state, as it was read or told."""

    hint: Hint
    booking: PlatformBooking | Gone
    look: Look


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
    return [_state(installation, account, h, attempt) for h in _news(hints, known)]


def told_after(
    account: Account, hints: Sequence[Hint], known: Mapping[str, Known | None]
) -> timedelta | None:
    """How long the platform may keep the delivery waiting; ``None`` where it does not hold all that
    would be filed."""
    news = _news(hints, known)
    if not account.can("fetch") or any(hint.booking is None for hint in news):
        return None
    rows = (found.row for h in news if (found := known[h.booking_ref]) is not None)
    return TOLD_AFTER_A_READING if any(not row.to_read for row in rows) else TOLD_AFTER


def _news(hints: Sequence[Hint], known: Mapping[str, Known | None]) -> list[Hint]:
    return [h for h in hints if h.kind != "ping" and not _says_nothing_new(known[h.booking_ref], h)]


def _says_nothing_new(known: Known | None, hint: Hint) -> bool:
    """Whether a delivery only repeats what is on record and decided, such as the platform's word
    of what the bridge itself wrote."""
    told = hint.booking
    if known is None or told is None or known.row.outcome is None or known.row.to_read:
        return False
    return (
        (known.row.platform_status, known.row.start_at) == (told.status, told.start)
        and known.row.end_at == told.end
        and told.answers.items() <= known.answers.items()
        and (hint.previous_ref or told.previous_ref) in (None, known.row.previous_ref)
    )


def _state(installation: Installation, account: Account, hint: Hint, attempt: Try) -> State:
    told, now = hint.booking, installation.clock.now()
    if told is not None and (attempt.told or not account.can("fetch")):
        return _as_told(account, hint, told)
    try:
        found = fetched(account, hint.booking_ref)
        if isinstance(found, Gone) and not attempt.next_look and hint.kind not in CALLED_OFF:
            hear_witness(account, now)
    except PlatformError as error:
        if told is None or not error.permanent:
            raise
        return _as_told(account, hint, told)
    if isinstance(found, Gone):
        return State(hint, found, Look(looked_at=now))
    told_late = hint.sent_at is not None and found.start <= hint.sent_at
    unmarked = found.status in LIVE and (hint.kind == "no-show" or told_late)
    again = contradicts(hint.kind, found, now) or _moved_elsewhere(hint, found)
    if hint.kind == "completed" and found.status in LIVE and found.start <= now:
        found = replace(found, status="completed")  # platforms go on saying "accepted"
    previous = found.previous_ref or hint.previous_ref
    answers = found.answers or (told.answers if told else {})
    found = replace(found, previous_ref=previous, answers=answers)
    return State(hint, found, Look(looked_at=now, to_read=again, unmarked=unmarked))


def _as_told(account: Account, hint: Hint, told: PlatformBooking) -> State:
    told = replace(told, version=None, previous_ref=told.previous_ref or hint.previous_ref)
    return State(hint, told, Look(told_at=hint.sent_at, to_read=account.can("fetch")))


def contradicts(event: str, found: PlatformBooking, now: datetime) -> bool:
    """Whether the platform's state is behind what it told: some tell before they write it down, or
    read from a copy that lags. A state that is further on is only newer."""
    if event in CALLED_OFF:
        return found.status in LIVE
    if event == "no-show":
        return found.status in LIVE and found.start <= now
    return event == "created" and _RANK.get(found.status, 1) < _RANK["accepted"]


def _moved_elsewhere(hint: Hint, found: PlatformBooking) -> bool:
    told = hint.booking
    moved = hint.kind == "rescheduled" and told is not None and found.status in LIVE
    return moved and told is not None and told.start != found.start


def doubtful_absence(states: Sequence[State]) -> bool:
    """Whether the platform does not show a booking that its delivery does not call ended."""
    return any(isinstance(s.booking, Gone) and s.hint.kind not in CALLED_OFF for s in states)
