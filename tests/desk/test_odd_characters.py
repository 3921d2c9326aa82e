"""Characters that nobody types are refused where they stand, or shown as blanks."""

from typing import Any

import pytest

from massage_ins_bridge.desk.odd_characters import refuse_odd_characters, without_odd_characters
from massage_ins_bridge.domain.reading import UnusableInputError


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"name": "Ann\x00"}, "name"),
        ({"note": ["fine", {"by": "\u202eeeL nnA"}]}, "note[1].by"),
        ("\x7f", ""),
    ],
)
def test_an_odd_character_is_named_with_its_place(data: Any, path: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        refuse_odd_characters(data)
    (problem,) = caught.value.problems
    assert problem.path == path
    assert "cannot be shown (U+" in problem.message


def test_lines_are_odd_where_there_may_be_one_alone() -> None:
    refuse_odd_characters({"note": "one\n\ttwo"})
    with pytest.raises(UnusableInputError):
        refuse_odd_characters({"name": "one\ntwo"}, one_line=True)
    assert without_odd_characters("one\ntwo\u2067x") == "one two x"
