"""Self-pay: no insurance rule applies, with one exception in law."""

from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request, small_host, told

PAID = {"outcome": "allow", "route": "self-pay", "payment_at_visit": True, "payer": None}
HELD = {"outcome": "hold", "route": None, "payment_at_visit": False, "coverage": "unmet/hold"}


@pytest.mark.parametrize(
    ("payer", "plugins", "expected"),
    [
        ("cigna", ("out-of-network",), PAID),
        (None, (), PAID),
        ("lni", ("lni",), {**HELD, "payer": "lni"}),
        ("L&I", (), {**HELD, "payer": "L&I", "rule coverage": "CP-WORKER"}),
    ],
)
def test_only_workers_care_is_never_paid_by_the_client(
    payer: str | None, plugins: tuple[str, ...], expected: dict[str, Any]
) -> None:
    bare: dict[str, Any] = {"coverages": [], "prescriptions": [], "patient": None}
    made = request("cigna", **bare, **{"booking.self_pay": True, "booking.payer": payer})
    found = decide_request(made, small_host(*plugins))
    assert told(found, expected) == expected
    assert (found["visit_number"], found["waivers"], found["actions"]) == (None, [], [])
    assert found["self_pay_offered"] is False
    assert bool(found["requirements"]) == (found["outcome"] == "hold")
