"""From an outcome to the one change that it asks of the platform (contract, part 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.answers import Decision
from ..store.models import WriteRow
from ..store.record import Record, Work
from ..store.writes import first_run
from .accounts import Account
from .client_file import Held
from .client_texts import reason_for
from .installation import Installation
from .tasks import BY_HAND, TaskKind, ask


def plan_writes(installation: Installation, record: Record, held: Held, decision: Decision) -> None:
    """Record what the outcome asks for; what is to be written is left to be done.

    A pending booking on hold needs no writing: pending is the hold. An accepted one is held by
    staff. Observing accounts only note what would have been done.
    """
    row = held.row
    account = installation.accounts.get(row.account)
    kind = wanted_kind(decision.outcome, row.platform_status)
    reason = reason_for(decision.outcome, self_pay_offered=decision.self_pay_offered)
    plan = _Plan(record, held, reason)
    plan.settle(kind)
    if kind is None:
        row.hold_state = None
    elif account is None or not account.enforces:
        plan.note(kind, "observed")
        row.hold_state = "observed" if kind in ("hold", "manual") else None
    elif kind == "hold" and row.platform_status == "pending":
        row.hold_state = "native"
        plan.note("hold", "done", "native")
    else:
        row.hold_state = "manual" if kind == "manual" else None
        plan.write(kind, account)


def wanted_kind(outcome: str, platform_status: str) -> str | None:
    """``confirm``, ``hold``, ``manual`` (held by staff), ``block``, or nothing to do."""
    pending = platform_status == "pending"
    if outcome == "allow":
        return "confirm" if pending else None
    if outcome == "hold":
        return "hold" if pending else "manual"
    return "block"


def able(account: Account, kind: str, platform_status: str) -> bool:
    """Whether the platform can be told so."""
    if kind == "block":
        return account.can("reject" if platform_status == "pending" else "cancel")
    return account.can(kind)


@dataclass(slots=True)
class _Plan:
    record: Record
    held: Held
    reason: str

    def note(self, kind: str, state: str, reached: str | None = None) -> WriteRow | None:
        return self.record.writes.want(
            self.held.row,
            self.held.writes,
            kind,
            state,
            reason=self.reason,
            reached=reached,
        )

    def write(self, kind: str, account: Account) -> None:
        """Have it written, or make a staff task of what cannot or may not be written."""
        row = self.held.row
        if kind == "manual":
            if account.can("hold") and account.connector.hold_style in ("tag", "tentative"):
                self.queue("hold")
            else:
                self.note("manual", "done", "manual")
                self.ask(TaskKind.HOLD_BY_HAND, _ACCEPTED_HOLD)
        elif row.recurring and not self._one_alone(kind):
            self.note(kind, "done", "manual")
            self.ask(BY_HAND[kind], _SERIES[kind])
        elif row.start_at <= self.record.now:
            self.note(kind, "done", "manual")
            self.ask(BY_HAND[kind], _TOO_LATE)
        elif not able(account, kind, row.platform_status):
            self.note(kind, "done", "unsupported")
            self.ask(BY_HAND[kind], _UNABLE[kind])
        else:
            self.queue(kind)

    def queue(self, kind: str) -> None:
        write = self.note(kind, "queued")
        if write is not None:
            self.record.work.append(Work("write", write.id, first_run(write), write.account))

    def ask(self, kind: TaskKind, why: str) -> None:
        held = self.held
        ask(self.record, kind, held.row.id, about=held.row, known=held.tasks, why=why)

    def settle(self, kind: str | None) -> None:
        """What staff was asked to do is over once another thing is wanted, or nothing."""
        over = set()
        if kind not in ("hold", "manual"):
            over.add(TaskKind.HOLD_BY_HAND)
        if kind != "confirm":
            over.add(TaskKind.CONFIRM_BY_HAND)
        for task in self.held.tasks:
            if task.done_at is None and task.kind in over:
                self.record.tasks.done(task)

    def _one_alone(self, kind: str) -> bool:
        """Whether this reaches the one occurrence: platforms confirm and decline whole series,
        and cancel one of it."""
        return kind == "block" and self.held.row.platform_status == "accepted"


_ACCEPTED_HOLD = (
    "This booking is already accepted on the platform, but it is on hold here. Cure what is "
    "missing, or agree with the client on self-pay or another time."
)
_TOO_LATE = "This booking was decided only after it began. Nothing was written to the platform."
_SERIES: Mapping[str, str] = {
    "confirm": "This booking may stand, and belongs to a series. Platforms may confirm a whole "
    "series at once: look at its other bookings first, and confirm it there.",
    "block": "This booking may not stand on insurance, and belongs to a series. Platforms may "
    "decline a whole series at once: look at its other bookings, end this one there, and tell the "
    "client.",
    "hold": "This booking belongs to a series and is on hold. Leave it unconfirmed.",
}
_UNABLE: Mapping[str, str] = {
    "confirm": "The platform cannot be told to confirm. Confirm this booking there yourself.",
    "block": "The platform cannot be told to refuse. Cancel this booking there and tell the "
    "client.",
    "hold": "The platform cannot be told to hold. See to this booking yourself.",
}
