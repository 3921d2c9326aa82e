"""The product and the second reading come to the same decisions."""

import itertools

import pytest

from massage_ins_bridge.testing import decide_request

from .compare import disagreements
from .generate import PAYERS

COUNT = 1000
SEED = 20261122
SHOWN = 5


@pytest.mark.parametrize("payer", PAYERS)
def test_product_agrees_with_the_second_reading(payer: str) -> None:
    found = disagreements(payer, COUNT, SEED, decide_request)
    lines = [
        f"{'; '.join(f'{part}: product {one}, oracle {other}' for part, one, other in differing)}"
        f"\n    changed: {'; '.join(labels)}"
        for labels, _, differing in itertools.islice(found, SHOWN)
    ]
    assert not lines, f"first {len(lines)} differing cases:\n" + "\n".join(lines)
