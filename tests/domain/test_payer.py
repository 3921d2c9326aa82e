"""Payers by their many names."""

import pytest

from massage_ins_bridge.api import Payer, normal_name, normal_plan
from massage_ins_bridge.domain.payer import PayerIndex

REGENCE = Payer("regence", "Regence", "p", ("Regence BlueShield",), {"UMP": "Uniform Medical Plan"})
LNI = Payer("lni", "L&I", "q", ("Labor & Industries",))
INDEX = PayerIndex([LNI, REGENCE])


@pytest.mark.parametrize(
    ("name", "key"),
    [
        *(("regence", "regence"), ("REGENCE", "regence"), ("Regence Blue-Shield", "regence")),
        *(("regenceblueshield", "regence"), ("ump", "regence"), ("Labor and Industries", "lni")),
        *(("L & I", "lni"), ("L and I", "lni"), ("lni", "lni")),
    ],
)
def test_a_payer_is_found_by_any_of_its_names(name: str, key: str) -> None:
    found = INDEX.find(name)
    assert found is not None
    assert found.payer.key == key
    assert INDEX.key_of(name) == key


@pytest.mark.parametrize("name", ["Regenc", "Blue Shield", "Regence Gold", "LN", ""])
def test_part_of_a_name_is_no_name(name: str) -> None:
    assert INDEX.find(name) is None


def test_a_plans_name_brings_the_plan() -> None:
    found = INDEX.find("U.M.P.")
    assert found is not None
    assert found.plan == "Uniform Medical Plan"


def test_names_that_nobody_serves_are_still_equal_to_themselves() -> None:
    assert INDEX.key_of("Acme Health") == INDEX.key_of("ACME  health") == "acmehealth"
    assert INDEX.key_of(None) is None
    assert INDEX.key_of("") is None


def test_a_name_of_two_payers_is_told() -> None:
    index = PayerIndex([Payer("b", "B", "q", ("Twin",)), Payer("a", "A", "p", ("twin",))])
    found = index.find("TWIN")
    assert found is not None
    assert found.payer.key == "a"
    assert len(index.conflicts) == 1
    assert "p" in index.conflicts[0]
    assert "q" in index.conflicts[0]


def test_normal_forms() -> None:
    assert normal_name("Labor & Industries!") == "laborandindustries"
    assert normal_plan(" King  County ") == normal_plan("KINGCOUNTY") == "kingcounty"
    assert normal_plan("King-County") != normal_plan("King County")
