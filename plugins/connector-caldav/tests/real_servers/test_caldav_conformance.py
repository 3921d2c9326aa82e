"""What every connector must be able to do, on real calendar servers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from massage_ins_bridge.api.connectors import AccountConfig, PlatformClient, PlatformResponse
from massage_ins_bridge.testing.calendar_servers import CalendarServer, event
from massage_ins_bridge.testing.connectors import Connect, ConnectorSuite
from massage_ins_bridge_caldav.connector import CaldavConnector

if TYPE_CHECKING:
    from real_servers.conftest import AccountOn

_numbers = count(1)


def amiss(pattern: bytes, by: bytes) -> type[PlatformClient]:
    """A server whose answers say something else."""

    class Amiss(PlatformClient):
        def send(self, *given: Any, **options: Any) -> PlatformResponse:
            answer = super().send(*given, **options)
            return replace(answer, body=re.sub(pattern, by, answer.body))

    return Amiss


class TestCaldav(ConnectorSuite):
    connector_class = CaldavConnector

    @pytest.fixture
    def account(
        self, server: CalendarServer, calendar: str, account_on: AccountOn
    ) -> AccountConfig:
        return replace(account_on(server.url, hosts=(calendar,)), webhook_secret="of a test")

    @pytest.fixture
    def book(self, server: CalendarServer, calendar: str) -> Callable[[str], str]:
        def made(status: str) -> str:
            uid, state = f"b{next(_numbers)}", {"pending": "TENTATIVE", "accepted": "CONFIRMED"}
            body = event(uid, days=next(_numbers) % 50, more=f"STATUS:{state[status]}\n")
            return server.put(calendar, uid, body)

        return made

    @pytest.fixture
    def unknown_ref(self, calendar: str) -> str:
        return f"{calendar}/no-such-booking.ics"

    def on_amiss(self, connect: Connect, what: str, ref: str, other: str) -> Any:
        here, there = (one.rpartition("/")[2].encode() for one in (ref, other))
        return connect(
            {
                "unknown state": amiss(b"STATUS:[A-Z]+", b"STATUS:BRAND-NEW"),
                "naive times": amiss(rb"(DT(?:START|END):\d+T\d{6})Z", rb"\1"),
                "another booking": amiss(re.escape(here), there),
            }[what]
        )
