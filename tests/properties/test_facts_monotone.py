"""Making one fact better, all else equal, never makes the outcome stricter; and so making it worse
never makes it looser. Confirmation by staff is of its own kind: see the last tests."""

import copy

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.properties.drawn import STRICTNESS, Json, drawn, insured, requests, strictness
from tests.properties.improvements import IMPROVEMENTS
from tests.second_reading.generate import PAYERS

from massage_ins_bridge.domain.answers import RESTS_ON_COVERAGE
from massage_ins_bridge.testing import decide_request

pytestmark = pytest.mark.slow  # hundreds of charts each


@settings(max_examples=1200)
@given(made=requests(), name=st.sampled_from(sorted(IMPROVEMENTS)))
def test_better_is_never_stricter(made: Json, name: str) -> None:
    pair = IMPROVEMENTS[name](made)
    assume(pair is not None)
    assert pair is not None
    worse, better = pair
    assert strictness(better) <= strictness(worse)


#: What is only warned of where it is missing: nothing is decided otherwise.
ONLY_WARNED = {"acknowledgement", "limit unknown", "received"}


@pytest.mark.parametrize("name", sorted(IMPROVEMENTS.keys() - ONLY_WARNED))
def test_each_improvement_makes_a_difference_somewhere(name: str) -> None:
    """Or the property above would say nothing about it."""
    for seed in range(60):
        for payer in PAYERS:
            pair = IMPROVEMENTS[name](drawn(payer, seed))
            if pair is not None and strictness(pair[1]) < strictness(pair[0]):
                return
    pytest.fail(f"{name}: no chart of {60 * len(PAYERS)} was decided otherwise")


def confirmed(made: Json, place: str, value: bool | None) -> Json:
    changed = copy.deepcopy(made)
    for item in changed.get(place) or []:
        item["staff_confirmed"] = value
    return changed


@settings(max_examples=300)
@given(
    made=requests(),
    place=st.sampled_from(["coverages", "prescriptions"]),
    word=st.sampled_from([False, None]),
)
def test_a_word_of_the_client_alone_holds(made: Json, place: str, word: bool | None) -> None:
    """Not confirmed: what was allowed holds, and what blocked may at most hold (it rests on a word
    that nobody checked); a hold stays one."""
    assume(insured(made) and made.get(place))
    sure = strictness(confirmed(made, place, True))
    unsure = strictness(confirmed(made, place, word))
    assert unsure >= min(sure, STRICTNESS["hold"])
    assert unsure != STRICTNESS["allow"]


@settings(max_examples=300)
@given(made=requests(), ended=st.booleans())
def test_a_coverage_that_is_not_in_force_holds_and_refuses_nothing_itself(
    made: Json, ended: bool
) -> None:
    """What rests on it holds at most; what rests on the client's papers stays as it is."""
    assume(insured(made) and len(made.get("coverages") or []) == 1)
    changed = copy.deepcopy(made)
    out = {"from": None, "to": "2014-01-01"} if ended else {"from": "2040-01-01", "to": None}
    changed["coverages"][0] |= out
    decision = decide_request(changed)
    assert decision["outcome"] != "allow"
    refused = {item["key"] for item in decision["requirements"] if item["effect"] == "block"}
    assert refused & RESTS_ON_COVERAGE == set()


@settings(max_examples=200)
@given(made=requests("regence", "kaiser", "cigna"), word=st.sampled_from([False, None]))
def test_a_primary_plan_on_the_clients_word_alone_holds(made: Json, word: bool | None) -> None:
    assume(insured(made) and len(made.get("coverages") or []) == 1)
    changed = copy.deepcopy(made)
    changed["coverages"][0]["position"] = "secondary"
    first = {"payer": "aetna", "position": "primary", "staff_confirmed": word}
    changed["coverages"].append(first)
    changed["booking"]["payer"] = changed["coverages"][0]["payer"]
    assert strictness(changed) != STRICTNESS["allow"]


@settings(max_examples=150)
@given(made=requests())
def test_false_and_missing_confirmation_are_the_same(made: Json) -> None:
    for place in ("coverages", "prescriptions"):
        said_no = strictness(confirmed(made, place, False))
        assert strictness(confirmed(made, place, None)) == said_no
