"""A fully valid check request per payer, and the days around it."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from .facts import ZONE, Json

#: `uniform` is Regence with a plan that needs no authorization.
PAYERS = (
    *("regence", "uniform", "bridgespan", "premera", "lifewise", "kaiser", "first-choice"),
    *("cigna", "aetna", "uhc", "lni", "pip", "va", "medicare", "apple-health"),
)
BOUNDARIES = [
    date.fromisoformat(day)
    for day in (
        *("2018-06-07", "2018-10-01", "2020-06-11", "2021-10-01", "2024-01-01", "2024-02-29"),
        *("2024-12-31", "2026-01-31", "2026-03-08", "2026-10-01", "2026-11-01", "2026-11-28"),
        *("2027-01-04", "2027-02-28", "2028-03-01"),
    )
]
OLD = (date(2016, 7, 1), date(2017, 3, 1), date(2018, 2, 1))  # Premera's earlier rules
GAPS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20)
MASSAGE = {"modality": "massage", "provider": "this-clinic"}


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
    def covered(self) -> bool:
        return bool(self.request.get("coverages"))

    @property
    def paper(self) -> Json:
        first: Json = self.request["prescriptions"][0]
        return first

    @property
    def booking(self) -> Json:
        booking: Json = self.request["booking"]
        return booking

    @property
    def start(self) -> datetime:
        return datetime.fromisoformat(self.booking["start"])

    @property
    def gap(self) -> int:
        return (self.day - self.today).days

    def listed(self, key: str) -> list[Json]:
        """A list of the request; what is put into a missing one is lost."""
        found = self.request.get(key)
        return [] if found is None else found

    def section(self, key: str) -> Json:
        """A part of the request that may be missing."""
        if self.request.get(key) is None:
            self.request[key] = {}
        part: Json = self.request[key]
        return part

    def ago(self, days: int) -> str:
        return (self.day - timedelta(days=days)).isoformat()

    def visit(self, day: date, **more: Any) -> Json:
        return {"on": day.isoformat(), "payer": self.payer, **MASSAGE, **more}

    def standing(self, when: datetime, **more: Any) -> Json:
        return {"start": when.isoformat(), "payer": self.payer, **MASSAGE, **more}


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def draft(name: str, rng: random.Random) -> Draft:
    """An allowed booking (of Medicare and Apple Health, none is)."""
    payer = "regence" if name == "uniform" else name
    labels = []
    if rng.random() < 0.3:
        days = [*BOUNDARIES, *OLD] if name in ("premera", "lifewise") else BOUNDARIES
        day = rng.choice(days) + timedelta(days=rng.choice((-1, 0, 0, 1)))
        labels.append(f"day={day}")
    else:
        day = date(2022, 1, 10) + timedelta(days=rng.randrange(2800))
    gap = rng.choice(GAPS)
    made = Draft(rng, payer, day, day - timedelta(days=gap), labels=[*labels, f"gap={gap}"])
    made.request = valid_request(made)
    if name in ("regence", "bridgespan") and rng.random() < 0.5:
        made.coverage["funding"] = "self_insured"
        made.labels.append("funding=self_insured")
    if name == "uniform":
        made.coverage.update(plan="Uniform Medical Plan", funding="self_insured")
    return made


def valid_request(made: Draft) -> Json:
    start = at(made.day, made.rng.choice((9, 10, 13, 16)))
    code = made.rng.choice(("M54.2", "M25.511", "S16.1XXD"))
    rows = [{"status": "in", "from": "2015-01-01"}]
    free = made.payer in ("pip", "medicare", "apple-health")
    return {
        "as_of": at(made.today, 8).isoformat(),
        "clinic": {
            "network": {} if free else {made.payer: rows},
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
        "coverages": [coverage(made)],
        "prescriptions": [prescription(made, code)],
        "authorizations": authorizations(made),
        "visits": [],
        "upcoming": [],
        "progress_reports": [],
    }


def coverage(made: Draft) -> Json:
    shared: Json = {
        "payer": made.payer,
        "plan": f"{made.payer} plan",
        "group_number": "10055555",
        "member_id": "ZZZ123",
        "position": "primary",
        "staff_confirmed": True,
    }
    if made.payer in ("lni", "pip"):
        claim: Json = {"status": "open", "date_of_injury": made.ago(420)}
        claim["number"] = "AB12345" if made.payer == "lni" else "PIP-2026-77"
        if made.payer == "lni":
            claim["insurer_kind"] = "state_fund"
            claim["attending"] = {"name": "Dr Example", "npi": "1234567893"}
        return {**shared, "claim": claim}
    return {
        **shared,
        "funding": "fully_insured",
        "visit_limit": 24,
        "visits_used": 0,
        "visits_used_on": made.today.isoformat(),
        "cost_share": {
            "copay": "20.00",
            "coinsurance_percent": "20",
            "deductible": "500.00",
            "deductible_met": "500.00",
        },
    }


def prescription(made: Draft, code: str) -> Json:
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


def authorizations(made: Draft) -> list[Json]:
    span = {"from": made.ago(60), "to": made.ago(-90)}
    approval: Json = {"payer": made.payer, "status": "approved", "requested_on": made.ago(38)}
    found = []
    if made.payer in ("kaiser", "va"):
        found.append({**approval, "kind": "prior-authorization", "number": "A1", "visits": 30})
        found[-1].update(span)
    if made.payer == "kaiser":
        found.append({**approval, "kind": "referral", "number": "REF1"})
    return found
