"""A list is read to its end, from where it is told to begin; a booking is there, or it fails."""

from datetime import datetime

import pytest

from massage_ins_bridge.api.connectors import Page
from massage_ins_bridge.testing.bookings import NOW, booking
from massage_ins_bridge.testing.fake_connector import FakeConnector
from massage_ins_bridge.testing.platform import FakePlatform
from massage_ins_bridge.testing.reading import all_pages, fetched


def turn(cursor: str | None, now: datetime) -> Page:
    """Three pages of one booking each."""
    assert now == NOW
    number = int(cursor or 0) + 1
    return Page((booking(f"b{number}"),), (), str(number), more=number < 3)


def test_pages_are_turned_until_there_are_no_more() -> None:
    read = all_pages(turn)
    assert ([page.more for page in read.pages], read.cursor) == ([True, True, False], "3")
    assert read.refs == ["b1", "b2", "b3"]
    assert all_pages(turn, "2").refs == ["b3"]


def test_a_list_without_an_end_is_said_to_be_one() -> None:
    with pytest.raises(AssertionError, match="more than 1000 pages"):
        all_pages(lambda cursor, now: Page((), (), "1", more=True))


def test_a_booking_is_there_or_its_lack_is_said(
    fake_platform: FakePlatform, fake_connector: FakeConnector
) -> None:
    fake_platform.put("b1")
    assert fetched(fake_connector, "b1").ref == "b1"
    with pytest.raises(AssertionError, match="b2: Gone"):
        fetched(fake_connector, "b2")
