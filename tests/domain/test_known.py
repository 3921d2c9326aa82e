"""What is left of facts when whatever says nothing is left out."""

from typing import Any

import pytest

from massage_ins_bridge.domain.known import what_is_known


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ({"a": None, "b": " ", "c": {"d": None}, "e": [None, "", "x"]}, {"e": ["x"]}),
        ({"no": False, "none": 0, "empty": []}, {"no": False, "none": 0, "empty": []}),
        (" \t", None),
        (" x ", " x "),
    ],
)
def test_what_says_nothing_is_left_out_at_any_depth(given: Any, known: Any) -> None:
    assert what_is_known(given) == known
