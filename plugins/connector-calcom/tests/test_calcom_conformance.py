"""What every connector must be able to do, and Cal.com's does, on the simulated platform."""

import hmac
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from massage_ins_bridge.api.connectors import AccountConfig
from massage_ins_bridge.testing.bookings import account
from massage_ins_bridge.testing.connectors import ConnectorSuite
from massage_ins_bridge_calcom.connector import CalcomConnector
from massage_ins_bridge_calcom_simulator.testing import Simulator
from massage_ins_bridge_calcom_simulator.ways import WAYS

KEY = "cal_test_key"
#: Event types of the simulator, by the state in which their bookings begin.
EVENT_TYPES = {"pending": 30412, "accepted": 30413}


def body(trigger: str, status: str | None = None, **changed: Any) -> bytes:
    payload = {
        "uid": "abc",
        "startTime": "2026-12-08T18:00:00Z",
        "endTime": "2026-12-08T19:00:00Z",
        "attendees": [{"name": "Ada Test", "email": "ada@example.com"}],
        "responses": {"insurance": {"label": "Insurance", "value": "Regence"}},
        "eventTypeId": 30412,
        "status": status,
    }
    sent = {"triggerEvent": trigger, "createdAt": "2026-11-22T18:00:00.500Z"}
    return json.dumps({**sent, "payload": {**payload, **changed}}).encode()


def half(seed: int) -> list[str]:
    """Options that turn a random half of the ways off."""
    off = random.Random(seed).sample(sorted(WAYS), len(WAYS) // 2)
    return [part for name in off for part in ("--unlike", name)]


class TestCalcom(ConnectorSuite):
    """With all ways on."""

    connector_class = CalcomConnector
    deliveries = (
        body("BOOKING_REQUESTED", "PENDING"),
        body("BOOKING_CREATED", "ACCEPTED", rescheduleUid="old"),
        body("BOOKING_CANCELLED", "CANCELLED"),
        body("BOOKING_NO_SHOW_UPDATED", bookingUid="abc"),
        body("MEETING_ENDED"),
    )

    def sign(self, raw: bytes, secret: str) -> dict[str, str]:
        return {"x-cal-signature-256": hmac.digest(secret.encode(), raw, "sha256").hex()}

    @pytest.fixture
    def account(self, simulator: Simulator) -> AccountConfig:
        return account(base_url=simulator.url, api_key=KEY)

    @pytest.fixture
    def book(self, simulator: Simulator) -> Callable[[str], str]:
        def made(status: str) -> str:
            uid = simulator.book(event_type=EVENT_TYPES[status])
            simulator.catch_up()
            return uid

        return made


@pytest.fixture(scope="module", params=[1, 2])
def plainer(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    with Simulator("--api-key", KEY, *half(request.param)) as made:
        made.control("POST", "settings", now=TestCalcom.now.isoformat())
        yield made


class TestPlainerCalcom(TestCalcom):
    """With a random half of the ways off."""

    @pytest.fixture
    def simulator(self, plainer: Simulator) -> Simulator:
        return plainer
