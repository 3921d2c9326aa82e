"""What every connector must be able to do, on a receiver of webhooks."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from massage_ins_bridge.api.connectors import AccountConfig, StaleDeliveryError
from massage_ins_bridge.testing.amiss import Unreachable
from massage_ins_bridge.testing.bookings import account
from massage_ins_bridge.testing.connectors import Connect, ConnectorSuite
from massage_ins_bridge.testing.receiver import Receiver
from massage_ins_bridge_webhook.connector import WebhookConnector

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OURS = "whsec_" + base64.b64encode(b"o" * 32).decode()


def body(kind: str, status: str, **changed: Any) -> bytes:
    data = {
        "id": "b-1",
        "status": status,
        "start": "2026-12-08T18:00:00Z",
        "service": "1",
        "client": {"name": "Ada Test", "email": "ada@example.com"},
        "answers": {"payer": "Regence"},
        **changed,
    }
    return json.dumps({"type": kind, "timestamp": "2026-11-22T18:00:00.5Z", "data": data}).encode()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


class TestWebhook(ConnectorSuite):
    connector_class = WebhookConnector
    deliveries = (
        body("booking.created", "pending"),
        body("booking.created", "accepted", id="b-2", moved_from="b-1"),
        body("booking.updated", "cancelled"),
        body("booking.updated", "no-show"),
        b'{"type":"ping"}',
    )

    def sign(self, raw: bytes, secret: str) -> dict[str, str]:
        """By whatever the secret is; by nobody's secret as nobody."""
        message_id = f"msg_{hashlib.sha256(raw).hexdigest()[:20]}"
        seconds = int(self.now.timestamp())
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError:
            key = secret.encode()
        signed = f"{message_id}.{seconds}.".encode() + raw
        digest = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": f"v1,{digest}",
        }

    @pytest.fixture
    def account(self, receiver: Receiver) -> AccountConfig:
        return account(base_url=receiver.url, api_key=OURS, webhook_secret=SECRET)

    @pytest.fixture
    def book(self) -> Callable[[str], str]:
        numbers = count(1)
        return lambda _status: f"b-{next(numbers)}"

    def test_a_delivery_of_a_year_ago_is_stale(
        self, account: AccountConfig, connect: Connect
    ) -> None:
        raw = self.deliveries[0]
        headers = self.sign(raw, account.webhook_secret)
        with pytest.raises(StaleDeliveryError):
            connect(Unreachable).verify(headers, raw, self.url, self.now + timedelta(days=365))


class TestMarkingWebhook(TestWebhook):
    """Where the platform marks bookings."""

    @pytest.fixture
    def account(self, receiver: Receiver) -> AccountConfig:
        marks = {"hold": "mark"}
        keys = {"api_key": OURS, "webhook_secret": SECRET}
        return account(base_url=receiver.url, options=marks, **keys)
