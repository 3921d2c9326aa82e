"""No life ends with harm done. A seed that fails is lived again, and told in words, by
``python -m tests.simulation --first SEED --seeds 1 --tell``."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge
from tests.simulation.life import clinic, live
from tests.simulation.truth import INSURED, Ledger, Truth

from massage_ins_bridge.testing.bookings import NOW, START
from massage_ins_bridge.testing.platform import Change

#: Half of the lives; the others are lived beside them (``test_more_lives``). ``TEST_LIVES`` says
#: how many they are together.
LIVES = int(os.environ.get("TEST_LIVES", "5000")) // 2
#: So many are one test: each worker collects all tests, and thousands take long.
AT_ONCE = 25
#: Seeds that once failed.
FAILED_BEFORE = (18, 29, 30, 35, 36, 156, 660, 719, 883, 3088, 3094, 4217, 4892)


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    with clinic() as made:
        yield made


def faults(bridge: Bridge, first: int) -> dict[int, list[str]]:
    """By seed, what was amiss with each life of one test."""
    seeds = range(first, first + AT_ONCE)
    return {seed: found for seed in seeds if (found := live(seed, bridge).ledger.faults)}


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, LIVES, AT_ONCE))
def test_lives_do_no_harm(bridge: Bridge, first: int) -> None:
    assert faults(bridge, first) == {}


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


def test_a_write_to_a_booking_with_several_clients_is_harm() -> None:
    ledger = Ledger({"b1": Truth("b1", 0, INSURED, START, NOW, let_stand=True, seated=True)})
    ledger.wrote(Change("b1", "pending", "accepted", "k"), NOW, timedelta(0))
    assert ["seats" in fault for fault in ledger.faults] == [True]
