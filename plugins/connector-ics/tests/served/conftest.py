"""A feed on a real server, and connectors on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import pytest

from massage_ins_bridge.api.connectors import PlatformClient, Timeouts
from massage_ins_bridge.testing.bookings import account
from massage_ins_bridge.testing.feeds import FeedServer
from massage_ins_bridge_ics.connector import IcsConnector


class Connect(Protocol):
    """Makes a connector on the feed, with options and other parts of its account."""

    def __call__(
        self, *, link: str = "", timeout: Timeouts | None = None, **options: Any
    ) -> IcsConnector: ...


@pytest.fixture
def feed() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


@pytest.fixture
def connect(feed: FeedServer) -> Iterator[Connect]:
    clients: list[PlatformClient] = []

    def made(*, link: str = "", timeout: Timeouts | None = None, **options: Any) -> IcsConnector:
        client = PlatformClient(
            IcsConnector.default_base_url,
            per_minute=100_000,
            timeout=timeout,
            sleep=lambda _seconds: None,
            allowed_hosts=("127.0.0.1",),
        )
        clients.append(client)
        written = {"title": "{client} - {service}", **options}
        return IcsConnector(account(api_key=link or feed.url, options=written), client)

    yield made
    for client in clients:
        client.close()
