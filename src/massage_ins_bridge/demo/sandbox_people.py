"""The invented clients of a sandbox, by name, and what comes of a booking of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from .facts import authorization, claim_coverage, coverage, prescription, self_insured, visits
from .story import FIRST_DAY, Fact

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Invented:
    """``outcome`` and ``why``: what comes of a booking of ``massage`` two weeks ahead; ``missing``:
    the key that it hangs on. ``facts``: by kind, what is on file, as of the demonstration's first
    day."""

    name: str
    email: str
    outcome: str
    why: str
    missing: str = ""
    intake: bool = True
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)

    def on_file(self, today: date) -> list[tuple[str, Fact]]:
        """Kind and fact, as of today."""
        days = today - FIRST_DAY
        return [(kind, _moved(fact, days)) for kind, all_ in self.facts.items() for fact in all_]


def _moved(value: Any, days: timedelta) -> Any:
    """A fact with its days moved on."""
    if isinstance(value, dict):
        return {key: _moved(one, days) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_moved(one, days) for one in value]
    if isinstance(value, str) and _DAY.fullmatch(value):
        return (date.fromisoformat(value) + days).isoformat()
    return value


_GOOD = {"coverage": (coverage("regence"),), "prescription": (prescription(),)}
PEOPLE = (
    Invented("Alma Allow", "alma@example.com", "allow", "everything is on file", facts=_GOOD),
    Invented(
        "Petra Paper",
        "petra@example.com",
        "hold",
        "no prescription is on file",
        "prescription",
        facts={"coverage": (coverage("regence"),)},
    ),
    Invented(
        "Aaron Asked",
        "aaron@example.com",
        "hold",
        "the insurer was asked to authorize, and has not answered",
        "prior-authorization",
        facts={
            "coverage": (self_insured(),),
            "prescription": (prescription(),),
            "visit": visits("regence", -4),
            "authorization": (authorization("requested", -3),),
        },
    ),
    Invented(
        "Cora Card",
        "cora@example.com",
        "hold",
        "staff has not confirmed the coverage",
        "coverage",
        facts={**_GOOD, "coverage": (coverage("regence", staff_confirmed=False),)},
    ),
    Invented(
        "Ines Intake",
        "ines@example.com",
        "hold",
        "the intake form is missing",
        "intake",
        intake=False,
        facts=_GOOD,
    ),
    Invented(
        "Lena Claim",
        "lena@example.com",
        "hold",
        "the injury claim is not decided",
        "claim",
        facts={
            "coverage": (claim_coverage("lni", "AB12345", "pending"),),
            "prescription": (prescription(),),
        },
    ),
    Invented(
        "Rex Refused",
        "rex@example.com",
        "block",
        "the prescription documents no loss of function",
        "medical-necessity",
        facts={
            "coverage": (self_insured(),),
            "prescription": (prescription(loss_of_function=False),),
        },
    ),
    Invented(
        "Rita Rejected",
        "rita@example.com",
        "block",
        "the injury claim was rejected",
        "claim",
        facts={
            "coverage": (claim_coverage("lni", "AB12347", "rejected"),),
            "prescription": (prescription(),),
        },
    ),
    Invented(
        "Ida Identity",
        "ida@example.com",
        "allow",
        "and hold, as it is in doubt who they are, where you send another address with their name",
        facts=_GOOD,
    ),
)
#: Beside the clients by name.
OTHERS = (
    ("anybody else", "hold", "nothing is on file of them"),
    ("anybody, for the service relaxation", "allow", "they pay themselves"),
)
