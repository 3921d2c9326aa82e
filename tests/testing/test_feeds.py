"""The feed for tests acts as feeds do, and misbehaves as it is told to."""

from datetime import timedelta
from urllib.request import Request, urlopen

import pytest
from icalendar import Calendar

from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.feeds import FeedServer


def summaries(feed: FeedServer) -> list[str]:
    events = Calendar.from_ical(feed.body()).walk("VEVENT")
    return sorted(str(event["SUMMARY"]) for event in events)


def test_it_shows_some_weeks_and_only_those() -> None:
    feed = FeedServer(days=(1, 10))
    for days in (-5, 3, 20):
        feed.book(NOW + timedelta(days=days), client=f"Ada{days} Test")
    assert summaries(feed) == ["Ada3 Test - Massage"]


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ("full", "Zoë Test, Jr. - Massage"),
        ("first", "Zoë - Massage"),
        ("initials", "Z.T.J. - Massage"),
        ("hidden", "Busy"),
    ],
)
def test_names_are_hidden_as_told(names: str, shown: str) -> None:
    feed = FeedServer(names=names)  # type: ignore[arg-type]
    feed.book(client="Zoë Test, Jr.")
    assert summaries(feed) == [shown]


def test_an_id_says_nothing_of_a_name() -> None:
    feed = FeedServer(names="id")
    feed.book(client="Ada Test")
    (shown,) = summaries(feed)
    assert shown.startswith("#")
    assert "Ada" not in shown


def test_lines_are_folded_within_letters() -> None:
    feed = FeedServer()
    feed.book(client="é" * 200)
    assert max(len(line) for line in feed.body().split(b"\r\n")) <= 75
    assert "é" * 200 in feed.body().replace(b"\r\n ", b"").decode()


def test_a_change_counts_up_and_is_another_tag() -> None:
    with FeedServer() as feed:
        uid = feed.book()
        with urlopen(feed.url) as answer:  # noqa: S310 - this machine
            tag = answer.headers["etag"]
        feed.change(uid, minutes=30)
        assert feed.appointments[uid].sequence == 1
        again = Request(feed.url, headers={"if-none-match": tag})  # noqa: S310 - this machine
        with urlopen(again) as answer:  # noqa: S310 - this machine
            assert answer.status == 200
    assert [status for status, _ in feed.answers] == [200, 200]
