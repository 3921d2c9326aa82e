"""Whatever a rule says to a client has a Spanish twin, which is short and says usted."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.second_reading.generate import cases

from massage_ins_bridge.messages import sentences
from massage_ins_bridge.messages.sentences import asks, in_language
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.rulings import read_rulings

ROOT = Path(__file__).parents[2]
PAYERS = (
    *("regence", "premera", "lni", "pip", "kaiser", "aetna", "va", "medicare", "apple-health"),
    *("uhc", "lifewise", "bridgespan"),
)
FILE = tomllib.loads(Path(sentences.__file__).with_name("sentences.toml").read_text("utf-8"))
#: What would be said to a friend, or tells whether somebody is a man or a woman.
NOT_SAID = re.compile(
    r"\b(tú|tu|tus|te|ti|vosotros|querid[oa]|estimad[oa]|bienvenid[oa])\b", re.IGNORECASE
)


def decided() -> Iterator[dict[str, object]]:
    for file in sorted(ROOT.glob("plugins/payer-*/tests/rulings.toml")):
        for ruling in read_rulings(file):
            yield decide_request(ruling.request)
    for payer in PAYERS:
        for case in cases(payer, 120, 20261126):
            yield decide_request(case)


def test_every_sentence_that_rules_say_has_a_twin() -> None:
    said = {
        str(item["patient_message"])
        for decision in decided()
        for item in decision["requirements"]  # type: ignore[attr-defined]
    }
    bare = {one.text for text in said for one in in_language(text, "es") if one.language == "en"}
    assert len(said) > 60
    assert sorted(bare) == []


@pytest.mark.parametrize("item", FILE["sentences"], ids=lambda item: item["en"][:40])
def test_a_twin_is_short_whole_and_says_the_same_names(item: dict[str, str]) -> None:
    names = re.compile(r"\{\w+\}")
    assert sorted(names.findall(item["en"])) == sorted(names.findall(item["es"]))
    assert len(item["es"].split()) <= 25
    assert item["es"].endswith(".")
    assert not NOT_SAID.search(item["es"])
    assert ("pagar" in item["es"]) == (
        "pay" in item["en"] and "pay you back" not in item["en"]
    ) or ("cost" in item["en"] or "pague" in item["es"])


def test_no_sentence_stands_there_twice() -> None:
    known = [item["en"] for item in FILE["sentences"]]
    assert sorted(set(known)) == sorted(known)


def test_days_and_numbers_are_said_in_spanish() -> None:
    text = (
        "As far as we know, it often approves 4 visits at first. Later it may approve 2 to 3 more. "
        "It must be asked by December 3, 2026."
    )
    assert [one.text for one in in_language(text, "es")] == [
        "Según sabemos, al principio suele aprobar 4 citas.",
        "Después tal vez apruebe de 2 a 3 más.",
        "Hay que pedírselo a más tardar el 3 de diciembre de 2026.",
    ]


def test_a_stranger_s_sentence_stays_as_it_is_and_says_its_language() -> None:
    found = in_language("We are checking your prescription. Acme wants a fax.", "es")
    assert [(one.text, one.language) for one in found] == [
        ("Estamos revisando su receta.", "es"),
        ("Acme wants a fax.", "en"),
    ]
    assert in_language("", "es") == ()
    assert [one.language for one in in_language("Hello there. You.", "en")] == ["en", "en"]


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Please send it to us.", True),
        ("We have no prescription. Please send it to us by December 3, 2026.", True),
        ("Please call us to talk about what you can do.", False),
        ("We are checking your prescription.", False),
        ("", False),
    ],
)
def test_whether_a_text_asks(text: str, does: bool) -> None:
    assert asks(text) == does
