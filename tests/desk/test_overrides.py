"""A person's word that a booking may stand, or may not."""

from datetime import timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.overrides import override, take_back
from massage_ins_bridge.domain.reading import UnusableInputError
from massage_ins_bridge.testing.bookings import NOW, START

ALLOW = {"outcome": "allow", "reason": "the insurer said so by phone", "name": "Pat Doe"}
BLOCK = {**ALLOW, "outcome": "block"}


def say(bridge: Bridge, ref: str, data: dict[str, Any]) -> None:
    with bridge.installation.write() as record:
        override(record, bridge.row(ref).id, data)
    bridge.work()


def unsay(bridge: Bridge, ref: str) -> None:
    with bridge.installation.write() as record:
        take_back(record, bridge.row(ref).id, {"name": "Kim"})
    bridge.work()


def test_it_lets_a_booking_stand_whatever_the_rules_say(bridge: Bridge) -> None:
    bridge.take("b1")
    say(bridge, "b1", ALLOW)
    assert bridge.row("b1").platform_status == "accepted"
    bridge.knobs.visits = 0
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    bridge.pass_time(START - timedelta(days=1))
    assert bridge.outcome("b1") == "allow"
    with bridge.installation.read() as record:
        last = record.decisions.of_booking(bridge.row("b1").id)[-1]
        assert record.decisions.data(last)["outcome"] == "block"  # still decided, shown beside
    unsay(bridge, "b1")
    assert bridge.outcome("b1") == "block"
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "accepted")]
    assert "block-by-hand" in bridge.tasks()


def test_it_refuses_a_booking_that_the_rules_allow(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    say(bridge, "b1", BLOCK)
    assert [c[:2] for c in bridge.platform.changes] == [("b1", "accepted"), ("b1", "cancelled")]
    assert "by phone" not in str(bridge.platform.reasons)
    assert "invite" not in bridge.tasks()


def test_it_ends_by_itself_and_what_follows_waits_for_a_warning(bridge: Bridge) -> None:
    bridge.knobs.visits = 1
    bridge.take("b1", recurring=True)
    bridge.knobs.visits = 0
    say(bridge, "b1", {**ALLOW, "until": (NOW + timedelta(days=2)).isoformat()})
    assert bridge.outcome("b1") == "allow"
    bridge.pass_time(NOW + timedelta(days=2))
    assert bridge.outcome("b1") == "block"


def test_it_is_kept_with_who_said_it_and_who_took_it_back(bridge: Bridge) -> None:
    bridge.take("b1")
    say(bridge, "b1", ALLOW)
    say(bridge, "b1", {**ALLOW, "name": "Lee"})
    unsay(bridge, "b1")
    with bridge.installation.read() as record:
        words = record.words.of_bookings([bridge.row("b1").id])[bridge.row("b1").id]
        said = [record.words.said(word) for word in words]
    assert {(s.name, s.ended_by) for s in said} == {("Pat Doe", "Lee"), ("Lee", "Kim")}
    assert said[0].reason == ALLOW["reason"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"outcome": "hold"}, "outcome"),
        ({"reason": ""}, "reason"),
        ({"name": " "}, "name"),
        ({"until": "2026-12-01"}, "until"),
        ({"until": (NOW - timedelta(days=1)).isoformat()}, "until"),
        ({"untill": None}, "untill"),
    ],
)
def test_what_cannot_be_used_is_refused(bridge: Bridge, given: dict[str, Any], path: str) -> None:
    bridge.take("b1")
    with pytest.raises(UnusableInputError) as caught:
        say(bridge, "b1", {**ALLOW, **given})
    assert [p.path for p in caught.value.problems] == [path]


def test_only_what_stands_and_is_to_come_can_be_overridden(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.take("b1")
    with pytest.raises(ConflictError, match="rejected on the platform"):
        say(bridge, "b1", ALLOW)
    bridge.knobs.visits = 9
    bridge.take("b2", start=START + timedelta(hours=2))
    with pytest.raises(ConflictError, match="no override"):
        unsay(bridge, "b2")
    bridge.clock.moment = START + timedelta(days=1)
    with pytest.raises(ConflictError, match="has begun"):
        say(bridge, "b2", ALLOW)
