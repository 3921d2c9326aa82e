"""What every connector must be able to do, on a simulated Tollgate."""

import hmac
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from massage_ins_bridge_tollgate.connector import TollgateConnector

from massage_ins_bridge.api.connectors import AccountConfig
from massage_ins_bridge.testing.bookings import account
from massage_ins_bridge.testing.connectors import ConnectorSuite

START = datetime(2026, 12, 8, 18, tzinfo=UTC)


class Platform(ThreadingHTTPServer):
    """The platform, in memory."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.bookings: dict[str, dict[str, Any]] = {}
        self.reasons: dict[str, str] = {}
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def book(self, status: str) -> str:
        """A booking; its ref."""
        ref = f"b{len(self.bookings) + 1}"
        self.bookings[ref] = booking(ref, "booked" if status == "accepted" else "off")
        return ref


class Door(BaseHTTPRequestHandler):
    """Cancels, and does nothing else."""

    server: Platform

    def do_POST(self) -> None:
        """Cancel."""
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        ref = self.path.split("/")[2]
        found = self.server.bookings.get(ref)
        if found is None:
            self.send_error(404)
            return
        found["state"] = "off"
        self.server.reasons.setdefault(ref, asked["reason"])
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's own name
        """Say nothing."""


def booking(ref: str, state: str, start: datetime = START) -> dict[str, Any]:
    """One as the platform sends it."""
    client = {"name": "Ada Test", "email": "ada@example.com", "phone": None}
    times = {"starts": start.isoformat(), "ends": (start + timedelta(hours=1)).isoformat()}
    about = {"service": "s1", "staff": "mira", "answers": {"insurance": "Larch Mutual"}}
    return {"id": ref, "state": state, "client": client, **times, **about}


def body(state: str, delivery: str) -> bytes:
    """A delivery."""
    return json.dumps({"delivery": delivery, "booking": booking("b1", state)}).encode()


class TestTollgate(ConnectorSuite):
    connector_class = TollgateConnector
    deliveries = (body("booked", "d1"), body("off", "d2"))
    state_keys = ("state",)

    def sign(self, raw: bytes, secret: str) -> dict[str, str]:
        return {"x-signature": hmac.digest(secret.encode(), raw, "sha256").hex()}

    @pytest.fixture
    def platform(self) -> Iterator[Platform]:
        with Platform() as platform:
            yield platform
            platform.shutdown()

    @pytest.fixture
    def account(self, platform: Platform) -> AccountConfig:
        return account(base_url=platform.url)

    @pytest.fixture
    def book(self, platform: Platform) -> Callable[[str], str]:
        return platform.book
