"""What staff said of a booking, as it counts."""

from datetime import timedelta

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.overrides import override
from massage_ins_bridge.desk.staff_words import StaffWords, in_force
from massage_ins_bridge.domain.answers import Outcome
from massage_ins_bridge.store.models import WordRow
from massage_ins_bridge.testing.bookings import NOW, START


def word(kind: str, until: int | None = None, *, ended: bool = False) -> WordRow:
    end = NOW + timedelta(hours=until) if until is not None else None
    return WordRow(kind=kind, until=end, ended_at=NOW if ended else None)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([], StaffWords()),
        ([word("allow"), word("block")], StaffWords("block", let_through=True)),
        ([word("allow", 1)], StaffWords("allow", let_through=True)),
        ([word("allow", 0)], StaffWords()),
        ([word("block", ended=True), word("stop")], StaffWords(stopped=True)),
        ([word("now")], StaffWords(at_once=True, let_through=True)),
        ([word("let-through")], StaffWords(let_through=True)),
    ],
)
def test_what_they_come_to(words: list[WordRow], found: StaffWords) -> None:
    assert in_force(words, NOW) == found


@pytest.mark.parametrize(
    ("said", "outcomes"),
    [
        (StaffWords(), ["allow", "hold", "block"]),
        (StaffWords("allow"), ["allow"] * 3),
        (StaffWords("block"), ["block"] * 3),
        (StaffWords(stopped=True), ["allow", "hold", "hold"]),
        (StaffWords("allow", stopped=True), ["allow"] * 3),
    ],
)
def test_a_word_outranks_the_rules(said: StaffWords, outcomes: list[str]) -> None:
    decided: list[Outcome] = ["allow", "hold", "block"]
    assert [said.outcome(one) for one in decided] == outcomes


def test_a_word_in_favour_goes_with_a_booking_that_its_client_moves(bridge: Bridge) -> None:
    bridge.take("b1")
    with bridge.installation.write() as record:
        given = {"outcome": "allow", "reason": "a friend", "name": "Pat"}
        override(record, bridge.row("b1").id, given)
    bridge.work()
    bridge.knobs.visits = 0
    bridge.take("b2", "rescheduled", start=START + timedelta(days=1), previous="b1")
    assert (bridge.outcome("b2"), bridge.row("b2").platform_status) == ("allow", "accepted")


def test_who_accepts_a_booking_takes_back_what_was_said_against_it(bridge: Bridge) -> None:
    """The later word of a person counts, until one of them says something again."""
    bridge.take("b1")
    bridge.platform.faults = [PlatformError("down")] * 2
    refusal = {"outcome": "block", "reason": "a rival", "name": "Pat"}
    with bridge.installation.write() as record:
        override(record, bridge.row("b1").id, refusal)
    bridge.work()
    bridge.platform.faults = []
    bridge.take("b1", "created", status="accepted")
    bridge.work()
    assert bridge.row("b1").platform_status == "accepted"
    assert (bridge.outcome("b1"), bridge.platform.changes) == ("hold", [])
    with bridge.installation.write() as record:
        override(record, bridge.row("b1").id, refusal)
    bridge.work()
    assert [change[:2] for change in bridge.platform.changes] == [("b1", "cancelled")]
