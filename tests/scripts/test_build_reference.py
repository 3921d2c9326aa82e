"""The page of words says what the code says."""

import json
import runpy
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from massage_ins_bridge.domain.payer import Payer
from massage_ins_bridge.rulebook import schema

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts" / "build_reference.py"))


def test_the_page_is_current(script: dict[str, Any]) -> None:
    have = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert have == script["page"](), "run scripts/build_reference.py"


def test_a_word_that_nobody_explains_ends_the_run(script: dict[str, Any]) -> None:
    with pytest.raises(SystemExit, match=r"kinds: b, c stands"):
        script["_same"]("kinds", {"a": "1", "b": "2"}, ("a", "c"))


def test_a_rule_file_may_say_all_that_is_explained(script: dict[str, Any]) -> None:
    """And no field of a payer is left out of the schema by which the file is checked."""
    path = Path(schema.__file__).with_name("rules.schema.json")
    taken = json.loads(path.read_text(encoding="utf-8"))["$defs"]["payer"]["properties"]
    assert script["PAYER_FIELDS"].keys() <= taken.keys()
    assert taken.keys() - {"served"} == {f.name for f in fields(Payer)} - {"plugin", "served"}
