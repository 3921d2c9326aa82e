"""Letters in which words of names are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massage_ins_bridge.identity.letters import in_latin, mistakes, plain, sound, with_umlauts

WORDS = st.text("abcde", max_size=8)


def test_letters() -> None:
    assert plain("Łukasz Ångström Đỗ") == "lukasz angstrom do"
    assert with_umlauts("Jörg Müßig") == "joerg muessig"
    assert plain("が") != plain("か"), "in other scripts marks are letters"
    assert in_latin("Пётр") == "petr"


@pytest.mark.parametrize(
    "pair",
    [
        *("john jon", "smith smyth", "stephen steven", "geoffrey jeffrey", "catherine kathryn"),
        *("johnson jonsen", "ivanov iwanow", "nicholas nikolas", "michael micheal", "lee leigh"),
    ],
)
def test_ways_to_spell_one_name_sound_alike(pair: str) -> None:
    one, other = pair.split()
    assert sound(one) == sound(other)


@given(WORDS, WORDS, st.integers(0, 3))
def test_mistakes_are_counted_either_way_and_up_to_a_bound(one: str, other: str, most: int) -> None:
    found = mistakes(one, other, most)
    assert found == mistakes(other, one, most)
    assert (found == 0) is (one == other)
    assert found <= most + 1


def test_two_letters_that_changed_places_are_one_mistake() -> None:
    assert mistakes("smith", "smiht", 3) == 1
    assert mistakes("smith", "smit", 3) == mistakes("smith", "smoth", 3) == 1
