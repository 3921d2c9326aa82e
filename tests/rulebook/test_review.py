"""A decision that rests on rules whose review is overdue warns, and is decided as before."""

from typing import Any

import pytest
from tests.rulebook.evergreen import EvergreenPayer

from massage_ins_bridge.api import Answer, Case, hookimpl
from massage_ins_bridge.rulebook.book import parse_book
from massage_ins_bridge.testing import decide_request
from massage_ins_bridge.testing.requests import host_of, request, shown

#: Rules of a test's own: the shipped ones are confirmed anew every few months.
BOOK = parse_book(
    """
plugin = "evergreen"
ruleset = "2026.1"
payers = [{ key = "evergreen", name = "Evergreen Health" }]
rules = [
  { id = "EVG-01", text = "Asked.", source = "a test", review_by = 2026-11-30 },
  { id = "EVG-02", text = "Asked, too.", source = "a test", review_by = 2026-12-01 },
  { id = "EVG-03", text = "Not asked.", source = "a test", review_by = 2026-11-30 },
]
""",
    "rules.toml",
)
KEY = "core.rules-review"
IN_TIME, OVERDUE = "2026-11-30T23:59:00-08:00", "2026-12-01T00:00:00-08:00"


class Evergreen(EvergreenPayer):
    """A payer whose decisions rest on two of its three rules."""

    book = BOOK

    @hookimpl
    def on_booking(self, case: Case) -> Answer:
        first, second = case.rules["EVG-01"], case.rules["EVG-02"]
        return Answer(
            (first.met("evergreen.first", "Met."), second.met("evergreen.second", "Met."))
        )


def decided(as_of: str, **changes: Any) -> dict[str, Any]:
    made = request("evergreen", as_of=as_of, **changes)
    return decide_request(made, host_of(points=(Evergreen(),)))


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "allow"),
        ({"prescriptions.0.signed": False}, "hold"),
        ({"prescriptions.0.purpose": "relaxation"}, "block"),
    ],
)
def test_the_day_after_the_review_was_due_it_warns(changes: dict[str, Any], outcome: str) -> None:
    """It names the overdue rule that the decision rests on, and changes nothing else."""
    before, after = decided(IN_TIME, **changes), decided(OVERDUE, **changes)
    assert shown(before, KEY) == "-"
    assert (shown(after, KEY), shown(after, f"rule {KEY}")) == ("unknown/warn", "CP-REVIEW")
    assert shown(after, f"message {KEY}").endswith("review is overdue: EVG-01.")
    assert before["outcome"] == after["outcome"] == outcome
    rest = [item for item in after["requirements"] if item["key"] != KEY]
    assert rest == before["requirements"]
