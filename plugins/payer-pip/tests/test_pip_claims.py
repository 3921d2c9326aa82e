"""What PIP's plugin tells of the policy, and what is owed after the visit."""

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import finished, host_of, request, shown, small_host


def test_what_a_policy_covers_at_least_is_told() -> None:
    """PIP-01, from the rule data."""
    table = {"plugin": "pip", "id": "PIP-01", "source": "x", "values": {"medical": "12345"}}
    changed = host_of("pip", overrides=[table])
    for host, amount in ((small_host("pip"), "10000"), (changed, "12345")):
        assert amount in shown(decide_request(request("pip"), host), "message pip.benefit-left")


def test_after_the_visit_the_claim_goes_out() -> None:
    plain = finished(request("pip"), small_host("pip"))
    assert ("submit-claim", "2026-12-08") in plain
    assert "collect-payment" not in [kind for kind, _ in plain]
    paid = finished(request("pip", **{"clinic.pip_payment_at_visit": True}), small_host("pip"))
    assert ("collect-payment", "2026-12-08") in paid
