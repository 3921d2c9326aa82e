"""A stand-in asks at every visit, but for those payers that ask for nothing."""

import pytest

from massage_ins_bridge.api import Payer
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import host_of, request, shown
from massage_ins_bridge.testing.stand_in import ASKED, STAND_IN, AsksAlways


@pytest.mark.parametrize(("payer", "asked"), [("oak", "unmet/block"), ("ash", "-")])
def test_it_asks_at_every_visit(payer: str, asked: str) -> None:
    payers = [Payer(key, key.title(), STAND_IN) for key in ("oak", "ash")]
    host = host_of("core", points=(AsksAlways(*payers, but=("ash",)),))
    assert shown(decide_request(request(payer), host), ASKED) == asked
