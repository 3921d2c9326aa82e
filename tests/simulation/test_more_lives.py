"""The other half of the lives, so that two workers share them."""

from collections.abc import Iterator

import pytest
from tests.desk.bridge import Bridge
from tests.simulation.life import clinic
from tests.simulation.test_simulation import AT_ONCE, LIVES, faults


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    with clinic() as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("first", range(LIVES, 2 * LIVES, AT_ONCE))
def test_lives_do_no_harm(bridge: Bridge, first: int) -> None:
    assert faults(bridge, first) == {}
