"""Bookings that no rules can judge: of each payer whose plugin is off, gone or was never here,
one task to ask the payer itself."""

from __future__ import annotations

from ...domain.answers import Decision
from ...domain.days import add_days
from ...domain.payer import normal_name, unserved
from ...store.bookings import LIVE
from ..client_file import Held
from ..known_plugins import why_unserved
from ..staff_words import in_force
from ..tasks import TaskKind
from .found import Inquiry, Owed, failed


def no_rules(inquiry: Inquiry) -> None:
    """One task for each payer, until every booking of it is decided by hand or its rules are
    back."""
    if inquiry.file.patient.identity == "doubtful":
        return  # it is asked first who they are
    for held in inquiry.file.bookings:
        if held.row.platform_status not in LIVE or not held.stands(inquiry.record.now):
            continue
        decision = inquiry.decision(held)
        if decision is None or failed(decision):
            inquiry.found.unsure.add(TaskKind.NO_RULES)
        elif _waits(inquiry, held, decision):
            _add(inquiry, held, decision.payer or "")


def _waits(inquiry: Inquiry, held: Held, decision: Decision) -> bool:
    """Whether a booking is on hold for want of rules, and nobody has decided it."""
    if decision.payer is None or held.details.self_pay or decision.outcome != "hold":
        return False
    if in_force(held.words, inquiry.record.now).override is not None:
        return False
    match = inquiry.host.payers.find(decision.payer)
    return match is None or not match.payer.served


def _add(inquiry: Inquiry, held: Held, named: str) -> None:
    match = inquiry.host.payers.find(named)
    payer = match.payer if match is not None else unserved(named)
    why = why_unserved(inquiry.host, payer)
    text = inquiry.text(TaskKind.NO_RULES, payer=payer.name, why=why)
    due = inquiry.desk_day(add_days(inquiry.record.day(held.row.start_at), -1))
    topic = f"no-rules:{normal_name(payer.key)}"
    inquiry.found.add(Owed(TaskKind.NO_RULES, topic, text, held.row.id, due, payer=payer.key))
