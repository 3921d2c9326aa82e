"""The simulated Cal.com as a process of its own, connectors on it, and a place for webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from massage_ins_bridge.api.connectors import AccountConfig, PlatformClient, Timeouts
from massage_ins_bridge_calcom.connector import CalcomConnector

SECRET, KEY = "whsec_for_tests", "cal_test_key"
FIELDS = {"insurance": "payer", "member": "member_id"}


def account_on(base_url: str) -> AccountConfig:
    return AccountConfig(
        name="front-desk",
        base_url=base_url,
        api_key=KEY,
        webhook_secret=SECRET,
        form_fields=FIELDS,
    )


@pytest.fixture
def connector() -> Iterator[CalcomConnector]:
    """A connector that calls nobody."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise AssertionError("no call was expected")

    base = "https://api.cal.example"
    with PlatformClient(base, transport=httpx.MockTransport(refuse)) as client:
        yield CalcomConnector(account_on(base), client)


@pytest.fixture
def answered() -> Callable[[Any], CalcomConnector]:
    """A connector whose platform answers every call with this JSON."""

    def build(data: Any, status: int = 200) -> CalcomConnector:
        base = "https://api.cal.example"
        transport = httpx.MockTransport(lambda request: httpx.Response(status, json=data))
        client = PlatformClient(base, transport=transport, per_minute=100_000)
        return CalcomConnector(account_on(base), client)

    return build


@dataclass(frozen=True)
class Signed:
    raw: bytes
    headers: dict[str, str]


@pytest.fixture
def sign() -> Callable[..., Signed]:
    """A delivery with our signature."""

    def build(body: Any) -> Signed:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        digest = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        return Signed(raw, {"x-cal-signature-256": digest})

    return build


@dataclass(frozen=True)
class Standin:
    url: str
    http: httpx.Client
    journal_file: Path
    clients: list[PlatformClient] = field(default_factory=list)

    def control(self, method: str, path: str, **body: Any) -> Any:
        answer = self.http.request(method, f"/_standin/{path}", json=body or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def book(self, **fields: Any) -> str:
        """The uid of a new booking (of a series: of its first occurrence)."""
        person = {"name": "Ada Test", "email": "ada@example.com", "phone": "+12065550100"}
        start = {"event_type": 30412, "start": "2026-12-08T10:00:00-08:00"}
        made = self.control("POST", "bookings", **{**person, **start, **fields})
        return str((made[0] if isinstance(made, list) else made)["uid"])

    def changes(self, uid: str) -> list[tuple[str, str, str]]:
        entries = self.http.get("/_standin/journal", params={"kind": "change", "uid": uid}).json()
        return [(e["from"], e["to"], e["by"]) for e in entries]

    def calls(self, uid: str, action: str) -> list[dict[str, Any]]:
        wanted = {"kind": "call", "uid": uid, "action": action}
        found: list[dict[str, Any]] = self.http.get("/_standin/journal", params=wanted).json()
        return found

    def connector(self, **timeouts: float) -> CalcomConnector:
        client = PlatformClient(
            self.url, per_minute=100_000, timeout=Timeouts(**timeouts), sleep=_short
        )
        self.clients.append(client)
        return CalcomConnector(account_on(self.url), client)


def _short(seconds: float) -> None:
    time.sleep(min(seconds, 0.01))


@pytest.fixture(scope="session")
def standin_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standin]:
    journal = tmp_path_factory.mktemp("calcom") / "journal.jsonl"
    command = [sys.executable, "-m", "massage_ins_bridge_calcom.standin", "--api-key", KEY]
    command += ["--secret", SECRET, "--journal", str(journal)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with httpx.Client(base_url=url, trust_env=False, timeout=30) as http:
            yield Standin(url, http, journal)
        process.terminate()


@pytest.fixture
def standin(standin_process: Standin) -> Iterator[Standin]:
    yield standin_process
    standin_process.control("DELETE", "faults")
    while standin_process.clients:
        standin_process.clients.pop().close()


@dataclass(frozen=True)
class Mailbox:
    """Webhooks as they came in; the first ``refuse`` of them get a 503."""

    url: str
    arrived: list[Signed]
    refusals: list[int]

    def wait_for(self, trigger: str, uid: str) -> Signed:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            for delivery in list(self.arrived):
                body = json.loads(delivery.raw)
                ref = body["payload"].get("uid") or body["payload"].get("bookingUid")
                if (body["triggerEvent"], ref) == (trigger, uid):
                    return delivery
            time.sleep(0.02)
        raise AssertionError(f"no {trigger} for {uid}")


@pytest.fixture
def mailbox(standin: Standin) -> Iterator[Mailbox]:
    arrived: list[Signed] = []
    refusals: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(refusals.pop() if refusals else 202)
            arrived.append(Signed(raw, {k.lower(): v for k, v in self.headers.items()}))
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/webhooks/front-desk"
        standin.control("POST", "settings", webhook_url=url)
        yield Mailbox(url, arrived, refusals)
        standin.control("POST", "settings", webhook_url="")
        server.shutdown()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 18, tzinfo=UTC)
