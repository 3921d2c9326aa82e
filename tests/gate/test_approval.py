"""What a lack of an approval costs, by its state and by the day, alike for every payer."""

from datetime import date
from typing import Any, get_args

import pytest

from massage_ins_bridge.api import (
    Approval,
    AuthorizationState,
    Case,
    Requirement,
    cost_of_lateness,
    judge_approval,
)
from massage_ins_bridge.gate.authorizations import State
from massage_ins_bridge.testing.requests import chart_of, request, small_host

IN_TIME, LATE = date(2026, 12, 1), date(2026, 11, 30)  # it is December 1st
OUT: dict[str, Any] = {"clinic.network.cigna": [{"status": "out"}]}
PATIENT: dict[str, Any] = {"clinic.late_authorization": "hold"}
UNKNOWN: dict[str, Any] = {"clinic.network": {}}


def case(**changes: Any) -> Case:
    return small_host("out-of-network").case(chart_of(request("cigna", **changes)))


def judged(
    state: State, until: date | None, *, askable: bool = True, **changes: Any
) -> tuple[Requirement, list[str]]:
    made = case(**changes)
    now = AuthorizationState(state, 4, 4)
    rule = made.rules["NET-10"]
    found, owed = judge_approval(made, Approval(rule, now, "Cigna", "Ask.", until, askable))
    return found, [action.kind for action in owed]


#: By state: what it costs in time, and late; the work that is owed in time, and late.
STATES: dict[State, tuple[str, str, list[str], list[str]]] = {
    "covered": ("met/none", "met/none", [], []),
    "not-required": ("met/none", "met/none", [], []),
    "unknown": ("unknown/hold", "unknown/hold", [], []),
    "incomplete": ("unknown/hold", "unknown/hold", [], []),
    "unfit": ("unmet/hold", "unmet/hold", ["request-authorization"], ["request-authorization"]),
    "asked": ("unmet/hold", "unmet/hold", ["chase-authorization"], ["chase-authorization"]),
    "revoked": ("unmet/hold", "unmet/hold", ["appeal"], ["appeal"]),
    "denied": ("unmet/block", "unmet/block", ["appeal"], ["appeal"]),
    "used-up": ("unmet/hold", "unmet/block", ["request-extension"], []),
    "uncovered": ("unmet/hold", "unmet/block", ["request-extension"], []),
    "none": ("unmet/hold", "unmet/block", ["request-authorization"], []),
}


def test_every_state_is_judged() -> None:
    assert set(STATES) == set(get_args(State))


@pytest.mark.parametrize("state", STATES)
def test_what_it_costs_and_who_has_to_do_what(state: State) -> None:
    soon, late, owed, owed_late = STATES[state]
    for until, stands, kinds in ((IN_TIME, soon, owed), (LATE, late, owed_late)):
        found, actions = judged(state, until)
        assert f"{found.status}/{found.effect}" == stands
        assert actions == kinds
        lacking = state in ("used-up", "uncovered", "none")
        assert found.due == (until if lacking else None)


@pytest.mark.parametrize("state", ["used-up", "uncovered", "none"])
@pytest.mark.parametrize("changes", [OUT, UNKNOWN, PATIENT], ids=["out", "unknown", "patient"])
def test_a_lack_that_never_blocks(state: State, changes: dict[str, Any]) -> None:
    found, actions = judged(state, LATE, **changes)
    assert found.effect == "hold"
    assert actions
    found, _ = judged(state, None)
    assert (found.effect, found.due) == ("hold", None)


def test_a_denial_blocks_by_the_payers_word_alone() -> None:
    """Not where its word does not decide, nor where state law might free the visit."""
    assert judged("denied", None, **OUT)[0].effect == "hold"
    assert judged("denied", None, **PATIENT)[0].effect == "block"
    assert judged("denied", None, visits=...)[0].effect == "hold"
    self_insured: dict[str, Any] = {"coverages.0.funding": "self_insured"}
    assert judged("denied", None, visits=..., **self_insured)[0].effect == "block"
    assert judged("denied", None)[0].not_covered


def test_nothing_is_owed_that_cannot_be_asked_for_yet() -> None:
    states: tuple[State, ...] = ("used-up", "none")
    for state in states:
        found, actions = judged(state, IN_TIME, askable=False)
        assert (found.effect, found.due, actions) == ("hold", IN_TIME, [])


@pytest.mark.parametrize(
    ("until", "changes", "cost"),
    [
        *((IN_TIME, {}, "hold"), (LATE, {}, "block"), (None, {}, "hold"), (LATE, OUT, "hold")),
        *((LATE, UNKNOWN, "hold"), (LATE, PATIENT, "hold")),
        (LATE, {"clinic.late_authorization": "block"}, "block"),
    ],
)
def test_the_last_day_counts_as_in_time(
    until: date | None, changes: dict[str, Any], cost: str
) -> None:
    assert cost_of_lateness(case(**changes), until) == cost
