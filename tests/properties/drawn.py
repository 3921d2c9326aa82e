"""Charts drawn from the second reading's generator, and how to compare what came of them."""

import copy
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st
from tests.second_reading.generate import PAYERS, cases

from massage_ins_bridge.testing import decide_request

Json = dict[str, Any]
Path = tuple[str | int, ...]
STRICTNESS = {"allow": 0, "hold": 1, "block": 2}


@lru_cache(maxsize=4096)
def _drawn(payer: str, seed: int) -> str:
    return json.dumps(next(cases(payer, 1, seed)))


def drawn(payer: str, seed: int) -> Json:
    made: Json = json.loads(_drawn(payer, seed))
    return made


def requests(*payers: str) -> st.SearchStrategy[Json]:
    """Valid requests of these payers (of all, where none is named) with some facts changed."""
    return st.builds(drawn, st.sampled_from(payers or PAYERS), st.integers(0, 2**32))


def strictness(request: Json) -> int:
    return STRICTNESS[decide_request(request)["outcome"]]


def insured(request: Json) -> bool:
    return not request["booking"].get("self_pay")


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """The paths of everything below ``value``."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*here, key)
        if isinstance(item, (dict, list)):
            yield from paths(item, (*here, key))


def put(request: Json, path: Path, value: Any) -> Json:
    """A copy with another value at the path."""
    made = copy.deepcopy(request)
    target: Any = made
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return made


def plain(path: Path) -> str:
    """``coverages.0.plan`` as ``coverages.plan``: the place of an item does not matter."""
    return ".".join(key for key in path if isinstance(key, str))
