"""A connector on a CalDAV server whose ways can be turned."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    PlatformClient,
    ServiceMeaning,
    Timeouts,
)
from massage_ins_bridge.testing.unpleasant_caldav import UnpleasantCaldav
from massage_ins_bridge_caldav.connector import CaldavConnector


@pytest.fixture
def server() -> UnpleasantCaldav:
    return UnpleasantCaldav()


@pytest.fixture
def connector(server: UnpleasantCaldav) -> Iterator[CaldavConnector]:
    account = AccountConfig(
        name="calendar",
        base_url="https://dav.example",
        api_key="secret-password",
        webhook_secret="",
        services={"Medical massage": ServiceMeaning("medical-massage", self_pay=False)},
        options={"username": "clinic"},
    )
    with PlatformClient(
        account.base_url,
        per_minute=100_000,
        timeout=Timeouts(total=20),
        transport=httpx.MockTransport(server),
        sleep=lambda _seconds: None,
    ) as client:
        yield CaldavConnector(account, client)
