"""No life ends with harm done. A seed that fails is lived again, and told in words, by
``python -m tests.simulation --first SEED --seeds 1 --tell``."""

from collections.abc import Iterator

import pytest
from tests.desk.bridge import Bridge
from tests.simulation.life import clinic, live

#: Half of the lives; the others are lived beside them (``test_more_lives``).
LIVES = 2500
#: Seeds that once failed.
FAILED_BEFORE = (18, 29, 30, 35, 36, 156, 660, 719, 883, 3088, 3094, 4217, 4892)


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    with clinic() as made:
        yield made


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


def test_harm_is_seen(bridge: Bridge) -> None:
    """A bridge that declines whatever it hears of is found out by many of a few lives."""
    found = [fault for seed in range(12) for fault in live(seed, bridge, harm=True).ledger.faults]
    assert any("it can still be cured" in fault for fault in found)
    assert any("nobody named its service" in fault for fault in found)
