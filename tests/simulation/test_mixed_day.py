"""A day on four platforms on which everything goes wrong ends as the clean day does. A day that
fails is lived again by ``python -m tests.simulation --days 1 --first NUMBER``."""

import pytest
from tests.simulation.mixed_acts import acts_of
from tests.simulation.mixed_days import amiss, lived

#: Days that are always lived, and those that are lived where there is time: on the last two of them
#: somebody declines on the platform.
DAYS, MORE = range(3), (*range(3, 16), 44, 56)


@pytest.mark.parametrize("number", DAYS)
def test_a_troubled_day_ends_as_the_clean_one(number: int) -> None:
    found = amiss(number)
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("number", MORE)
def test_more_troubled_days_end_as_their_clean_ones(number: int) -> None:
    found = amiss(number)
    assert not found, "\n".join(found)


def test_the_same_number_lives_the_same_day_again() -> None:
    one, two = lived(3, troubled=True), lived(3, troubled=True)
    assert one == two
    assert any(" answers " in line for line in one.said)
    assert any("BRIDGE" in line for line in one.said)


def test_every_platform_and_every_act_has_its_day() -> None:
    acts = [act for number in (*DAYS, *MORE) for act in acts_of(number)]
    assert {a.account for a in acts} == {"calcom", "door", "calendar", "feed", ""}
    assert {a.verb for a in acts} == {"book", "move", "cancel", "accept", "decline", "cure"}
