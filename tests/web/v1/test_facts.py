"""The facts of a chart, and what cannot be one."""

from typing import Any

import pytest
from tests.web.conftest import Site, problem

FACTS: list[tuple[str, dict[str, Any]]] = [
    ("coverages", {"payer": "regence", "member_id": "Z1", "position": "primary"}),
    ("prescriptions", {"signed_on": "2026-11-20", "diagnoses": ["M54.50"]}),
    ("authorizations", {"payer": "regence", "kind": "prior-authorization", "visits": 4}),
    ("visits", {"on": "2026-11-01", "payer": "regence"}),
    ("progress-reports", {"on": "2026-11-01", "payer": "lni", "improvement": True}),
]


@pytest.fixture(scope="module")
def patient(shared: Site) -> str:
    return str(shared.api("POST", "/v1/patients", {"name": "Ann Lee"}).json()["id"])


@pytest.mark.parametrize(("segment", "data"), FACTS)
def test_facts_come_and_go(shared: Site, patient: str, segment: str, data: dict[str, Any]) -> None:
    base = f"/v1/patients/{patient}/{segment}"
    made = shared.api("POST", base, data)
    assert made.status_code == 201
    record = made.json()["record"]
    booking = {"booking": None} if segment == "visits" else {}
    assert made.json() == {"record": record, **booking, **data}
    assert shared.api("GET", base).json()[segment] == [made.json()]
    one = shared.api("GET", f"{base}/{record}")
    assert (one.json(), one.headers["etag"]) == (made.json(), made.headers["etag"])
    first = next(iter(data))
    assert first not in shared.api("PATCH", f"{base}/{record}", {first: None}).json()
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
        ("coverages", {}, ""),
        ("coverages", {"payer": None}, ""),
        ("coverages", {"claim": {"number": "a\u0000"}}, "claim.number"),
        ("prescriptions", {"signed_on": "2026-13-01"}, "signed_on"),
        ("prescriptions", {"frequency": {"times": -1}}, "frequency.times"),
        ("prescriptions", {"diagnoses": ["M54.50", "\u202e"]}, "diagnoses[1]"),
        ("authorizations", {"from": "2026-12-02", "to": "2026-12-01"}, "to"),
        ("visits", {"on": "9999-01-01"}, "on"),
        ("visits", {"payer": "A" * 5000}, "payer"),
    ],
)
def test_bad_facts_name_their_field(
    shared: Site, patient: str, segment: str, data: Any, path: str
) -> None:
    said = problem(shared.api("POST", f"/v1/patients/{patient}/{segment}", data), 422)
    assert said["errors"][0]["path"] == path


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_the_later_of_two_changes_is_told_of_the_first(
    shared: Site, patient: str, method: str
) -> None:
    base = f"/v1/patients/{patient}/coverages"
    made = shared.api("POST", base, {"payer": "regence"})
    path, seen = f"{base}/{made.json()['record']}", made.headers["etag"]
    assert shared.api("GET", path, **{"if-none-match": f"W/{seen}"}).status_code == 304
    changed = shared.api("PATCH", path, {"plan": "Gold"}, **{"if-match": seen})
    assert changed.headers["etag"] != seen
    now = changed.headers["etag"]
    body = None if method == "DELETE" else {"payer": "lni"}
    for stale in (seen, f"W/{now}", '"x", "y"', "", now.strip('"')):
        problem(shared.api(method, path, body, **{"if-match": stale}), 412)
    assert shared.api("GET", path).json() == changed.json()
    assert shared.api(method, path, body, **{"if-match": f'"x", {now}'}).is_success
    if method != "DELETE":
        assert shared.api(method, path, body, **{"if-match": "*"}).is_success
    shared.api("DELETE", path)
    assert shared.api(method, path, body, **{"if-match": "*"}).status_code == 404


def test_a_prescription_is_looked_at(shared: Site) -> None:
    shared.send("b1", email="b1@example.com")
    booking = shared.until_state("b1", "on hold")
    base = f"/v1/patients/{booking['patient']}/prescriptions"
    record = shared.api("POST", base, {"signed_on": "2026-11-20"}).json()["record"]
    (found,) = shared.api("GET", f"{base}/{record}/findings").json()["bookings"]
    assert (found["booking"], found["may_cure"]) == (booking["id"], ["prescription"])
    assert found["findings"][0]["field"] == "signed_on"
    assert shared.api("GET", f"{base}/prx_none/findings").status_code == 404
