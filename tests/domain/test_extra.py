"""Values of plugins on a fact cannot be changed, and are compared and copied like the others."""

import copy
import pickle
from typing import Any

import pytest

from massage_ins_bridge.domain.extra import Extra
from massage_ins_bridge.domain.facts import Coverage


def test_values_cannot_be_changed() -> None:
    extra: Any = Extra({"regence": Extra({"ccn": "1"})})
    assert extra["regence"]["ccn"] == "1"
    with pytest.raises(TypeError):
        extra["regence"]["ccn"] = "2"
    with pytest.raises(TypeError):
        del extra["regence"]


def test_a_source_that_changes_later_changes_nothing() -> None:
    given = {"ccn": "1"}
    extra = Extra(given)
    given["ccn"] = "2"
    assert extra["ccn"] == "1"


def test_facts_with_them_are_compared_hashed_and_copied() -> None:
    one, other = (Coverage(extra=Extra({"a": Extra({"b": 1})})) for _ in range(2))
    assert one == other != Coverage()
    assert len({one, other}) == 1
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one  # noqa: S301 - our own
