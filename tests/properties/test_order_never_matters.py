"""The same input gives the same bytes, whatever the order of plugins or list items."""

import copy
import json
import random
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.drawn import Json, requests

from massage_ins_bridge.hooks.dispatch import Dispatcher
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.hooks.loading import installed
from massage_ins_bridge.testing import PATIENCE, decide_request, installed_host
from massage_ins_bridge.testing.requests import request

pytestmark = pytest.mark.slow  # hundreds of charts each


def shuffled(value: Any, rng: random.Random) -> Any:
    """A copy with every list and every object in another order."""
    if isinstance(value, dict):
        keys = rng.sample(list(value), len(value))
        return {key: shuffled(value[key], rng) for key in keys}
    if isinstance(value, list):
        return [shuffled(item, rng) for item in rng.sample(value, len(value))]
    return value


@lru_cache(maxsize=8)
def other_host(seed: int) -> Host:
    """The installed plugins, found in another order, loaded and handed on in another."""
    rng = random.Random(seed)
    points = list(installed())
    rng.shuffle(points)
    loaded = Host.load(points=points)
    plugins, books = list(loaded.plugins), list(loaded.books.values())
    rng.shuffle(plugins)
    rng.shuffle(books)
    return Host(plugins, books, Dispatcher(PATIENCE))


def decided(request: Json, host: Host | None = None) -> bytes:
    return json.dumps(decide_request(request, host)).encode()


@settings(max_examples=300)
@given(request=requests(), seed=st.integers(0, 2**32))
def test_of_list_items(request: Json, seed: int) -> None:
    """And the same twice is the same."""
    first = decided(request)
    assert decided(request) == first == decided(shuffled(request, random.Random(seed)))


@settings(max_examples=200)
@given(request=requests(), seed=st.integers(0, 7))
def test_of_plugins(request: Json, seed: int) -> None:
    assert decided(request, other_host(seed)) == decided(request, installed_host())


def test_of_several_that_are_called_primary() -> None:
    """Nothing is said of one of them alone."""
    both = [{"payer": name, "position": "primary"} for name in ("aetna", "uhc")]
    made = request("regence", **{"coverages.0.position": "secondary"})
    one, other = (copy.deepcopy(made) for _ in range(2))
    one["coverages"] += both
    other["coverages"] += both[::-1]
    assert decided(one) == decided(other)
