"""A plugin that is off or gone: its payers are held by name, its words stay."""

from typing import Any

from tests.hooks.doubles import NAME, Point, host_with, plugin
from tests.rulebook.parts import BASE

from massage_ins_bridge.api import Case, Payer, RuleBook
from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.hooks.remembered import Remembered, remembered
from massage_ins_bridge.rulebook.book import parse_book
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import request

BOOK = f"""{BASE.replace("A rule.", "Clients of Evergreen are never billed.")}[[payers]]
key = "evergreen"
name = "Evergreen Health"
aliases = ["Evergreen Co-op"]
plan_aliases = {{ "Evergreen Gold" = "Gold" }}
self_pay_rule = "T-1"
[[facts]]
on = "coverage"
name = "tier"
type = "choice"
choices = ["gold", "silver"]
label = "Tier"
[[facts]]
on = "booking"
name = "units"
type = "int"
label = "Units"
[[authorization_kinds]]
kind = "trial.care-plan"
label = "Care plan of Evergreen"
"""
BOOK_OF_TRIAL: RuleBook = parse_book(BOOK, "rules.toml")
WAS = Remembered(NAME, "payer-trial", "1.2", BOOK_OF_TRIAL.payers, BOOK_OF_TRIAL.declared)


def trial_point(**hooks: Any) -> Point:
    book = BOOK_OF_TRIAL
    made = plugin(rules=lambda: book, payers=lambda: book.payers, **hooks)
    return Point(NAME, made)


def without(**settings: Any) -> Host:
    return host_with(only=["regence"], **settings).remembering([WAS])


def test_what_is_stored_of_a_plugin_is_read_back() -> None:
    again = remembered(NAME, WAS.text())
    (payer,) = again.payers
    assert (again.distribution, again.version, again.declared) == (
        *("payer-trial", "1.2", WAS.declared),
    )
    assert (payer.key, payer.aliases, dict(payer.plan_aliases), payer.self_pay_rule) == (
        *("evergreen", ("Evergreen Co-op",), {"Evergreen Gold": "Gold"}, "T-1"),
    )
    assert not Remembered("other").says_something


def test_a_payer_of_a_plugin_that_is_gone_holds_by_every_name() -> None:
    host = without()
    (gone,) = [p for p in host.plugins if p.gone]
    assert (gone.name, gone.distribution, gone.version) == (NAME, "payer-trial", "1.2")
    for name in ("evergreen", "Evergreen Co-op", "Evergreen Gold"):
        decision = decide_request(request("evergreen", **{"booking.payer": name}), host)
        assert (decision["outcome"], decision["payer"]) == ("hold", "Evergreen Health")


def test_who_may_not_be_billed_is_not_told_to_pay_once_the_plugin_is_gone() -> None:
    """The rule that said so is gone with it."""
    booked = {"booking.self_pay": True, "booking.payer": "Evergreen Co-op"}
    assert decide_request(request("evergreen", **booked), without())["outcome"] == "hold"
    stranger = request("evergreen", **{**booked, "booking.payer": "Nobody Knows"})
    assert decide_request(stranger, without())["outcome"] == "allow"


def test_its_words_are_known_and_nobody_is_asked_for_them() -> None:
    words = without().words
    assert words.former == {NAME}
    assert words.facts["coverage"][NAME]["tier"].label == "Tier"
    assert words.authorization_kinds["trial.care-plan"].label == "Care plan of Evergreen"
    assert words.for_stored.former == {NAME}


def test_of_a_plugin_that_speaks_nothing_is_remembered() -> None:
    def on_booking(case: Case) -> None:
        assert case.payer is not None
        assert case.payer.served

    host = host_with(trial_point(on_booking=on_booking), only=["regence"]).remembering([WAS])
    assert host.words.former == set()
    assert decide_request(request("evergreen"), host)["payer"] == "evergreen"
    off = host_with(trial_point(), only=["regence"], disabled=[NAME]).remembering([WAS])
    match = off.payers.find("Evergreen Co-op")
    assert match is not None
    assert not match.payer.served
    assert [p.gone for p in off.plugins if p.name == NAME] == [False]


def test_a_payer_that_another_plugin_defines_by_now_is_that_ones() -> None:
    new = plugin(payers=lambda: [Payer("evergreen", "Evergreen", "new")], on_booking=lambda: None)
    host = host_with(Point("new", new), only=["regence"]).remembering([WAS])
    match = host.payers.find("evergreen")
    assert match is not None
    assert match.payer.plugin == "new"


def test_plugins_that_serve_a_payer_too_hold_it_when_its_own_is_off() -> None:
    host = host_with(disabled=["regence"])
    was = [p for p in host_with().plugins if p.name == "regence"]
    known = host.remembering([Remembered("regence", payers=was[0].payers)])
    decision = decide_request(request("regence"), known)
    assert (decision["outcome"], decision["payer"]) == ("hold", "Regence")
