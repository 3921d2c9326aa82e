"""What the rules ask staff to do for the bookings that stand."""

from __future__ import annotations

from ...store.bookings import LIVE
from ..tasks import TaskKind
from .found import Inquiry, Owed, failed, is_history, matter


def actions(inquiry: Inquiry) -> None:
    """The actions of each booking's decision, those of a booking that has begun as they are by
    now. One that is known as a visit by now owes what a visit owes."""
    if inquiry.file.patient.identity == "doubtful":
        return  # it is asked first who they are: what is missing here may be on file elsewhere
    visits = {filed.row.booking_id for filed in inquiry.file.visits}
    for held in inquiry.file.bookings:
        row = held.row
        if row.platform_status not in LIVE or row.id in visits or is_history(inquiry, row):
            continue
        decision = inquiry.decision(held)
        if decision is None or failed(decision):
            inquiry.found.unsure |= {TaskKind.ACTION, TaskKind.AFTER_VISIT}
        if decision is None:
            continue
        for action in decision.actions:
            each = inquiry.of_each_visit(action.kind, otherwise=False)
            topic = f"{row.id}:{action.kind}" if each else matter(decision.payer, action)
            inquiry.found.add(
                Owed(
                    TaskKind.ACTION,
                    topic,
                    inquiry.work(TaskKind.ACTION, action, action.message),
                    row.id,
                    action.due if each else inquiry.desk_day(action.due),
                    action.due,
                    decision.payer,
                    action.kind,
                )
            )
