"""Rows of the contract's table and rulings: (the text, payer, changes, what is expected).

A change is `path: value` on the booking of 2026-12-08 seen on 2026-12-01; the value `...`
removes the field. Expectations: outcome and other fields by name, requirements by key as
`status/effect` (or `-` for left out), `due KEY` for dates.
"""

from __future__ import annotations

from typing import Any

Row = tuple[str, str, dict[str, Any], dict[str, Any]]

PA, CURRENT, REPORT = "prior-authorization", "prescription.current", "progress-report"
MASSAGE = {"modality": "massage", "provider": "this-clinic"}


def visits(payer: str, *days: str) -> list[dict[str, Any]]:
    return [{"on": f"2026-{day}", "payer": payer, **MASSAGE} for day in days]


def run(payer: str, count: int) -> list[dict[str, Any]]:
    """Visits on consecutive days from November 10th on."""
    return visits(payer, *(f"11-{10 + place}" for place in range(count)))


def auth(kind: str, status: str = "approved", payer: str = "regence", **more: Any) -> list[Any]:
    return [{"payer": payer, "kind": kind, "status": status, **more}]


SELF = {"coverages.0.funding": "self_insured"}
TWO = {**SELF, "visits": visits("regence", "11-27")}
PAST = {**SELF, "visits": visits("regence", "11-20")}
WHOLE: dict[str, Any] = {"visits": 4, "from": "2026-11-01", "to": "2027-03-01"}
OUT = [{"status": "out", "from": "2015-01-01"}]
SEVEN_LNI = {"visits": run("lni", 6)}
SENT = [{"on": "2026-12-01", "payer": "lni", "improvement": True}]
