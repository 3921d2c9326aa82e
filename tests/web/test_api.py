"""``/v1``: keys, facts, problems."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from tests.web.conftest import Site
from tests.workflows.fakes import START

from massage_ins_bridge.store.keys import add_key, revoke_key


@pytest.fixture
def patient(shared: Site) -> str:
    made = shared.api("POST", "/v1/patients", {"name": "Ann Lee", "birth_date": "1980-02-03"})
    assert made.status_code == 201
    return str(made.json()["id"])


def test_a_key_is_needed(shared: Site) -> None:
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic abc"}):
        answer = shared.http.get("/v1/bookings", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_revoked_key_opens_nothing(shared: Site) -> None:
    store, now = shared.worker.service.store, datetime.now(UTC)
    key = add_key(store, "default", "gone", now)
    headers = {"authorization": f"Bearer {key}"}
    assert shared.http.get("/v1/tasks", headers=headers).status_code == 200
    revoke_key(store, "default", "gone", now)
    assert shared.http.get("/v1/tasks", headers=headers).status_code == 401


def test_another_clinics_key_sees_nothing(shared: Site, patient: str) -> None:
    key = add_key(shared.worker.service.store, "elsewhere", "theirs", datetime.now(UTC))
    headers = {"authorization": f"Bearer {key}"}
    assert shared.http.get(f"/v1/patients/{patient}", headers=headers).status_code == 404
    assert shared.http.get("/v1/patients", headers=headers).json() == {"patients": []}
    assert shared.http.get("/v1/bookings", headers=headers).json() == {"bookings": []}


@pytest.mark.parametrize(
    ("segment", "data"),
    [
        ("coverages", {"payer": "regence", "member_id": "Z1", "position": "primary"}),
        ("prescriptions", {"signed_on": "2026-11-20", "diagnoses": ["M54.50"]}),
        ("authorizations", {"payer": "regence", "kind": "prior-authorization", "visits": 4}),
        ("visits", {"on": "2026-11-01", "payer": "regence"}),
        ("progress-reports", {"on": "2026-11-01", "payer": "lni", "improvement": True}),
    ],
)
def test_facts_come_and_go(shared: Site, patient: str, segment: str, data: dict[str, Any]) -> None:
    base = f"/v1/patients/{patient}/{segment}"
    made = shared.api("POST", base, data)
    assert made.status_code == 201
    record = made.json()["record"]
    assert made.json() == {"record": record, **data}
    assert shared.api("GET", base).json()[segment] == [made.json()]
    first = next(iter(data))
    assert shared.api("PATCH", f"{base}/{record}", {first: None}).status_code == 200
    (left,) = shared.api("GET", base).json()[segment]
    assert first not in left
    assert shared.api("PUT", f"{base}/{record}", data).json() == made.json()
    assert shared.api("DELETE", f"{base}/{record}").status_code == 204
    assert shared.api("GET", base).json()[segment] == []
    assert shared.api("PUT", f"{base}/{record}", data).status_code == 404


@pytest.mark.parametrize(
    ("segment", "data", "path"),
    [
        ("coverages", {"payr": "x"}, "payr"),
        ("coverages", {"claim": {"status": "lost"}}, "claim.status"),
        ("coverages", [], ""),
        ("prescriptions", {"signed_on": "2026-13-01"}, "signed_on"),
        ("prescriptions", {"frequency": {"times": -1}}, "frequency.times"),
        ("authorizations", {"from": "2026-12-02", "to": "2026-12-01"}, "to"),
        ("visits", {"on": "9999-01-01"}, "on"),
        ("visits", {"payer": "A" * 5000}, "payer"),
    ],
)
def test_bad_facts_name_their_field(
    shared: Site, patient: str, segment: str, data: Any, path: str
) -> None:
    answer = shared.api("POST", f"/v1/patients/{patient}/{segment}", data)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["path"] == path


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b'{"name": NaN}', 400), (b"x" * 2_000_000, 413), (b'{"nam": "x"}', 422)],
)
def test_bad_bodies(shared: Site, body: bytes, status: int) -> None:
    headers = {"authorization": f"Bearer {shared.key}"}
    answer = shared.http.post("/v1/patients", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("key", ["\\ud800", "\\u0000", "a\\nb", "x" * 500])
def test_odd_keys_are_named_so_that_they_can_be_shown(shared: Site, patient: str, key: str) -> None:
    headers = {"authorization": f"Bearer {shared.key}"}
    body = f'{{"{key}": 1}}'.encode()
    for method, path in (("POST", "/v1/patients"), ("PATCH", f"/v1/patients/{patient}")):
        answer = shared.http.request(method, path, content=body, headers=headers)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"].isprintable()
        assert len(answer.json()["errors"][0]["path"]) <= 120


@pytest.mark.parametrize(
    "query",
    [
        "starts_from=0001-01-01T00:00:00%2B23:59",
        "starts_before=9999-12-31T23:59:59-23:59",
        "ref=a%00b",
        "patient=%00",
    ],
)
def test_parameters_that_cannot_be_asked_for(shared: Site, query: str) -> None:
    answer = shared.api("GET", f"/v1/bookings?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_address_with_a_character_that_no_id_has(shared: Site) -> None:
    for path in ("/v1/patients/%00", "/v1/bookings/a%00b", "/v1/tasks/%00/done"):
        answer = shared.api("POST" if path.endswith("done") else "GET", path)
        assert answer.status_code == 404
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_database_that_is_down_is_no_fault_of_the_request(
    shared: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(error: Exception) -> Any:
        def refuse(*_: Any) -> Any:
            raise error

        return refuse

    store = shared.worker.service.store
    gone = OperationalError("SELECT", {}, Exception("Ann Lee"))
    for error, status in (
        (gone, 503),
        (PoolTimeoutError("no connection"), 503),
        (IntegrityError("INSERT", {}, Exception("Ann Lee")), 500),
    ):
        monkeypatch.setattr(store, "read", down(error))
        answer = shared.api("GET", "/v1/patients")
        monkeypatch.undo()
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert "Ann Lee" not in answer.text
    assert shared.api("GET", "/v1/patients").status_code == 200


def test_a_search_for_nothing_finds_nobody(shared: Site, patient: str) -> None:
    assert patient in shared.api("GET", "/v1/patients?limit=500").text
    for query in ("email=", "phone=", "member_id=", "email=%20", "member_id=-"):
        assert shared.api("GET", f"/v1/patients?{query}").json() == {"patients": []}


def test_a_client_is_found_by_the_member_ids_that_are_in_her_chart(
    shared: Site, patient: str
) -> None:
    def found(member: str) -> bool:
        listed = shared.api("GET", f"/v1/patients?member_id={member}").json()["patients"]
        return [p["id"] for p in listed] == [patient]

    base = f"/v1/patients/{patient}/coverages"
    first = shared.api("POST", base, {"payer": "regence", "member_id": "zzz 1"}).json()["record"]
    second = shared.api("POST", base, {"payer": "lni", "member_id": "zzz2"}).json()["record"]
    assert found("ZZZ1")
    assert found("zzz2")
    shared.api("PATCH", f"{base}/{first}", {"member_id": "zzz3"})
    assert (found("zzz1"), found("zzz2"), found("zzz3")) == (False, True, True)
    assert shared.api("DELETE", f"{base}/{second}").status_code == 204
    assert (found("zzz2"), found("zzz3")) == (False, True)


def test_a_patient_is_found_and_changed(shared: Site) -> None:
    data = {"name": "Bea", "email": "bea@example.com", "phone": "206-555-0111"}
    patient = shared.api("POST", "/v1/patients", data).json()["id"]
    for query in ("email=BEA@example.com", "phone=2065550111", "email=bea@example.com&phone=1"):
        found = shared.api("GET", f"/v1/patients?{query}").json()["patients"]
        assert [p["id"] for p in found] == ([] if query.endswith("phone=1") else [patient])
    changed = shared.api("PATCH", f"/v1/patients/{patient}", {"intake_received": True})
    assert changed.json()["intake_received"] is True
    assert changed.json()["email"] == "bea@example.com"
    answer = shared.api("PATCH", f"/v1/patients/{patient}", {"birth_date": "2199-01-01"})
    assert answer.json()["errors"][0]["path"] == "birth_date"


def test_check_answers_and_stores_nothing(shared: Site) -> None:
    before = len(shared.api("GET", "/v1/bookings").json()["bookings"])
    answer = shared.api("POST", "/v1/check", {"booking": {"start": START.isoformat()}})
    assert (answer.status_code, answer.json()["outcome"]) == (200, "hold")
    assert len(shared.api("GET", "/v1/bookings").json()["bookings"]) == before
    naive = shared.api("POST", "/v1/check", {"booking": {"start": "2026-12-08T10:00:00"}})
    assert naive.json()["errors"][0]["path"] == "booking.start"


def test_tasks_are_done_once(shared: Site) -> None:
    shared.send("t1", "created", status="accepted", more={"email": "t1@example.com"})
    shared.until_state("t1", "on hold")
    tasks = shared.api("GET", "/v1/tasks").json()["tasks"]
    task = next(t for t in tasks if t["kind"] == "hold-by-hand")
    first = shared.api("POST", f"/v1/tasks/{task['id']}/done").json()
    assert first["done_at"]
    assert shared.api("POST", f"/v1/tasks/{task['id']}/done").json() == first
    assert shared.api("POST", "/v1/tasks/tsk_none/done").status_code == 404


def test_the_openapi_document(shared: Site) -> None:
    document = shared.http.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/v1/patients/{patient_id}/prescriptions" in document["paths"]
    text = json.dumps(document)
    assert "loss_of_function" in text
    assert '"from"' in text


def test_unknown_paths_are_problems(shared: Site) -> None:
    answer = shared.http.get("/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert shared.api("GET", "/v1/bookings?outcome=maybe").status_code == 422
    assert shared.api("GET", "/v1/bookings?starts_from=2026-12-01T10:00:00").status_code == 422
