"""A platform that does not take what it is told: the schedule, the log, the account's trouble."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_telling

from massage_ins_bridge.api.connectors import (
    PlatformBusyError,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
)
from massage_ins_bridge.desk.delivery_log import LogWanted, Written, read_log, replay, replay_since
from massage_ins_bridge.desk.errors import ConflictError, NotFoundError
from massage_ins_bridge.desk.sync import list_accounts
from massage_ins_bridge.desk.write_back import WriteTry
from massage_ins_bridge.testing.bookings import NOW, START
from massage_ins_bridge.testing.fake_connector import FakeTelling

DOWN = PlatformError("the fake platform answered 500", status=500)
SCHEDULE = FakeTelling.retries
MINUTE = timedelta(minutes=1)


@pytest.fixture
def bridge(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    made = make_telling(tmp_path, database_url)
    yield made
    made.close()


def log(bridge: Bridge, **asked: str) -> list[Written]:
    with bridge.installation.read() as record:
        found = read_log(record, LogWanted(**asked), 100).writes  # type: ignore[arg-type]
    return [one for one in found if one.kind != "hold"]


def trouble(bridge: Bridge) -> str:
    with bridge.installation.read() as record:
        (account,) = list_accounts(bridge.installation, record).accounts
    return account.trouble


def allowed(bridge: Bridge, *refs: str) -> None:
    """Bookings that are to be confirmed, of which the platform was not told yet."""
    for ref in refs or ("b1",):
        bridge.take(ref, name=f"Ann {ref}", email=f"{ref}@example.com")
    bridge.platform.told.clear()
    bridge.clock.moment += MINUTE
    for ref in refs or ("b1",):
        bridge.confirm_coverage_alone(ref)


def test_it_is_tried_by_the_schedule_and_is_then_staffs(bridge: Bridge) -> None:
    """Nothing is lost: it is sent again on staff's word, under its own id."""
    allowed(bridge)
    bridge.platform.faults = [DOWN] * 4
    bridge.work()
    for number, wait in enumerate(SCHEDULE[1:], 2):
        again = bridge.try_write(WriteTry(number))
        assert again is not None
        assert timedelta(seconds=wait) <= again.pause <= timedelta(seconds=wait * 1.1)
        assert "not-written" not in bridge.tasks()
        assert ("not-told" in bridge.tasks()) == (number >= 2)
    assert bridge.try_write(WriteTry(4)) is None
    assert {"not-written", "not-told"} <= set(bridge.tasks())
    (failed,) = log(bridge, state="failed")
    assert [(t.taken, t.status) for t in failed.tries] == [(False, 500)] * 4
    assert failed.tries[0].next_at is not None
    assert failed.tries[-1].next_at is None
    assert bridge.row("b1").platform_status == "pending"
    bridge.clock.moment += MINUTE
    with bridge.installation.write() as record:
        assert replay(bridge.installation, record, failed.id).writes == (failed.id,)
    bridge.write_back()
    assert [key for _, key in bridge.platform.told] == [failed.id]
    assert bridge.row("b1").platform_status == "accepted"
    assert not {"not-written", "not-told"} & set(bridge.tasks())
    assert log(bridge, state="done")[0].tries[-1].taken


def test_the_first_failure_alone_is_no_trouble(bridge: Bridge) -> None:
    allowed(bridge)
    bridge.platform.faults = [DOWN]
    bridge.work()
    assert trouble(bridge) == ""
    assert "not-told" not in bridge.tasks()


def test_a_receiver_that_wants_no_more_is_not_asked_again(bridge: Bridge) -> None:
    allowed(bridge)
    bridge.platform.faults = [PlatformError("it answered 410", True, 410)]
    bridge.work()
    (failed,) = log(bridge, state="failed")
    assert len(failed.tries) == 1
    assert "it answered 410" in trouble(bridge)


@pytest.mark.parametrize(
    "error",
    [
        PlatformRefusedError("it answered 401", True, 401),
        PlatformRefusedError("it answered 400", True, 400),
        PlatformError("it answered 302 instead of data", True, 302),
        PlatformGoneError("it answered 404", True, 404),
    ],
    ids=lambda error: str(error.status),
)
def test_a_lasting_error_marks_the_account_and_ends_no_booking(
    bridge: Bridge, error: PlatformError
) -> None:
    allowed(bridge)
    bridge.platform.faults = [error, error]
    bridge.work()
    again = bridge.try_write(WriteTry(2))
    assert again is not None
    assert error.message in trouble(bridge)
    assert bridge.tasks().count("not-told") == 1
    assert bridge.row("b1").platform_status == "pending"
    assert "gone-on-platform" not in bridge.tasks()
    bridge.write_back()
    assert trouble(bridge) == ""
    assert "not-told" not in bridge.tasks()


def test_the_platforms_own_wait_is_kept(bridge: Bridge) -> None:
    allowed(bridge)
    bridge.platform.faults = [PlatformError("busy", status=429, retry_after=90.0)]
    bridge.work()
    bridge.platform.faults = [PlatformError("busy", status=429, retry_after=90.0)]
    again = bridge.try_write(WriteTry(1))
    assert again is not None
    assert again.pause == timedelta(seconds=90)
    bridge.platform.faults = [PlatformBusyError("too many", retry_after=7.0)]
    again = bridge.try_write(WriteTry(2))
    assert again is not None
    assert (again.pause, again.counted) == (timedelta(seconds=7), False)


def test_what_waits_is_sent_at_once_when_the_platform_is_back(bridge: Bridge) -> None:
    allowed(bridge, "b1", "b2", "b3")
    bridge.platform.faults = [DOWN] * 6
    bridge.work()
    bridge.write_back()
    assert trouble(bridge)
    queued = log(bridge, state="queued")
    bridge.started.clear()
    bridge.write_back()
    begun = {work.item for work in bridge.started if work.kind == "write"}
    assert begun
    assert begun <= {one.id for one in queued}
    assert trouble(bridge) == ""


def test_e_mails_are_no_platforms_business(bridge: Bridge) -> None:
    """Neither one about a booking, nor the day's summary, which is about none."""
    row = bridge.take("b1")
    with bridge.installation.write() as record:
        subjects = ((row.id, "hold"), ("digest:2026-11-22", "digest"))
        mails = [record.writes.want_mail(to, 0, kind, NOW) for to, kind in subjects]
        for mail in mails:
            assert mail is not None
            mail.state = "failed"
            record.session.flush()
            with pytest.raises(NotFoundError):
                replay(bridge.installation, record, mail.id)
    assert log(bridge, state="failed") == []
    with bridge.installation.read() as record:
        assert {w.account for w in read_log(record, LogWanted(), 100).writes} == {"desk"}


def test_after_the_beginning_nothing_is_told_or_replayed(bridge: Bridge) -> None:
    allowed(bridge)
    bridge.platform.faults = [PlatformError("it answered 410", True, 410)]
    bridge.work()
    (failed,) = log(bridge, state="failed")
    bridge.clock.moment = START
    with bridge.installation.write() as record, pytest.raises(ConflictError, match="begun"):
        replay(bridge.installation, record, failed.id)
    assert bridge.platform.told == []


def test_everything_since_then_is_replayed_as_it_stands(bridge: Bridge) -> None:
    """The receiver has lost what it had."""
    bridge.take("b1")
    bridge.clock.moment += MINUTE
    bridge.take("b2", name="Bo Ray", email="bo@example.com")
    bridge.confirm_coverage("b2")
    bridge.take("b2", "cancelled", status="cancelled", sent_at=bridge.clock.moment + MINUTE)
    told = {notice.ref: key for notice, key in bridge.platform.told}
    bridge.platform.told.clear()
    bridge.clock.moment += MINUTE
    with bridge.installation.write() as record:
        found = replay_since(bridge.installation, record, "desk", NOW)
        assert found.writes == (told["b1"],)
        with pytest.raises(NotFoundError):
            replay_since(bridge.installation, record, "front", NOW)
        with pytest.raises(NotFoundError):
            replay(bridge.installation, record, "wrt_none")
        with pytest.raises(ConflictError, match="by itself"):
            replay(bridge.installation, record, told["b1"])
    bridge.write_back()
    assert [key for _, key in bridge.platform.told] == [told["b1"]]
