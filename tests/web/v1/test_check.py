"""``/v1/check`` answers and stores nothing."""

from dataclasses import fields
from typing import Any

import jsonschema_rs
import pytest
from tests.domain.test_answers import decision
from tests.web.conftest import Site, problem
from tests.web.v1.test_facts import WHOLE

from massage_ins_bridge.domain.clinic import Clinic
from massage_ins_bridge.domain.facts import Booking, Chart, Patient, Upcoming
from massage_ins_bridge.testing.bookings import START


def test_check_answers_and_stores_nothing(shared: Site) -> None:
    asked = {"booking": {"start": START.isoformat()}, "coverages": [{"payer": "regence"}]}
    answer = shared.api("POST", "/v1/check", asked)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "hold")
    assert shared.api("GET", "/v1/bookings").json()["bookings"] == []
    naive = shared.api("POST", "/v1/check", {"booking": {"start": "2026-12-08T10:00:00"}})
    assert naive.json()["errors"][0]["path"] == "booking.start"


def test_what_a_plugin_declares_is_taken_and_offered(shared: Site) -> None:
    coverage = {"payer": "regence", "extra": {"core": {"case_number": "C-1"}}}
    asked = {"booking": {"start": START.isoformat()}, "coverages": [coverage]}
    assert shared.api("POST", "/v1/check", asked).status_code == 200
    coverage["extra"] = {"cor": {}}
    refused = shared.api("POST", "/v1/check", asked).json()["errors"][0]
    assert refused["path"] == "coverages[0].extra.cor"
    assert "did you mean 'core'?" in refused["message"]
    schemas = shared.api("GET", "/openapi.json").json()["components"]["schemas"]
    fields = schemas["CoverageExtra"]["properties"]["core"]["properties"]
    assert fields["case_number"]["description"] == "Case number"
    assert "core.promise" in schemas["AuthorizationKind"]["enum"]


#: Every field that a check request may have.
BOOKING = {
    "start": "2026-12-08T10:00:00-08:00",
    "end": "2026-12-08T11:00:00-08:00",
    "service": "medical-massage",
    "self_pay": False,
    "payer": "regence",
    "practitioner": "mira",
    "place": "clinic",
    "prescription": "rx1",
    "episode": "low back 2026",
    "injury": "neither",
}
CLINIC = {
    "name": "Example Massage",
    "timezone": "America/Los_Angeles",
    "network": {"regence": [{"status": "in", "practitioners": ["mira"], "plans": ["Gold"]}]},
    "prior_approval": "payer",
    "prescription_lead_days": 4,
    "adult_age": 18,
    "pip_payment_at_visit": True,
    "practitioners": [{"key": "mira", "name": "Mira Example, LMT", "npi": "1234567893"}],
    "late_authorization": "hold",
    "fees": {"pip": "120.00"},
}
PATIENT = {
    "name": "Test Patient",
    "birth_date": "1980-02-03",
    "intake_received": True,
    "guardian_consent": None,
    "acknowledged_on": "2026-11-20",
    "identity": "sure",
    "language": "en",
}
UPCOMING = {
    "start": "2026-12-04T10:00:00-08:00",
    "end": "2026-12-04T11:00:00-08:00",
    "payer": "regence",
    "modality": "massage",
    "provider": "this-clinic",
    "claim_number": "AB1",
    "prescription": "rx1",
    "episode": "low back 2026",
}
EVERYTHING: dict[str, Any] = {
    "as_of": "2026-12-01T09:00:00-08:00",
    "booking": BOOKING,
    "clinic": CLINIC,
    "patient": PATIENT,
    "upcoming": [UPCOMING],
    **{segment.replace("-", "_"): [fact] for segment, fact in WHOLE.items()},
}


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (EVERYTHING, Chart),
        (BOOKING, Booking),
        (CLINIC, Clinic),
        (PATIENT, Patient),
        (UPCOMING, Upcoming),
    ],
)
def test_nothing_is_left_out(sent: dict[str, Any], kind: Any) -> None:
    assert sent.keys() == {field.name for field in fields(kind)} - {"extra"}  # plugins' own


def test_every_field_is_taken_and_described(shared: Site) -> None:
    answer = shared.api("POST", "/v1/check", EVERYTHING)
    assert answer.status_code == 200, answer.text
    made = shared.http.get("/openapi.json").json()
    told = made["paths"]["/v1/check"]["post"]
    taken = told["requestBody"]["content"]["application/json"]["schema"]
    given = told["responses"]["200"]["content"]["application/json"]["schema"]
    for schema, value in ((taken, EVERYTHING), (given, answer.json())):
        whole = {**schema, "components": made["components"]}
        jsonschema_rs.validator_for(whole, validate_formats=True).validate(value)


def test_a_decision_is_described_as_it_is_given(shared: Site) -> None:
    said = decision().to_dict()
    parts = shared.http.get("/openapi.json").json()["components"]["schemas"]
    for name, given in (
        ("Decision", said),
        ("Requirement", said["requirements"][0]),
        ("Waiver", said["waivers"][0]),
        ("Action", said["actions"][0]),
        ("Source", said["waivers"][0]["source"]),
    ):
        assert given.keys() == parts[name]["properties"].keys() == set(parts[name]["required"])


@pytest.mark.parametrize(
    ("part", "change", "path"),
    [
        ("booking", {"place": "moon"}, "booking.place"),
        ("booking", {"injury": "knee"}, "booking.injury"),
        ("clinic", {"late_authorization": "never"}, "clinic.late_authorization"),
        ("clinic", {"fees": {"pip": 120.5}}, "clinic.fees.pip"),
        ("clinic", {"practitioners": []}, "clinic.network.regence[0].practitioners[0]"),
        ("clinic", {"office_hours": "Mon-Fri 09:00-17:00"}, "clinic.office_hours"),
        ("patient", {"language": 7}, "patient.language"),
    ],
)
def test_what_cannot_be_is_refused_by_its_path(
    shared: Site, part: str, change: dict[str, Any], path: str
) -> None:
    sent = {**EVERYTHING, part: {**EVERYTHING[part], **change}}
    (error,) = problem(shared.api("POST", "/v1/check", sent), 422)["errors"]
    assert error["path"] == path
