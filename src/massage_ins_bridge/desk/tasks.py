"""Every kind of staff task, with its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from ..domain.reading import read
from ..store.models import BookingRow, TaskRow
from ..store.record import Record
from .errors import ConflictError, NotFoundError


class TaskKind(StrEnum):
    """What a task is about. The API shows the value."""

    ACTION = "action"
    AFTER_VISIT = "after-visit"
    AFTER_VISIT_FAILED = "after-visit-failed"
    BLOCK_BY_HAND = "block-by-hand"
    CALLED_OFF_LATE = "called-off-late"
    CLOCK_WRONG = "clock-wrong"
    CONFIRM_BY_HAND = "confirm-by-hand"
    DECIDING_FAILED = "deciding-failed"
    FORM_ANSWER = "form-answer"
    GONE_ON_PLATFORM = "gone-on-platform"
    HOLD_BEGUN = "hold-begun"
    HOLD_BY_HAND = "hold-by-hand"
    INVITE = "invite"
    LOOK_AHEAD = "look-ahead"
    NO_SHOW = "no-show"
    NOT_DECIDED_AGAIN = "not-decided-again"
    NOT_WRITTEN = "not-written"
    PAST_TAKEN_IN = "past-taken-in"
    PLATFORM_SILENT = "platform-silent"
    PRESCRIPTION = "prescription"
    PRESCRIPTION_FAILED = "prescription-failed"
    REFUSAL_STOPPED = "refusal-stopped"
    REFUSED_TOMORROW = "refused-tomorrow"
    TELL_CLIENT = "tell-client"
    UNKNOWN_HOST = "unknown-host"
    UNKNOWN_ON_PLATFORM = "unknown-on-platform"
    UNKNOWN_SERVICE = "unknown-service"
    UNREADABLE_BOOKING = "unreadable-booking"
    UNREADABLE_DELIVERY = "unreadable-delivery"
    VISIT_NOT_CLOSED = "visit-not-closed"
    WHO_IS_IT = "who-is-it"


#: What follows from all that is on file of a client, and is worked out anew with every fact
#: (``desk.owed``): what is settled closes by itself.
WORKED_OUT = frozenset(
    {
        TaskKind.ACTION,
        TaskKind.AFTER_VISIT,
        TaskKind.AFTER_VISIT_FAILED,
        TaskKind.CALLED_OFF_LATE,
        TaskKind.INVITE,
        TaskKind.LOOK_AHEAD,
        TaskKind.NO_SHOW,
        TaskKind.PRESCRIPTION,
        TaskKind.PRESCRIPTION_FAILED,
    }
)
#: Tasks about a booking that is to stand: they are over once it stands no longer.
ABOUT_STANDING = frozenset(
    {
        TaskKind.HOLD_BY_HAND,
        TaskKind.CONFIRM_BY_HAND,
        TaskKind.BLOCK_BY_HAND,
        TaskKind.HOLD_BEGUN,
        TaskKind.VISIT_NOT_CLOSED,
        TaskKind.DECIDING_FAILED,
        TaskKind.GONE_ON_PLATFORM,
        TaskKind.REFUSAL_STOPPED,
        TaskKind.REFUSED_TOMORROW,
    }
)
BY_HAND: Mapping[str, TaskKind] = {
    "confirm": TaskKind.CONFIRM_BY_HAND,
    "hold": TaskKind.HOLD_BY_HAND,
    "block": TaskKind.BLOCK_BY_HAND,
}
TEXTS: Mapping[TaskKind, str] = {
    TaskKind.ACTION: "{action}: {message}",
    TaskKind.AFTER_VISIT: "{action}: {message}",
    TaskKind.AFTER_VISIT_FAILED: "What is owed after the visit of {day} could not be worked out "
    "({what}). See to it yourself; the bridge tries again with the client's next fact.",
    TaskKind.BLOCK_BY_HAND: "{why}",
    TaskKind.CALLED_OFF_LATE: "This booking was called off late: {how} before its time. Follow the "
    "clinic's policy, and mind that not every payer lets you charge its client for it.",
    TaskKind.CLOCK_WRONG: "The clock of the machine that the bridge runs on is wrong: {why}. Until "
    "it is set right no deadline passes, nothing is refused, and nothing is written to a platform. "
    "Set it right, then mark this as done.",
    TaskKind.CONFIRM_BY_HAND: "{why}",
    TaskKind.DECIDING_FAILED: "This booking could not be decided ({what}). It is on hold; look at "
    "the service's log and `mib doctor`, and decide it yourself meanwhile.",
    TaskKind.FORM_ANSWER: "What the client wrote on the booking form under {field} cannot be used, "
    "or differs from the chart. Ask them, and put the chart right.",
    TaskKind.GONE_ON_PLATFORM: "The platform says that it no longer has this booking, so nothing "
    "was written to it. Look on the platform whether the booking stands.",
    TaskKind.HOLD_BEGUN: "This booking's time has come while it was still on hold. The bridge does "
    "not cancel it: decide with the client how it is paid for.",
    TaskKind.HOLD_BY_HAND: "{why}",
    TaskKind.INVITE: "This booking could not stand, and what was missing is there by now. It stays "
    "ended; invite the client to book again.",
    TaskKind.LOOK_AHEAD: "Looking ahead {to}: {message}",
    TaskKind.NO_SHOW: "The client did not come. Ask how they are, offer another time, and follow "
    "the clinic's policy; mind that not every payer lets you charge its client for it.",
    TaskKind.NOT_DECIDED_AGAIN: "Something new is on file for this client, and their bookings "
    "could not be decided again. They stand as they were; look at the service's log and "
    "`mib doctor`, and at the bookings yourself. The bridge goes on trying.",
    TaskKind.NOT_WRITTEN: "The platform could not be told to {verb} this booking: {why}. {rest}",
    TaskKind.PAST_TAKEN_IN: "{number} past bookings of the account {account!r} were taken in as "
    "they stand on the platform. Each counts as a visit until you mark it as a no-show: look "
    "through those of clients whose visits are counted.",
    TaskKind.PLATFORM_SILENT: "The platform of the account {account!r} refuses to list bookings: "
    "{said}. Check the account's key and address.",
    TaskKind.PRESCRIPTION: "The prescription {of} does not do for {payer}: {findings}",
    TaskKind.PRESCRIPTION_FAILED: "The prescription {of} could not be looked through for {payer} "
    "({what}). Read it yourself; the bridge tries again with the client's next fact.",
    TaskKind.UNKNOWN_ON_PLATFORM: "The platform announced this booking and, when asked, does not "
    "know it. It is filed as it was announced; look on the platform whether it stands.",
    TaskKind.REFUSAL_STOPPED: "The refusal of this booking was stopped. It stays on hold, and the "
    "bridge does not refuse it: let it stand, refuse it, or agree with the client on another way.",
    TaskKind.REFUSED_TOMORROW: "The bridge refuses this booking after {last}, unless it is cured "
    "until then. Cure what is missing, or let it stand.",
    TaskKind.TELL_CLIENT: "The bridge refused this booking, and the platform does not tell the "
    "client. Tell them, and what they can do.",
    TaskKind.UNKNOWN_HOST: "The platform shows bookings given by the host {ref}, whom the settings "
    "of the account {account!r} do not name. The bridge leaves them alone. If they are the "
    "clinic's, name the host under [accounts.practitioners].",
    TaskKind.UNKNOWN_SERVICE: "The platform shows bookings of the service {ref}, which the "
    "settings of the account {account!r} do not name. The bridge leaves them alone. If the service "
    "is one of the clinic's, say under [accounts.services] what it is.",
    TaskKind.UNREADABLE_BOOKING: "A booking on the platform could not be understood; look at it "
    "there.",
    TaskKind.UNREADABLE_DELIVERY: "{why}",
    TaskKind.VISIT_NOT_CLOSED: "This booking's time has passed. It counts as a visit until you "
    "mark it completed or no-show.",
    TaskKind.WHO_IS_IT: "{doubt}",
}


@dataclass(frozen=True, slots=True)
class TaskChange:
    """What staff may change of a task: whether it is done."""

    done: bool | None = None


def ask(
    record: Record,
    kind: TaskKind,
    topic: str,
    /,
    *,
    about: BookingRow | None = None,
    patient_id: str | None = None,
    due: date | None = None,
    known: list[TaskRow] | None = None,
    **words: object,
) -> None:
    """Raise a matter once, however often it is asked for; ``words`` fill its text. ``known``: all
    tasks about the booking, where they are at hand and the topic is that one booking."""
    record.tasks.open(
        kind,
        topic,
        TEXTS[kind].format(**words),
        patient_id=about.patient_id if about is not None else patient_id,
        booking_id=about.id if about is not None else None,
        due=due,
        known=known,
    )


def settle(record: Record, row: BookingRow) -> None:
    """A booking that stands no longer leaves no task about itself behind."""
    for task in record.tasks.of_bookings([row.id]).get(row.id, []):
        if task.kind in ABOUT_STANDING:
            record.tasks.done(task)


def task_row(record: Record, task_id: str, *, lock: bool = False) -> TaskRow:
    """Raises ``NotFoundError``."""
    row = record.tasks.get(task_id, lock=lock)
    if row is None:
        raise NotFoundError("task")
    return row


def change_task(record: Record, task_id: str, data: Any) -> TaskRow:
    """Say that a task is done, or take it back; nothing given changes nothing. Raises
    ``NotFoundError``, ``UnusableInputError``, and ``ConflictError`` as ``reopen``."""
    done = read(TaskChange, data).done
    if done is None:
        return task_row(record, task_id)
    return finish(record, task_id) if done else reopen(record, task_id)


def finish(record: Record, task_id: str) -> TaskRow:
    """Mark a task as done; doing so twice changes nothing. What follows from the client's file does
    not come back until something has settled it. Raises ``NotFoundError``."""
    row = task_row(record, task_id, lock=True)
    record.tasks.finish(row, for_good=row.kind in WORKED_OUT)
    return row


def reopen(record: Record, task_id: str) -> TaskRow:
    """Take back that a task is done; nothing changes where it is open.

    Raises ``NotFoundError``, and ``ConflictError`` where facts settled it, or where the same matter
    has been raised anew.
    """
    row = task_row(record, task_id, lock=True)
    if row.done_at is None:
        return row
    if row.closed_by == "fact":
        raise ConflictError(
            "Nobody marked this task as done: what is on file settled it. Correct the fact, and "
            "the task is there again."
        )
    if not record.tasks.reopen(row):
        raise ConflictError("The same matter has been raised anew, and has a task of its own.")
    if row.kind in WORKED_OUT and row.patient_id is not None:
        record.wake(row.patient_id, "task-reopened")  # it may be settled by now
    return row
