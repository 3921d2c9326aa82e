"""After a visit: the bill or the superbill, and what Kaiser has to approve for the next one."""

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import (
    authorization,
    bookings,
    finished,
    request,
    shown,
    small_host,
    visits,
)

ASKED = authorization("kaiser", status="requested", visits=..., from_=..., to=...)
REFERRAL = authorization("kaiser", "referral")
BEFORE = visits("kaiser", "2026-11-20")
OUT = {"clinic.network.kaiser": [{"status": "out"}]}
AFTER: dict[str, tuple[dict[str, Any], set[str]]] = {
    "approved": ({}, {"submit-claim"}),
    "nothing": ({"authorizations": []}, {"submit-claim", "request-authorization"}),
    "asked": ({"authorizations": [ASKED]}, {"submit-claim", "chase-authorization"}),
    "used up": (
        {"visits": BEFORE, "authorizations": [authorization("kaiser", visits=2), REFERRAL]},
        {"submit-claim", "request-extension"},
    ),
    "out of network": (OUT, {"collect-payment", "give-superbill"}),
}


@pytest.mark.parametrize("text", AFTER)
def test_what_is_owed(text: str) -> None:
    changes, kinds = AFTER[text]
    made = request("kaiser", **changes)
    assert {kind for kind, _ in finished(made, small_host("kaiser"))} == kinds


@pytest.mark.parametrize(("elsewhere", "asked"), [(0, False), (1, False), (-1, True)])
def test_while_the_law_counted_ours_alone_others_make_nothing_askable(
    elsewhere: int, asked: bool
) -> None:
    """Five done here and one booked, or all six done: others' visits are not of the six then."""
    start = "2019-03-08T10:00:00-08:00"
    here = [f"2019-02-0{n}" for n in range(1, 6)]
    made = request(
        "kaiser",
        as_of="2019-02-20T09:00:00-08:00",
        **{"booking.start": start, "booking.end": ..., "prescriptions.0.signed_on": "2019-01-15"},
        **{"prescriptions.0.received_on": "2019-01-16", "authorizations": []},
    )
    made["visits"] = visits("kaiser", *here)
    if elsewhere < 0:
        made["visits"] += visits("kaiser", "2019-02-10")
    else:
        made["upcoming"] = bookings("kaiser", "2019-03-01T10:00:00-08:00")
        made["visits"] += visits("kaiser", *["2019-02-11"] * elsewhere, provider="other")
    actions = shown(decide_request(made, small_host("kaiser")), "actions")
    assert ("request-authorization" in actions) is asked
