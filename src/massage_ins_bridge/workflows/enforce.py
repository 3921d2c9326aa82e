"""Writing one effect to the platform, whose state is read first: a retry changes nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from ..api.connectors import (
    Gone,
    Outcome,
    PlatformBooking,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
)
from ..store.bookings import LIVE
from ..store.models import BookingRow, EffectRow
from ..store.tasks import Tasks
from .faults import describe
from .service import Account, Service

log = structlog.get_logger(__name__)
_OVERTAKEN = "the booking was cancelled or moved before this was written"
_WANTED = {"confirm": "allow", "hold": "hold", "block": "block"}
#: After so many failed tries staff is told; the bridge goes on trying all the same. What the
#: platform answers is not understood so many times before it is staff's alone.
TELL_AFTER, GIVE_UP_AFTER = 3, 12
#: Refusals that end once a key, a right or an address is mended.
_CURABLE = (401, 402, 403, 405, 407)
MAX_PAUSE = timedelta(minutes=15)


def carry_out(service: Service, effect_id: str) -> None:
    """Bring the platform to the state that the effect asks for, if that is still wanted.

    Never raises for the platform's sake: a fault that may pass leaves the effect queued for a
    later try, a lasting one becomes a staff task.
    """
    with service.store.read() as session:
        effect = session.get(EffectRow, effect_id)
        if effect is None or effect.state != "queued":
            return
        row = session.get_one(BookingRow, effect.booking_id)
    account = service.accounts.get(effect.account)
    if account is None or not account.enforces:
        _close(service, effect_id, "observed", None, "the account only observes")
    elif not _wanted(effect, row):
        _close(service, effect_id, "superseded", None, "a later decision took its place")
    elif row.start_at <= service.clock.now():
        late = Outcome("manual", "the booking's time had come before this could be written")
        _close(service, effect_id, "done", late, late.detail)
    else:
        _write(service, account, effect, row)


def _write(service: Service, account: Account, effect: EffectRow, row: BookingRow) -> None:
    try:
        outcome, status = _act(account, effect, row)
    except PlatformError as error:
        if error.permanent and _overtaken(account, row):
            _close(service, effect.id, "superseded", None, _OVERTAKEN)
        else:
            _failed(service, effect.id, error.message, error)
    except Exception as error:  # noqa: BLE001 - a connector's fault must not lose the effect
        log.error("connector failed", effect=effect.id, error=describe(error))
        _failed(service, effect.id, f"the connector failed: {type(error).__name__}")
    else:
        if outcome is None:
            _close(service, effect.id, "superseded", None, "the booking was moved meanwhile")
        else:
            _close(service, effect.id, "done", outcome, outcome.detail, status)


def _overtaken(account: Account, row: BookingRow) -> bool:
    """Whether a refusal is only that the client was quicker: cancelled, or moved the booking."""
    if not account.can("fetch"):
        return False
    try:
        found = account.connector.fetch(row.ref)
    except PlatformError as error:
        return isinstance(error, PlatformGoneError)
    return isinstance(found, Gone) or found.status not in LIVE or found.start != row.start_at


def _wanted(effect: EffectRow, row: BookingRow) -> bool:
    return (
        row.round == effect.round
        and row.platform_status in LIVE
        and row.outcome == _WANTED.get(effect.kind)
    )


def _act(account: Account, effect: EffectRow, row: BookingRow) -> tuple[Outcome | None, str | None]:
    """Read the platform's state and change it where it is another; the state afterwards.

    No outcome where the booking was moved meanwhile: its new time is decided anew.
    """
    connector = account.connector
    status: str = row.platform_status
    if account.can("fetch"):
        try:
            found: PlatformBooking | Gone = connector.fetch(row.ref)
        except PlatformGoneError:
            found = Gone(row.ref)
        if isinstance(found, Gone):
            return Outcome("already", "the platform no longer knows the booking"), "cancelled"
        if found.start != row.start_at:
            return None, None
        status = found.status
    if status not in LIVE:
        return Outcome("already", f"the platform says {status}"), status
    if effect.kind == "confirm":
        if status == "accepted":
            return Outcome("already", "the platform had accepted it"), "accepted"
        return _reached(account, row, connector.confirm(row.ref, effect.id), "accepted")
    if effect.kind == "hold":
        return connector.hold(row.ref, effect.reason, effect.id), None
    call: Callable[[str, str, str], Outcome]
    refuse = status == "pending"
    call = connector.reject if refuse else connector.cancel
    if not account.can("reject" if refuse else "cancel"):
        return Outcome("unsupported", "the platform cannot be told to refuse"), None
    ended = "rejected" if refuse else "cancelled"
    return _reached(account, row, call(row.ref, effect.reason, effect.id), ended)


def _reached(
    account: Account, row: BookingRow, outcome: Outcome, wanted: str
) -> tuple[Outcome, str]:
    """What a connector did, and the platform's state now: where nothing was left to do, somebody
    was quicker, and perhaps wanted something else."""
    if outcome.effect != "already" or not account.can("fetch"):
        return outcome, wanted
    found = account.connector.fetch(row.ref)
    return outcome, "cancelled" if isinstance(found, Gone) else found.status


def _close(
    service: Service,
    effect_id: str,
    state: str,
    outcome: Outcome | None,
    detail: str,
    status: str | None = None,
) -> None:
    with service.store.write() as session:
        effect = session.get_one(EffectRow, effect_id, with_for_update=True)
        if effect.state != "queued":
            return
        now = service.clock.now()
        effect.state, effect.done_at, effect.detail = state, now, detail[:500]
        effect.reached = outcome.effect if outcome else None
        row = session.get_one(BookingRow, effect.booking_id, with_for_update=True)
        written = outcome is not None and outcome.effect not in ("manual", "unsupported")
        standing = row.platform_status in LIVE  # the client may have been quicker than our answer
        if status and written and standing and row.round == effect.round:
            row.platform_status = status
        tasks = Tasks(session, service.store.vault, service.clinic)
        tasks.close("not-written", effect.id, now)
        if outcome is not None and not written and standing:
            _ask(tasks, row, f"{effect.kind}-by-hand", _BY_HAND[effect.kind], now)
        if effect.kind == "hold" and outcome is not None:
            row.hold_state = outcome.effect
    log.info("effect closed", effect=effect_id, state=state, reached=effect.reached)


def _failed(service: Service, effect_id: str, why: str, error: PlatformError | None = None) -> None:
    """Queue another try, later each time; a lasting refusal is staff's until it is wanted anew."""
    permanent = error is not None and error.permanent
    refused = isinstance(error, PlatformRefusedError) and error.status not in _CURABLE
    with service.store.write() as session:
        effect = session.get_one(EffectRow, effect_id, with_for_update=True)
        if effect.state != "queued":
            return
        now = service.clock.now()
        effect.attempts += 1
        effect.detail = why[:500]
        gone = isinstance(error, PlatformGoneError)
        lasting = refused or gone or (permanent and effect.attempts >= GIVE_UP_AFTER)
        if lasting:
            effect.state, effect.done_at = "failed", now
        else:
            pause = min(MAX_PAUSE, timedelta(seconds=5 * 3 ** min(effect.attempts, 6)))
            effect.next_try_at = now + pause
        if permanent or effect.attempts >= TELL_AFTER:
            _tell(session, service, effect, why, now, lasting=lasting)
    log.warning("effect not written", effect=effect_id, lasting=lasting)


def _tell(
    session: Session,
    service: Service,
    effect: EffectRow,
    why: str,
    now: datetime,
    *,
    lasting: bool,
) -> None:
    row = session.get_one(BookingRow, effect.booking_id)
    rest = "Do it there yourself." if lasting else "The bridge goes on trying."
    message = f"The platform could not be told to {effect.kind} this booking: {why}. {rest}"
    Tasks(session, service.store.vault, service.clinic).open(
        "not-written", effect.id, message, now, patient_id=row.patient_id, booking_id=row.id
    )


def _ask(tasks: Tasks, row: BookingRow, kind: str, message: str, now: datetime) -> None:
    tasks.open(kind, row.id, message, now, patient_id=row.patient_id, booking_id=row.id)


_BY_HAND = {
    "confirm": "Confirm this booking on the platform yourself.",
    "hold": "This booking is on hold; the platform does not show it. Cure what is missing, or "
    "agree with the client on self-pay or another time.",
    "block": "This booking may not stand on insurance. Cancel it on the platform yourself and "
    "tell the client.",
}
