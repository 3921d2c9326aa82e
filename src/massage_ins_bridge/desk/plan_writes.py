"""From an outcome to the one change that it asks of the platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.answers import Decision
from ..store.models import WriteRow
from ..store.record import Record, Work
from ..store.writes import OPEN, Wanted, first_run
from .accounts import Account
from .client_file import Held
from .client_texts import reason_for
from .forewarn import warn
from .going_live import may_write, step_of
from .installation import Installation
from .notices import plan_notice
from .open_days import before_visit, open_days
from .pause import FACTS, Occasion, refusal_time, warning_day
from .plan_mail import plan_mail
from .staff_words import StaffWords, in_force
from .steps import Step
from .tasks import BY_HAND, TaskKind, ask, settle

#: By step, the kind of write that it is.
KINDS: Mapping[Step, str] = {
    "confirm": "confirm",
    "keep": "hold",
    "hold": "manual",
    "note": "manual",
    "refuse": "block",
    "ask": "block",
}


def plan_writes(
    installation: Installation,
    record: Record,
    held: Held,
    decision: Decision,
    occasion: Occasion = FACTS,
) -> None:
    """Record what the outcome asks for; what is to be written is left to be done.

    A pending booking on hold needs no writing: pending is the hold. An accepted one is held by
    staff. Where nothing may be written, what would have been done is noted. ``occasion``: what
    made the outcome a block.
    """
    row, said = held.row, in_force(held.words, record.now)
    account = installation.accounts.get(row.account)
    step = wanted_step(account, held, said)
    terms = decision.self_pay_terms if said.override is None else None
    reason = reason_for(row.outcome, terms, self_pay=bool(held.details.self_pay))
    plan = _Plan(installation, record, held, said, reason, occasion)
    plan.settle(step)
    plan_mail(installation, record, held, decision, step)
    row.hold_state = None
    if step is None and (account is None or not account.can("tell")):
        return
    if account is None or not may_write(record, account, row, said):
        plan.would_have(step)
        return
    if step == "keep":
        row.hold_state = "native"
        plan.note("hold", "done", "native")
    elif step is not None:
        row.hold_state = "manual" if KINDS[step] == "manual" else None
        plan.carry_out(step, account)
    plan_notice(record, account, held, decision, step)


def wanted_step(account: Account | None, held: Held, said: StaffWords) -> Step | None:
    """What the booking's outcome asks for; nothing where its account is there no more."""
    return None if account is None else step_of(account, held.row, said, held.row.outcome)


def leave_alone(record: Record, held: Held) -> None:
    """The booking is none of the clinic's by now: nothing is wanted of it, and it counts for
    nothing."""
    held.row.outcome = held.row.hold_state = held.row.next_due = None
    for write in held.writes:
        record.writes.withdraw(write, "the settings do not name its service or host")
    settle(record, held.row)


def able(account: Account, kind: str, platform_status: str) -> bool:
    """Whether the platform can be told so."""
    if kind == "block":
        return account.can("reject" if platform_status == "pending" else "cancel")
    return account.can(kind)


@dataclass(slots=True)
class _Plan:
    installation: Installation
    record: Record
    held: Held
    said: StaffWords
    reason: str
    occasion: Occasion

    def note(self, kind: str, state: str, reached: str | None = None) -> WriteRow | None:
        return self.want(Wanted(kind, state, self.reason, reached))

    def want(self, wanted: Wanted) -> WriteRow | None:
        return self.record.writes.want(self.held.row, self.held.writes, wanted)

    def would_have(self, step: Step | None) -> None:
        """Note what would have been written."""
        if step is not None:
            kind = KINDS[step]
            self.note(kind, "observed")
            self.held.row.hold_state = "observed" if kind in ("hold", "manual") else None

    def carry_out(self, step: Step, account: Account) -> None:
        """Have it written, or make a staff task of what cannot or may not be written."""
        match step:
            case "note":
                self.note("manual", "done", "manual")
            case "hold":
                self.hold(account)
            case "ask":
                self.by_hand("block", "manual", _ACCEPTED_BLOCK)
            case _:
                self.write(KINDS[step], account)

    def hold(self, account: Account) -> None:
        if account.marks and account.can("tell"):
            self.note("hold", "done", account.connector.hold_style)  # a notice has it marked
            self.held.row.hold_state = account.connector.hold_style
        elif account.marks:
            self.queue("hold")
        else:
            self.note("manual", "done", "manual")
            self.ask(TaskKind.HOLD_BY_HAND, _ACCEPTED_HOLD)

    def write(self, kind: str, account: Account) -> None:
        row = self.held.row
        if row.recurring and not self._one_alone(kind):
            self.by_hand(kind, "manual", _SERIES[kind])
        elif row.start_at <= self.record.now:
            self.by_hand(kind, "manual", _TOO_LATE)
        elif not able(account, kind, row.platform_status):
            self.by_hand(kind, "unsupported", _UNABLE[kind])
        elif kind == "block":
            self.refuse(account)
        else:
            self.queue(kind)

    def refuse(self, account: Account) -> None:
        """What cannot be taken back waits. One that waits already keeps its time."""
        row, record, settings = self.held.row, self.record, account.settings
        if self.said.at_once:
            self.queue("block")
        if any(_is_open(write, row.revision) for write in self.held.writes):
            return
        days = open_days(self.installation)
        due = refusal_time(settings, days, record.now, record.today, self.occasion)
        if due >= row.start_at:
            self.by_hand("block", "manual", _NO_TIME)
        elif due <= record.now:
            self.queue("block")
        else:
            clock = self.occasion.by_clock
            self.want(Wanted("block", "waiting", self.reason, due_at=due, by_clock=clock))
            if clock and not self.occasion.warned:
                day = warning_day(settings, days, record.today)
                warn(self.record, self.held, last=day, act_by=day)

    def queue(self, kind: str) -> None:
        write = self.note(kind, "queued")
        if write is not None:
            self.record.work.append(Work("write", write.id, first_run(write), write.account))

    def by_hand(self, kind: str, reached: str, why: str) -> None:
        self.note(kind, "done", reached)
        self.ask(BY_HAND[kind], why)

    def ask(self, kind: TaskKind, why: str) -> None:
        held, row = self.held, self.held.row
        due = before_visit(self.installation, self.record.day(row.start_at), self.record.today)
        ask(self.record, kind, row.id, about=row, due=due, known=held.tasks, why=why)

    def settle(self, step: Step | None) -> None:
        """What was to be written, or staff was asked to do, is over once another thing is wanted,
        or nothing."""
        kind, row = KINDS[step] if step is not None else None, self.held.row
        for write in self.held.writes:
            if (write.revision, write.kind) != (row.revision, kind):
                self.record.writes.withdraw(write, "it is wanted no more")
        over = {
            TaskKind.HOLD_BY_HAND: step not in ("keep", "hold"),
            TaskKind.CONFIRM_BY_HAND: step != "confirm",
            TaskKind.BLOCK_BY_HAND: kind != "block",
            TaskKind.REFUSAL_STOPPED: not self.said.stopped or row.outcome != "hold",
            TaskKind.REFUSED_TOMORROW: self._warned_in_vain(step),
        }
        for task in self.held.tasks:
            if task.done_at is None and over.get(TaskKind(task.kind), False):
                self.record.tasks.done(task)

    def _warned_in_vain(self, step: Step | None) -> bool:
        row = self.held.row
        waits = step == "keep" and row.next_due is not None and row.next_due == row.warned_due
        return self.said.stopped or not (waits or step == "refuse")

    def _one_alone(self, kind: str) -> bool:
        """Whether this reaches the one occurrence: platforms confirm and decline whole series,
        and cancel one of it."""
        return kind == "block" and self.held.row.platform_status == "accepted"


def _is_open(write: WriteRow, revision: int) -> bool:
    return (write.kind, write.revision) == ("block", revision) and write.state in OPEN


_ACCEPTED_HOLD = (
    "This booking is already accepted on the platform, but it is on hold here. Cure what is "
    "missing, or agree with the client on another way."
)
_ACCEPTED_BLOCK = (
    "This booking is accepted on the platform, and may not stand on insurance. The bridge leaves "
    "it alone: agree with the client on another way, let it stand, or have it cancelled."
)
_NO_TIME = (
    "This booking may not stand on insurance, and begins before the bridge may refuse it. Decide "
    "yourself: agree with the client on another way, let it stand, or have it refused now."
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
