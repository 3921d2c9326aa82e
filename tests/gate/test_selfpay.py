"""Self-pay: no insurance rule applies, but for those who may not be billed; and when it is offered,
on which terms."""

from typing import Any, Literal

import pytest

from massage_ins_bridge.api import Case, Requirement, Source
from massage_ins_bridge.domain.answers import Cost
from massage_ins_bridge.gate.selfpay import CLIENT, REMEDY, terms_of, with_words
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import chart_of, request, small_host, told

PAID = {"outcome": "allow", "route": "self-pay", "payment_at_visit": True}
HELD = {"outcome": "hold", "route": None, "payment_at_visit": False, "coverage": "unmet/hold"}


@pytest.mark.parametrize(
    ("payer", "plugins", "expected"),
    [
        ("Cigna Healthcare", ("out-of-network",), {**PAID, "payer": "cigna"}),
        (None, (), {**PAID, "payer": None}),
        ("Acme", (), {**PAID, "payer": "Acme"}),
        ("medicare", ("government",), {**PAID, "payer": "medicare"}),
        ("va", ("government",), {**HELD, "payer": "va", "rule coverage": "VA-02"}),
        ("Medicaid", ("government",), {**HELD, "payer": "apple-health"}),
        ("lni", ("lni",), {**HELD, "payer": "lni"}),
        ("TriWest", (), {**HELD, "payer": "TriWest", "rule coverage": "CP-NOT-BILLED"}),
        ("L&I", (), {**HELD, "payer": "L&I", "rule coverage": "CP-NOT-BILLED"}),
    ],
)
def test_who_may_not_be_billed_never_pays_by_themselves(
    payer: str | None, plugins: tuple[str, ...], expected: dict[str, Any]
) -> None:
    bare: dict[str, Any] = {"coverages": [], "prescriptions": [], "patient": None}
    made = request("cigna", **bare, **{"booking.self_pay": True, "booking.payer": payer})
    found = decide_request(made, small_host(*plugins))
    assert told(found, expected) == expected
    assert (found["visit_number"], found["waivers"], found["actions"]) == (None, [], [])
    assert found["self_pay_offered"] is False
    assert bool(found["requirements"]) == (found["outcome"] == "hold")


def case(payer: str = "cigna", /, **changes: Any) -> Case:
    host = small_host("out-of-network", "pip", "lni", "government")
    return host.case(chart_of(request(payer, **changes)))


def costs(key: str, effect: Cost = "block", *, not_covered: bool = False) -> Requirement:
    texts = ("What is lacking.", "What to do.", "What we await.")
    return Requirement(
        key, "unmet", effect, "R", "a", *texts, Source("a test"), not_covered=not_covered
    )


OUT = {"clinic.network.cigna": [{"status": "out"}]}
UNKNOWN: dict[str, Any] = {"clinic.network": {}}
COVERED_NOT = (
    *("benefit", "medical-necessity", "diagnosis.reimbursable", "prescription"),
    *("prescription.current", "prescription.visits", "prescription.purpose"),
)
PAPERS = ("prior-authorization", "clinic-approval", "referral", "claim", "intake")


@pytest.mark.parametrize("changes", [{}, UNKNOWN], ids=["in", "unknown"])
def test_in_network_it_is_offered_where_the_care_is_not_covered(changes: dict[str, Any]) -> None:
    """PAY-01: never because a paper is late."""
    made = case(**changes)
    for key in COVERED_NOT:
        assert terms_of(made, [costs(key)], "block") == "signed-before", key
        assert terms_of(made, [costs(key, "hold")], "hold") is None, key
    for key in PAPERS:
        assert terms_of(made, [costs(key)], "block") is None, key
    denied = costs("prior-authorization", not_covered=True)
    assert terms_of(made, [costs("claim"), denied], "block") == "signed-before"


@pytest.mark.parametrize(
    ("payer", "changes", "terms"),
    [
        *(("cigna", OUT, "free"), ("pip", {}, "free"), ("lni", {}, None), ("va", {}, None)),
        ("apple-health", {}, None),
    ],
)
@pytest.mark.parametrize("outcome", ["hold", "block"])
def test_elsewhere_whatever_the_cause(
    payer: str, changes: dict[str, Any], terms: str | None, outcome: Literal["hold", "block"]
) -> None:
    made = case(payer, **changes)
    for key in (*COVERED_NOT, *PAPERS):
        assert terms_of(made, [costs(key, outcome)], outcome) == terms


def test_medicare_where_it_is_refused_alone() -> None:
    assert terms_of(case("medicare"), [costs("benefit")], "block") == "free"
    assert terms_of(case("medicare"), [costs("intake", "hold")], "hold") is None


def test_not_on_an_allowed_one() -> None:
    assert terms_of(case(**OUT), [], "allow") is None


def test_not_where_one_of_those_who_might_be_billed_forbids_it() -> None:
    both = [{"payer": name, "position": "secondary"} for name in ("cigna", "va")]
    made = case(coverages=both, **{"booking.payer": None})
    assert terms_of(made, [costs("benefit")], "block") is None
    named = case("Apple Health of Acme Medicaid", **{"booking.payer": "Worker's compensation"})
    assert terms_of(named, [costs("benefit", "hold")], "hold") is None


@pytest.mark.parametrize("terms", ["free", "signed-before", None])
def test_words_follow_the_flag(terms: Any) -> None:
    """Only these speak of paying; a refusal says that it is one, whatever is offered."""
    refused = with_words(costs("benefit"), "block", terms)
    held = with_words(costs("intake", "hold"), "hold", terms)
    for item in (refused, held):
        assert (REMEDY.get(terms, "-") in item.remedy) is (terms is not None)
        assert (CLIENT.get(terms, "-") in item.patient_message) is (terms is not None)
    assert "insurance" in refused.patient_message
    assert terms is not None or held == costs("intake", "hold")
