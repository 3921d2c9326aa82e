"""After a visit: the bill or the superbill."""

import pytest

from massage_ins_bridge.testing.requests import finished, request, small_host

HOST = "out-of-network"
ALL = ("first-choice", "cigna", "aetna", "uhc")


@pytest.mark.parametrize("payer", ALL)
def test_in_network_the_clinic_bills(payer: str) -> None:
    assert ("submit-claim", "2026-12-08") in finished(request(payer), small_host(HOST))


@pytest.mark.parametrize("payer", ALL)
def test_out_of_network_the_client_pays_and_gets_a_superbill(payer: str) -> None:
    """NET-05."""
    made = request(payer, **{f"clinic.network.{payer}": [{"status": "out"}]})
    kinds = {kind for kind, _ in finished(made, small_host(HOST))}
    assert {"collect-payment", "give-superbill"} <= kinds
    assert "submit-claim" not in kinds
