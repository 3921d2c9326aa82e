"""How authorizations on file stand for a booking, whatever each payer makes of it."""

from typing import Any

import pytest

from massage_ins_bridge.api import AuthorizationState, Case, authorization_state
from massage_ins_bridge.testing.requests import (
    authorization,
    chart_of,
    days,
    request,
    small_host,
    visits,
)

PA = "prior-authorization"
BARE: dict[str, Any] = {"visits": ..., "from_": ..., "to": ...}


def case(*authorizations: Any, **changes: Any) -> Case:
    made = request("cigna", authorizations=list(authorizations), **changes)
    return small_host("out-of-network").case(chart_of(made))


def found(*authorizations: Any, **changes: Any) -> AuthorizationState:
    made = case(*authorizations, **changes)
    return authorization_state(made, (PA,), made.own_entries)


def paper(status: str = "approved", **more: Any) -> dict[str, Any]:
    bare = {} if status == "approved" else BARE
    return authorization("cigna", status=status, **{**bare, **more})


NEEDLESS = paper(kind="not-required", **BARE)
LATE_DENIAL = paper("denied", requested_on="2026-11-20")
FOUR = {"visits": visits("cigna", *days(4))}
STATES: dict[str, tuple[tuple[dict[str, Any], ...], dict[str, Any], str]] = {
    "nothing": ((), {}, "none"),
    "void": ((paper("void"),), {}, "none"),
    "another kind": ((paper(kind="clinic-approval"),), {}, "none"),
    "another payer": ((authorization("aetna"),), {}, "none"),
    "no payer": ((paper() | {"payer": None},), {}, "none"),
    "asked": ((paper("requested"),), {}, "asked"),
    "pended": ((paper("pended"),), {}, "asked"),
    "no status": ((paper() | {"status": None},), {}, "incomplete"),
    "denied": ((paper("denied"),), {}, "denied"),
    "covered": ((paper(),), {}, "covered"),
    "the last of five": ((paper(visits=5),), FOUR, "covered"),
    "used up": ((paper(visits=4),), FOUR, "used-up"),
    "approved for none": ((paper(visits=0),), {}, "used-up"),
    "past": ((paper(to="2026-12-07"),), FOUR, "uncovered"),
    "past, and this is the first visit": ((paper(to="2026-12-07"),), {}, "none"),
    "not yet": ((paper(from_="2026-12-09"),), {}, "uncovered"),
    "no visits": ((paper(visits=...),), {}, "incomplete"),
    "no end": ((paper(to=...),), {}, "incomplete"),
    "no end, and not yet": ((paper(to=..., from_="2026-12-09"),), {}, "uncovered"),
    "no start, and past": ((paper(from_=..., to="2026-12-07"),), FOUR, "uncovered"),
    "one of two is whole": ((paper(visits=...), paper()), {}, "covered"),
    "not required": ((NEEDLESS,), {}, "not-required"),
    "not required, denied": ((paper("denied", kind="not-required"),), {}, "none"),
    "not required beside a denial": ((NEEDLESS, paper("denied")), {}, "not-required"),
    "covered beside a denial": (
        *((paper(), paper("denied", requested_on="2026-12-01")), {}, "covered"),
    ),
    "used up, asked again": (*((paper(visits=4), paper("requested", number="A2")), FOUR, "asked"),),
    "used up, asked before": (
        *((paper(visits=4), paper("requested", requested_on="2026-10-31")), FOUR, "used-up"),
    ),
    "asked since every answer": ((paper("denied"), LATE_DENIAL, paper("requested")), {}, "denied"),
    "visits unknown": ((paper(),), {"visits": ...}, "unknown"),
    "visits unknown, not required": ((NEEDLESS,), {"visits": ...}, "not-required"),
}


@pytest.mark.parametrize("text", STATES)
def test_state(text: str) -> None:
    papers, changes, state = STATES[text]
    assert found(*papers, **changes).state == state
    assert found(*reversed(papers), **changes).state == state


def test_a_missing_list_is_unknown() -> None:
    made = small_host("out-of-network").case(chart_of(request("cigna", authorizations=...)))
    assert authorization_state(made, (PA,), made.own_entries).state == "unknown"


def test_approvals_add_up_and_count_within_their_dates() -> None:
    """Two of the four visits lie before either approval begins."""
    papers = (paper(visits=1, from_="2026-11-12"), paper(visits=2, number="A2", from_="2026-11-13"))
    assert found(*papers, **FOUR) == AuthorizationState("covered", 3, 2, 2)


def test_standing_bookings_use_up_but_are_not_completed() -> None:
    booked = [{"start": "2026-12-02T10:00:00-08:00", "payer": "cigna", "modality": "massage"}]
    now = found(paper(visits=5), **FOUR, upcoming=booked)
    assert now == AuthorizationState("used-up", 5, 5, 4)
    assert not now.ready_for_extension


def test_ready_for_an_extension_once_all_are_completed() -> None:
    assert found(paper(visits=4), **FOUR).ready_for_extension
    assert not found(paper(visits=5), **FOUR).ready_for_extension
    assert not found(paper(visits=0)).ready_for_extension


def test_what_ended_before_this_episode_is_ignored() -> None:
    """The first visit of the episode is on November 10th."""
    for status in ("approved", "denied", "requested"):
        old = paper(status, from_="2026-01-01", to="2026-11-09")
        assert found(old, **FOUR).state == "none"
        young = paper(status, from_="2026-01-01", to="2026-11-10")
        assert found(young, **FOUR).state != "none"
