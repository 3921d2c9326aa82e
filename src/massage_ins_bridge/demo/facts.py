"""Invented facts for charts, each complete, so that a story says only what is special in it."""

from __future__ import annotations

from typing import Any

from .story import Fact, day

UNIFORM = "Uniform Medical Plan"


def date_of(number: int) -> str:
    return day(number).isoformat()


def coverage(payer: str, **more: Any) -> Fact:
    """A plan that staff has confirmed, with benefits left."""
    usual = {
        "payer": payer,
        "member_id": "ZZZ000123",
        "position": "primary",
        "funding": "fully_insured",
        "staff_confirmed": True,
        "visit_limit": 16,
        "visits_used": 2,
        "cost_share": {
            "copay": "25.00",
            "coinsurance_percent": "0",
            "deductible": "0",
            "deductible_met": "0",
        },
    }
    return {**usual, **more}


def self_insured(**more: Any) -> Fact:
    """Regence for a self-insured employer: the law's six free visits do not apply."""
    return coverage("regence", plan="Example Employer Plan", funding="self_insured", **more)


def claim_coverage(payer: str, number: str, status: str) -> Fact:
    return {
        "payer": payer,
        "position": "primary",
        "staff_confirmed": True,
        "claim": claim(number, status),
    }


def injury_coverage(number: str) -> Fact:
    """Personal injury protection of a motor policy, with benefits left."""
    more = {
        "insurer": "Example Mutual",
        "policy_number": "EXM-77-0042",
        "adjuster": {"name": "Sam Example", "phone": "206-555-0150"},
        "benefit": {"limit": "10000", "left": "8200", "asked_on": date_of(-5)},
    }
    covered = claim_coverage("pip", number, "open")
    return {**covered, "claim": {**covered["claim"], **more}}


def claim(number: str, status: str) -> Fact:
    return {
        "number": number,
        "status": status,
        "date_of_injury": date_of(-60),
        "insurer_kind": "state_fund",
    }


def prescription(**more: Any) -> Fact:
    """A prescription that leaves nothing open."""
    usual = {
        "signed_on": date_of(-40),
        "received_on": date_of(-39),
        "signed": True,
        "staff_confirmed": True,
        "prescriber": {
            "name": "Dr. Robin Example",
            "credential": "MD",
            "npi": "1234567893",
            "state": "WA",
        },
        "diagnoses": ["M54.50"],
        "frequency": {"times": 2, "per": "week"},
        "duration": {"count": 3, "unit": "month"},
        "visits": 12,
        "pain": True,
        "loss_of_function": "cannot sit longer than 20 minutes",
        "purpose": "rehabilitation",
    }
    return {**usual, **more}


def visits(payer: str, *days: int) -> tuple[Fact, ...]:
    """Massage visits at this clinic on these days."""
    same = {"payer": payer, "modality": "massage", "provider": "this-clinic"}
    return tuple({"on": date_of(number), **same} for number in days)


def authorization(status: str, requested: int) -> Fact:
    """A prior authorization asked for on that day."""
    return {
        "payer": "regence",
        "kind": "prior-authorization",
        "status": status,
        "requested_on": date_of(requested),
    }


def approval(first: int, last: int, count: int, number: str) -> Fact:
    """What an approval adds: so many visits between these days."""
    return {
        "status": "approved",
        "number": number,
        "visits": count,
        "from": date_of(first),
        "to": date_of(last),
    }
