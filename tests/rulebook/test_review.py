"""A decision that rests on rules whose review is overdue warns, and is decided as before."""

import re
from datetime import date
from typing import Any

import pytest
from tests.rulebook.evergreen import EvergreenPayer

from massage_ins_bridge.api import Answer, Case, hookimpl, load_book
from massage_ins_bridge.rulebook.book import parse_book
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import host_of, request, shown

#: Rules of a test's own: the shipped ones are confirmed anew every few months.
BOOK = parse_book(
    """
plugin = "evergreen"
ruleset = "2026.1"
payers = [{ key = "evergreen", name = "Evergreen Health" }]
sources = [
  { id = "manual", title = "A manual", publisher = "Evergreen Health", read_on = 2026-11-01 },
  { id = "card", title = "A card", publisher = "Evergreen Health", read_on = 2026-11-01 },
]
[[rules]]
id = "EVG-01"
text = "Asked."
source = "manual"
sure = "read"
confirmed_on = 2026-11-01
review_by = 2026-11-30
[[rules]]
id = "EVG-04"
text = "Asked, and read in the same place."
source = "manual"
sure = "read"
confirmed_on = 2026-11-01
review_by = 2026-11-30
[[rules]]
id = "EVG-02"
text = "Asked, too."
source = "card"
sure = "read"
confirmed_on = 2026-11-01
review_by = 2026-12-01
[[rules]]
id = "EVG-03"
text = "Not asked."
source = "card"
sure = "read"
confirmed_on = 2026-11-01
review_by = 2026-11-30
""",
    "rules.toml",
)
KEY = "core.rules-review"
IN_TIME, OVERDUE = "2026-11-30T23:59:00-08:00", "2026-12-01T00:00:00-08:00"


#: The shared rules, confirmed anew by the clinic.
CONFIRMED = [
    {"plugin": "core", "id": rule, "source": "a test", "review_by": date(2199, 1, 1)}
    for rule in sorted({rule.id for rule in load_book("massage_ins_bridge.rules").rules})
]


class Evergreen(EvergreenPayer):
    """A payer whose decisions rest on three of its four rules."""

    book = BOOK

    @hookimpl
    def on_booking(self, case: Case) -> Answer:
        asked = [case.rules[rule] for rule in ("EVG-01", "EVG-02", "EVG-04")]
        return Answer(tuple(rule.met(f"evergreen.{rule.id.lower()}", "Met.") for rule in asked))


def decided(as_of: str, **changes: Any) -> dict[str, Any]:
    made = request("evergreen", as_of=as_of, **changes)
    return decide_request(made, host_of(points=(Evergreen(),), overrides=CONFIRMED))


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "allow"),
        ({"prescriptions.0.signed": False}, "hold"),
        ({"prescriptions.0.purpose": "relaxation"}, "block"),
    ],
)
def test_the_day_after_the_review_was_due_it_warns(changes: dict[str, Any], outcome: str) -> None:
    """Once, in plain words, naming what is to be read again and no rule; nothing else changes."""
    before, after = decided(IN_TIME, **changes), decided(OVERDUE, **changes)
    assert shown(before, KEY) == "-"
    assert (shown(after, KEY), shown(after, f"rule {KEY}")) == ("unknown/warn", "CP-REVIEW")
    message = shown(after, f"message {KEY}")
    assert message.endswith("to be read again. “A manual” was last read on November 1, 2026.")
    assert not re.search(r"[A-Z]+-\d", message)
    assert before["outcome"] == after["outcome"] == outcome
    rest = [item for item in after["requirements"] if item["key"] != KEY]
    assert rest == before["requirements"]
