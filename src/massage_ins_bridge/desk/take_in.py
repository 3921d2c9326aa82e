"""From a stored delivery to decisions: what it says, the platform's state, one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ..api.connectors import (
    BadPayloadError,
    Gone,
    Hint,
    PlatformBooking,
    PlatformBusyError,
    PlatformError,
)
from ..domain.describe import describe
from ..hooks.platform_answers import ConnectorFaultError
from ..store.bookings import LIVE
from ..store.models import BookingRow, DeliveryRow
from ..store.record import Record
from .absence import as_gone, hear_witness, tell_gone
from .accounts import Account
from .installation import Installation
from .observe import Look, observe
from .tasks import TaskKind, ask

log = structlog.get_logger(__name__)
#: A delivery older than this is only a hint: the platform's own state is read.
FRESH = timedelta(minutes=10)
#: How many times a platform that does not answer is asked before the word of a delivery that holds
#: the whole booking is taken (about half a minute), and before staff is told of one that does not.
TRIES_BEFORE_WORD, MAX_TRIES = 6, 40
#: How many times a connector may break the protocol before staff is told.
MAX_FAULTS = 3
#: Seconds until a booking that the platform does not show is looked for again.
SECOND_LOOK = 60.0
#: What a delivery says of a booking that the platform may well not show any more.
CALLED_OFF = ("cancelled", "rejected")


class Next(Enum):
    """What is to be done with a delivery after a try."""

    DONE = "done"
    #: The platform has to be asked: whoever may wait for it is to try at once.
    ASK_PLATFORM = "ask the platform"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Try:
    """One try at a delivery: ``number`` from 1; ``asking``: it may wait for the platform;
    ``absent``: the platform did not show the booking at the last look."""

    number: int = 1
    asking: bool = True
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a try; ``absent`` goes into the next one, which comes after ``pause`` seconds.
    A try that was put off before it asked does not count (``counted``)."""

    next: Next = Next.DONE
    absent: bool = False
    pause: float = 0.0
    counted: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """A booking's state, as it was read or told."""

    hint: Hint
    booking: PlatformBooking | Gone
    look: Look


class _AskPlatformError(Exception):
    """The delivery's own word does not do, and this try may not wait for the platform."""


def take_in(installation: Installation, delivery_id: str, attempt: Try = Try()) -> Taken:
    """Deal with one delivery, once, however often it is called.

    Never raises for what a delivery says: what cannot be read becomes a staff task.
    """
    with installation.store.read() as session:
        delivery = session.get(DeliveryRow, delivery_id)
    if delivery is None or delivery.done_at is not None or delivery.raw_sealed is None:
        installation.parsed.forget(delivery_id)
        return Taken()
    account = installation.accounts.get(delivery.account)
    try:
        taken = (
            _give_up(installation, delivery, _NO_ACCOUNT.format(delivery.account))
            if account is None
            else _try(installation, account, delivery, attempt)
        )
    except SQLAlchemyError as error:
        log.error("a delivery will be tried again", delivery=delivery_id, error=describe(error))
        return Taken(Next.AGAIN, attempt.absent, _pause_after(attempt))
    if taken.next is Next.DONE:
        installation.parsed.forget(delivery_id)
    return taken


def _try(
    installation: Installation, account: Account, delivery: DeliveryRow, attempt: Try
) -> Taken:
    try:
        states = _states(installation, account, delivery, attempt)
        if _doubtful_absence(states) and not attempt.absent:
            return Taken(Next.AGAIN, absent=True, pause=SECOND_LOOK)
        return _commit(installation, account, delivery, states)
    except _AskPlatformError:
        return Taken(Next.ASK_PLATFORM)
    except BadPayloadError as error:
        said = f"{_UNREADABLE} The platform's connector says: {error}"
        return _give_up(installation, delivery, said)
    except PlatformBusyError as error:
        wait = error.retry_after or PAUSES[0]
        return Taken(Next.AGAIN, attempt.absent, wait, counted=False)
    except PlatformError as error:
        tries = MAX_FAULTS if isinstance(error, ConnectorFaultError) else MAX_TRIES
        if not error.permanent and attempt.number < tries:
            log.warning("platform did not answer", delivery=delivery.id, attempt=attempt.number)
            wait = max(_pause_after(attempt), error.retry_after or 0.0)
            return Taken(Next.AGAIN, attempt.absent, wait)
        return _give_up(installation, delivery, f"{_UNFETCHED} It said: {error.message}")
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - nothing that was answered with 202 may be lost
        log.error("taking in failed", delivery=delivery.id, error=describe(error))
        return _give_up(installation, delivery, f"{_UNREADABLE} ({type(error).__name__})")


def _states(
    installation: Installation, account: Account, delivery: DeliveryRow, attempt: Try
) -> list[State]:
    """What the platform says now of each booking that the delivery names, where that is news."""
    with installation.read(delivery.clinic) as record:
        hints = _hints(installation, record, account, delivery)
        known = {h.booking_ref: _known(record, account, h) for h in hints}
    return [
        _state(installation, account, hint, known[hint.booking_ref], attempt)
        for hint in hints
        if not _says_nothing_new(known[hint.booking_ref], hint)
    ]


def _hints(
    installation: Installation, record: Record, account: Account, delivery: DeliveryRow
) -> Sequence[Hint]:
    """What the delivery says: as it was read at the door, or from the stored body."""
    hints = installation.parsed.get(delivery.id)
    if hints is None:
        try:
            hints = account.connector.parse(record.deliveries.raw(delivery) or b"")
        except ConnectorFaultError as error:  # it would not read it better another time
            raise BadPayloadError(error.message) from None
        installation.parsed.keep(delivery.id, hints)
    return [hint for hint in hints if hint.kind != "ping"]


@dataclass(frozen=True, slots=True)
class _Known:
    """A booking that is on record, and what its form said."""

    row: BookingRow
    answers: dict[str, str]


def _known(record: Record, account: Account, hint: Hint) -> _Known | None:
    row = record.bookings.by_ref(account.name, hint.booking_ref)
    return None if row is None else _Known(row, record.bookings.details(row).answers)


def _says_nothing_new(known: _Known | None, hint: Hint) -> bool:
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
    known: _Known | None,
    attempt: Try,
) -> State:
    told, now = hint.booking, installation.clock.now()
    fresh = hint.sent_at is not None and abs(now - hint.sent_at) <= FRESH
    if told is not None and ((fresh and known is None) or not account.can("fetch")):
        return _as_told(hint, told)
    if not attempt.asking:
        raise _AskPlatformError
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


def _doubtful_absence(states: Sequence[State]) -> bool:
    """Whether the platform does not show a booking that its delivery does not call ended."""
    return any(isinstance(s.booking, Gone) and s.hint.kind not in CALLED_OFF for s in states)


def _commit(
    installation: Installation, account: Account, delivery: DeliveryRow, states: Sequence[State]
) -> Taken:
    """Everything that follows from the delivery, in one transaction with its receipt."""
    with installation.write(delivery.clinic) as record:
        row = record.deliveries.undone(delivery.id)
        if row is None:
            return Taken()
        booking_id, result = None, "nothing"
        for state in states:
            found, hint = state.booking, state.hint
            gone = isinstance(found, Gone)
            known = record.bookings.by_ref(account.name, hint.booking_ref) if gone else None
            stood = known is not None and known.platform_status in LIVE
            booking = as_gone(record, account, hint) if isinstance(found, Gone) else found
            if booking is None:
                continue
            cause = f"delivery:{hint.kind}"
            seen = observe(installation, record, account, booking, state.look, cause)
            if gone:
                called_off = hint.kind in CALLED_OFF
                tell_gone(record, seen.booking_id, stood=stood, called_off=called_off)
            booking_id, result = seen.booking_id, "decided" if seen.changed else "unchanged"
        record.deliveries.receipt(row, result, booking_id)
    return Taken()


def _give_up(installation: Installation, delivery: DeliveryRow, why: str) -> Taken:
    """A staff task in place of a decision; the delivery counts as dealt with."""
    with installation.write(delivery.clinic) as record:
        row = record.deliveries.undone(delivery.id)
        if row is not None:
            ask(record, TaskKind.UNREADABLE_DELIVERY, delivery.id, why=why)
            record.deliveries.receipt(row, "task")
    return Taken()


def _pause_after(attempt: Try) -> float:
    return PAUSES[min(attempt.number, len(PAUSES)) - 1]


PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
_NO_ACCOUNT = (
    "A delivery arrived for the account {!r}, which is no longer in the settings. Look on that "
    "platform whether bookings are waiting."
)
_UNREADABLE = (
    "A delivery from the booking platform could not be understood. Look on the platform for new "
    "or changed bookings of that time."
)
_UNFETCHED = (
    "A delivery spoke of a booking that the platform would not show. Look on the platform for "
    "new or changed bookings of that time, and check the account's key."
)
