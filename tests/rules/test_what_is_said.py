"""What single decisions say: each of these texts once said more than its decision did."""

import re
from datetime import date

import pytest

from massage_ins_bridge.domain.answers import Decision, Requirement
from massage_ins_bridge.gate.settle import CHECKING_PLAN
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.conformance.texts import IN_TIME, PROMISES, REFUSED
from massage_ins_bridge.testing.conformance.texts import days as days_in
from massage_ins_bridge.testing.requests import (
    Json,
    authorization,
    change,
    chart_of,
    days,
    request,
    visits,
)

CLOSED, PIP_AT_VISIT = "coverages.0.claim.closed_on", "clinic.pip_payment_at_visit"
ON_PAPER = ("prescription", "diagnosis", "medical-necessity")


def decided(made: Json) -> Decision:
    return installed_host().decide(chart_of(made))


def of_key(made: Json, key: str) -> Requirement:
    (found,) = (item for item in decided(made).requirements if item.key == key)
    return found


def to_client(made: Json) -> str:
    return " ".join(item.patient_message for item in decided(made).requirements)


@pytest.mark.parametrize(
    "made",
    [
        request("lni", **{"coverages.0.claim.status": "rejected"}),
        request("lni", **{"coverages.0.claim.status": "closed", CLOSED: "2026-12-01"}),
        request("lni", visits=visits("lni", *days(8))),
        request("premera", visits=visits("premera", *days(6)), as_of="2026-12-07T09:00:00-08:00"),
        request("pip", **{"coverages.0.claim.date_of_injury": "2023-12-07"}),
        request("pip", **{"coverages.0.claim.status": "rejected", PIP_AT_VISIT: True}),
    ],
    ids=["rejected", "closed", "form", "review", "three years", "pay at the visit"],
)
def test_a_client_who_is_refused_does_not_wait(made: Json) -> None:
    """Nothing but the refusal is told, though a form is missing and a payment is usual."""
    change(made, "patient.intake_received", False)
    change(made, "as_of", made["as_of"].replace("12-01", "12-07"))
    decision, said = decided(made), to_client(made)
    assert decision.outcome == "block"
    assert REFUSED in said
    assert not PROMISES.search(said)
    assert "intake form" not in said
    assert "when you come" not in said


@pytest.mark.parametrize("plan", ["Regence UMP Plus West", "Regence Kent Fire"])
def test_what_may_be_exempt_is_spoken_of_doubtfully(plan: str) -> None:
    changes = {"coverages.0.plan": plan, "coverages.0.funding": "self_insured"}
    found = of_key(
        request(visits=visits("regence", "2026-11-10"), **changes), "prior-authorization"
    )
    assert (found.status, found.effect) == ("unknown", "hold")
    assert found.message.startswith(f"“{plan}” may be an exempt plan")
    assert "If that is wrong, this counts: " in found.message
    assert "Ask the plan" in found.remedy
    assert found.patient_message == CHECKING_PLAN


@pytest.mark.parametrize("status", ["rejected", "closed", None])
def test_nobody_is_told_that_nothing_is_owed_on_a_claim_that_is_not_open(
    status: str | None,
) -> None:
    changes = {"coverages.0.claim.status": status, CLOSED: "2026-12-01" if status else None}
    assert "pay" not in to_client(request("lni", **changes))


@pytest.mark.parametrize("elsewhere", [False, True])
def test_who_had_six_free_visits_is_given_no_forecast(elsewhere: bool) -> None:
    """Wherever they were; without the law there is one."""
    done = visits("regence", *days(6), **({"provider": "other"} if elsewhere else {}))
    assert decided(request(visits=done)).requirements
    assert "at first" not in to_client(request(visits=done))
    own = request(visits=done, **{"coverages.0.funding": "self_insured"})
    assert ("often approves 4 visits at first" in to_client(own)) is elsewhere


def test_a_payer_without_rules_is_no_unknown_payer() -> None:
    found = of_key(request("Acme Health"), "coverage")
    assert found.message.startswith("No rules for Acme Health are installed")
    said = " ".join(f"{r.message} {r.remedy}" for r in decided(request("Acme Health")).requirements)
    assert "not known who is billed" not in said
    assert "Record the client's coverage" not in said
    assert "settings" not in said
    assert "Please tell us" not in to_client(request("Acme Health"))


@pytest.mark.parametrize("key", ["intake", "prescription", "progress-report"])
def test_no_deadline_has_passed_before_anybody_could_know_of_it(key: str) -> None:
    today = date(2026, 12, 7)
    made = request("lni", as_of=f"{today}T09:00:00-08:00", visits=visits("lni", *days(6, 1)))
    change(made, "patient.intake_received", False)
    change(made, "authorizations", [authorization("lni", "lni-f245-417")])
    if key == "prescription":
        change(made, "prescriptions", [])
    found = of_key(made, key)
    assert found.effect in ("hold", "block")
    assert not [d for d in found_days(found) if d < today]


def found_days(item: Requirement) -> list[date]:
    return days_in(IN_TIME, f"{item.message} {item.remedy} {item.patient_message}")


def test_no_key_is_put_into_a_sentence() -> None:
    old: Json = {
        "prescriptions.0.signed_on": "2026-08-01",
        "prescriptions.0.prescriber.credential": "PT",
    }
    made = request(
        "regence", **old, **{"prescriptions.0.visits": 0, "prescriptions.0.diagnoses": []}
    )
    assert (
        "is more than 90 days old. Regence may not accept it."
        in of_key(made, "prescription.current").message
    )
    (task,) = (a.message for a in decided(made).actions if a.kind == "ask-prescriber")
    expected = "the diagnosis code, an order by an accepted prescriber, a new prescription"
    assert task == f"Ask the prescriber for {expected}, more visits."


def test_an_unconfirmed_prescription_is_one_line_with_what_it_seems_to_lack() -> None:
    changes: Json = {"staff_confirmed": False, "signed": False, "diagnoses": [], "frequency": None}
    made = request(
        "regence", **{f"prescriptions.0.{name}": value for name, value in changes.items()}
    )
    found = [r for r in decided(made).requirements if r.key.startswith(ON_PAPER)]
    assert [item.key for item in found] == ["prescription"]
    assert "It seems to lack something. The prescription is not signed." in found[0].message


def test_what_one_page_says_is_not_said_of_every_insurer() -> None:
    made = request("regence", **{"prescriptions.0.diagnoses": ["F41.1"]})
    found = of_key(made, "diagnosis.reimbursable")
    assert found.message.startswith("As far as we know, ")
    assert found.patient_message.startswith("As far as we know, ")


def test_an_approval_is_asked_for_while_an_answer_can_come() -> None:
    made = request("premera", visits=visits("premera", *days(6)))
    (asked,) = (a for a in decided(made).actions if a.kind == "request-authorization")
    assert asked.due == date(2026, 12, 5)
    assert "must be asked by December 5, 2026" in to_client(made)


def test_a_reminder_names_two_sources_from_outside_and_counts_the_rest() -> None:
    made = request("premera", visits=visits("premera", *days(6)))
    change(made, "as_of", "2031-12-01T09:00:00-08:00")
    change(made, "booking.end", "2031-12-08T11:00:00-08:00")
    change(made, "booking.start", "2031-12-08T10:00:00-08:00")
    found = of_key(made, "core.rules-review").message
    assert found.count("“") == 2
    assert "Project rule" not in found
    assert re.search(r" And \d+ more\.$", found)


@pytest.mark.parametrize(("status", "outcome"), [("out", "hold"), ("in", "hold")])
def test_paying_is_spoken_of_once_on_a_hold(status: str, outcome: str) -> None:
    """And not at all where it is not offered."""
    made = request("cigna", prescriptions=[], **{"clinic.network.cigna": [{"status": status}]})
    change(made, "patient.intake_received", False)
    decision, said = decided(made), to_client(made)
    assert decision.outcome == outcome
    assert said.count("pay for the visit yourself") == (status == "out")
