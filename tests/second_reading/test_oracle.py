"""The shape of the second reading's cases."""

import json
import random
from datetime import date
from typing import Any

import pytest

from . import changes_claim, changes_coverage, changes_payer, changes_prescription
from .base import Draft, valid_request
from .facts import local
from .generate import PAYERS, cases, labelled_cases
from .oracle import decide

DAY, TODAY = date(2026, 12, 8), date(2026, 12, 1)
#: These cover no massage.
REFUSED = ("medicare", "apple-health")
#: Facts that the cases are to have, by their paths.
FACTS = {
    "booking": "practitioner place prescription episode injury",
    "patient": "guardian_consent identity",
    "clinic": "fees late_authorization adult_age",
    "coverages": (
        "from to massage_benefit visits_used_on plan_year_start limit_shared_with "
        "claim.attending claim.accepted_diagnoses claim.benefit "
    ),
    "prescriptions": "orders",
    "visits": "paid prescription episode",
    "upcoming": "prescription episode",
    "authorizations": "decided_on visits_asked used used_on codes diagnoses",
    "progress_reports": "improvement",
}


@pytest.mark.parametrize("payer", [name for name in PAYERS if name != "uniform"])
def test_the_valid_request_is_allowed(payer: str) -> None:
    found = decide(valid_request(Draft(random.Random(1), payer, DAY, TODAY)))
    costly = {key[0] for key, item in found["requirements"].items() if item["effect"] != "none"}
    assert costly == ({"benefit"} if payer in REFUSED else set())


def in_order(part: dict[str, Any], first: str, last: str) -> bool:
    return (part.get(first) or "") <= (part.get(last) or "9999")


@pytest.mark.parametrize("payer", PAYERS)
def test_cases_have_the_shape_of_a_request(payer: str) -> None:
    """And are the same each time."""
    assert list(cases(payer, 20, 7)) == list(cases(payer, 20, 7))
    for request in cases(payer, 600, 5):
        start, end = (local(request["booking"][key]) for key in ("start", "end"))
        today = local(request["as_of"]).date().isoformat()
        assert start < end
        assert all(item["on"] <= today for item in request.get("visits") or [])
        for item in request.get("authorizations") or []:
            assert in_order(item, "from", "to")
            assert in_order(item, "requested_on", "decided_on")
            said = [item.get(key) for key in ("requested_on", "decided_on", "used_on")]
            assert all(day <= today for day in said if day)
        for item in request.get("coverages") or []:
            assert in_order(item, "from", "to")
            assert in_order(item.get("claim") or {}, "date_of_injury", "closed_on")
            assert (item.get("visits_used_on") or "") <= today
        for rows in ((request.get("clinic") or {}).get("network") or {}).values():
            assert all(in_order(row, "from", "to") for row in rows)
        assert all(
            in_order(i, "signed_on", "received_on") for i in request.get("prescriptions") or []
        )
        (request.get("patient") or {}).pop("birth_date", None)
        dates = [text for text in json.dumps(request).split('"') if text[:2] == "20"]
        assert all("2014" <= text[:4] <= "2035" for text in dates if text[4:5] == "-")


def said(value: Any, path: str = "") -> set[str]:
    if isinstance(value, dict):
        return {p for key, item in value.items() for p in said(item, f"{path}.{key}")}
    if isinstance(value, list):
        return {path} | {p for item in value for p in said(item, path)}
    return {path} if value is not None else set()


def test_cases_say_every_fact() -> None:
    found = {path[1:] for payer in PAYERS for case in cases(payer, 400, 1) for path in said(case)}
    missing = [
        f"{part}.{fact}"
        for part, facts in FACTS.items()
        for fact in facts.split()
        if not any(path.startswith(f"{part}.{fact}") for path in found)
    ]
    assert missing == []


def test_every_change_is_made() -> None:
    """And says what it did; a change that no case meets would prove nothing."""
    labels = " ".join(
        label for payer in PAYERS for made, _ in labelled_cases(payer, 400, 1) for label in made
    )
    kinds = ("referral", "lni-self-insurer", "lni-claim-manager", "not-required", "lni-f245-417")
    assert [kind for kind in kinds if kind not in labels] == []
    names = [*changes_payer.PLAN_NAMES, *changes_claim.STATUSES, "primary kaiser", "second primary"]
    assert [name for name in names if name not in labels] == []
    assert changes_coverage.COVERAGE
    assert changes_prescription.PRESCRIPTION


#: Of what is asked, this may have a last day.
DATED = {
    *("prescription", "prescription.current", "prescription.visits", "intake"),
    *("guardian-consent", "benefit", "prior-authorization", "progress-report"),
}
EFFECTS_OF = {
    "met": {"none", "warn"},
    "waived": {"none", "warn"},
    "due": {"none"},
    "unknown": {"warn", "hold"},
    "unmet": {"warn", "hold", "block"},
}


@pytest.mark.parametrize("payer", PAYERS)
def test_decisions_are_sound(payer: str) -> None:
    """As the contract has it, whatever the rules."""
    for request in cases(payer, 400, 3):
        found = decide(request)
        items = found["requirements"]
        for (key, _), item in items.items():
            assert item["effect"] in EFFECTS_OF[item["status"]]
            assert item["due"] is None or key in DATED
            assert (item["status"] == "due") <= (item["due"] is not None)
        firm = {(key, whose) for key, whose, _, strength in found["waivers"] if strength == "firm"}
        assert firm == {key for key, item in items.items() if item["status"] == "waived"}
        assert {(key, whose) for key, whose, _, _ in found["waivers"]} <= set(items)
        effects = {item["effect"] for item in items.values()}
        strictest = "block" if "block" in effects else "hold" if "hold" in effects else "allow"
        assert found["outcome"] == strictest
        assert found["self_pay_offered"] == (found["self_pay_terms"] is not None)


def shuffled(request: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(request))
    for value in (*made.values(), *((made.get("clinic") or {}).get("network") or {}).values()):
        if isinstance(value, list):
            rng.shuffle(value)
    return made


@pytest.mark.parametrize("payer", PAYERS)
def test_the_order_of_a_list_decides_nothing(payer: str) -> None:
    rng = random.Random(4)
    for request in cases(payer, 300, 9):
        assert decide(shuffled(request, rng)) == decide(request)
