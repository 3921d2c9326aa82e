"""A fully valid check request per payer, and the days around it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from .facts import ZONE, Json

PAYERS = (
    "regence",
    "uniform",
    "premera",
    "kaiser",
    "first-choice",
    "cigna",
    "aetna",
    "uhc",
    "lni",
    "pip",
)
BOUNDARIES = (
    date(2018, 6, 7),
    date(2018, 10, 1),
    date(2020, 6, 11),
    date(2021, 10, 1),
    date(2024, 2, 29),
    date(2024, 12, 31),
    date(2026, 1, 31),
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2027, 2, 28),
    date(2028, 3, 1),
)
GAPS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 20)


@dataclass
class Draft:
    """A request being made, with the labels of what was changed in it."""

    rng: random.Random
    payer: str
    day: date
    today: date
    request: Json = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)

    @property
    def coverage(self) -> Json:
        first: Json = self.request["coverages"][0]
        return first

    @property
    def paper(self) -> Json:
        first: Json = self.request["prescriptions"][0]
        return first

    @property
    def booking(self) -> Json:
        booking: Json = self.request["booking"]
        return booking

    def ago(self, days: int) -> str:
        return (self.day - timedelta(days=days)).isoformat()

    def visit(self, day: date, **more: Any) -> Json:
        kept = {"payer": self.payer, "modality": "massage", "provider": "this-clinic"}
        return {"on": day.isoformat(), **kept, **more}

    def standing(self, when: datetime, **more: Any) -> Json:
        kept = {"payer": self.payer, "modality": "massage", "provider": "this-clinic"}
        return {"start": when.isoformat(), **kept, **more}

    @property
    def start(self) -> datetime:
        return datetime.fromisoformat(self.booking["start"])


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def draft(name: str, rng: random.Random) -> Draft:
    """An allowed booking; `uniform` is Regence with an exempt plan."""
    payer = "regence" if name == "uniform" else name
    labels = []
    if rng.random() < 0.3:
        boundary = rng.choice(BOUNDARIES)
        day = boundary + timedelta(days=rng.choice((-1, 0, 0, 1)))
        labels.append(f"day={day}")
    else:
        day = date(2022, 1, 10) + timedelta(days=rng.randrange(2800))
    gap = rng.choice(GAPS)
    made = Draft(rng, payer, day, day - timedelta(days=gap), labels=[*labels, f"gap={gap}"])
    made.request = valid_request(made)
    if name == "regence" and rng.random() < 0.5:
        made.labels.append(put_funding(made))
    if name == "uniform":
        made.coverage["plan"] = "Uniform Medical Plan"
        made.coverage["funding"] = "self_insured"
    return made


def put_funding(made: Draft) -> str:
    made.coverage["funding"] = "self_insured"
    return "funding=self_insured"


def valid_request(made: Draft) -> Json:
    start = at(made.day, made.rng.choice((9, 10, 13, 16)))
    return {
        "as_of": at(made.today, 8).isoformat(),
        "clinic": {
            "network": {made.payer: [{"status": "in", "from": "2015-01-01"}]},
            "prior_approval": "payer",
            "prescription_lead_days": 4,
        },
        "booking": {
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
            "service": "medical-massage",
            "self_pay": False,
            "payer": made.payer,
        },
        "patient": {
            "name": "Test Patient",
            "birth_date": "1980-02-03",
            "intake_received": True,
            "acknowledged_on": made.ago(30),
        },
        "coverages": [valid_coverage(made)],
        "prescriptions": [valid_prescription(made)],
        "authorizations": [],
        "visits": [],
        "upcoming": [],
        "progress_reports": [],
    }


def valid_coverage(made: Draft) -> Json:
    shared = {
        "payer": made.payer,
        "plan": f"{made.payer} plan",
        "group_number": "10055555",
        "member_id": "ZZZ123",
        "position": "primary",
        "staff_confirmed": True,
    }
    if made.payer in ("lni", "pip"):
        claim = {
            "number": "AB12345" if made.payer == "lni" else "PIP-2026-77",
            "status": "open",
            "date_of_injury": made.ago(420),
            "insurer_kind": "state_fund",
        }
        return {**shared, "claim": claim}
    return {
        **shared,
        "funding": "fully_insured",
        "visit_limit": 24,
        "visits_used": 0,
        "cost_share": {
            "copay": "20.00",
            "coinsurance_percent": "20",
            "deductible": "500.00",
            "deductible_met": "500.00",
        },
    }


def valid_prescription(made: Draft) -> Json:
    code = made.rng.choice(("M54.2", "M25.511", "S16.1XXD"))
    return {
        "id": "rx1",
        "signed_on": made.ago(40),
        "received_on": made.ago(30),
        "signed": True,
        "staff_confirmed": True,
        "prescriber": {
            "name": "Dr Example",
            "credential": "MD",
            "npi": "1234567893",
            "state": "WA",
        },
        "diagnoses": [code],
        "frequency": {"times": 2, "per": "week"},
        "duration": {"count": 6, "unit": "month"},
        "visits": 30,
        "pain": True,
        "loss_of_function": "cannot sit longer than 20 minutes",
        "purpose": "rehabilitation",
    }
