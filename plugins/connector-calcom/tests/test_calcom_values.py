"""Answers of a form and names, however they are wrapped."""

from typing import Any

import pytest

from massage_ins_bridge_calcom import values

ANSWERS: list[tuple[Any, str | None]] = [
    *(
        ("Regence", "Regence"),
        (123, "123"),
        (True, "yes"),
        (["Regence", " Other "], "Regence, Other"),
    ),
    *(({"label": "notes"}, None), ([[[[["deep"]]]]], None), ("  ", None)),
    ({"label": "Plan", "value": "Innova", "isHidden": False}, "Innova"),
    ({"value": {"value": "card", "optionValue": "ZZZ\n123"}}, "ZZZ 123"),
    ({"value": {"value": "in person", "optionValue": ""}}, "in person"),
]


@pytest.mark.parametrize(("given", "text"), ANSWERS)
def test_an_answer_is_one_line_of_text(given: Any, text: str | None) -> None:
    assert values.answer(given) == text


@pytest.mark.parametrize("name", ["Ada Test", {"firstName": "Ada", "lastName": "Test"}])
@pytest.mark.parametrize("wrapped", [True, False])
def test_a_client_without_a_name_among_the_attendees(name: Any, wrapped: bool) -> None:
    """The form says it, whole or in parts."""
    responses = {"name": {"label": "your_name", "value": name} if wrapped else name}
    found = values.person([{"email": "ada@example.com"}], responses)
    assert (found.name, found.email) == ("Ada Test", "ada@example.com")


@pytest.mark.parametrize("uid", [None, "", "a/b", "..", "a?b", "a b", "x" * 300, 5, "ä"])
def test_what_fits_no_address_is_no_uid(uid: Any) -> None:
    assert values.uid(uid) is None
