"""Every text follows the flag: where self-pay is not offered nobody speaks of it, and a client who
may not be billed is never asked to pay."""

import copy
import re
from collections.abc import Iterator

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.properties.drawn import Json, insured, requests
from tests.second_reading.generate import PAYERS

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import days, request, visits

pytestmark = pytest.mark.slow  # hundreds of charts each
YOURSELF = r"(yourself|themselves|themself|by hand|out of (your|their) own)"
OF_PAYING = re.compile(
    r"self[- ]?pay|\bcash\b|superbill|out[- ]of[- ]pocket"
    rf"|\bpa(y|ys|id|ying)\b( for)?( (it|this|the visit|the care))? {YOURSELF}"
    r"|\b(you|the client) (must|may|can|could|have to|has to) pay\b",
    re.IGNORECASE,
)
PAY = re.compile(r"\bpay\b|\bbill you\b", re.IGNORECASE)
NEVER_BILLED = ("lni", "va", "apple-health")


def staff_texts(decision: Json) -> Iterator[str]:
    for item in decision["requirements"]:
        yield from (item["message"], item["remedy"])
    yield from (item["message"] for item in decision["actions"])
    yield from (item["reason"] for item in decision["waivers"])


def client_texts(decision: Json) -> Iterator[str]:
    yield from (item["patient_message"] for item in decision["requirements"])


def of_paying(decision: Json) -> list[str]:
    texts = [*staff_texts(decision), *client_texts(decision)]
    return [text for text in texts if OF_PAYING.search(text)]


@settings(max_examples=1500)
@given(made=requests())
def test_nobody_speaks_of_self_pay_where_it_is_not_offered(made: Json) -> None:
    """Out of network the client pays at the visit as a matter of the route, flag or none."""
    decision = decide_request(made)
    assume(decision["route"] != "superbill")
    if not decision["self_pay_offered"]:
        assert of_paying(decision) == []


@settings(max_examples=600)
@given(made=requests())
def test_where_it_is_offered_staff_and_client_are_told(made: Json) -> None:
    decision = decide_request(made)
    if not decision["self_pay_offered"]:
        return
    worst = [i for i in decision["requirements"] if i["effect"] == decision["outcome"]]
    assert any("self-pay" in item["remedy"] for item in worst)
    assert any(PAY.search(item["patient_message"]) for item in worst)
    assert decision["self_pay_terms"] in ("free", "signed-before")


@pytest.mark.parametrize("payer", NEVER_BILLED)
@settings(max_examples=300)
@given(data=st.data())
def test_who_may_not_be_billed_is_never_asked_to_pay(payer: str, data: st.DataObject) -> None:
    made = data.draw(requests(payer))
    decision = decide_request(made)
    assume(decision["payer"] == payer)
    assert decision["self_pay_offered"] is False
    assert decision["payment_at_visit"] is False
    assert of_paying(decision) == []
    claim = (made["coverages"] or [{}])[0].get("claim") if made.get("coverages") else None
    over = (claim or {}).get("status") in ("closed", "rejected")
    if payer != "lni" or over:
        assert [text for text in client_texts(decision) if PAY.search(text)] == []


REFUSED = request("premera", visits=visits("premera", *days(6)))
REFUSED["as_of"] = "2026-12-07T09:00:00-08:00"


@settings(max_examples=600)
@given(made=requests())
@example(made=REFUSED)
def test_a_clients_text_follows_what_becomes_of_the_visit(made: Json) -> None:
    """A refusal says that the visit cannot take place on insurance; nothing else does."""
    assume(insured(made))
    decision = decide_request(made)
    for item in decision["requirements"]:
        said = "cannot take place" in item["patient_message"]
        assert said == (item["effect"] == "block"), item["key"]


@pytest.mark.parametrize("payer", PAYERS)
def test_an_allowed_visit_offers_nothing(payer: str) -> None:
    made = request("regence" if payer == "uniform" else payer)
    decision = decide_request(copy.deepcopy(made))
    if decision["outcome"] == "allow":
        assert (decision["self_pay_offered"], decision["self_pay_terms"]) == (False, None)
