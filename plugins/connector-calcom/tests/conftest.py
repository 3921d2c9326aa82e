"""The simulated Cal.com, connectors on it, and a place for webhooks."""

import dataclasses
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Self

import httpx
import pytest

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    PlatformClient,
    ServiceMeaning,
    Timeouts,
)
from massage_ins_bridge_calcom.connector import CalcomConnector
from massage_ins_bridge_calcom_simulator.testing import Arrived, Mailbox, Simulator

SECRET, KEY = "whsec_for_tests", "cal_test_key"
FIELDS = {"insurance": "payer", "member": "member_id"}
#: When it is in the simulated Cal.com, on whatever day the tests run.
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


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
    """A connector whose platform answers every call with this JSON, but for whose key it is."""

    def build(data: Any) -> CalcomConnector:
        base = "https://api.cal.example"

        def answer(request: httpx.Request) -> httpx.Response:
            own = request.url.path == "/v2/me"
            return httpx.Response(200, json={"data": {"id": 5}} if own else data)

        transport = httpx.MockTransport(answer)
        client = PlatformClient(base, transport=transport, per_minute=100_000, sleep=_short)
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
    """The simulated Cal.com with all its ways, and connectors on it."""

    def __init__(self, *options: str) -> None:
        super().__init__("--api-key", KEY, "--secret", SECRET, *options)
        self.clients: list[PlatformClient] = []

    def __enter__(self) -> Self:
        super().__enter__()
        self.control("POST", "settings", now=NOW.isoformat())
        return self

    def connector(
        self, services: Mapping[str, ServiceMeaning] | None = None, **timeouts: float
    ) -> CalcomConnector:
        client = PlatformClient(
            self.url, per_minute=100_000, timeout=Timeouts(**timeouts), sleep=_short
        )
        self.clients.append(client)
        account = dataclasses.replace(account_on(self.url), services=services or {})
        return CalcomConnector(account, client)

    def settled(self, **fields: Any) -> str:
        """The uid of a new booking that the API shows by now."""
        uid = self.book(**fields)
        self.catch_up()
        return uid

    def act(self, uid: str, verb: str, **fields: Any) -> Any:
        """What a person does in Cal.com, once the API shows it."""
        done = self.control("POST", f"bookings/{uid}/{verb}", **fields)
        self.catch_up()
        return done


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
    running.control("DELETE", "webhooks")
    running.catch_up()
    while running.clients:
        running.clients.pop().close()


@pytest.fixture
def alone() -> Iterator[Calcom]:
    """One for a test whose settings nobody else should have."""
    with Calcom() as simulator:
        yield simulator
        while simulator.clients:
            simulator.clients.pop().close()


@pytest.fixture
def calcom_of() -> type[Calcom]:
    """For a test that gives it options of its own."""
    return Calcom


@pytest.fixture
def mailbox(simulator: Calcom) -> Iterator[Mailbox]:
    with Mailbox(simulator) as box:
        yield box


@pytest.fixture
def now() -> datetime:
    return NOW
