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
    found = small_host("out-of-network").case(chart_of(made))
    found.prescription = (found.prescriptions or (None,))[0]  # as the shared rules find it
    return found


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
    "no end": ((paper(to=...),), {}, "covered"),
    "no dates": ((paper(from_=..., to=...),), {}, "incomplete"),
    "no kind": ((paper() | {"kind": None},), {}, "incomplete"),
    "for other care": ((paper(codes=["97110"]),), {}, "unfit"),
    "for massage among others": ((paper(codes=["97110", "97140"]),), {}, "covered"),
    "for another condition": ((paper(diagnoses=["S93.401A"]),), {}, "unfit"),
    "for this condition": ((paper(diagnoses=["M54.50"]),), {}, "covered"),
    "no codes are all": ((paper(codes=[], diagnoses=[]),), {}, "covered"),
    "denied for other care": ((paper("denied", codes=["97110"]),), {}, "none"),
    "used, by the payer's own count": (
        (paper(visits=4, used=4, used_on="2026-12-01"),),
        {},
        "used-up",
    ),
    "three used by its count, and one since": (
        (paper(visits=4, used=3, used_on="2026-11-12"),),
        *(FOUR, "used-up"),
    ),
    "one used by its count, and the other three by another number": (
        (paper(visits=4, used=1, to="2026-12-07"), paper(number="A2", visits=3)),
        *(FOUR, "used-up"),
    ),
    "one used by its count, and a visit is left of the other": (
        (paper(visits=4, used=1, to="2026-12-07"), paper(number="A2", visits=4)),
        *(FOUR, "covered"),
    ),
    "three used by its count, and none since": (
        (paper(visits=4, used=3, used_on="2026-11-13"),),
        *(FOUR, "covered"),
    ),
    "no end, and not yet": ((paper(to=..., from_="2026-12-09"),), {}, "uncovered"),
    "no start, and past": ((paper(from_=..., to="2026-12-07"),), FOUR, "uncovered"),
    "one of two is whole": ((paper(visits=...), paper()), {}, "covered"),
    "not required": ((NEEDLESS,), {}, "not-required"),
    "not required, denied": ((paper("denied", kind="not-required"),), {}, "none"),
    "not required beside a denial": ((NEEDLESS, paper("denied")), {}, "not-required"),
    "covered beside a denial": (
        *((paper(), paper("denied", number="A2", requested_on="2026-12-01")), {}, "covered"),
    ),
    "of one number, denied later": ((paper(), LATE_DENIAL), {}, "revoked"),
    "of one number, denied before": ((paper(decided_on="2026-11-25"), LATE_DENIAL), {}, "covered"),
    "of one number, denied the same day": (
        *((paper(), paper("denied", requested_on="2026-11-01")), FOUR, "revoked"),
    ),
    "used up beside a later denial": (
        (paper(visits=4), paper("denied", number="A2", requested_on="2026-11-20")),
        *(FOUR, "denied"),
    ),
    "used up and given after a denial": (
        (paper(visits=4, decided_on="2026-11-21"), paper("denied", number="A2")),
        *(FOUR, "used-up"),
    ),
    "one number, the newest record": (
        (paper(visits=4), paper(visits=5, decided_on="2026-11-20")),
        *(FOUR, "covered"),
    ),
    "one number is not added up": (
        (paper(visits=2), paper(visits=4, decided_on="2026-11-20")),
        *(FOUR, "used-up"),
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
    assert found(*papers, **FOUR) == AuthorizationState("covered", 3, 2, number="A2")


def test_standing_bookings_use_up_but_are_not_completed() -> None:
    booked = [{"start": "2026-12-02T10:00:00-08:00", "payer": "cigna", "modality": "massage"}]
    now = found(paper(visits=5), **FOUR, upcoming=booked)
    assert now == AuthorizationState("used-up", 5, 5)
    assert not now.ready_for_extension


def test_ready_for_an_extension_once_all_are_completed() -> None:
    assert found(paper(visits=4), **FOUR).ready_for_extension
    assert not found(paper(visits=5), **FOUR).ready_for_extension
    ended = paper(visits=5, to="2026-11-30")
    assert found(ended, **FOUR).ready_for_extension
    assert not found(paper(visits=5, to="2026-12-01"), **FOUR).ready_for_extension
    assert found(paper(visits=4, used=4), visits=FOUR["visits"][:1]).ready_for_extension


def test_what_ended_before_this_episode_is_ignored() -> None:
    """The first visit of the episode is on November 10th."""
    for status in ("approved", "denied", "requested"):
        old = paper(status, from_="2026-01-01", to="2026-11-09")
        assert found(old, **FOUR).state == "none"
        young = paper(status, from_="2026-01-01", to="2026-11-10")
        assert found(young, **FOUR).state != "none"


def test_the_number_is_that_of_the_approval_that_the_booking_uses() -> None:
    """The one that ends first and has a visit left."""
    first = paper(number="A1", visits=4, to="2026-12-31")
    second = paper(number="A2", visits=9, to="2027-03-01")
    assert found(first, second).number == "A1"
    assert found(second, first, **FOUR).number == "A2"
    assert found(first, **FOUR).number is None
