"""After a visit: the bill or the superbill, and what Kaiser has to approve for the next one."""

from typing import Any

import pytest

from massage_ins_bridge.testing.requests import authorization, finished, request, small_host, visits

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
