"""What every connector must be able to do, and a feed's does, on a real server."""

from collections.abc import Callable, Iterator
from typing import Literal

import pytest

from massage_ins_bridge.api.connectors import AccountConfig
from massage_ins_bridge.testing.bookings import account
from massage_ins_bridge.testing.connectors import ConnectorSuite
from massage_ins_bridge.testing.feeds import FeedServer
from massage_ins_bridge_ics.connector import IcsConnector


class TestIcs(ConnectorSuite):
    connector_class = IcsConnector

    @pytest.fixture
    def feed(self) -> Iterator[FeedServer]:
        with FeedServer() as server:
            yield server

    @pytest.fixture
    def account(self, feed: FeedServer) -> AccountConfig:
        return account(
            base_url=IcsConnector.default_base_url,
            api_key=feed.url,
            options={"title": "{client} - {service}"},
        )

    @pytest.fixture
    def book(self, feed: FeedServer) -> Callable[[str], str]:
        states: dict[str, Literal["TENTATIVE", "CONFIRMED"]] = {
            "pending": "TENTATIVE",
            "accepted": "CONFIRMED",
        }
        return lambda status: feed.book(status=states[status])
