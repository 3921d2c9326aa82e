"""Connectors on real calendar servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    PlatformClient,
    ServiceMeaning,
    Timeouts,
)
from massage_ins_bridge.testing.calendar_servers import PASSWORD, USER, CalendarServer
from massage_ins_bridge_caldav.connector import CaldavConnector

SERVICES = {
    "Medical massage": ServiceMeaning("medical-massage", self_pay=False),
    "Relaxation": ServiceMeaning("relaxation", self_pay=True),
}
_numbers = count(1)


def _account(base_url: str, **changed: Any) -> AccountConfig:
    given: dict[str, Any] = {
        "name": "calendar",
        "base_url": base_url,
        "api_key": PASSWORD,
        "webhook_secret": "",
        "services": SERVICES,
        "form_fields": {"Insurance": "payer", "Member ID": "member_id"},
        "options": {"username": USER, **changed.pop("options", {})},
    }
    return AccountConfig(**{**given, **changed})


AccountOn = Callable[..., AccountConfig]
Connect = Callable[..., CaldavConnector]


@pytest.fixture
def account_on() -> AccountOn:
    """The account of a calendar server at an address; what is named changes it."""
    return _account


@pytest.fixture
def connect() -> Iterator[Connect]:
    """A connector on the server at an address; what is named changes the account."""
    clients: list[PlatformClient] = []

    def made(
        base_url: str, client: type[PlatformClient] = PlatformClient, **changed: Any
    ) -> CaldavConnector:
        clients.append(client(base_url, per_minute=100_000, timeout=Timeouts(total=20.0)))
        return CaldavConnector(_account(base_url, **changed), clients[-1])

    yield made
    for one in clients:
        one.close()


@pytest.fixture(params=["radicale", "xandikos"])
def server(request: pytest.FixtureRequest) -> CalendarServer:
    """Each of the real servers."""
    found: CalendarServer = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def calendar(server: CalendarServer) -> str:
    """A calendar of its own on the server."""
    return server.make(f"mira-{next(_numbers)}")
