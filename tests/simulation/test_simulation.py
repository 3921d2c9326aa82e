"""No life ends with harm done. A seed that fails is lived again, and told in words, by
``python -m tests.simulation --first SEED --seeds 1 --tell``."""

from collections.abc import Iterator

import pytest
from tests.desk.bridge import Bridge, make_bridge
from tests.simulation.world import live

LIVES = 5_000
#: Seeds that once failed.
FAILED_BEFORE = (18, 29, 35, 36)


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    made = make_bridge(tmp_path_factory.mktemp("lives"), None)
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(LIVES))
def test_a_life_does_no_harm(bridge: Bridge, seed: int) -> None:
    assert live(seed, bridge).ledger.faults == []


@pytest.mark.parametrize("seed", FAILED_BEFORE)
def test_a_life_that_once_did_harm(bridge: Bridge, seed: int) -> None:
    assert live(seed, bridge).ledger.faults == []


def test_a_seed_lives_the_same_life_again(bridge: Bridge) -> None:
    one, two = live(7, bridge), live(7, bridge)
    assert one.said == two.said
    assert len(one.said) > 2
