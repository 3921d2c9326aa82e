"""What a row says of its booking."""

from datetime import UTC, datetime
from typing import Any

from massage_ins_bridge.demo.row import FEWER_WORDS, MOST_WORDS, Row

AT = datetime(2026, 12, 7, 17, 15, tzinfo=UTC)


def row(refused_at: datetime | None = None, platform: str = "pending", **shown: Any) -> Row:
    found = Row("Test Client", 7, "books", 0, platform=platform)
    told: dict[str, Any] = {
        "payer": "Regence",
        "outcome": "block",
        "staff": "",
        "route": None,
        "reasons": [],
    }
    found.fill({**told, **shown}, refused_at)
    return found


def because(message: str) -> list[dict[str, str]]:
    return [{"message": message}, {"message": "another"}]


def test_a_refusal_that_waits_says_until_when_it_can_be_stopped() -> None:
    waits = row(AT, reasons=because("It was due by 2026-12-04."))
    words = "To be refused on Mon at 9:15 AM unless stopped. It was due by Fri Dec 4."
    assert waits.because == words
    waits.fill({"payer": "", "outcome": "block", "staff": "", "reasons": because("Late.")}, None)
    assert waits.because == "Late."


def test_what_staff_said_comes_first_and_the_rules_are_named_as_such() -> None:
    said = row(staff="Noor let it stand: told us.", reasons=because("word " * 30))
    first, rules = said.because.split(" The rules alone say: ")
    assert first == "Noor let it stand: told us."
    assert len(rules) <= FEWER_WORDS
    assert len(row(reasons=because("word " * 30)).because) > FEWER_WORDS
    assert len(row(reasons=because("word " * 99)).because) <= MOST_WORDS


def test_what_is_allowed_says_who_pays_and_what_was_moved_says_so() -> None:
    assert row(outcome="allow", route="self-pay").because == "The client pays for the visit."
    assert "another took its place" in row(outcome="allow", platform="cancelled").because
    assert row(outcome="none").shown() == ("", "", "pending", "", "books")
