"""The facts of a chart, and what cannot be one."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from tests.web.conftest import Site, problem

from massage_ins_bridge.store.facts import FACT_CLASSES

FACTS: list[tuple[str, dict[str, Any]]] = [
    ("coverages", {"payer": "regence", "member_id": "Z1", "position": "primary"}),
    ("prescriptions", {"signed_on": "2026-11-20", "diagnoses": ["M54.50"]}),
    ("authorizations", {"payer": "regence", "kind": "prior-authorization", "visits": 4}),
    ("visits", {"on": "2026-11-01", "payer": "regence"}),
    ("progress-reports", {"on": "2026-11-01", "payer": "lni", "improvement": True}),
    # what a plugin declares
    ("coverages", {"payer": "regence", "extra": {"core": {"case_number": "C-1"}}}),
    ("authorizations", {"payer": "regence", "kind": "core.promise", "visits": 4}),
]
#: Every field that a fact may have.
WHOLE: dict[str, dict[str, Any]] = {
    "coverages": {
        "payer": "pip",
        "plan": "Gold",
        "group_number": "10012345",
        "member_id": "ZZZ123",
        "position": "primary",
        "funding": "fully_insured",
        "staff_confirmed": True,
        "from": "2026-01-01",
        "to": "2026-12-31",
        "massage_benefit": True,
        "visit_limit": 16,
        "visits_used": 2,
        "visits_used_on": "2026-11-20",
        "plan_year_start": "07-01",
        "limit_shared_with": ["acupuncture"],
        "cost_share": {
            "copay": "20.00",
            "coinsurance_percent": "10",
            "deductible": "500.00",
            "deductible_met": "0.00",
        },
        "claim": {
            "number": "AB1",
            "status": "exhausted",
            "date_of_injury": "2026-02-01",
            "insurer_kind": "state_fund",
            "closed_on": "2026-11-01",
            "accepted_diagnoses": ["M54.50"],
            "attending": {"name": "Dr Example", "npi": "1234567893"},
            "adjuster": {"name": "Ed", "phone": "1", "fax": "2", "email": "ed@example.com"},
            "insurer": "Example Mutual",
            "policy_number": "P1",
            "benefit": {"limit": "10000.00", "left": "500.00", "asked_on": "2026-11-20"},
        },
    },
    "prescriptions": {
        "id": "rx1",
        "signed_on": "2026-11-20",
        "received_on": "2026-11-21",
        "signed": True,
        "staff_confirmed": True,
        "prescriber": {
            "name": "Dr Example",
            "credential": "MD",
            "npi": "1234567893",
            "state": "WA",
        },
        "diagnoses": ["M54.50"],
        "frequency": {"times": 2, "per": "week"},
        "duration": {"count": 6, "unit": "week"},
        "visits": 12,
        "orders": ["massage"],
        "pain": True,
        "loss_of_function": False,
        "purpose": "rehabilitation",
    },
    "authorizations": {
        "payer": "regence",
        "kind": "lni-self-insurer",
        "number": "A123",
        "status": "pended",
        "requested_on": "2026-11-20",
        "decided_on": "2026-11-21",
        "visits": 4,
        "visits_asked": 12,
        "used": 1,
        "used_on": "2026-11-22",
        "codes": ["97124"],
        "diagnoses": ["M54.50"],
        "from": "2026-11-20",
        "to": "2027-01-20",
    },
    "visits": {
        "on": "2026-11-22",
        "payer": "regence",
        "modality": "massage",
        "provider": "this-clinic",
        "claim_number": "AB1",
        "prescription": "rx1",
        "episode": "low back 2026",
        "paid": "recouped",
    },
    "progress-reports": {"on": "2026-11-01", "payer": "lni", "improvement": True},
}


def named(kind: Any) -> Iterator[str]:
    """The names of all fields of a class of facts, and of what stands inside them."""
    hints = get_type_hints(kind)
    for item in fields(kind):
        if item.name == "extra":  # what plugins declare has tests of its own
            continue
        yield str(item.metadata.get("name", item.name))
        for part in (hints[item.name], *get_args(hints[item.name])):
            if is_dataclass(part):
                yield from named(part)


def names(value: Any) -> Iterator[str]:
    for name, inside in value.items() if isinstance(value, dict) else ():
        yield name
        yield from names(inside)


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


@pytest.mark.parametrize("segment", WHOLE)
def test_every_field_is_kept_and_described(shared: Site, patient: str, segment: str) -> None:
    data, kind = WHOLE[segment], FACT_CLASSES[segment.removesuffix("s")]
    assert sorted(names(data)) == sorted(named(kind))
    base = f"/v1/patients/{patient}/{segment}"
    record = shared.api("POST", base, data).json()["record"]
    kept = shared.api("GET", f"{base}/{record}").json()
    assert {name: kept[name] for name in data} == data
    (whole,) = shared.api("GET", f"/v1/patients/{patient}").json()[segment.replace("-", "_")]
    assert whole == kept
    parts = shared.http.get("/openapi.json").json()["components"]["schemas"]
    assert set(data) <= parts[f"{kind.__name__}Record"]["properties"].keys()
    assert shared.api("DELETE", f"{base}/{record}").status_code == 204


@pytest.mark.parametrize(
    ("segment", "data", "path"),
    [
        ("coverages", {"payr": "x"}, "payr"),
        ("coverages", {"extra": {"core": {"case_numbr": "C-1"}}}, "extra.core.case_numbr"),
        ("coverages", {"extra": {"core": {"case_number": 1}}}, "extra.core.case_number"),
        ("coverages", {"extra": {"lni": {"case_number": "C-1"}}}, "extra.lni"),
        ("visits", {"on": "2026-11-01", "extra": {"core": {"case_number": "1"}}}, "extra.core"),
        ("authorizations", {"kind": "core.promises"}, "kind"),
        ("coverages", {"claim": {"status": "lost"}}, "claim.status"),
        ("coverages", [], ""),
        ("coverages", {}, ""),
        ("coverages", {"payer": None}, ""),
        ("coverages", {"claim": {"number": "a\u0000"}}, "claim.number"),
        ("coverages", {"plan_year_start": "02-30"}, "plan_year_start"),
        ("coverages", {"claim": {"attending": {"npi": 1}}}, "claim.attending.npi"),
        ("coverages", {"claim": {"benefit": {"left": 12.5}}}, "claim.benefit.left"),
        ("authorizations", {"used": -1}, "used"),
        ("visits", {"paid": "maybe"}, "paid"),
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


@pytest.mark.parametrize(
    ("segment", "data", "path"),
    [
        ("authorizations", {"requested_on": "2026-11-23"}, "requested_on"),
        ("coverages", {"claim": {"date_of_injury": "2027-01-02"}}, "claim.date_of_injury"),
        ("visits", {"on": "2026-11-23"}, "on"),
    ],
)
def test_what_happened_cannot_lie_in_the_future(
    shared: Site, patient: str, segment: str, data: dict[str, Any], path: str
) -> None:
    """Neither where it is written down, nor where it is changed."""
    base = f"/v1/patients/{patient}/{segment}"
    made = shared.api("POST", base, {"payer": "regence"}).json()["record"]
    for method, address in (("POST", base), ("PATCH", f"{base}/{made}")):
        answer = shared.api(method, address, data)
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert error["path"] == path
        assert "lies in the future" in error["message"]


def test_a_coverage_takes_the_place_of_what_the_client_told(shared: Site) -> None:
    """As at the desk: two of one payer would hold each other up for good."""
    shared.send("told it", answers={"payer": "Regence"})
    patient = shared.until(lambda: shared.booking("told it").get("patient"))
    path = f"/v1/patients/{patient}/coverages"
    (told,) = shared.until(lambda: shared.api("GET", path).json()["coverages"])
    filed = {"payer": "regence", "member_id": "Z1", "staff_confirmed": True}
    answer = shared.api("POST", path, filed)
    assert (answer.status_code, answer.json()["record"]) == (201, told["record"])
    assert len(shared.api("GET", path).json()["coverages"]) == 1
