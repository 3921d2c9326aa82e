"""The rulings, by the second reading of the text and by the product with every plugin."""

from pathlib import Path

import pytest

from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.rulings import read_rulings

from .compare import unlike
from .names import SERVED

ROOT = Path(__file__).parents[2]
FILES = [*ROOT.glob("tests/rules/*.toml"), *ROOT.glob("plugins/*/tests/rulings.toml")]
RULINGS = {
    f"{file.parent.parent.name}: {ruling}": ruling
    for file in sorted(FILES)
    for ruling in read_rulings(file)
}


#: The rule book that was read twice speaks of these payers alone.
READ_TWICE = [name for name, ruling in RULINGS.items() if ruling.payer in SERVED]


@pytest.mark.parametrize("name", READ_TWICE)
def test_the_second_reading_bears_it_out(name: str) -> None:
    assert unlike(RULINGS[name].expected, RULINGS[name].request) == []


def test_all_plugins_together_answer_them() -> None:
    told = {name: (ruling.told(), ruling.expected) for name, ruling in RULINGS.items()}
    assert {name: both for name, both in told.items() if both[0] != both[1]} == {}


def test_they_are_about_rules_that_there_are() -> None:
    known = {rule.id for book in installed_host().books.values() for rule in book.rules}
    assert {rule for ruling in RULINGS.values() for rule in ruling.rules} <= known
