"""A clock that jumps does nothing."""

import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from tests.desk.bridge import Bridge

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.clock_check import apart_from, look_at_clock
from massage_ins_bridge.desk.deadlines import pass_deadlines
from massage_ins_bridge.desk.tasks import finish
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.testing.bookings import NOW, START

JUMPED = START - timedelta(days=2)


def hears(bridge: Bridge, moment: datetime | None, seconds_ago: float = 1.0) -> None:
    """What the platform's clock said in its newest answer."""
    client = bridge.installation.accounts["desk"].client
    assert client is not None
    client._heard.time, client._heard.at = moment, time.monotonic() - seconds_ago


def trouble(bridge: Bridge) -> tuple[bool, bool]:
    with bridge.installation.read() as record:
        found = look_at_clock(bridge.installation, record)
        return bool(found.wrong), bool(found.unsure)


def finish_task(bridge: Bridge, kind: str) -> None:
    with bridge.installation.write() as record:
        query = select(TaskRow.id).where(TaskRow.kind == kind, TaskRow.done_at.is_(None))
        finish(record, record.session.scalars(query).one())


@pytest.fixture
def held(bridge: Bridge) -> Bridge:
    """A hold whose deadline is 12 days away, and a platform that shows its clock."""
    bridge.take("b1")
    hears(bridge, NOW)
    return bridge


def test_a_jump_ahead_lets_nothing_pass_and_nothing_be_lost(held: Bridge) -> None:
    held.pass_time(JUMPED)
    held.take("b2", start=START + timedelta(days=9))
    held.knobs.visits = 1
    held.confirm_coverage("b1")
    assert {held.outcome("b1"), held.outcome("b2")} <= {"hold", "allow"}
    assert held.platform.changes == []
    assert "clock-wrong" in held.tasks()
    held.clock.moment = NOW + timedelta(minutes=1)
    hears(held, held.clock.moment)
    pass_deadlines(held.installation)
    held.work()
    held.work()
    assert "clock-wrong" not in held.tasks()
    assert ("b1", "accepted") in [change[:2] for change in held.platform.changes]
    assert held.outcome("b2") == "block"


def test_a_jump_back_is_one_too(held: Bridge) -> None:
    held.pass_time(NOW - timedelta(hours=3))
    assert "clock-wrong" in held.tasks()
    with held.installation.read() as record:
        assert look_at_clock(held.installation, record).wrong == (
            "it is 3 hours behind the clock of the platform of the account 'desk'"
        )


@pytest.mark.parametrize("minutes", [-59, 59])
def test_clocks_need_not_agree_to_the_hour(held: Bridge, minutes: int) -> None:
    held.clock.moment = NOW + timedelta(minutes=minutes)
    assert trouble(held) == (False, False)


def test_a_week_switched_off_is_no_jump_once_a_platform_says_so(held: Bridge) -> None:
    """Until it has answered, what a jump would let pass waits."""
    account = held.installation.accounts["desk"]
    hears(held, None)
    account.connector.answered_at = None
    held.pass_time(JUMPED)
    assert (trouble(held), held.outcome("b1")) == ((False, True), "hold")
    hears(held, JUMPED)
    held.pass_time(JUMPED)
    assert (trouble(held), held.outcome("b1")) == ((False, False), "block")


def test_an_old_word_of_the_time_is_not_compared(held: Bridge) -> None:
    """A machine that slept has not counted the seconds."""
    hears(held, NOW, seconds_ago=3600.0)
    held.clock.moment = NOW + timedelta(days=7)
    assert trouble(held)[0] is False
    assert apart_from(held.installation.accounts["desk"], held.clock.moment) == ""


def test_without_a_platform_only_a_record_from_the_future_tells(
    held: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    hears(held, None)
    connector = held.installation.accounts["desk"].connector
    monkeypatch.setattr(connector, "capabilities", frozenset())
    held.clock.moment = NOW + timedelta(days=7)
    assert trouble(held) == (False, False)
    held.clock.moment = NOW - timedelta(hours=2)
    assert trouble(held) == (True, False)


def test_staff_says_that_the_clock_is_right(held: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was decided by a clock that was ahead is passed over; what is decided next is not."""
    hears(held, None)
    connector = held.installation.accounts["desk"].connector
    held.clock.moment = NOW + timedelta(days=7)
    held.take("b2", start=START + timedelta(days=9))
    monkeypatch.setattr(connector, "capabilities", frozenset())
    held.pass_time(NOW + timedelta(minutes=1))
    assert (trouble(held)[0], "clock-wrong" in held.tasks()) == (True, True)
    finish_task(held, "clock-wrong")
    held.pass_time(NOW + timedelta(minutes=2))
    assert (trouble(held)[0], "clock-wrong" in held.tasks()) == (False, False)
    held.pass_time(NOW - timedelta(days=1))
    assert (trouble(held)[0], "clock-wrong" in held.tasks()) == (True, True)


def test_what_was_done_by_a_clock_that_was_ahead_tells_of_it(
    held: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where every booking seemed to be over by then, so that none was decided."""
    hears(held, None)
    monkeypatch.setattr(held.installation.accounts["desk"].connector, "capabilities", frozenset())
    held.clock.moment = START + timedelta(days=1)
    held.confirm_coverage("b1")
    assert held.outcome("b1") == "hold"
    held.pass_time(NOW + timedelta(minutes=1))
    assert (trouble(held)[0], "clock-wrong" in held.tasks()) == (True, True)
    finish_task(held, "clock-wrong")
    held.pass_time(NOW + timedelta(minutes=2))
    assert held.outcome("b1") == "allow"


def test_staff_does_not_overrule_a_platforms_clock(held: Bridge) -> None:
    held.pass_time(JUMPED)
    finish_task(held, "clock-wrong")
    held.pass_time(JUMPED)
    assert "clock-wrong" in held.tasks()


def test_a_write_waits_for_the_clock(held: Bridge) -> None:
    held.platform.faults = [PlatformError("down")]
    held.confirm_coverage("b1")
    held.clock.moment = JUMPED
    held.write_back()
    assert held.writes("b1")[-1][:2] == ("confirm", "queued")
    held.clock.moment = NOW
    held.write_back()
    assert held.writes("b1")[-1][:2] == ("confirm", "done")
