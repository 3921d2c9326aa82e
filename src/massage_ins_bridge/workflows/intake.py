"""From a stored delivery to decisions: what it says, the platform's state, one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ..api.connectors import (
    BadPayloadError,
    Gone,
    Hint,
    PlatformBooking,
    PlatformError,
    PlatformPerson,
)
from ..store.bookings import LIVE, Bookings
from ..store.models import DeliveryRow, IntakeRow
from ..store.tasks import Tasks
from .effects import Planned
from .faults import describe
from .observing import observe
from .service import Account, Service

log = structlog.get_logger(__name__)
#: A delivery older than this is only a hint: the platform's own state is fetched.
FRESH = timedelta(minutes=10)
#: So often a platform that does not answer is asked, about half a minute, before the word of a
#: delivery that holds the whole booking is taken; and before staff is told of one that does not.
WORD_TAKEN = 6
MAX_FETCHES = 40

States = list[tuple[Hint, PlatformBooking | Gone]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery: ``again`` asks for another try, ``planned`` is to be written."""

    planned: tuple[Planned, ...] = ()
    again: bool = False


def take_in(  # noqa: PLR0911 - one way out for each thing that can be wrong
    service: Service, delivery_id: str, attempt: int = 1
) -> Taken:
    """Deal with one delivery, once, however often it is called.

    Never raises for what a delivery says: what cannot be read becomes a staff task.
    """
    with service.store.read() as session:
        if session.get(IntakeRow, delivery_id) is not None:
            return Taken()
        delivery = session.get(DeliveryRow, delivery_id)
    if delivery is None or delivery.raw_sealed is None:
        return Taken()
    account = service.accounts.get(delivery.account)
    if account is None:
        return _give_up(service, delivery, _NO_ACCOUNT.format(delivery.account))
    try:
        place = f"deliveries.raw:{delivery.clinic}"
        raw = service.store.vault.open_bytes(delivery.raw_sealed, place)
        hints = [h for h in account.connector.parse(raw) if h.kind != "ping"]
        states = _states(service, account, hints, last=attempt >= WORD_TAKEN)
        return _commit(service, account, delivery, states)
    except BadPayloadError as error:
        return _give_up(service, delivery, f"{_UNREADABLE} The platform's connector says: {error}")
    except PlatformError as error:
        if not error.permanent and attempt < MAX_FETCHES:
            log.warning("platform did not answer", delivery=delivery_id, attempt=attempt)
            return Taken(again=True)
        return _give_up(service, delivery, f"{_UNFETCHED} It said: {error.message}")
    except SQLAlchemyError as error:
        log.error("intake will be tried again", delivery=delivery_id, error=describe(error))
        return Taken(again=True)
    except Exception as error:  # noqa: BLE001 - nothing that was answered with 202 may be lost
        log.error("intake failed", delivery=delivery_id, error=describe(error))
        return _give_up(service, delivery, f"{_UNREADABLE} ({type(error).__name__})")


def _states(service: Service, account: Account, hints: list[Hint], *, last: bool) -> States:
    """What the platform says of each hinted booking now."""
    return [(hint, _state(service, account, hint, last=last)) for hint in hints]


def _state(service: Service, account: Account, hint: Hint, *, last: bool) -> PlatformBooking | Gone:
    told = hint.booking
    now = service.clock.now()
    fresh = hint.version is not None and abs(now - hint.version) <= FRESH
    if told is not None and (fresh or not account.can("fetch")):
        return _as_told(told, hint)
    try:
        found = account.connector.fetch(hint.booking_ref)
    except PlatformError as error:
        if told is None or not (last or error.permanent):
            raise
        return _as_told(told, hint)
    if isinstance(found, Gone):
        return found
    ended = hint.kind if hint.kind in ("completed", "no-show") else None
    if ended and found.status in LIVE and found.start <= now:
        found = replace(found, status=ended)  # platforms go on saying "accepted"
    previous = found.previous_ref or hint.previous_ref
    answers = found.answers or (told.answers if told else {})
    return replace(found, previous_ref=previous, answers=answers)


def _as_told(told: PlatformBooking, hint: Hint) -> PlatformBooking:
    return replace(
        told,
        version=told.version or hint.version,
        previous_ref=told.previous_ref or hint.previous_ref,
    )


def _commit(service: Service, account: Account, delivery: DeliveryRow, states: States) -> Taken:
    """Everything that follows from the delivery, in one transaction with its receipt."""
    planned: list[Planned] = []
    with service.store.write() as session:
        if session.get(IntakeRow, delivery.id) is not None:
            return Taken()
        now = service.clock.now()
        booking_id, result = None, "nothing"
        for hint, state in states:
            gone = isinstance(state, Gone)
            booking = _gone(session, service, account, hint) if isinstance(state, Gone) else state
            if booking is None:
                continue
            seen = observe(session, service, account, booking, f"delivery:{hint.kind}", now)
            if gone and booking.status in LIVE:
                _ask_about_unknown(session, service, seen.booking_id, now)
            planned += seen.planned
            booking_id, result = seen.booking_id, "stale" if seen.stale else "decided"
        _receipt(session, delivery, result, now, booking_id)
    return Taken(tuple(planned))


def _gone(
    session: Session, service: Service, account: Account, hint: Hint
) -> PlatformBooking | None:
    """A booking that the platform no longer knows is a cancelled one, if we knew it. Where the
    signed delivery alone knows it, it is filed by its word, for staff to look into."""
    row = Bookings(session, service.store.vault, service.clinic).by_ref(
        account.settings.name, hint.booking_ref
    )
    if row is None:
        told = hint.booking
        return _as_told(told, hint) if told is not None and told.status in LIVE else None
    return PlatformBooking(
        ref=row.ref,
        status="cancelled",
        start=row.start_at,
        end=row.end_at,
        service_ref=None,
        person=PlatformPerson(),
    )


def _ask_about_unknown(session: Session, service: Service, booking_id: str, now: datetime) -> None:
    Tasks(session, service.store.vault, service.clinic).open(
        "unknown-on-platform", booking_id, _UNKNOWN, now, booking_id=booking_id
    )


def _receipt(
    session: Session, delivery: DeliveryRow, result: str, now: datetime, booking_id: str | None
) -> None:
    session.add(
        IntakeRow(
            delivery_id=delivery.id,
            clinic=delivery.clinic,
            done_at=now,
            result=result,
            booking_id=booking_id,
        )
    )
    session.flush()


def _give_up(service: Service, delivery: DeliveryRow, message: str) -> Taken:
    """A staff task in place of a decision; the delivery counts as dealt with."""
    try:
        with service.store.write() as session:
            if session.get(IntakeRow, delivery.id) is None:
                now = service.clock.now()
                Tasks(session, service.store.vault, service.clinic).open(
                    "unreadable-delivery", delivery.id, message, now
                )
                _receipt(session, delivery, "task", now, None)
    except SQLAlchemyError as error:
        log.error("intake will be tried again", delivery=delivery.id, error=describe(error))
        return Taken(again=True)
    return Taken()


_UNKNOWN = (
    "The platform announced this booking and, when asked, does not know it. It is filed as it was "
    "announced; look on the platform whether it stands."
)
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
