"""Every example of a decision is as the product, with every plugin, decides it."""

import json
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.testing import decide_request

from .judge import amiss

FILE = Path(__file__).with_name("examples.jsonl")
EXAMPLES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("example", EXAMPLES, ids=[one["name"] for one in EXAMPLES])
def test_the_product_decides_it_so(example: dict[str, Any]) -> None:
    assert amiss(example["expect"], decide_request(example["request"])) == []
