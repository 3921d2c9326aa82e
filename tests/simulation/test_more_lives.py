"""The other half of the lives, so that two workers share them."""

from collections.abc import Iterator

import pytest
from tests.desk.bridge import Bridge
from tests.simulation.life import clinic, live
from tests.simulation.test_simulation import LIVES


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    with clinic() as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(LIVES, 2 * LIVES))
def test_a_life_does_no_harm(bridge: Bridge, seed: int) -> None:
    assert live(seed, bridge).ledger.faults == []
