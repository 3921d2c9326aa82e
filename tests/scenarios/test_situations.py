"""What is written down of situations before the product is asked is what it decides."""

from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.rulings import Ruling, read_rulings
from massage_ins_bridge.testing.scenarios import amiss

HERE = Path(__file__).parent
FILES = ("situations.toml", "situations_claims.toml", "situations_shared.toml")
SITUATIONS = [one for name in FILES for one in read_rulings(HERE / name)]


def wanted(expected: dict[str, Any]) -> dict[str, Any]:
    """The words of ``testing.scenarios``: ``req.KEY`` is a value of ``KEY`` under ``req``."""
    found: dict[str, Any] = {}
    for name, value in expected.items():
        word, _, key = name.replace(" ", ".", 1).partition(".")
        if key:
            found.setdefault(word, {})[key] = value
        else:
            found[word] = value
    return found


@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
def test_the_product_decides_it_so(situation: Ruling) -> None:
    decision = decide_request(situation.request)
    assert amiss(wanted(situation.expected), decision) == []
