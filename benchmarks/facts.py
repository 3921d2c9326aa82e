"""One realistic booking, and a few variants of it: the facts of a check request. Synthetic people
only."""

from __future__ import annotations

from typing import Any

from massage_ins_bridge.testing.requests import authorization, bookings, request, visits

Facts = dict[str, Any]

_APPROVAL = authorization("regence", visits=4, from_="2026-11-20", to="2027-01-20")
_BY_CLINIC = authorization("regence", "clinic-approval", visits=..., from_=..., to=...)
_THIRD = {
    "clinic.timezone": "America/Los_Angeles",
    "clinic.prior_approval": "always",
    "coverages.0.funding": "self_insured",
    "coverages.0.visits_used": 2,
    "prescriptions.0.diagnoses": ["M54.50", "S16.1XXA"],
    "authorizations": [_APPROVAL, _BY_CLINIC],
    "visits": visits("regence", "2026-11-22") + visits("regence", "2026-03-02", provider="other"),
    "upcoming": bookings("regence", "2026-12-04T10:00:00-08:00"),
}
_NONE_ASKED = {"authorizations": [_BY_CLINIC]}
_VARIANTS: dict[str, Facts] = {
    "as it is": {},
    "intake missing": {"patient.intake_received": False},
    "unsigned": {"prescriptions.0.signed": False},
    "authorization used up": {"authorizations.0.visits": 2},
    "authorization requested": {
        "authorizations.0": authorization(
            "regence", status="requested", visits=..., from_=..., to=...
        )
    },
    "none asked, in time": {**_NONE_ASKED, "visits": visits("regence", "2026-11-30")},
    "none asked, too late": {**_NONE_ASKED, "visits": visits("regence", "2026-11-01")},
    "first visit": {**_NONE_ASKED, "visits": [], "upcoming": []},
    "exempt plan": {**_NONE_ASKED, "coverages.0.plan": "Boeing"},
}


def third_visit() -> Facts:
    """Regence, self-insured, third visit of the episode, within an approved authorization."""
    return request("regence", **_THIRD)


def variants() -> dict[str, Facts]:
    """The booking as it is and each change of it, by name."""
    return {name: request("regence", **_THIRD | more) for name, more in _VARIANTS.items()}
