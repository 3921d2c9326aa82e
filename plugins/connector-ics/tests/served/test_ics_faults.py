"""What the connector makes of a server that misbehaves, and of a link that does not do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from massage_ins_bridge.api.connectors import PlatformError, Timeouts
from massage_ins_bridge.testing.bookings import NOW
from massage_ins_bridge.testing.feeds import FAULTS, FeedServer
from massage_ins_bridge.testing.reading import all_pages

if TYPE_CHECKING:
    from served.conftest import Connect

#: For a server that drips; any other is answered by, however slow the machine is.
QUICK = Timeouts(connect=1.0, read=1.0, total=2.0)
#: By fault, words of the error, and whether trying again will not help.
TOLD = {
    "html": ("web page", True),
    "empty": ("empty", True),
    "cut": ("cut off", True),
    "binary": ("no calendar", True),
    "other length": ("no answer", False),
    "endless": ("too large", True),
    "drip": ("took too long|no answer", False),
    "to a private address": ("private|not allowed|network", True),
    "in circles": ("without end", True),
    "hang up": ("no answer", False),
    "slow down": ("429", False),
    "slow down soon": ("429", False),
    "401": ("share|sharing|new link", True),
    "403": ("sharing|new link", True),
    "404": ("make a new one", True),
    "410": ("make a new one", True),
    "500": ("500", False),
    "503": ("503", False),
}


@pytest.mark.parametrize("fault", sorted(FAULTS - {"no events"}))
def test_a_server_that_misbehaves_is_told_of_and_nothing_is_lost(
    feed: FeedServer, connect: Connect, fault: str
) -> None:
    """In bounded time; the next good answer is read as if nothing had been."""
    feed.book()
    connector = connect(timeout=QUICK if fault == "drip" else None)
    page = all_pages(connector.changes).last
    feed.book()
    feed.faults = [fault] * 8
    words, lasting = TOLD[fault]
    began = datetime.now(UTC)
    with pytest.raises(PlatformError, match=words) as error:
        connector.changes(page.cursor, NOW)
    assert datetime.now(UTC) - began < timedelta(seconds=10)
    assert error.value.permanent is lasting
    assert "3f9a0c5e7d" not in error.value.message, "the link is a secret"
    feed.faults = []
    found = all_pages(connector.changes, page.cursor).items
    assert len(found) == 1


def test_a_feed_without_events_is_no_news(feed: FeedServer, connect: Connect) -> None:
    feed.book()
    connector = connect()
    page = all_pages(connector.changes).last
    feed.faults = ["no events"]
    empty = connector.changes(page.cursor, NOW)
    assert (empty.items, empty.gone, empty.shown) == ((), (), None)
    found = all_pages(connector.changes, empty.cursor).items
    assert len(found) == 1, "it is there again, and listed again"


def test_a_link_that_is_none_of_the_feeds(connect: Connect, feed: FeedServer) -> None:
    with pytest.raises(PlatformError, match="make a new one"):
        connect(link=feed.url.replace("/ical/", "/other/")).changes(None, NOW)


def test_a_link_without_encryption_is_refused_at_the_start(connect: Connect) -> None:
    with pytest.raises(ValueError, match="api_key: the link must begin with https") as error:
        connect(link="http://platform.example/SECRET.ics")
    assert "SECRET" not in str(error.value)
