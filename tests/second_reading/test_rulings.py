"""Each ruling, by the second reading of the text and by the product with every plugin."""

from __future__ import annotations

from pathlib import Path

import pytest

from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.rulings import Ruling, read_rulings

from .compare import unlike
from .oracle import readings

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "tests" / "rules" / "rulings.toml", *ROOT.glob("plugins/*/tests/rulings.toml")]
RULINGS = [
    pytest.param(ruling, id=f"{file.parent.parent.name}: {ruling}")
    for file in sorted(FILES)
    for ruling in read_rulings(file)
]


@pytest.mark.parametrize("ruling", RULINGS)
def test_the_second_reading_bears_it_out(ruling: Ruling) -> None:
    assert min((unlike(ruling.expected, one) for one in readings(ruling.request)), key=len) == []


@pytest.mark.parametrize("ruling", RULINGS)
def test_all_plugins_together_answer_it(ruling: Ruling) -> None:
    assert ruling.told() == ruling.expected


def test_rulings_are_about_rules_that_there_are() -> None:
    known = {rule.id for book in installed_host().books.values() for rule in book.rules}
    named = {rule for file in FILES for ruling in read_rulings(file) for rule in ruling.rules}
    assert named <= known
