"""What a platform that acts by itself is told, when, and what it is not told."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_telling

from massage_ins_bridge.api.connectors import Notice, PlatformError
from massage_ins_bridge.desk import refusals
from massage_ins_bridge.desk.client_texts import HOLD
from massage_ins_bridge.desk.delivery_log import replay
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.first_look import entered_by_hand
from massage_ins_bridge.desk.going_live import let_through
from massage_ins_bridge.desk.notices import without_facts
from massage_ins_bridge.desk.overrides import override
from massage_ins_bridge.gate.settle import STILL_CHECKING
from massage_ins_bridge.store.models import WriteRow
from massage_ins_bridge.store.words import Said
from massage_ins_bridge.store.writes import NOTICE
from massage_ins_bridge.testing.bookings import NOW, START

Make = Callable[..., Bridge]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def make(tmp_path: Path, database_url: str | None) -> Iterator[Make]:
    """An installation whose platform is told."""
    with ExitStack() as made:

        def one(**account: Any) -> Bridge:
            return made.enter_context(closing(make_telling(tmp_path, database_url, **account)))

        yield one


def told(bridge: Bridge) -> list[Notice]:
    return [notice for notice, _ in bridge.platform.told]


def actions(bridge: Bridge) -> list[str]:
    return [notice.action for notice in told(bridge)]


def test_a_hold_is_told_with_what_is_missing_and_then_that_it_may_stand(make: Make) -> None:
    bridge = make()
    bridge.take("b1")
    (hold,) = told(bridge)
    assert (hold.ref, hold.outcome, hold.action, hold.revision) == ("b1", "hold", "hold", 1)
    assert hold.remedies
    assert hold.client == HOLD
    assert hold.refused_at is None
    assert bridge.row("b1").hold_state == "native"
    bridge.clock.moment += MINUTE
    bridge.confirm_coverage("b1")
    assert actions(bridge) == ["hold", "confirm"]
    last = told(bridge)[-1]
    assert (last.outcome, last.remedies, last.client) == ("allow", (), "")
    assert last.at > hold.at
    assert bridge.row("b1").platform_status == "accepted"
    assert len({key for _, key in bridge.platform.told}) == 2


def test_the_same_word_is_told_once_and_another_one_again(make: Make) -> None:
    bridge = make()
    bridge.take("b1")
    bridge.add_fact("b1", "progress-report", {"on": "2026-11-01", "payer": "lni"})
    assert len(told(bridge)) == 1
    bridge.clock.moment += MINUTE
    bridge.knobs.broken = True
    bridge.add_fact("b1", "progress-report", {"on": "2026-11-02", "payer": "lni"})
    assert actions(bridge) == ["hold", "hold"]
    assert told(bridge)[0].remedies != told(bridge)[1].remedies


def test_a_refusal_that_waits_is_a_hold_and_is_told_when_it_is_carried_out(make: Make) -> None:
    bridge = make(refuse_after_minutes=15)
    bridge.knobs.visits = 0
    bridge.take("b1")
    (hold,) = told(bridge)
    assert (hold.outcome, hold.client) == ("hold", STILL_CHECKING)
    assert all(remedy.client == STILL_CHECKING for remedy in hold.remedies)
    assert hold.refused_at == NOW + 15 * MINUTE
    bridge.clock.moment += 16 * MINUTE
    refusals.carry_out_due(bridge.installation)
    bridge.work()
    assert actions(bridge) == ["hold", "reject"]
    refused = told(bridge)[-1]
    assert (refused.outcome, refused.refused_at) == ("block", None)
    assert "cannot take place on insurance" in refused.client
    assert refused.at > hold.at
    assert bridge.row("b1").platform_status == "rejected"
    bridge.take("b1", "rejected", status="rejected", sent_at=bridge.clock.moment)
    assert actions(bridge) == ["hold", "reject"]


def test_a_refusal_that_is_stopped_stays_a_hold(make: Make) -> None:
    bridge = make(refuse_after_minutes=15)
    bridge.knobs.visits = 0
    bridge.take("b1")
    bridge.clock.moment += MINUTE
    with bridge.installation.write() as record:
        refusals.stop(bridge.installation, record, bridge.row("b1").id, {"name": "Noor"})
    bridge.work()
    last = told(bridge)[-1]
    assert (last.outcome, last.client, last.refused_at) == ("hold", STILL_CHECKING, None)


def test_staffs_word_is_told_without_the_rules(make: Make) -> None:
    bridge = make()
    bridge.take("b1")
    said = {"outcome": "block", "name": "Noor", "reason": "asked us to"}
    bridge.clock.moment += MINUTE
    with bridge.installation.write() as record:
        override(record, bridge.row("b1").id, said)
    bridge.work()
    last = told(bridge)[-1]
    assert (last.action, last.outcome) == ("reject", "block")
    assert last.client == "We cannot accept this booking on insurance. Please contact the clinic."


def test_what_the_platform_accepted_by_itself_is_marked_where_it_can(make: Make) -> None:
    bridge = make(hold="tag")
    bridge.take("b1", "created", status="accepted", asks_confirmation=False)
    assert actions(bridge) == ["hold"]
    assert (bridge.row("b1").hold_state, bridge.tasks().count("hold-by-hand")) == ("tag", 0)
    bridge.clock.moment += MINUTE
    bridge.confirm_coverage("b1")
    assert actions(bridge) == ["hold", "confirm"]
    bridge.clock.moment += MINUTE
    bridge.add_fact("b1", "progress-report", {"on": "2026-11-01", "payer": "lni"})
    assert actions(bridge) == ["hold", "confirm"]


def test_where_it_cannot_it_is_staffs(make: Make) -> None:
    bridge = make()
    bridge.take("b1", "created", status="accepted", asks_confirmation=False)
    assert told(bridge) == []
    assert "hold-by-hand" in bridge.tasks()


def test_what_a_person_accepted_is_never_ended(make: Make) -> None:
    bridge = make()
    bridge.take("b1")
    later = bridge.clock.moment + MINUTE
    bridge.take("b1", "created", status="accepted", sent_at=later)
    bridge.knobs.visits = 0
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert actions(bridge) == ["hold"]
    assert "block-by-hand" in bridge.tasks()


def test_nothing_is_told_before_all_was_seen_nor_where_it_only_observes(make: Make) -> None:
    bridge = make(looked=False)
    bridge.take("b1")
    bridge.confirm_coverage("b1")
    assert told(bridge) == []
    assert ("confirm", "observed", None) in bridge.writes("b1")


def test_what_the_platform_had_sent_before_waits_to_be_let_through(make: Make) -> None:
    """It stood before the bridge did anything."""
    bridge = make(looked=False)
    bridge.take("b1")
    with bridge.installation.write() as record:
        entered_by_hand(record, bridge.installation.accounts["desk"])
    bridge.confirm_coverage("b1")
    assert told(bridge) == []
    said = Said("Noor", "looked through")
    with bridge.installation.write() as record:
        assert let_through(bridge.installation, record, "desk", said) == 1
    bridge.work()
    assert actions(bridge) == ["confirm"]


def test_a_moved_booking_is_told_anew(make: Make) -> None:
    bridge = make()
    bridge.take("b1")
    later = bridge.clock.moment = bridge.clock.moment + MINUTE
    bridge.take("b1", "rescheduled", start=START + timedelta(days=1), sent_at=later)
    assert [(n.action, n.revision) for n in told(bridge)] == [("hold", 1), ("hold", 2)]


def test_a_word_that_was_overtaken_is_not_told(make: Make) -> None:
    """The receiver was away while it changed."""
    bridge = make()
    bridge.platform.faults = [PlatformError("down")] * 2
    bridge.take("b1")
    bridge.clock.moment += MINUTE
    bridge.confirm_coverage_alone("b1")
    bridge.work()
    bridge.write_back()
    assert actions(bridge) == ["confirm"]
    assert states(bridge) == {"tell-hold": "superseded", "confirm": "done"}


def states(bridge: Bridge) -> dict[str, str]:
    with bridge.installation.store.read() as session:
        rows = session.query(WriteRow).filter(WriteRow.state.in_(("done", "superseded", "failed")))
        return {row.kind: row.state for row in rows if row.kind != "hold"}


def test_a_replay_sends_the_same_message_and_no_other(make: Make) -> None:
    bridge = make()
    bridge.take("b1")
    with bridge.installation.read() as record:
        notice = record.writes.last_notice(bridge.row("b1").id)
        assert notice is not None
        assert notice.channel == NOTICE
    bridge.clock.moment += MINUTE
    with bridge.installation.write() as record:
        replay(bridge.installation, record, notice.id)
    bridge.write_back()
    (first, key), (second, again) = bridge.platform.told
    assert key == again == notice.id
    assert replace(second, at=first.at) == first
    bridge.clock.moment += MINUTE
    bridge.confirm_coverage("b1")
    with bridge.installation.write() as record, pytest.raises(ConflictError, match="later"):
        replay(bridge.installation, record, notice.id)
    assert actions(bridge) == ["hold", "hold", "confirm"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The diagnosis M54.50 is not paid.", "The diagnosis … is not paid."),
        ("Codes G89, S13.4XXA and Z00.", "Codes …, … and …."),
        ("Claim AB12347, member 1234567.", "Claim …, member …."),
        ("Send the form F245-417 by 2026-12-04.", "Send the form F245-417 by 2026-12-04."),
        ("Ask for 97124 and 97140, 12 visits.", "Ask for 97124 and 97140, 12 visits."),
        ("Call 206-555-0101.", "Call 206-555-0101."),
    ],
)
def test_codes_and_numbers_are_not_told(text: str, shown: str) -> None:
    assert without_facts(text) == shown
    assert not re.search(r"M54|AB12347|1234567", shown)
