"""From an outcome to the one change that it asks of the platform (contract, part 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ..domain.answers import Decision
from ..store.decisions import add_effect
from ..store.models import BookingRow, EffectRow
from ..store.tasks import Tasks
from .reasons import reason_for
from .service import Account, Service


@dataclass(frozen=True, slots=True)
class Planned:
    """An effect to carry out. ``run`` is the id of the durable run: a new one per attempt."""

    effect: str
    account: str
    run: str


def planned(effect: EffectRow) -> Planned:
    return Planned(effect.id, effect.account, f"{effect.id}.{effect.attempts}")


def plan_effects(
    session: Session, service: Service, row: BookingRow, decision: Decision, now: datetime
) -> list[Planned]:
    """Record what the outcome asks for; what is to be written comes back to be carried out.

    A pending booking on hold needs no writing: pending is the hold. An accepted one is held by
    staff. Observing accounts only note what would have been done.
    """
    account = service.accounts.get(row.account)
    reason = reason_for(decision.outcome, self_pay_offered=decision.self_pay_offered)
    plan = _Plan(session, service, row, now, reason)
    kind = _kind(row, decision)
    plan.settle(kind)
    if kind is None:
        row.hold_state = None
        return []
    if account is None or not account.enforces:
        plan.record(kind, "observed")
        row.hold_state = "observed" if kind in ("hold", "manual") else None
        return []
    if kind == "hold" and row.platform_status == "pending":
        row.hold_state = "native"
        plan.record("hold", "done", "native")
        return []
    row.hold_state = "manual" if kind == "manual" else None
    return plan.write(kind, account)


def _kind(row: BookingRow, decision: Decision) -> str | None:
    """``confirm``, ``hold``, ``manual``, ``block``, or nothing to do."""
    pending = row.platform_status == "pending"
    if decision.outcome == "allow":
        return "confirm" if pending else None
    if decision.outcome == "hold":
        return "hold" if pending else "manual"
    return "block"


@dataclass(slots=True)
class _Plan:
    session: Session
    service: Service
    row: BookingRow
    now: datetime
    reason: str

    def record(self, kind: str, state: str, reached: str | None = None) -> EffectRow | None:
        return add_effect(
            self.session, self.row, kind, state, self.now, reason=self.reason, reached=reached
        )

    def write(self, kind: str, account: Account) -> list[Planned]:
        """Queue the effect, or make a staff task of what cannot or may not be written."""
        if kind == "manual":
            if account.can("hold") and not _holds_by_pending(account):
                return self.queue("hold")
            self.record("manual", "done", "manual")
            self.ask("hold-by-hand", _ACCEPTED_HOLD)
        elif self.row.recurring and not self._one_alone(kind):
            self.record(kind, "done", "manual")
            self.ask(f"{kind}-by-hand", _SERIES[kind])
        elif self.row.start_at <= self.now:
            self.record(kind, "done", "manual")
            self.ask(f"{kind}-by-hand", _TOO_LATE)
        elif not _able(account, kind, self.row.platform_status):
            self.record(kind, "done", "unsupported")
            self.ask(f"{kind}-by-hand", _UNABLE[kind])
        else:
            return self.queue(kind)
        return []

    def queue(self, kind: str) -> list[Planned]:
        effect = self.record(kind, "queued")
        return [planned(effect)] if effect is not None else []

    def ask(self, kind: str, message: str) -> None:
        self._tasks().open(
            kind,
            self.row.id,
            message,
            self.now,
            patient_id=self.row.patient_id,
            booking_id=self.row.id,
        )

    def settle(self, kind: str | None) -> None:
        """What staff was asked to do is over once another thing is wanted, or nothing."""
        if kind not in ("hold", "manual"):
            self._tasks().close("hold-by-hand", self.row.id, self.now)
        if kind != "confirm":
            self._tasks().close("confirm-by-hand", self.row.id, self.now)

    def _one_alone(self, kind: str) -> bool:
        """Whether this reaches the one occurrence: platforms confirm and decline whole series,
        and cancel one of it."""
        return kind == "block" and self.row.platform_status == "accepted"

    def _tasks(self) -> Tasks:
        return Tasks(self.session, self.service.store.vault, self.service.clinic)


def _holds_by_pending(account: Account) -> bool:
    """Whether the platform's hold is its pending state, which an accepted booking cannot take."""
    return account.can("confirm")


def _able(account: Account, kind: str, status: str) -> bool:
    if kind == "block":
        return account.can("reject" if status == "pending" else "cancel")
    return account.can(kind)


_ACCEPTED_HOLD = (
    "This booking is already accepted on the platform, but it is on hold here. Cure what is "
    "missing, or agree with the client on self-pay or another time."
)
_TOO_LATE = "This booking was decided only after it began. Nothing was written to the platform."
_SERIES = {
    "confirm": "This booking may stand, and belongs to a series. Platforms may confirm a whole "
    "series at once: look at its other bookings first, and confirm it there.",
    "block": "This booking may not stand on insurance, and belongs to a series. Platforms may "
    "decline a whole series at once: look at its other bookings, end this one there, and tell the "
    "client.",
    "hold": "This booking belongs to a series and is on hold. Leave it unconfirmed.",
}
_UNABLE = {
    "confirm": "The platform cannot be told to confirm. Confirm this booking there yourself.",
    "block": "The platform cannot be told to refuse. Cancel this booking there and tell the "
    "client.",
    "hold": "The platform cannot be told to hold. See to this booking yourself.",
}
