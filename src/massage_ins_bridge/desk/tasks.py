"""Every kind of staff task, with its text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from ..store.models import BookingRow
from ..store.record import Record
from ..store.task_models import TaskRow
from .errors import ConflictError, NotFoundError
from .users import can_work


class TaskKind(StrEnum):
    """What a task is about. The API shows the value."""

    ACTION = "action"
    AFTER_VISIT = "after-visit"
    AFTER_VISIT_FAILED = "after-visit-failed"
    BLOCK_BY_HAND = "block-by-hand"
    BOOKINGS_MISSING = "bookings-missing"
    BUSY_NOT_KEPT = "busy-not-kept"
    CALLED_OFF_LATE = "called-off-late"
    CLIENT_SAYS = "client-says"
    CLOCK_WRONG = "clock-wrong"
    CONFIRM_BY_HAND = "confirm-by-hand"
    DECIDING_FAILED = "deciding-failed"
    DOCUMENT = "document"
    FORM_ANSWER = "form-answer"
    GIVEN_BACK = "given-back"
    GONE_ON_PLATFORM = "gone-on-platform"
    HOLD_BEGUN = "hold-begun"
    HOLD_BY_HAND = "hold-by-hand"
    INVITE = "invite"
    LOOK_AHEAD = "look-ahead"
    MAIL_TROUBLE = "mail-trouble"
    NOT_MAILED = "not-mailed"
    NO_RULES = "no-rules"
    NO_SHOW = "no-show"
    NOT_DECIDED_AGAIN = "not-decided-again"
    NOT_TOLD = "not-told"
    NOT_WRITTEN = "not-written"
    OWN = "own"
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
        TaskKind.NO_RULES,
        TaskKind.NO_SHOW,
        TaskKind.PRESCRIPTION,
        TaskKind.PRESCRIPTION_FAILED,
    }
)
#: What staff says by marking it as done: it is not raised anew until something settles it.
FOR_GOOD = WORKED_OUT | {TaskKind.BOOKINGS_MISSING}
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
        TaskKind.GIVEN_BACK,
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
    TaskKind.BOOKINGS_MISSING: "The list of the account {account!r} lacks {missing} of {stood} "
    "bookings that stood in it. The bridge takes none of them as called off. Look on the platform: "
    "if its list is not whole, mend that. If they are called off there, mark this as done; an hour "
    "later they are taken off here as well.",
    TaskKind.CALLED_OFF_LATE: "This booking was called off late: {how} before its time. Follow the "
    "clinic's policy, and mind that not every payer lets you charge its client for it.",
    TaskKind.CLIENT_SAYS: "{what}",
    TaskKind.CLOCK_WRONG: "The clock of the machine that the bridge runs on is wrong: {why}. Until "
    "it is set right no deadline passes, nothing is refused, and nothing is written to a platform. "
    "Set it right, then mark this as done.",
    TaskKind.CONFIRM_BY_HAND: "{why}",
    TaskKind.DECIDING_FAILED: "This booking could not be decided ({what}). It is on hold; look at "
    "the service's log and `mib doctor`, and decide it yourself meanwhile.",
    TaskKind.DOCUMENT: "A paper came in: {what} ({pages}). Look at it, write down what it says, "
    "and mark it as filed.",
    TaskKind.FORM_ANSWER: "What the client wrote on the booking form under {field} cannot be used, "
    "or differs from the chart. Ask them, and put the chart right.",
    TaskKind.GIVEN_BACK: "The client gives this visit back, on their own page. The bridge cannot "
    "cancel it on the platform: cancel it there.",
    TaskKind.GONE_ON_PLATFORM: "The platform says that it no longer has this booking, so nothing "
    "was written to it. Look on the platform whether the booking stands.",
    TaskKind.HOLD_BEGUN: "This booking's time has come while it was still on hold. The bridge does "
    "not cancel it: decide with the client how it is paid for.",
    TaskKind.HOLD_BY_HAND: "{why}",
    TaskKind.INVITE: "This booking was refused, and nothing speaks against it any more. It stays "
    "ended; invite the client to book again.",
    TaskKind.LOOK_AHEAD: "Looking ahead {to}: {message}",
    TaskKind.MAIL_TROUBLE: "E-mail does not leave: {why}. Check the settings under [mail]; the "
    "bridge goes on trying.",
    TaskKind.NOT_MAILED: "{left}: {why}. Call them: {what}",
    TaskKind.NO_RULES: "Nobody here can say what {payer} asks for: {why}. Ask {payer} what the "
    "visits need, and decide their bookings yourself; until then they are on hold.",
    TaskKind.NO_SHOW: "The client did not come. Ask how they are, offer another time, and follow "
    "the clinic's policy; mind that not every payer lets you charge its client for it.",
    TaskKind.NOT_DECIDED_AGAIN: "Something new is on file for this client, and their bookings "
    "could not be decided again. They stand as they were; look at the service's log and "
    "`mib doctor`, and at the bookings yourself. The bridge goes on trying.",
    TaskKind.NOT_TOLD: "The platform of the account {account!r} does not take what the bridge "
    "decides: {said}. Its bookings stay there as they are. Check its address and secret; what was "
    "not taken is sent again, and can be replayed (`mib writes`).",
    TaskKind.NOT_WRITTEN: "The platform could not be told to {verb} this booking: {why}. {rest}",
    TaskKind.OWN: "{what}",
    TaskKind.PAST_TAKEN_IN: "{number} past bookings of the account {account!r} were taken in as "
    "they stand on the platform. Each counts as a visit until you mark it as a no-show: look "
    "through those of clients whose visits are counted.",
    TaskKind.BUSY_NOT_KEPT: "The calendar of the account {account!r} takes no busy times: {said}. "
    "Until it does, somebody may be booked twice.",
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
    TaskKind.UNREADABLE_BOOKING: "A booking on the platform of the account {account!r} could not "
    "be understood{why}. Look at it there: it is called {ref}.",
    TaskKind.UNREADABLE_DELIVERY: "{why}",
    TaskKind.VISIT_NOT_CLOSED: "This booking's time has passed. It counts as a visit until you "
    "mark it completed or no-show.",
    TaskKind.WHO_IS_IT: "{doubt}",
}


def as_to_do(kind: str, message: str) -> str:
    """A task's text for people: an action's begins with its kind, which is for programs."""
    head, _, rest = message.partition(": ")
    return rest if kind in ("action", "after-visit") and rest and " " not in head else message


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
) -> TaskRow:
    """Raise a matter once, however often it is asked for; ``words`` fill its text. ``known``: all
    tasks about the booking, where they are at hand and the topic is that one booking."""
    return record.tasks.open(
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


def seen_to_by(record: Record, row: TaskRow) -> str | None:
    """The user who was given a task; nobody where they cannot see to it any more."""
    user = record.users.get(row.given_to) if row.given_to is not None else None
    return user.id if user is not None and can_work(record, user) else None


def finish(record: Record, task_id: str) -> TaskRow:
    """Mark a task as done; doing so twice changes nothing. What follows from the client's file, or
    is a word of staff, does not come back until something has settled it.

    Raises ``NotFoundError``."""
    row = task_row(record, task_id, lock=True)
    record.tasks.finish(row, for_good=row.kind in FOR_GOOD)
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
