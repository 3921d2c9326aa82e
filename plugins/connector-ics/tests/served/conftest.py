"""A feed on a real server, and connectors on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import pytest

from massage_ins_bridge.api.connectors import PlatformClient, Timeouts
from massage_ins_bridge.testing.bookings import account
from massage_ins_bridge.testing.feeds import FeedServer
from massage_ins_bridge_ics.connector import IcsConnector

#: Short enough for tests of a server that drips.
QUICK = Timeouts(connect=1.0, read=1.0, total=2.0)


class Connect(Protocol):
    """Makes a connector on the feed, with options and other parts of its account."""

    def __call__(self, *, link: str = "", **options: Any) -> IcsConnector: ...


@pytest.fixture
def feed() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


@pytest.fixture
def connect(feed: FeedServer) -> Iterator[Connect]:
    clients: list[PlatformClient] = []

    def made(*, link: str = "", **options: Any) -> IcsConnector:
        client = PlatformClient(
            IcsConnector.default_base_url,
            per_minute=100_000,
            timeout=QUICK,
            sleep=lambda _seconds: None,
            allowed_hosts=("127.0.0.1",),
        )
        clients.append(client)
        written = {"title": "{client} - {service}", **options}
        return IcsConnector(account(api_key=link or feed.url, options=written), client)

    yield made
    for client in clients:
        client.close()
