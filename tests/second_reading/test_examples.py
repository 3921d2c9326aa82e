"""Every example of a decision is borne out by the second reading, as far as it answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.testing.scenarios import amiss

from .compare import as_decision
from .oracle import decide

FILE = Path(__file__).parents[1] / "scenarios" / "examples.jsonl"
EXAMPLES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
#: The second reading says no texts, and of rules only those that waive.
UNANSWERED = ("no_text", "no_patient_text")


@pytest.mark.parametrize("example", EXAMPLES, ids=[one["name"] for one in EXAMPLES])
def test_the_second_reading_bears_it_out(example: dict[str, Any]) -> None:
    expect = {name: value for name, value in example["expect"].items() if name not in UNANSWERED}
    assert amiss(expect, as_decision(decide(example["request"]))) == []


def test_there_are_examples() -> None:
    assert len({one["name"] for one in EXAMPLES}) == len(EXAMPLES) > 40
