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
    PlatformBusyError,
    PlatformError,
)
from ..domain.describe import describe
from ..hooks.platform_answers import ConnectorFaultError
from ..store.bookings import LIVE
from ..store.models import DeliveryRow
from ..store.record import Record
from .absence import as_gone, is_there, tell_gone
from .accounts import Account
from .installation import Installation
from .listed import ask_unreadable, close_unread
from .look_again import SHORTEST, SOON, WAITS, look_later
from .observe import observe
from .platform_state import (
    CALLED_OFF,
    FIRST_TRY,
    Known,
    State,
    Try,
    doubtful_absence,
    known_of,
    states_of,
    told_after,
)
from .tasks import TaskKind, ask
from .whose import judged

log = structlog.get_logger(__name__)
#: How many times a platform that does not answer is asked before staff is told.
MAX_TRIES = 40
#: How many times a connector may break the protocol before staff is told.
MAX_FAULTS = 3
#: A key that is not taken is given a new one sooner or later.
KEY_REFUSED = (401, 403)


class Next(Enum):
    """What is to be done with a delivery after a try."""

    DONE = "done"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a try; ``absent`` goes into the next one, which comes after ``pause`` seconds.
    A try that was put off before it asked does not count (``counted``)."""

    next: Next = Next.DONE
    absent: int = 0
    pause: float = 0.0
    counted: bool = True


def take_in(installation: Installation, delivery_id: str, attempt: Try = FIRST_TRY) -> Taken:
    """Deal with one delivery, once, however often it is called.

    Never raises for what a delivery says: what cannot be read becomes a staff task.
    """
    try:
        taken = _try(installation, delivery_id, attempt)
    except SQLAlchemyError as error:
        log.error("a delivery will be tried again", delivery=delivery_id, error=describe(error))
        return Taken(Next.AGAIN, attempt.absent, _pause_after(attempt))
    if taken.next is Next.DONE:
        installation.parsed.forget(delivery_id)
    return taken


def _try(installation: Installation, delivery_id: str, attempt: Try) -> Taken:
    try:
        act = _as_told if attempt.told else _after_a_look
        return act(installation, delivery_id, attempt)
    except BadPayloadError as error:
        said = f"{_UNREADABLE} The platform's connector says: {error}"
        return _give_up(installation, delivery_id, said)
    except PlatformBusyError as error:
        wait = error.retry_after or PAUSES[0]
        again = Taken(Next.AGAIN, attempt.absent, wait, counted=False)
        return _again(installation, delivery_id, again)
    except PlatformError as error:
        tries = MAX_FAULTS if isinstance(error, ConnectorFaultError) else MAX_TRIES
        passes = not error.permanent or error.status in KEY_REFUSED
        if passes and attempt.number < tries:
            _log_fault(error, delivery_id, attempt)
            wait = max(_pause_after(attempt), error.retry_after or 0.0)
            return _again(installation, delivery_id, Taken(Next.AGAIN, attempt.absent, wait))
        return _unfetched(installation, delivery_id, error)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - nothing that was answered with 202 may be lost
        log.error("taking in failed", delivery=delivery_id, error=describe(error))
        return _give_up(installation, delivery_id, f"{_UNREADABLE} ({type(error).__name__})")


def _log_fault(error: PlatformError, delivery_id: str, attempt: Try) -> None:
    """A connector's own fault names connector, method and field; a platform's words are not ours to
    log."""
    if isinstance(error, ConnectorFaultError):
        log.error("connector failed", delivery=delivery_id, error=error.message)
    else:
        log.warning("platform did not answer", delivery=delivery_id, attempt=attempt.number)


def _again(installation: Installation, delivery_id: str, again: Taken) -> Taken:
    """Another try, unless the platform has kept the delivery waiting for long enough."""
    left = told_in(installation, delivery_id)
    if left is None:
        return again
    if left <= timedelta(0):
        return _as_told(installation, delivery_id, Try(told=True))
    return replace(again, pause=min(again.pause, left.total_seconds()))


def told_in(installation: Installation, delivery_id: str) -> timedelta | None:
    """After what time a delivery that still waits is filed as it told; ``None`` where it cannot be.
    Raises ``BadPayloadError`` and whatever reading it raises."""
    with installation.read_about(DeliveryRow, delivery_id) as (record, row):
        account = installation.accounts.get(row.account) if row is not None else None
        if row is None or row.done_at is not None or row.raw_sealed is None or account is None:
            return None
        hints = _hints(installation, record, account, row)
        after = told_after(account, hints, _known(record, account, hints))
        return None if after is None else row.received_at + after - record.now


def _as_told(installation: Installation, delivery_id: str, attempt: Try) -> Taken:
    """What the delivery told, where it holds everything."""
    with installation.write_about(DeliveryRow, delivery_id) as (record, row):
        if row is None or row.done_at is not None or row.raw_sealed is None:
            return Taken()
        account = installation.accounts.get(row.account)
        if account is None:
            return _leave_to_staff(record, row, _NO_ACCOUNT.format(row.account))
        hints = _hints(installation, record, account, row)
        known = _known(record, account, hints)
        if told_after(account, hints, known) is not None:
            states = states_of(installation, account, hints, known, attempt)
            _file(installation, record, account, row, states)
    return Taken()


def _known(record: Record, account: Account, hints: Sequence[Hint]) -> dict[str, Known | None]:
    return {h.booking_ref: known_of(record, account, h) for h in hints}


def _after_a_look(installation: Installation, delivery_id: str, attempt: Try) -> Taken:
    """What is on record, then what the platform says, then everything in one transaction."""
    with installation.read_about(DeliveryRow, delivery_id) as (record, row):
        if row is None or row.done_at is not None or row.raw_sealed is None:
            return Taken()
        account = installation.accounts.get(row.account)
        if account is not None:
            hints = _hints(installation, record, account, row)
            known = _known(record, account, hints)
    if account is None:
        return _give_up(installation, delivery_id, _NO_ACCOUNT.format(row.account))
    states = states_of(installation, account, hints, known, attempt)
    wait = attempt.next_look
    if wait is not None and doubtful_absence(states):
        return Taken(Next.AGAIN, attempt.absent + 1, wait.total_seconds())
    with installation.write_about(DeliveryRow, delivery_id) as (record, row):
        if row is not None and row.done_at is None:
            _file(installation, record, account, row, states)
    return Taken()


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
    return hints


def _file(
    installation: Installation,
    record: Record,
    account: Account,
    row: DeliveryRow,
    states: Sequence[State],
) -> None:
    """Everything that follows from the delivery, with its receipt."""
    record.lock()  # before any row of a look: whoever has one waits for this
    booking_id, result, foreign = None, "nothing", False
    for state in states:
        found, hint = state.booking, state.hint
        gone = isinstance(found, Gone)
        known = record.bookings.by_ref(account.name, hint.booking_ref) if gone else None
        stood = known is not None and known.platform_status in LIVE
        if isinstance(found, Gone):
            booking = as_gone(record, account, found.ref, hint.booking)
        else:
            booking = found
        if gone or state.look.to_read:
            wait = WAITS[0] if gone else SOON if state.look.looked_at else SHORTEST
            look_later(record, account, hint.booking_ref, hint.kind, wait, absent=gone)
        if booking is None:
            foreign |= hint.booking is not None and not judged(account, hint.booking)
            continue
        cause = f"delivery:{hint.kind}"
        look = replace(state.look, to_read=True) if gone and booking.status in LIVE else state.look
        if not gone and state.look.looked_at:
            close_unread(record, account.name, hint.booking_ref)
        seen = observe(installation, record, account, booking, look, cause)
        if seen.booking_id is None:
            foreign = True
            record.looks.forget(account.name, hint.booking_ref)
            continue
        if gone:
            called_off = hint.kind in CALLED_OFF
            tell_gone(record, seen.booking_id, stood=stood, called_off=called_off)
        booking_id, result = seen.booking_id, "decided" if seen.changed else "unchanged"
    record.deliveries.receipt(row, result, booking_id)
    if foreign and booking_id is None:  # nothing is kept of what is none of the clinic's
        record.deliveries.forget(row)


def _give_up(installation: Installation, delivery_id: str, why: str) -> Taken:
    """A staff task in place of a decision; the delivery counts as dealt with."""
    with installation.write_about(DeliveryRow, delivery_id) as (record, row):
        if row is not None and row.done_at is None:
            _leave_to_staff(record, row, why)
    return Taken()


def _unfetched(installation: Installation, delivery_id: str, error: PlatformError) -> Taken:
    """A staff task for each booking that the platform does not show; it is looked for on and on,
    and whoever sees it closes the task."""
    with installation.write_about(DeliveryRow, delivery_id) as (record, row):
        if row is None or row.done_at is not None or row.raw_sealed is None:
            return Taken()
        account = installation.accounts[row.account]
        for hint in _hints(installation, record, account, row):
            ref = hint.booking_ref
            if is_there(error):
                ask_unreadable(record, account.name, ref, error.message)
            else:
                why = f"{_UNFETCHED} It said: {error.message}"
                ask(record, TaskKind.UNREADABLE_DELIVERY, f"{account.name}:{ref}", why=why)
            look_later(record, account, ref, hint.kind, WAITS[0])
        record.deliveries.receipt(row, "task")
    return Taken()


def _leave_to_staff(record: Record, row: DeliveryRow, why: str) -> Taken:
    ask(record, TaskKind.UNREADABLE_DELIVERY, row.id, why=why)
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
