"""The words of the client's page: the same in both languages, plain, and all of them used."""

import re
from pathlib import Path

import pytest

from massage_ins_bridge.messages.page_words import heading, say, things, words
from massage_ins_bridge.testing.conformance.texts import CLIENTS_WORDS, grade

SOURCES = Path(__file__).parents[2] / "src" / "massage_ins_bridge"
NAMES = re.compile(r"\{(\w+)\}")
NOT_SAID = re.compile(
    r"\b(tú|tu|tus|te|ti|please note|unfortunately|simply|sadly)\b", re.IGNORECASE
)
EN, ES = words("en"), words("es")


def test_both_languages_say_the_same_things() -> None:
    assert list(EN) == list(ES)
    different = [n for n in EN if set(NAMES.findall(EN[n])) != set(NAMES.findall(ES[n]))]
    assert different == []
    assert [n for n in EN if EN[n] == ES[n]] == []


@pytest.mark.parametrize("name", EN)
def test_each_is_short_and_plain(name: str) -> None:
    for text in (EN[name], ES[name]):
        for sentence in re.split(r"(?<=[.!?]) ", text):
            assert len(sentence.split()) <= 25
        assert not NOT_SAID.search(text)
    plain = NAMES.sub("it", EN[name])
    assert len(plain.split()) < 6 or grade(plain, CLIENTS_WORDS) <= 8


def test_every_word_is_used() -> None:
    places = ("web/client/**/*", "desk/p*.py", "messages/*.py")
    files = [file for place in places for file in SOURCES.glob(place)]
    text = " ".join(f.read_text("utf-8") for f in files if f.suffix in (".py", ".html"))
    made = ("done_", "wrong_", "file_", "send_", "paper_shows_", "thing_")
    bare = [n for n in EN if not n.endswith("_anonymous") and f'"{n}"' not in text]
    assert [n for n in bare if not n.startswith(made)] == []


def test_a_heading_calls_by_name_where_it_is_known() -> None:
    assert heading("en", "hold", "Sofia") == "Sofia, your visit is not confirmed yet"
    assert heading("es", "hold", "") == "Su cita todavía no está confirmada"
    assert heading("en", "today", "", time="2:00 PM") == "Your visit is today at 2:00 PM"


def test_one_and_several() -> None:
    assert [things("en", 1), things("es", 3)] == ["one thing", "3 cosas"]


def test_no_sentence_ends_twice() -> None:
    said = say("es", "give_back_text", day="martes 8 de diciembre", time="2:00 p. m.")
    assert "p. m. Aquí" in said
