"""A builder for every fact of a check request: a usual one, changed by its fields.

``from_`` stands for ``from``; ``...`` takes a field away::

    request("evergreen", coverages=[coverage("evergreen", funding="self_insured")],
            prescriptions=[prescription(signed=...)], visits=[visit("evergreen", "2026-11-20")])
"""

from __future__ import annotations

from typing import Any

from .requests import END, START, Json


def _made(usual: Json, more: Json) -> Json:
    changed = {**usual, **{key.rstrip("_"): value for key, value in more.items()}}
    return {key: value for key, value in changed.items() if value is not ...}


def booking(payer: str, **more: Any) -> Json:
    """An hour of medical massage on 2026-12-08."""
    usual: Json = {"start": START, "end": END, "service": "medical-massage", "payer": payer}
    return _made({**usual, "self_pay": False, "place": "clinic"}, more)


def clinic(payer: str, **more: Any) -> Json:
    """A clinic in network with the payer."""
    usual = {"network": {payer: [network_span()]}, "prior_approval": "payer"}
    return _made({**usual, "practitioners": [practitioner()]}, more)


def network_span(**more: Any) -> Json:
    """In network since 2015."""
    return _made({"status": "in", "from": "2015-01-01"}, more)


def practitioner(**more: Any) -> Json:
    """One who gives massages."""
    return _made({"key": "mira", "name": "Mira Example, LMT", "npi": "1234567893"}, more)


def patient(**more: Any) -> Json:
    """A client of age whose form has come in."""
    usual = {"name": "Test Patient", "birth_date": "1980-02-03", "intake_received": True}
    return _made({**usual, "acknowledged_on": "2026-11-20"}, more)


def coverage(payer: str, **more: Any) -> Json:
    """A fully insured primary coverage that staff confirmed, 24 visits a year."""
    usual: Json = {"payer": payer, "plan": f"{payer} plan", "member_id": "ZZZ123"}
    usual |= {"group_number": "10055555", "position": "primary", "funding": "fully_insured"}
    usual |= {"staff_confirmed": True, "visit_limit": 24, "visits_used": 0}
    return _made(usual, more)


def cost_share(**more: Any) -> Json:
    """What the client pays of each visit."""
    return _made({"copay": "20.00", "coinsurance_percent": "20", "deductible": "500.00"}, more)


def claim(**more: Any) -> Json:
    """An open claim of an injury in September 2026."""
    usual: Json = {"number": "C-1", "status": "open", "date_of_injury": "2026-09-15"}
    return _made({**usual, "insurer_kind": "state_fund", "attending": attending()}, more)


def attending(**more: Any) -> Json:
    """The provider who attends an injured worker."""
    return _made({"name": "Dr Example", "npi": "1234567893"}, more)


def adjuster(**more: Any) -> Json:
    """The insurer's person on a claim."""
    return _made({"name": "Alex Example", "phone": "206-555-0100"}, more)


def benefit(**more: Any) -> Json:
    """What is left of a policy's benefit."""
    return _made({"limit": "10000.00", "left": "5000.00", "asked_on": "2026-11-20"}, more)


def prescription(**more: Any) -> Json:
    """An order of 30 massages, signed by a doctor and confirmed by staff."""
    usual: Json = {"id": "rx1", "signed_on": "2026-10-29", "received_on": "2026-11-08"}
    usual |= {"signed": True, "staff_confirmed": True, "prescriber": prescriber()}
    usual |= {"diagnoses": ["M54.2"], "frequency": frequency(), "duration": duration()}
    usual |= {"visits": 30, "pain": True, "purpose": "rehabilitation"}
    return _made({**usual, "loss_of_function": "cannot sit longer than 20 minutes"}, more)


def prescriber(**more: Any) -> Json:
    """A doctor of Washington State."""
    usual = {"name": "Dr Example", "credential": "MD", "npi": "1234567893", "state": "WA"}
    return _made(usual, more)


def frequency(**more: Any) -> Json:
    """Twice a week."""
    return _made({"times": 2, "per": "week"}, more)


def duration(**more: Any) -> Json:
    """Half a year."""
    return _made({"count": 6, "unit": "month"}, more)


def visit(payer: str, on: str, **more: Any) -> Json:
    """A massage at this clinic."""
    return _made({"on": on, "payer": payer, "modality": "massage", "provider": "this-clinic"}, more)


def upcoming(payer: str, start: str, **more: Any) -> Json:
    """A massage that is booked at this clinic."""
    usual = {"start": start, "payer": payer, "modality": "massage", "provider": "this-clinic"}
    return _made(usual, more)


def progress_report(payer: str, on: str, **more: Any) -> Json:
    """A report that documents improvement."""
    return _made({"on": on, "payer": payer, "improvement": True}, more)
