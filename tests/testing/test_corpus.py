"""The corpus is the same each time, can be read, and sees what a plugin declares."""

from typing import Any

from massage_ins_bridge.api import Payer
from massage_ins_bridge.rulebook.book import RuleBook, parse_book
from massage_ins_bridge.testing.corpus import Corpus
from massage_ins_bridge.testing.kit import kit_of
from massage_ins_bridge.testing.requests import chart_of, shown, small_host

DECLARING = """
plugin = "acme"
ruleset = "1"
[[sources]]
id = "a"
title = "A"
publisher = "B"
read_on = 2026-11-22
[[payers]]
key = "acme"
name = "Acme"
episode = "claim"
[[rules]]
id = "A-1"
text = "Something."
source = "a"
sure = "ours"
from = 2026-03-01
[[facts]]
on = "authorization"
name = "units"
type = "int"
label = "Units"
[[facts]]
on = "booking"
name = "area"
type = "choice"
choices = ["neck", "back"]
label = "Area"
[[authorization_kinds]]
kind = "acme.plan"
label = "Plan"
"""


def declaring() -> tuple[Payer, RuleBook]:
    book = parse_book(DECLARING, "rules.toml")
    return book.payers[0], book


def test_what_is_good_is_allowed() -> None:
    for name, count in (("regence", 6), ("pip", 6), ("lni", 0)):
        kit = kit_of(name)
        match = kit.host.payers.find(name)
        assert match is not None
        made = Corpus(match.payer, kit.host.books[name]).good(count)
        assert shown(kit.decide(made), "outcome") == "allow"


def test_every_request_is_read_and_is_itself() -> None:
    host = small_host("regence")
    match = host.payers.find("regence")
    assert match is not None
    corpus = Corpus(match.payer, host.books["regence"])
    words = [words for words, _ in corpus]
    assert len(words) > 250
    for _, made in list(corpus)[::5]:
        chart_of(made, host)
    assert list(corpus) == list(corpus)


def extras(made: dict[str, Any]) -> tuple[Any, Any]:
    units = {item["extra"]["acme"]["units"] for item in made["authorizations"]}
    return units, made["booking"]["extra"]["acme"]["area"]


def test_what_a_plugin_declares_is_in_it() -> None:
    corpus = dict(Corpus(*declaring()))
    good = Corpus(*declaring()).good()
    assert extras(good) == ({40}, "neck")
    assert "acme.plan" in {item["kind"] for item in good["authorizations"]}
    assert good["coverages"][0]["claim"]["status"] == "open"
    assert extras(corpus["6 visits, acme.units is 0"]) == ({0}, "neck")
    assert extras(corpus["6 visits, acme.area is None"]) == ({40}, None)
    assert corpus["a visit on 2026-02-28"]["as_of"].startswith("2026-02-28")
