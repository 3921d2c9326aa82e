"""A fully valid check request per payer, and the days around it."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from massage_ins_bridge.testing.requests import bookings, request, visits

from .facts import ZONE, Json

PAYERS = (
    *("regence", "uniform", "premera", "kaiser", "first-choice", "cigna", "aetna", "uhc"),
    *("lni", "pip"),
)
BOUNDARIES = [
    date.fromisoformat(day)
    for day in (
        *("2018-06-07", "2018-10-01", "2020-06-11", "2021-10-01", "2024-02-29", "2024-12-31"),
        *("2026-01-31", "2026-03-08", "2026-11-01", "2027-02-28", "2028-03-01"),
    )
]
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
        return {**visits(self.payer, day.isoformat())[0], **more}

    def standing(self, when: datetime, **more: Any) -> Json:
        return {**bookings(self.payer, when.isoformat())[0], **more}

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
    changes: Json = {
        "as_of": at(made.today, 8).isoformat(),
        "booking.start": start.isoformat(),
        "booking.end": (start + timedelta(hours=1)).isoformat(),
        "patient.acknowledged_on": made.ago(30),
        "prescriptions.0.signed_on": made.ago(40),
        "prescriptions.0.received_on": made.ago(30),
        "authorizations": [],
    }
    if made.payer in ("lni", "pip"):
        changes["coverages.0.claim.date_of_injury"] = made.ago(420)
    else:
        changes["coverages.0.cost_share.deductible_met"] = "500.00"
    changes["prescriptions.0.diagnoses"] = [made.rng.choice(("M54.2", "M25.511", "S16.1XXD"))]
    return request(made.payer, **changes)
