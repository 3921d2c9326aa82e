"""A platform that speaks Standard Webhooks, beside one whole service."""

import base64
import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import standardwebhooks
from tests.databases import fresh_sqlite, settings_of
from tests.two_rules import two_rules_host

from massage_ins_bridge.desk.chart import add_fact
from massage_ins_bridge.desk.first_look import entered_by_hand
from massage_ins_bridge.desk.installation import Installation
from massage_ins_bridge.engine.worker import Worker
from massage_ins_bridge.store.keys import add_key
from massage_ins_bridge.testing.receiver import Receiver
from massage_ins_bridge.web.app import create_app
from massage_ins_bridge_webhook.connector import WebhookConnector

with warnings.catch_warnings():  # it would rather have another HTTP client than the one we ship
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

THEIRS = "whsec_" + base64.b64encode(b"p" * 32).decode()
OURS = "whsec_" + base64.b64encode(b"o" * 32).decode()


@dataclass
class Platform:
    """The platform's side, with the library of the specification."""

    http: Any
    installation: Installation
    receiver: Receiver
    key: str
    sent: int = 0
    states: dict[str, dict[str, Any]] = field(default_factory=dict)

    def send(self, ref: str, *, at: datetime | None = None, **changed: Any) -> Any:
        """A message about a booking as it stands now, signed now or at another time."""
        self.sent += 1
        moment = datetime.now(UTC)
        start = (moment + timedelta(days=14)).replace(microsecond=0)
        usual = {
            "id": ref,
            "status": "pending",
            "start": start.isoformat(),
            "service": "1",
            "client": {"name": f"Ann {ref}", "email": f"{ref}@example.com"},
            "answers": {"payer": "regence"},
        }
        kind = "booking.updated" if ref in self.states else "booking.created"
        self.states[ref] = {**self.states.get(ref, usual), **changed}
        message = {"type": kind, "timestamp": moment.isoformat(), "data": self.states[ref]}
        return self.post(json.dumps(message), f"msg_{self.sent}", at)

    def post(self, body: str, message_id: str, at: datetime | None = None) -> Any:
        moment = at or datetime.now(UTC)
        signature = standardwebhooks.Webhook(THEIRS).sign(message_id, moment, body)
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signature,
        }
        return self.http.post("/webhooks/desk", content=body, headers=headers)

    def told(self, ref: str) -> list[str]:
        """What it was told of a booking, each message verified."""
        found = []
        for taken in self.receiver.took:
            said = standardwebhooks.Webhook(OURS).verify(taken.body, dict(taken.headers))
            if said["data"]["id"] == ref:
                found.append(str(said["data"]["action"]))
        return found

    def api(self, method: str, path: str) -> Any:
        headers = {"authorization": f"Bearer {self.key}"}
        return self.http.request(method, path, headers=headers).json()

    def confirm_coverage(self, ref: str) -> None:
        with self.installation.write() as record:
            row = record.bookings.by_ref("desk", ref)
            assert row is not None
            for fact in record.facts.list(row.patient_id, "coverage"):
                record.facts.remove(fact)
            data = {"payer": "regence", "staff_confirmed": True}
            add_fact(record, row.patient_id, "coverage", data)

    def status(self, ref: str) -> str | None:
        """The platform's state of a booking, as the bridge knows it."""
        found = self.api("GET", f"/v1/bookings?ref={ref}")["bookings"]
        return str(found[0]["platform_status"]) if found else None

    def writes(self, state: str) -> list[dict[str, Any]]:
        found = self.api("GET", f"/v1/writes?state={state}")["writes"]
        return [one for one in found if one["kind"] != "hold"]


def serve(folder: Path, receiver: Receiver, *, again: bool = False) -> Iterator[Platform]:
    """One service, from its start to its stop; ``again``: the next one on the same folder."""
    if not again:
        fresh_sqlite(folder)
    account = {
        "name": "desk",
        "connector": "webhook",
        "enforcement": "enforce",
        "base_url": receiver.url,
        "api_key": OURS,
        "webhook_secret": THEIRS,
        "refuse_after_minutes": 0,
        "refuse_in_office_hours": False,
        "services": {"1": {"service": "medical-massage", "self_pay": False}},
    }
    settings = settings_of(folder, None, accounts=[account])
    app = create_app(settings, two_rules_host(), None, {"webhook": WebhookConnector})
    worker: Worker = app.state.worker
    installation = worker.installation
    with installation.write() as record:
        entered_by_hand(record, installation.accounts["desk"])
    name = "tests again" if again else "tests"
    key = add_key(installation.store, "default", name, datetime.now(UTC))
    with TestClient(app, "http://127.0.0.1", client=("127.0.0.1", 5)) as http:
        yield Platform(http, installation, receiver, key)
