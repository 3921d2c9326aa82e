"""What Regence's plugin says after a visit and of an uploaded prescription."""

from typing import Any

import pytest

from massage_ins_bridge.testing.requests import (
    authorization,
    finished,
    request,
    small_host,
    uploaded,
    visits,
)

SELF = {"coverages.0.funding": "self_insured"}
ASKED = authorization("regence", status="requested", visits=..., from_=..., to=...)
FOUR = {"authorizations": [authorization("regence", visits=4)]}
MORE = authorization("regence", number="A2", status="requested", requested_on="2026-12-07")
LATER = authorization("regence", number="A2", visits=2, from_="2026-12-09")
THREE = visits("regence", "2026-11-10", "2026-11-12", "2026-11-14")
DONE = "submit-claim"
Row = tuple[dict[str, Any], list[tuple[str, str | None]]]
#: The booking of December 8th is done; who owes what, by when.
AFTER: dict[str, Row] = {
    "the first visit": ({}, [("request-authorization", "2026-12-15")]),
    "the second, first on November 28th": (
        {"visits": visits("regence", "2026-11-28")},
        [("request-authorization", "2026-12-05")],
    ),
    "requested": ({"authorizations": [ASKED]}, [("chase-authorization", None)]),
    "one of four": (FOUR, []),
    "three of four": ({"visits": THREE[:2], **FOUR}, []),
    "the fourth of four": ({"visits": THREE, **FOUR}, [("request-extension", None)]),
    "more is asked for": (
        {"visits": THREE, "authorizations": [*FOUR["authorizations"], MORE]},
        [("chase-authorization", None)],
    ),
    "more is approved from later on": (
        {"visits": THREE, "authorizations": [*FOUR["authorizations"], LATER]},
        [],
    ),
    "the same number twice": (
        {"visits": THREE, "authorizations": [*FOUR["authorizations"] * 2]},
        [("request-extension", None)],
    ),
    "not required": ({"authorizations": [authorization("regence", "not-required")]}, []),
}


@pytest.mark.parametrize("text", AFTER)
def test_after_a_visit(text: str) -> None:
    changes, expected = AFTER[text]
    found = finished(request("regence", **SELF, **changes), small_host("regence"))
    own = [(kind, due) for kind, due in found if kind != DONE]
    assert own == expected
    assert (DONE, "2026-12-08") in found


def test_an_uploaded_prescription_is_judged_by_regences_rules() -> None:
    paper = {"prescriptions.0.prescriber.credential": "RN", "prescriptions.0.pain": False}
    made = request("regence", **SELF, **paper)
    stands, cures = uploaded(made, small_host("regence"))
    assert stands["prescription.prescriber"] == "unmet"
    assert stands["medical-necessity"] == "unmet"
    assert "prescription.signature" in cures
    assert "prescription.prescriber" not in cures
