"""Which given names can be forms of one."""

import pytest

from massage_ins_bridge.identity.given_names import forms_of_one, full_forms


@pytest.mark.parametrize(
    "pair",
    [
        *("bob robert", "bob rob", "peggy margaret", "pepe jose", "paco francisco", "juan john"),
        *("sasha alexander", "misha michael", "oksana ksenia", "kasia catherine", "beppe giuseppe"),
    ],
)
def test_of_one_name(pair: str) -> None:
    one, other = pair.split()
    assert forms_of_one(one, other)
    assert forms_of_one(other, one)


def test_two_names_with_one_short_form_are_two() -> None:
    assert {"albert", "alexander"} <= full_forms("al")
    assert not forms_of_one("albert", "alexander")
