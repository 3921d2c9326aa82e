"""What a list does not show any more, of a platform that cannot be asked for one booking."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.desk.bridge import Bridge, make_bridge

from massage_ins_bridge.api.connectors import Page, Shown
from massage_ins_bridge.desk.reconcile import reconcile
from massage_ins_bridge.desk.tasks import finish
from massage_ins_bridge.store.task_models import TaskRow
from massage_ins_bridge.testing.bookings import NOW, START
from massage_ins_bridge.testing.fake_connector import FakeConnector

HOUR = timedelta(hours=1)


class FeedConnector(FakeConnector):
    """One that shows all that it has up to a time, and cannot be asked for one booking."""

    capabilities = frozenset({"changes", "upcoming"})
    hold_style = "none"
    until = START + timedelta(days=30)
    unsure: tuple[str, ...] = ()

    def changes(self, cursor: str | None, now: Any) -> Page:
        page = super().changes(cursor, now)
        refs = frozenset(self.platform.bookings)
        return Page(
            page.items, cursor=page.cursor, shown=Shown(refs, now, type(self).until, self.unsure)
        )


@pytest.fixture
def feed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    bridge = make_bridge(tmp_path, None, connector=FeedConnector)
    yield bridge
    bridge.close()


def stand(bridge: Bridge, *refs: str, **values: Any) -> None:
    for ref in refs:
        bridge.platform.put(ref, status="accepted", **values)
    look(bridge)


def look(bridge: Bridge, after: timedelta = timedelta(0)) -> None:
    bridge.clock.moment += after
    reconcile(bridge.installation, "desk")
    bridge.work()


def drop(bridge: Bridge, *refs: str) -> None:
    for ref in refs:
        del bridge.platform.bookings[ref]


def states(bridge: Bridge, refs: Sequence[str]) -> list[str]:
    return [bridge.row(ref).platform_status for ref in refs]


def test_what_is_missing_for_an_hour_is_gone_and_told(feed: Bridge) -> None:
    stand(feed, "b1", "b2", "b3")
    drop(feed, "b1")
    look(feed)
    look(feed, HOUR / 2)
    assert states(feed, ["b1", "b2", "b3"]) == ["accepted"] * 3
    look(feed, HOUR / 2)
    assert states(feed, ["b1", "b2", "b3"]) == ["cancelled", "accepted", "accepted"]
    assert "gone-on-platform" in feed.tasks()


def test_what_comes_back_meanwhile_was_never_missing(feed: Bridge) -> None:
    stand(feed, "b1", "b2")
    kept = feed.platform.bookings["b1"]
    for _ in range(5):
        drop(feed, "b1")
        look(feed)
        feed.platform.bookings["b1"] = kept
        look(feed, HOUR)
    drop(feed, "b1")
    look(feed, HOUR)
    assert states(feed, ["b1"]) == ["accepted"]


def test_what_was_gone_and_is_shown_again_stands_again(feed: Bridge) -> None:
    stand(feed, "b1", "b2")
    drop(feed, "b1")
    look(feed)
    look(feed, HOUR)
    assert states(feed, ["b1"]) == ["cancelled"]
    stand(feed, "b1")
    assert states(feed, ["b1"]) == ["accepted"]
    assert "gone-on-platform" not in feed.tasks()


def test_what_lies_outside_of_what_is_shown_is_not_missing(
    feed: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(feed, "b1", "b2")
    monkeypatch.setattr(FeedConnector, "until", START - HOUR)
    drop(feed, "b1")
    for _ in range(4):
        look(feed, HOUR)
    assert states(feed, ["b1"]) == ["accepted"]


def test_what_has_begun_is_not_missing(feed: Bridge) -> None:
    stand(feed, "b1", "b2")
    drop(feed, "b1")
    feed.clock.moment = START + HOUR / 2
    look(feed)
    look(feed, HOUR)
    assert states(feed, ["b1"]) == ["accepted"]


def test_of_what_could_not_be_read_nothing_follows(
    feed: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(feed, "b1", "s#1", "s#2")
    monkeypatch.setattr(FeedConnector, "unsure", ("b1", "s"))
    drop(feed, "b1", "s#1")
    for _ in range(3):
        look(feed, HOUR)
    assert states(feed, ["b1", "s#1", "s#2"]) == ["accepted"] * 3


MANY = [f"b{n}" for n in range(8)]


def test_where_most_is_missing_at_once_all_of_it_stands_and_a_person_is_asked(
    feed: Bridge,
) -> None:
    stand(feed, *MANY)
    drop(feed, *MANY[:5])
    for _ in range(6):
        look(feed, HOUR)
    assert states(feed, MANY) == ["accepted"] * 8
    assert feed.tasks().count("bookings-missing") == 1
    stand(feed, *MANY)
    assert "bookings-missing" not in feed.tasks()


def test_a_persons_word_takes_them_off(feed: Bridge) -> None:
    stand(feed, *MANY)
    drop(feed, *MANY[:5])
    look(feed)
    with feed.installation.write() as record:
        (row,) = [t for t in record.tasks.due_first(99) if t.kind == "bookings-missing"]
        finish(record, row.id)
    look(feed)
    assert states(feed, MANY) == ["accepted"] * 8
    look(feed, HOUR)
    assert states(feed, MANY) == ["cancelled"] * 5 + ["accepted"] * 3
    look(feed, HOUR)
    drop(feed, *MANY[5:])
    for _ in range(3):
        look(feed, HOUR)
    assert states(feed, MANY[5:]) == ["accepted"] * 3, "that was said of the others"
    with feed.installation.read() as record:
        found = record.session.query(TaskRow).filter_by(kind="bookings-missing", done_at=None)
        assert found.count() == 1


def test_half_of_a_few_may_go(feed: Bridge) -> None:
    stand(feed, "b1", "b2")
    drop(feed, "b1", "b2")
    look(feed)
    look(feed, HOUR)
    assert states(feed, ["b1", "b2"]) == ["cancelled"] * 2
    assert NOW < START
