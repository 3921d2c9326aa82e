"""The simulated Cal.com, connectors on it, and a place for webhooks."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from massage_ins_bridge.api.connectors import AccountConfig, PlatformClient, Timeouts
from massage_ins_bridge_calcom.connector import CalcomConnector
from massage_ins_bridge_calcom_simulator.testing import Arrived, Mailbox, Simulator

SECRET, KEY = "whsec_for_tests", "cal_test_key"
FIELDS = {"insurance": "payer", "member": "member_id"}


def account_on(base_url: str) -> AccountConfig:
    return AccountConfig(
        name="front-desk", base_url=base_url, api_key=KEY, webhook_secret=SECRET, form_fields=FIELDS
    )


@pytest.fixture
def connector() -> Iterator[CalcomConnector]:
    """A connector that calls nobody."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise AssertionError("no call was expected")

    base = "https://api.cal.example"
    with PlatformClient(base, transport=httpx.MockTransport(refuse)) as client:
        yield CalcomConnector(account_on(base), client)


Answered = Callable[[Any], CalcomConnector]
Sign = Callable[[Any], Arrived]


@pytest.fixture
def answered() -> Answered:
    """A connector whose platform answers every call with this JSON."""

    def build(data: Any) -> CalcomConnector:
        base = "https://api.cal.example"
        transport = httpx.MockTransport(lambda request: httpx.Response(200, json=data))
        client = PlatformClient(base, transport=transport, per_minute=100_000)
        return CalcomConnector(account_on(base), client)

    return build


@pytest.fixture
def sign() -> Sign:
    """A delivery with our signature."""

    def build(body: Any) -> Arrived:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        digest = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        return Arrived(raw, {"x-cal-signature-256": digest})

    return build


class Calcom(Simulator):
    """The simulated Cal.com, and connectors on it."""

    def __init__(self) -> None:
        super().__init__("--api-key", KEY, "--secret", SECRET)
        self.clients: list[PlatformClient] = []

    def connector(self, **timeouts: float) -> CalcomConnector:
        client = PlatformClient(
            self.url, per_minute=100_000, timeout=Timeouts(**timeouts), sleep=_short
        )
        self.clients.append(client)
        return CalcomConnector(account_on(self.url), client)


def _short(seconds: float) -> None:
    time.sleep(min(seconds, 0.01))


@pytest.fixture(scope="session")
def running() -> Iterator[Calcom]:
    with Calcom() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Calcom) -> Iterator[Calcom]:
    yield running
    running.control("DELETE", "faults")
    while running.clients:
        running.clients.pop().close()


@pytest.fixture
def mailbox(simulator: Calcom) -> Iterator[Mailbox]:
    with Mailbox(simulator) as box:
        yield box


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 18, tzinfo=UTC)
