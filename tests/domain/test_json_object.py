"""A key that is there twice is refused, wherever it stands."""

import json
from typing import Any

import pytest

from massage_ins_bridge.domain.json_object import RepeatedKeyError, json_object


def loads(text: str) -> Any:
    return json.loads(text, object_pairs_hook=json_object)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('{"payer": "lni", "payer": "regence"}', "payer"),
        ('{"a": [{"b": {"c": 1, "d": 2, "c": 1}}]}', "c"),
        ('{"payer": 1, "pa\\u0079er": 1}', "payer"),
        ('{"a\\nb": 1, "a\\nb": 2}', "a?b"),
    ],
)
def test_a_key_that_is_there_twice_is_named(text: str, key: str) -> None:
    with pytest.raises(RepeatedKeyError) as caught:
        loads(text)
    assert (caught.value.key, str(caught.value)) == (
        key,
        f"has the key {key!r} twice in one object",
    )


def test_the_same_key_in_two_objects_is_none_too_many() -> None:
    text = '{"payer": "lni", "claim": {"payer": null}, "rest": [{"payer": 1}, {"payer": 2}, {}]}'
    assert json.dumps(loads(text)) == text
