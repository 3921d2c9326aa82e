"""All that an account's platform shows is taken in before anything is written to it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.api.connectors import Page, PlatformError
from massage_ins_bridge.desk.errors import ConflictError
from massage_ins_bridge.desk.first_look import (
    Progress,
    entered_by_hand,
    first_look,
    look_anew,
    progress,
)
from massage_ins_bridge.desk.looked import complete
from massage_ins_bridge.testing.bookings import NOW, START, booking

DAY = timedelta(days=1)


@pytest.fixture
def unseen(tmp_path: Path, database_url: str | None) -> Iterator[Bridge]:
    """An account that was only just connected, to a platform with three pages of bookings."""
    made = make_bridge(tmp_path, database_url, looked=False)
    made.platform.page_size = 2
    for number in range(5):
        made.platform.put(f"b{number}", start=START + number * DAY)
    yield made
    made.close()


def seen(bridge: Bridge) -> Progress:
    with bridge.installation.read() as record:
        account = bridge.installation.accounts["desk"]
        found = progress(record, account)
        assert complete(record, account) == (found.done_at is not None)
        return found


def look(bridge: Bridge) -> None:
    first_look(bridge.installation, "desk")


def test_every_booking_to_come_is_taken_in_and_decided(unseen: Bridge) -> None:
    assert seen(unseen) == Progress("desk", 0, "", None)
    look(unseen)
    assert seen(unseen) == Progress("desk", 5, "", NOW)
    assert [unseen.outcome(f"b{number}") for number in range(5)] == ["hold"] * 5


def test_it_goes_on_where_it_was_cut_short(unseen: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page is kept: the platform is asked for it once."""
    listed, places = unseen.platform.starting_after, list[tuple[datetime, str]]()

    def starting_after(place: tuple[datetime, str]) -> Page:
        places.append(place)
        if len(places) == 2:
            raise PlatformError("no connection")
        return listed(place)

    monkeypatch.setattr(unseen.platform, "starting_after", starting_after)
    look(unseen)
    assert seen(unseen) == Progress("desk", 2, "the platform says: no connection", None)
    look(unseen)
    assert seen(unseen) == Progress("desk", 5, "", NOW)
    assert [place for _, place in places[1:]] == ["b1", "b1", "b3"]


def test_a_booking_that_cannot_be_taken_in_keeps_none_of_the_others(unseen: Bridge) -> None:
    unseen.platform.put("b1", service_ref=17)
    look(unseen)
    assert seen(unseen).taken == 4
    assert "unreadable-booking" in unseen.tasks()
    unseen.platform.put("b1", service_ref="1")
    with unseen.installation.write() as record:
        look_anew(record, unseen.installation.accounts["desk"])
    assert seen(unseen).done_at is None
    look(unseen)
    assert "unreadable-booking" not in unseen.tasks()


@pytest.mark.parametrize(
    ("status", "counts"), [("accepted", 1), ("completed", 1), ("no-show", 0), ("pending", 0)]
)
def test_what_took_place_before_counts_and_leaves_one_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str, counts: int
) -> None:
    bridge = make_bridge(tmp_path, None, looked=False)
    shown = (booking("old", status=status, start=NOW - 30 * DAY), booking("new", status="accepted"))
    monkeypatch.setattr(bridge.platform, "starting_after", lambda _: Page(shown))
    look(bridge)
    chart = bridge.last_case
    assert len(chart.upcoming or ()) + len(chart.visits or ()) == counts
    told = [kind for kind in bridge.tasks() if kind in ("past-taken-in", "after-visit")]
    assert told == ([] if status == "pending" else ["past-taken-in"])
    bridge.close()


def test_a_booking_that_is_listed_twice_is_counted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge = make_bridge(tmp_path, None, looked=False)
    old = booking("old", status="completed", start=NOW - 30 * DAY)
    monkeypatch.setattr(bridge.platform, "starting_after", lambda _: Page((old, old)))
    look(bridge)
    with bridge.installation.read() as record:
        row = record.looks.first("desk")
        assert row is not None
        assert (row.taken, row.past) == (1, 1)
    bridge.close()


def test_what_is_none_of_the_clinics_is_not_kept(unseen: Bridge) -> None:
    """It is asked about, and neither counted nor stored."""
    unseen.platform.put("b1", service_ref="77")
    look(unseen)
    unseen.arrive("b1", service_ref="77")
    unseen.work()
    assert seen(unseen).taken == 4
    assert unseen.tasks() == ["unknown-service"]
    with unseen.installation.read() as record:
        assert record.bookings.by_ref("desk", "b1") is None


def test_what_is_delivered_meanwhile_is_decided_again(unseen: Bridge) -> None:
    unseen.take("new", name="Ben Cho", email="ben@example.com")
    look(unseen)
    with unseen.installation.read() as record:
        assert record.wakeups.waiting() == {unseen.row("new").patient_id}


def test_another_platform_under_the_same_name_is_looked_at_anew(unseen: Bridge) -> None:
    look(unseen)
    account = unseen.installation.accounts["desk"]
    settings = account.settings.model_copy(update={"base_url": "https://other.example"})
    with unseen.installation.read() as record:
        assert complete(record, account)
        assert not complete(record, replace(account, settings=settings))


def test_a_platform_without_a_list_waits_for_the_word_of_staff(
    unseen: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = unseen.installation.accounts["desk"]
    with pytest.raises(ConflictError), unseen.installation.write() as record:
        entered_by_hand(record, account)
    few = account.connector.capabilities - {"upcoming"}
    monkeypatch.setattr(account.connector, "capabilities", few)
    look(unseen)
    assert "does not list" in seen(unseen).words
    with pytest.raises(ConflictError), unseen.installation.write() as record:
        look_anew(record, account)
    with unseen.installation.write() as record:
        entered_by_hand(record, account)
    assert seen(unseen).done_at == NOW
