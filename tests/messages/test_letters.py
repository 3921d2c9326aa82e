"""Letters: their paragraphs, and what they may ask for."""

import pytest

from massage_ins_bridge.messages.letters import SIGNATURE, Letter, asks, word, write


def test_lists_stand_together_and_the_rest_apart() -> None:
    made = Letter(("Head\nSecond", "- one", "- two", "End"))
    assert made.text == "Head\nSecond\n\n- one\n- two\n\nEnd\n"


def test_what_would_be_empty_is_left_out() -> None:
    values = dict.fromkeys(
        ("clinic", "address", "contact", "today", "prescriber", "client", "born", "paper"), ""
    )
    more = {"insurer": "Regence", "back": "", "therapist": ""}
    made = write("prescriber", {**values, **more}, {"asks": ["one thing"]})
    assert made.paragraphs[0] == "To\nPatient:"
    assert "- one thing" in made.paragraphs
    assert made.paragraphs[-1] == SIGNATURE


def test_every_ask_has_words_of_its_own() -> None:
    found = [one.text for one in asks()]
    assert len(found) == len(set(found)) > 10
    assert word("prescriber", "paper", day="May 3, 2026") == "Your prescription of May 3, 2026"
    with pytest.raises(KeyError):
        word("prescriber", "poem")
