"""REG-20: what the law leaves to Regence, fully insured and in network, from visit 7 on."""

from __future__ import annotations

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import authorization, request, small_host, told, visits

PA = "prior-authorization"
SELF = {"coverages.0.funding": "self_insured"}
FROM_7 = {"coverages.0.funding": "fully_insured"}
ASKED = authorization("regence", status="requested", visits=..., from_=..., to=...)

Row = tuple[dict[str, Any], dict[str, Any]]


def seen(*on: str, **more: Any) -> dict[str, Any]:
    """Visits of November 2026, given by their day."""
    return {"visits": visits("regence", *(f"2026-11-{day}" for day in on)), **more}


#: REG-20: fully insured and in network from visit 7 on there is no grace.
SEVENTH: dict[str, Row] = {
    "visit 7 in the seven days": (
        {
            "visits": visits("regence", *(["2026-11-30"] * 6)),
            "coverages.0.funding": "fully_insured",
        },
        {PA: "unmet/block", f"rule {PA}": "REG-20", "visit_number": 7},
    ),
    "visit 6 in the seven days": (
        {
            "visits": visits("regence", *(["2026-11-30"] * 5)),
            "coverages.0.funding": "fully_insured",
        },
        {PA: "unmet/hold", f"rule {PA}": "REG-03", "visit_number": 6},
    ),
    "out of network": (
        {
            "visits": visits("regence", *(["2026-11-30"] * 6)),
            "coverages.0.funding": "fully_insured",
            "clinic.network.regence": [{"status": "out"}],
        },
        {PA: "unmet/hold", f"rule {PA}": "REG-03"},
    ),
    "unknown funding": (
        {"visits": visits("regence", *(["2026-11-30"] * 6)), "coverages.0.funding": "unknown"},
        {PA: "unmet/hold", f"rule {PA}": "REG-03"},
    ),
    "requested": (
        {
            "visits": visits("regence", *(["2026-11-30"] * 6)),
            "coverages.0.funding": "fully_insured",
            "authorizations": [ASKED],
        },
        {PA: "unmet/hold"},
    ),
}


@pytest.mark.parametrize("text", SEVENTH)
def test_seventh_visit(text: str) -> None:
    changes, expected = SEVENTH[text]
    decision = decide_request(request("regence", **SELF | changes), small_host("regence"))
    assert told(decision, expected) == expected
