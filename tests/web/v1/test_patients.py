"""``/v1/patients``: clients are filed, found and changed."""

import re
from dataclasses import fields
from typing import Any

import pytest
from tests.web.conftest import Site, problem

from massage_ins_bridge.domain.facts import Patient


@pytest.fixture
def patient(shared: Site) -> str:
    made = shared.api("POST", "/v1/patients", {"name": "Ann Lee", "birth_date": "1980-02-03"})
    assert made.status_code == 201
    return str(made.json()["id"])


def found(site: Site, **wanted: Any) -> list[str]:
    answer = site.api("POST", "/v1/patients/search", wanted)
    assert answer.status_code == 200
    return [client["id"] for client in answer.json()["patients"]]


def test_a_patient_is_found_and_changed(shared: Site) -> None:
    data = {"name": "Bea", "email": "bea@example.com", "phone": "206-555-0111"}
    patient = shared.api("POST", "/v1/patients", data).json()["id"]
    assert found(shared, email="BEA@example.com") == [patient]
    assert found(shared, phone="2065550111") == [patient]
    assert found(shared, email="bea@example.com", phone="1") == []
    changed = shared.api("PATCH", f"/v1/patients/{patient}", {"intake_received": True})
    assert changed.json()["intake_received"] is True
    assert changed.json()["email"] == "bea@example.com"
    changed = shared.api("PATCH", f"/v1/patients/{patient}", {"email": None})
    assert (changed.json()["email"], found(shared, email="bea@example.com")) == (None, [])


def test_what_a_key_sees_and_sends_is_in_the_audit(shared: Site) -> None:
    patient = shared.api("POST", "/v1/patients", {"name": "Gil Ash"}).json()["id"]

    def said() -> list[str]:
        lines = shared.api("GET", f"/v1/audit?patient={patient}").json()["lines"]
        return [f"{line['who']}: {line['said']}" for line in lines]

    assert said() == []
    for _ in range(3):
        assert shared.api("GET", f"/v1/patients/{patient}").status_code == 200
    (saw,) = said()  # one look, as of a person
    assert re.fullmatch(r"Key .+: Saw the chart, by the API\.", saw)
    shared.api("PATCH", f"/v1/patients/{patient}", {"intake_received": True})
    assert said() == [saw.replace("Saw the chart", "Sent something for the chart"), saw]
    assert shared.api("GET", "/v1/patients/pat_none").status_code == 404


def test_every_field_is_kept(shared: Site) -> None:
    data = {
        "name": "Cleo Day",
        "birth_date": "2012-02-29",
        "intake_received": True,
        "guardian_consent": False,
        "acknowledged_on": "2026-11-20",
        "language": "es",
    }
    assert {*data, "identity"} == {field.name for field in fields(Patient)}
    patient = shared.api("POST", "/v1/patients", data).json()["id"]
    kept = shared.api("GET", f"/v1/patients/{patient}").json()
    assert {name: kept[name] for name in data} == data
    parts = shared.http.get("/openapi.json").json()["components"]["schemas"]
    assert data.keys() <= parts["Client"]["properties"].keys()


def test_a_search_for_nothing_finds_nobody(shared: Site, patient: str) -> None:
    for wanted in ({"email": ""}, {"phone": ""}, {"member_id": " "}, {"member_id": "-"}):
        assert found(shared, **wanted) == []
    for nothing in ({}, {"email": None}):
        problem(shared.api("POST", "/v1/patients/search", nothing), 422)


@pytest.mark.parametrize("name", ["email", "phone", "member_id", "claim_number"])
def test_what_finds_a_person_is_kept_out_of_addresses(shared: Site, name: str) -> None:
    said = problem(shared.api("GET", f"/v1/patients?{name}=bea"), 422)
    assert "POST /v1/patients/search" in said["errors"][0]["message"]


def test_a_client_is_found_by_the_member_ids_that_are_in_their_chart(
    shared: Site, patient: str
) -> None:
    base = f"/v1/patients/{patient}/coverages"
    first = shared.api("POST", base, {"payer": "regence", "member_id": "zzz 1"}).json()["record"]
    second = shared.api("POST", base, {"payer": "lni", "member_id": "zzz2"}).json()["record"]
    assert found(shared, member_id="ZZZ1") == found(shared, member_id="zzz2") == [patient]
    shared.api("PATCH", f"{base}/{first}", {"member_id": "zzz3"})
    assert (found(shared, member_id="zzz1"), found(shared, member_id="zzz3")) == ([], [patient])
    assert shared.api("DELETE", f"{base}/{second}").status_code == 204
    assert found(shared, member_id="zzz2") == []


def test_all_are_reached_piece_by_piece(shared: Site, patient: str) -> None:
    made = {shared.api("POST", "/v1/patients", {"name": f"P{n}"}).json()["id"] for n in range(3)}
    seen = [c["id"] for page in shared.pages("/v1/patients?limit=2") for c in page["patients"]]
    assert {*made, patient} <= set(seen)
    assert len(seen) == len(set(seen))


ODD: list[tuple[Any, str]] = [
    *(({"name": name}, "name") for name in ("Ann\u0000Lee", "Ann\nLee", "Ann \u202eeeL")),
    *(({"email": "a\u2066@example.com"}, "email"), ({"birth_date": "2199-01-01"}, "birth_date")),
    *(({"nam": "x"}, "nam"), ([], "")),
]


@pytest.mark.parametrize(("data", "path"), ODD)
def test_what_no_client_is_like_is_refused(
    shared: Site, patient: str, data: Any, path: str
) -> None:
    for method, address in (("POST", "/v1/patients"), ("PATCH", f"/v1/patients/{patient}")):
        assert problem(shared.api(method, address, data), 422)["errors"][0]["path"] == path


@pytest.mark.parametrize("data", [{}, {"name": " "}, {"email": None, "phone": ""}])
def test_a_client_of_whom_nothing_is_known_is_none(shared: Site, data: dict[str, Any]) -> None:
    (error,) = problem(shared.api("POST", "/v1/patients", data), 422)["errors"]
    assert error == {"path": "", "message": "says nothing; send at least one field"}


def test_the_later_of_two_changes_is_told_of_the_first(shared: Site, patient: str) -> None:
    path = f"/v1/patients/{patient}"
    seen = shared.api("GET", path).headers["etag"]
    shared.api("POST", f"{path}/visits", {"on": "2026-11-01"})
    problem(shared.api("PATCH", path, {"name": "Ann Li"}, **{"if-match": seen}), 412)
    now = shared.api("GET", path)
    assert now.json()["name"] == "Ann Lee"
    tag = now.headers["etag"]
    changed = shared.api("PATCH", path, {"name": "Ann Li"}, **{"if-match": f'"x", {tag}'})
    assert changed.json()["name"] == "Ann Li"


def test_staffs_notes_are_written_and_read(shared: Site) -> None:
    path = f"/v1/patients/{shared.api('POST', '/v1/patients', {'name': 'Nora Bell'}).json()['id']}"
    sent = {"text": "Comes early.\nWaits outside.", "by": "Dana"}
    made = shared.api("POST", f"{path}/notes", sent)
    shown = {"text": sent["text"], "by": "Dana"}
    assert (made.status_code, {**made.json(), **shown}) == (201, made.json())
    assert shared.api("GET", f"{path}/notes").json() == {"notes": [made.json()]}
    for wrong in ({**sent, "text": "x" * 4001}, {**sent, "text": " "}, {"text": "Who?"}):
        assert shared.api("POST", f"{path}/notes", wrong).status_code == 422
    assert shared.api("GET", "/v1/patients/pat_none/notes").status_code == 404


def test_a_client_who_came_by_mistake_is_deleted(shared: Site) -> None:
    sent = {"name": "Otto Twice", "email": "otto@example.com"}
    path = f"/v1/patients/{shared.api('POST', '/v1/patients', sent).json()['id']}"
    shared.api("POST", f"{path}/coverages", {"payer": "Regence", "member_id": "OT1"})
    assert shared.api("DELETE", path).status_code == 204
    assert shared.api("GET", path).status_code == 404
    assert shared.api("POST", "/v1/patients/search", {"member_id": "OT1"}).json()["patients"] == []
    assert shared.api("DELETE", path).status_code == 404
    said = [act["said"] for act in shared.api("GET", "/v1/audit").json()["lines"]]
    assert "The client O. Twice is deleted, with their chart." in said
    shared.send("kept", email="kept@example.com", name="Kim Kept")
    kept = shared.until(lambda: shared.booking("kept"))["patient"]
    refused = problem(shared.api("DELETE", f"/v1/patients/{kept}"), 409)
    assert refused["detail"].startswith("Visits, bookings, papers")
