"""There is a builder for every fact, and what it builds can be read and changed."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import pytest

from massage_ins_bridge.domain.facts import Chart
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.testing import facts
from massage_ins_bridge.testing.requests import Json, authorization, request

#: By type of fact, a request in which it stands.
MADE: dict[str, Json] = {
    "Booking": request(booking=facts.booking("regence", place=...)),
    "Clinic": request(clinic=facts.clinic("regence", adult_age=18)),
    "NetworkSpan": request(
        clinic=facts.clinic("regence", network={"regence": [facts.network_span(to="2026-12-31")]})
    ),
    "Practitioner": request(clinic=facts.clinic("x", practitioners=[facts.practitioner(npi=...)])),
    "Patient": request(patient=facts.patient(identity="doubtful")),
    "Coverage": request(coverages=[facts.coverage("regence", from_="2026-01-01")]),
    "CostShare": request(coverages=[facts.coverage("x", cost_share=facts.cost_share(copay="5"))]),
    "InjuryClaim": request(coverages=[facts.coverage("lni", claim=facts.claim(status="closed"))]),
    "Attending": request(coverages=[facts.coverage("lni", claim=facts.claim())]),
    "Adjuster": request(
        coverages=[facts.coverage("pip", claim=facts.claim(adjuster=facts.adjuster(fax="1")))]
    ),
    "ClaimBenefit": request(
        coverages=[facts.coverage("pip", claim=facts.claim(benefit=facts.benefit(left="0")))]
    ),
    "Prescription": request(prescriptions=[facts.prescription(signed=...)]),
    "Prescriber": request(prescriptions=[facts.prescription()]),
    "Frequency": request(prescriptions=[facts.prescription()]),
    "Duration": request(prescriptions=[facts.prescription()]),
    "Authorization": request(authorizations=[authorization("regence")]),
    "Visit": request(visits=[facts.visit("regence", "2026-11-20", paid="paid")]),
    "Upcoming": request(upcoming=[facts.upcoming("regence", "2026-12-09T10:00:00-08:00")]),
    "ProgressReport": request(progress_reports=[facts.progress_report("lni", "2026-11-20")]),
}


def kinds(of: Any) -> set[str]:
    """The names of all kinds of fact below one."""
    found: set[str] = set()
    for one in (of, *get_args(of)):
        if is_dataclass(one) and isinstance(one, type):
            found.add(one.__name__)
            hints = get_type_hints(one)
            found |= {name for field in fields(one) for name in kinds(hints[field.name])}
        elif one is not of:
            found |= kinds(one)
    return found


def test_every_kind_of_fact_has_its_builder() -> None:
    assert kinds(Chart) - {"Chart"} == MADE.keys()


@pytest.mark.parametrize("kind", MADE)
def test_what_is_built_is_read(kind: str) -> None:
    read_request(MADE[kind], datetime(2026, 12, 1, tzinfo=UTC))


def test_a_field_is_set_or_taken_away() -> None:
    assert "place" not in facts.booking("x", place=...)
    assert facts.coverage("x", from_="2026-01-01")["from"] == "2026-01-01"
