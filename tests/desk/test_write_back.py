"""One change of the platform: at most once, whatever it answers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from tests.desk.bridge import Bridge, make_bridge, name_services

from massage_ins_bridge.api.connectors import (
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
    WriteResult,
)
from massage_ins_bridge.desk.failed_write import GIVE_UP_AFTER, TELL_AFTER
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.desk.take_in import take_in
from massage_ins_bridge.desk.write_back import WriteTry, write_back
from massage_ins_bridge.testing.bookings import NOW, START
from massage_ins_bridge.testing.fake_connector import FakeCalendar, FakeConnector


def test_a_retry_finds_the_platform_already_there(bridge: Bridge) -> None:
    bridge.take("b1")

    def die() -> None:
        bridge.platform.after_change = lambda: None
        raise PlatformError("the answer was lost")

    bridge.platform.after_change = die
    bridge.confirm_coverage("b1")
    assert bridge.writes("b1")[-1][:2] == ("confirm", "queued")
    bridge.write_back()
    assert bridge.writes("b1")[-1] == ("confirm", "done", "already")
    assert len(bridge.platform.changes) == 1


DOWN, ODD = PlatformError("down"), PlatformError("answered without data", True)
REFUSED = PlatformRefusedError("no", True, 409)
#: Faults one after another; after how many tries staff is told; how many tries, and the end.
FAULTS: dict[str, tuple[list[PlatformError], int, int, str]] = {
    "down for a while": ([DOWN] * 4, TELL_AFTER, 5, "done"),
    "a look that is refused": ([PlatformRefusedError("no", True, 400)] * 8, 1, 5, "done"),
    "a key that expired": ([PlatformRefusedError("key expired", True, 401)] * 2, 1, 2, "done"),
    "a key that may not": ([PlatformRefusedError("forbidden", True, 403)] * 2, 1, 2, "done"),
    "not understood for a while": ([ODD] * 2, 1, 2, "done"),
    "never understood": ([ODD] * 40, 1, GIVE_UP_AFTER, "failed"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_write_is_tried_until_it_is_done_or_staffs(bridge: Bridge, kind: str) -> None:
    faults, told_after, tries, state = FAULTS[kind]
    bridge.take("b1")
    bridge.platform.faults = list(faults)
    bridge.confirm_coverage_alone("b1")
    bridge.work()
    for number in range(1, tries):
        assert bridge.writes("b1")[-1][:2] == ("confirm", "queued"), number
        assert ("not-written" in bridge.tasks()) == (number >= told_after), number
        bridge.write_back()
    assert bridge.writes("b1")[-1][:2] == ("confirm", state)
    assert ("not-written" in bridge.tasks()) == (state == "failed")
    assert (bridge.row("b1").platform_status == "accepted") == (state == "done")


def test_a_change_that_is_refused_twice_is_staffs(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once may have been a proxy."""
    bridge.take("b1")
    monkeypatch.setattr(FakeConnector, "confirm", Mock(side_effect=REFUSED))
    bridge.confirm_coverage("b1")
    assert bridge.writes("b1")[-1][:2] == ("confirm", "queued")
    bridge.write_back()
    assert bridge.writes("b1")[-1][:2] == ("confirm", "failed")
    assert "not-written" in bridge.tasks()


@pytest.mark.parametrize("status", ["cancelled", "replaced"])
def test_news_that_come_before_the_answer_to_our_word_stay(bridge: Bridge, status: str) -> None:
    """The client cancels, or moves the booking, while the answer to our confirmation is on its
    way."""
    bridge.take("b1")

    def meanwhile() -> None:
        bridge.platform.after_change = lambda: None
        if status == "cancelled":
            delivery = bridge.arrive("b1", "cancelled", status="cancelled")
        else:
            later = START + timedelta(days=1)
            delivery = bridge.arrive("b2", "rescheduled", start=later, previous="b1")
        take_in(bridge.installation, delivery)

    bridge.platform.after_change = meanwhile
    bridge.confirm_coverage("b1")
    assert bridge.row("b1").platform_status == status


@pytest.mark.parametrize("refused", [True, False])
def test_a_client_who_was_quicker_leaves_no_task(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch, refused: bool
) -> None:
    """The client cancels between our look at the platform and our word, which is then refused, or
    for which the connector finds nothing left to do."""

    def confirm(connector: FakeConnector, ref: str, _idem_key: str) -> WriteResult:
        found = connector.platform.bookings[ref]
        connector.platform.bookings[ref] = replace(found, status="cancelled")
        if refused:
            raise PlatformRefusedError("Booking is not pending", permanent=True)
        return WriteResult("already")

    bridge.take("b1")
    monkeypatch.setattr(FakeConnector, "confirm", confirm)
    bridge.confirm_coverage("b1")
    state = "superseded" if refused else "done"
    assert bridge.writes("b1")[-1][:2] == ("confirm", state)
    assert bridge.row("b1").platform_status == ("pending" if refused else "cancelled")
    assert "not-written" not in bridge.tasks()
    assert bridge.platform.changes == []


def test_nothing_is_written_once_the_time_has_come(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.faults = [PlatformError("down")]
    bridge.knobs.visits = 0
    bridge.add_fact("b1", "visit", {"on": "2026-11-01"})
    bridge.clock.moment = START
    bridge.write_back()
    assert bridge.platform.changes == []
    assert bridge.writes("b1")[-1] == ("block", "done", "manual")
    assert "block-by-hand" in bridge.tasks()


@pytest.mark.parametrize("status", ["cancelled", "rejected"])
def test_a_booking_that_the_client_gave_up_is_left_alone(bridge: Bridge, status: str) -> None:
    bridge.take("b1")
    bridge.take("b1", "cancelled", status=status, sent_at=NOW + timedelta(minutes=1))
    bridge.confirm_coverage("b1")
    assert bridge.platform.changes == []


def test_two_404_end_nothing(bridge: Bridge) -> None:
    """A proxy's error page, for a few seconds, is not the platform's word on a booking."""
    bridge.knobs.visits = 0
    bridge.take_in(bridge.arrive("b1"))
    bridge.platform.faults = [PlatformGoneError("not found", True, 404)] * 2
    seconds, attempt = [], WriteTry()
    while again := bridge.try_write(attempt):
        seconds.append(again.pause.total_seconds())
        assert bridge.writes("b1") == [("block", "queued", None)]
        assert bridge.row("b1").platform_status == "pending"
        attempt = WriteTry(attempt.number + 1, again.absent)
    assert seconds == [1, 60]
    assert bridge.row("b1").platform_status == "rejected"


def test_a_404_after_a_look_that_found_it_is_the_first(bridge: Bridge) -> None:
    """It was there meanwhile, and could not be understood."""
    bridge.take("b1")
    gone = PlatformGoneError("not found", True, 404)
    bridge.platform.faults = [gone, gone, ODD, ODD, gone]
    bridge.confirm_coverage("b1")
    for _ in range(4):
        bridge.write_back()
    assert bridge.platform.changes[-1][:2] == ("b1", "accepted")


def test_what_the_settings_name_no_more_is_not_written(bridge: Bridge) -> None:
    bridge.take("b1")
    bridge.platform.faults = [DOWN]
    bridge.confirm_coverage("b1")
    assert bridge.writes("b1")[-1] == ("confirm", "queued", None)
    name_services(bridge)
    bridge.write_back()
    assert bridge.platform.changes == []
    assert bridge.writes("b1")[-1] == ("confirm", "superseded", None)


def test_one_write_carried_out_by_many_reaches_the_platform_once(bridge: Bridge) -> None:
    bridge.take_in(bridge.arrive("b1", service_ref="2"))
    bridge.platform.faults = [PlatformError("down")]
    bridge.write_back()
    write = next(work.item for work in bridge.started if work.kind == "write")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: write_back(bridge.installation, write), range(8)))
    assert [change[:2] for change in bridge.platform.changes] == [("b1", "accepted")]
    assert bridge.platform.calls["confirm"] == 1


def test_nothing_is_written_while_there_is_news_of_the_client(bridge: Bridge) -> None:
    """What was decided before a fact came, or before a merge was undone, may not be so by now."""
    bridge.take("b1")
    bridge.platform.faults = [DOWN]
    bridge.confirm_coverage_alone("b1")
    bridge.work()
    assert bridge.writes("b1")[-1][:2] == ("confirm", "queued")
    with bridge.installation.write() as record:
        record.wake(bridge.row("b1").patient_id, "chart-changed")
    bridge.write_back()
    assert bridge.platform.changes == []
    bridge.work()
    assert bridge.writes("b1")[-1][:2] == ("confirm", "done")


def test_what_the_bridge_put_back_to_pending_is_confirmed_when_it_is_cured(tmp_path: Path) -> None:
    """Without a look in between: it knows what it wrote."""
    bridge = make_bridge(tmp_path, None, connector=FakeCalendar)
    bridge.take("b1", status="accepted")
    held = bridge.platform.bookings["b1"]
    assert (held.status, bridge.row("b1").platform_status, bridge.row("b1").hold_state) == (
        "pending",
        "pending",
        "tentative",
    )
    bridge.confirm_coverage("b1")
    assert bridge.platform.bookings["b1"].status == "accepted"
    assert bridge.writes("b1")[-1] == ("confirm", "done", "native")
    bridge.close()


@pytest.mark.parametrize("told_first", [True, False])
def test_the_client_hears_of_a_refusal_whose_answer_was_lost(
    bridge: Bridge,
    told_first: bool,
) -> None:
    """Whether the retry finds it done, or the platform tells of it before."""
    bridge.knobs.visits = 0
    bridge.take_in(bridge.arrive("b1"))
    bridge.platform.lost_answers = 1
    bridge.write_back()
    assert (bridge.platform.bookings["b1"].status, "tell-client" in bridge.tasks()) == (
        "rejected",
        False,
    )
    if told_first:
        reconcile(bridge.installation, "desk")
    bridge.work()
    assert "tell-client" in bridge.tasks()
    assert len(bridge.platform.changes) == 1
