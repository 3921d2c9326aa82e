"""The last day on which a paper is in time for a visit (RX-07), and how a text says it."""

from __future__ import annotations

from datetime import date

from ..api import Case, Cost, add_days, in_words


def lead_days(case: Case) -> int:
    """How many days before a visit the clinic wants its papers."""
    days = case.clinic.prescription_lead_days
    return int(case.rules["RX-07"].values["lead_days"]) if days is None else days


def due_day(case: Case) -> date:
    """The last day on which prescription, intake form and consent are in time."""
    return add_days(case.date_of_service, -lead_days(case))


def is_late(case: Case) -> bool:
    return case.today > due_day(case)


def cost(case: Case) -> Cost:
    """What it costs that a paper is lacking which the lead days are for."""
    return "block" if is_late(case) else "hold"


def by_when(case: Case) -> str:
    """Until when a paper is in time, for staff. A day that had passed before the booking was made
    was never a deadline: then the clinic's notice is said."""
    if is_late(case):
        days = lead_days(case)
        return f"A booking needs {days} {'days' if days > 1 else 'day'} of notice for it."
    return f"It is in time until {in_words(due_day(case))}."


def please(case: Case, what: str) -> str:
    """A request to the client, with its day where that is still to come."""
    if is_late(case):
        return f"Please {what} as soon as you can, before your visit."
    return f"Please {what} by {in_words(due_day(case))}."
