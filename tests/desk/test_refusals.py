"""A refusal waits: it is shown, stopped, carried out at once, and taken back by what cures it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.api.connectors import PlatformError
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.overrides import override
from massage_ins_bridge.desk.refusals import carry_out, resume, stop, waiting
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.testing.bookings import NOW, START

PAT = {"name": "Pat"}
PAUSE = timedelta(minutes=15)
USUAL = {"refuse_after_minutes": 15, "refuse_in_office_hours": True}
#: Tuesday, December 8, 10:00 at the clinic; what is lacking is due on Friday the 4th.
AFTER_DUE = datetime.fromisoformat("2026-12-05T00:01:00-08:00")
MONDAY = datetime.fromisoformat("2026-12-07T09:15:00-08:00")


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Bridge]:
    """Refusals wait as they do unless a clinic says otherwise."""
    made = make_bridge(tmp_path, None, account=USUAL)
    yield made
    made.close()


def blocked(bridge: Bridge) -> None:
    bridge.knobs.visits = 0
    bridge.take("b1")


def act(bridge: Bridge, what: str) -> None:
    with bridge.installation.write() as record:
        booking = bridge.row("b1").id
        if what == "stop":
            stop(bridge.installation, record, booking, PAT)
        elif what == "resume":
            resume(record, booking, PAT)
        else:
            carry_out(bridge.installation, record, booking, PAT)
    bridge.work()


def listed(bridge: Bridge) -> list[tuple[datetime, bool]]:
    with bridge.installation.read() as record:
        return [(one.at, one.by_clock) for one in waiting(record).refusals]


def changes(bridge: Bridge) -> list[str]:
    return [change.after for change in bridge.platform.journal]


def test_it_waits_and_is_decided_again_before_it_is_carried_out(slow: Bridge) -> None:
    blocked(slow)
    assert (listed(slow), changes(slow)) == ([(NOW + PAUSE, False)], [])
    before = slow.decisions("b1"), len(slow.knobs.cases)
    slow.pass_time(NOW + PAUSE)
    assert (listed(slow), changes(slow)) == ([], ["rejected"])
    assert (slow.decisions("b1"), len(slow.knobs.cases)) == (before[0], before[1] + 1)
    assert "tell-client" in slow.tasks()


def test_a_fact_that_cures_takes_it_back(slow: Bridge) -> None:
    blocked(slow)
    slow.knobs.visits = 9
    slow.confirm_coverage("b1")
    assert listed(slow) == []
    slow.pass_time(NOW + PAUSE)
    assert (listed(slow), changes(slow)) == ([], ["accepted"])


def test_what_another_fact_says_does_not_begin_the_pause_anew(slow: Bridge) -> None:
    blocked(slow)
    slow.clock.moment = NOW + timedelta(minutes=10)
    slow.add_fact("b1", "visit", {"on": "2026-11-01"})
    assert listed(slow) == [(NOW + PAUSE, False)]


@pytest.mark.parametrize("meanwhile", ["accepted", "cancelled", "moved", "named no more", "cured"])
def test_what_happened_on_the_platform_meanwhile_is_seen_first(
    slow: Bridge, meanwhile: str
) -> None:
    """No delivery tells of it."""
    blocked(slow)
    changed: dict[str, dict[str, Any]] = {
        "accepted": {"status": "accepted"},
        "cancelled": {"status": "cancelled"},
        "moved": {"start": START + timedelta(days=1)},
        "named no more": {"service_ref": "77"},
        "cured": {},
    }
    slow.platform.put("b1", **changed[meanwhile])
    slow.knobs.visits = 9 if meanwhile == "cured" else 0
    slow.pass_time(NOW + PAUSE)
    assert changes(slow) == []
    if meanwhile == "accepted":
        assert slow.row("b1").accepted_by == "person"
        assert "block-by-hand" in slow.tasks()


def test_a_clock_refuses_in_office_hours_and_after_a_warning(slow: Bridge) -> None:
    slow.take("b1")
    slow.pass_time(AFTER_DUE - timedelta(days=1))
    assert "refused-tomorrow" in slow.tasks()
    slow.pass_time(AFTER_DUE)  # a Saturday
    assert listed(slow) == [(MONDAY, True)]
    slow.pass_time(MONDAY - timedelta(minutes=1))
    assert changes(slow) == []
    slow.platform.faults = [PlatformError("down")]
    slow.pass_time(MONDAY)
    slow.clock.moment = MONDAY + timedelta(hours=8)  # the platform was silent all day
    slow.write_back()
    assert changes(slow) == []
    assert listed(slow) == [(MONDAY + timedelta(days=1), True)]


def test_without_a_warning_a_clock_waits_for_another_day(slow: Bridge) -> None:
    slow.take("b1", start=START + timedelta(days=7))
    slow.pass_time(AFTER_DUE + timedelta(days=7))
    assert "refused-tomorrow" in slow.tasks()
    assert listed(slow) == [(MONDAY + timedelta(days=8), True)]


def test_what_cannot_be_refused_in_time_is_staffs(slow: Bridge) -> None:
    """The visit is on Monday at nine; the office is closed until then."""
    slow.take("b1", start=MONDAY - PAUSE)
    slow.pass_time(AFTER_DUE - timedelta(days=1))
    assert (listed(slow), changes(slow)) == ([], [])
    assert "block-by-hand" in slow.tasks()


def test_a_stopped_one_stays_on_hold_whatever_the_clock_does(slow: Bridge) -> None:
    blocked(slow)
    act(slow, "stop")
    assert (slow.outcome("b1"), slow.row("b1").platform_status) == ("hold", "pending")
    for days in range(1, 16):
        slow.pass_time(NOW + timedelta(days=days))
    assert (listed(slow), changes(slow)) == ([], [])
    with slow.installation.store.read() as session:
        task = session.query(TaskRow).filter(TaskRow.kind == "refusal-stopped").one()
        assert (str(task.due), task.done_at) == ("2026-12-07", None)
    slow.knobs.visits = 9
    slow.confirm_coverage("b1")
    assert changes(slow) == ["accepted"]
    assert "refusal-stopped" not in slow.tasks()


def test_a_stop_can_be_taken_back_and_overruled(slow: Bridge) -> None:
    blocked(slow)
    act(slow, "stop")
    act(slow, "resume")
    assert listed(slow) == [(NOW + PAUSE, False)]
    act(slow, "stop")
    act(slow, "now")
    assert changes(slow) == ["rejected"]


@pytest.mark.parametrize("status", ["pending", "accepted"])
def test_staff_has_one_carried_out_at_once(slow: Bridge, status: str) -> None:
    """Also one that a person accepted: it is a person who says so."""
    slow.knobs.visits = 0
    slow.take("b1", "created" if status == "accepted" else "requested", status=status)
    act(slow, "now")
    assert changes(slow) == ["rejected" if status == "pending" else "cancelled"]
    assert "block-by-hand" not in slow.tasks()


@pytest.mark.parametrize("what", ["stop", "resume", "now"])
def test_where_nothing_is_refused_nothing_can_be_stopped(slow: Bridge, what: str) -> None:
    slow.take("b1")
    with pytest.raises(ConflictError):
        act(slow, what)


def test_an_account_that_observes_refuses_nothing_on_anybodys_word(observer: Bridge) -> None:
    blocked(observer)
    with pytest.raises(ConflictError, match="only observes"):
        act(observer, "now")


def test_an_override_comes_before_what_waits(slow: Bridge) -> None:
    blocked(slow)
    with slow.installation.write() as record:
        said = {"outcome": "allow", "reason": "a friend", "name": "Pat"}
        override(record, slow.row("b1").id, said)
    slow.pass_time(NOW + PAUSE)
    assert (listed(slow), changes(slow)) == ([], ["accepted"])
