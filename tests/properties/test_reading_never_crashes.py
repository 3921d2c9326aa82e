"""Whatever is sent is read or refused with the path of each field; what is read is decided."""

import copy
import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.drawn import Json, paths, put, requests

from massage_ins_bridge.domain.reading import Problem, UnusableInputError
from massage_ins_bridge.domain.request import read_request
from massage_ins_bridge.testing import installed_host
from massage_ins_bridge.testing.requests import change, request

NOW = datetime(2026, 12, 1, 17, tzinfo=UTC)
TEXT = st.text(st.characters(codec=None), max_size=12)
SCALARS = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.integers(-3, 3), st.floats(), TEXT),
    st.sampled_from(["", " ", "2026-12-08", "2026-02-30", "2026-12-08T10:00:00-08:00", "M54.2"]),
    st.sampled_from(["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "T", "lni", "pip"]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(TEXT, st.just("payer")), inner, max_size=4),
    ),
    max_leaves=12,
)


def check(data: Any) -> None:
    problems: list[Problem] = []
    try:
        chart = read_request(data, NOW)
    except UnusableInputError as error:
        problems = error.problems
    else:
        json.dumps(installed_host().decide(chart).to_dict())
    for problem in problems:
        assert problem.message
        assert problem.path or not isinstance(data, dict) or "" in data
        assert len(str(problem).splitlines()) == 1


@settings(max_examples=500)
@given(JSON | st.dictionaries(st.sampled_from(sorted(request("regence"))), JSON, max_size=4))
def test_any_json_and_the_right_keys_with_anything_in_them(data: Any) -> None:
    check(data)


@settings(max_examples=400)
@given(made=requests(), seed=st.integers(0, 2**32), value=JSON)
def test_a_request_with_one_field_spoilt(made: Json, seed: int, value: Any) -> None:
    everywhere = list(paths(made))
    check(put(made, random.Random(seed).choice(everywhere), value))


@settings(max_examples=200)
@given(made=requests(), seed=st.integers(0, 2**32), key=TEXT)
def test_an_unknown_key_is_refused_where_it_stands(made: Json, seed: int, key: str) -> None:
    objects = [path for path in paths(made) if isinstance(get(made, path), dict)]
    by_payer = (("clinic", "network"), ("clinic", "fees"))
    objects = [path for path in objects if path not in by_payer]
    path = random.Random(seed).choice(objects)
    spoilt = copy.deepcopy(made)
    get(spoilt, path)[f"x{key}"] = 1
    with pytest.raises(UnusableInputError) as caught:
        read_request(spoilt, NOW)
    (problem,) = caught.value.problems
    assert "is not a known key" in problem.message
    assert problem.path.startswith(str(path[0]))


def get(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@pytest.mark.parametrize(
    "path", [".".join(map(str, path)) for path in paths(request("lni")) if path[-1] != "start"]
)
@pytest.mark.parametrize("value", [None, "", ..., [], {}, True, 0, -1, 2.5, "x"], ids=repr)
def test_each_field_with_each_kind_of_value(path: str, value: Any) -> None:
    made = request("lni")
    change(made, path, value)
    check(made)


@pytest.mark.parametrize("value", [None, "", " ", ..., 0, "2026-12-08", "2026-12-08T10:00:00"])
@pytest.mark.parametrize("end", ["2026-12-08T11:00:00-08:00", ...])
def test_the_start_is_the_one_field_that_must_be_there(value: Any, end: Any) -> None:
    with pytest.raises(UnusableInputError) as caught:
        read_request(request("lni", **{"booking.start": value, "booking.end": end}), NOW)
    assert [problem.path for problem in caught.value.problems] == ["booking.start"]
