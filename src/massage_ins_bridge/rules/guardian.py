"""The consent of a guardian, for a client who is not of age (CP-MINOR)."""

from __future__ import annotations

from datetime import date

from ..api import Case, Requirement, add_days
from .lead import by_when, due_day, please


def guardian_consent(case: Case) -> Requirement | None:
    """``guardian-consent``: whether it is on file, where the client is not of age on the day. Of
    whom no birth date is known it is not asked."""
    born, rule = case.patient.birth_date, case.rules["CP-MINOR"]
    age = case.clinic.adult_age
    if age is None:
        age = int(rule.values["adult_age"])
    if born is None or _birthday(born, age) <= case.date_of_service:
        return None
    consent = case.patient.guardian_consent
    if consent:
        return rule.met("guardian-consent", "A guardian's consent is on file.")
    due = due_day(case)
    key, who = "guardian-consent", f"The client is under {age} on the day of the visit."
    remedy = "Get the written consent of a parent or guardian and record it."
    client = please(case, "send us the written consent of a parent or guardian")
    if consent is False:
        text = f"{who} A guardian's consent is not on file. {by_when(case)}"
        return rule.unmet(key, "hold", text, remedy, client, due)
    text = f"{who} Whether a guardian consents is not recorded. {by_when(case)}"
    return rule.unknown(key, text, remedy, client, due)


def _birthday(born: date, years: int) -> date:
    """The day on which somebody is so many years old: who was born on the last of February of a
    leap year is so on the first of March, where the year is none."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        eve = add_days(born, -1)
        return add_days(eve.replace(year=eve.year + years), 1)
