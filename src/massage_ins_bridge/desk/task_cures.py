"""What closes each task, in words for staff."""

from __future__ import annotations

from collections.abc import Mapping

from .tasks import TaskKind

_BY_HAND = "Closes when you mark it done."
_ANSWER = "Closes when the request or the payer's answer is on file as an authorization."
#: By the kind of work that a rule asks for.
_ACTIONS: Mapping[str, str] = {
    "request-authorization": _ANSWER,
    "request-extension": _ANSWER,
    "chase-authorization": "Closes when the payer's answer is on file.",
    "request-referral": _ANSWER,
    "send-lni-form": "Closes when the form is on file as an authorization.",
    "send-progress-report": "Closes when the report is on file.",
    "ask-prescriber": "Closes when a prescription that does is on file.",
    "review-prescription": "Closes when the prescription is confirmed by staff.",
    "confirm-coverage": "Closes when the coverage is on file as staff confirmed it.",
    "check-benefit": "Closes when the benefit is on file.",
    "settle-coordination": "Closes when the coverages say who is billed first.",
    "appeal": "Closes when the payer's new answer is on file.",
}
_KINDS: Mapping[str, str] = {
    TaskKind.AFTER_VISIT_FAILED: "Closes when it could be worked out.",
    TaskKind.BLOCK_BY_HAND: "Closes when the booking is ended, or may stand.",
    TaskKind.BOOKINGS_MISSING: "Closes when the list shows most of them again.",
    TaskKind.CALLED_OFF_LATE: _BY_HAND,
    TaskKind.CLIENT_SAYS: "Closes when it is on file of the client, or you mark it done.",
    TaskKind.CLOCK_WRONG: "Closes when a platform's clock agrees; where none is heard of, the "
    "clock counts as right when you mark this as done.",
    TaskKind.CONFIRM_BY_HAND: "Closes when the booking is confirmed, or need not be any more.",
    TaskKind.DECIDING_FAILED: "Closes when the booking could be decided.",
    TaskKind.DOCUMENT: "Closes when the paper is marked as filed.",
    TaskKind.GIVEN_BACK: "Closes when the booking is cancelled.",
    TaskKind.GONE_ON_PLATFORM: "Closes when the platform shows the booking again.",
    TaskKind.HOLD_BEGUN: "Closes when the booking is marked completed or no-show.",
    TaskKind.HOLD_BY_HAND: "Closes when the booking is allowed or ended.",
    TaskKind.INVITE: "Closes when the client has booked again.",
    TaskKind.LOOK_AHEAD: "Closes when it is seen to, or when a booking asks for it itself.",
    TaskKind.MAIL_TROUBLE: "Closes when an e-mail has left.",
    TaskKind.NO_RULES: "Closes when the rules are there again, or the bookings are decided.",
    TaskKind.NO_SHOW: "Closes when you mark it done, or correct how the visit ended.",
    TaskKind.NOT_DECIDED_AGAIN: "Closes when the client's bookings could be decided.",
    TaskKind.NOT_TOLD: "Closes when the platform takes what it is told.",
    TaskKind.NOT_WRITTEN: "Closes when the platform was told, or need not be any more.",
    TaskKind.BUSY_NOT_KEPT: "Closes when the calendar takes them.",
    TaskKind.PLATFORM_SILENT: "Closes when the platform lists its bookings.",
    TaskKind.PRESCRIPTION: "Closes when a prescription without fault is on file.",
    TaskKind.PRESCRIPTION_FAILED: "Closes when it could be looked through.",
    TaskKind.REFUSAL_STOPPED: "Closes when the booking may stand, or is ended.",
    TaskKind.REFUSED_TOMORROW: "Closes when the booking may stand, or is ended.",
    TaskKind.TELL_CLIENT: "Closes when you mark it done, or the client has booked again.",
    TaskKind.UNREADABLE_DELIVERY: "Closes when the booking can be read, or you mark it done.",
    TaskKind.VISIT_NOT_CLOSED: "Closes when the booking is marked completed or no-show.",
}


#: Matters that a page shows, which somebody settles by what they say there.
_SHOWN_ELSEWHERE = frozenset(
    {
        TaskKind.FORM_ANSWER,
        TaskKind.UNKNOWN_HOST,
        TaskKind.UNKNOWN_SERVICE,
        TaskKind.WHO_IS_IT,
    }
)


def what_closes(kind: str, message: str) -> str:
    """For a task with that message. An action's message begins with its kind of work."""
    if kind in (TaskKind.ACTION, TaskKind.AFTER_VISIT):
        return _ACTIONS.get(message.partition(":")[0], _BY_HAND)
    return _KINDS.get(kind, _BY_HAND)


def closes_by_hand(kind: str, message: str) -> bool:
    """Whether nothing but somebody's word closes it, and no page says more of the matter."""
    return what_closes(kind, message) == _BY_HAND and kind not in _SHOWN_ELSEWHERE
