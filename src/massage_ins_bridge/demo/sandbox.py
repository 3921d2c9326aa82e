"""A sandbox for whoever writes a platform's side: a bridge of its own, with invented clients, in a
temporary folder that is gone at the end. Nothing of a real installation is read or written."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import tomlkit
from sqlalchemy import update

from ..desk.chart import add_client, add_fact
from ..desk.clock import SystemClock
from ..desk.first_look import entered_by_hand
from ..desk.installation import build_installation
from ..settings import DEFAULT_CLINIC, Settings, StartError, load_settings
from ..store.keys import add_key
from ..store.task_models import WakeupRow
from .sandbox_people import OTHERS, PEOPLE

ACCOUNT = "sandbox"
#: Known to everybody: a real account refuses both.
PLATFORM_SECRET = "whsec_c2FuZGJveDogdGhlIHBsYXRmb3JtIHNpZ25zIHRoaXM="  # noqa: S105
BRIDGE_SECRET = "whsec_c2FuZGJveDogdGhlIGJyaWRnZSBzaWducyB0aGlzIQ=="  # noqa: S105
NEEDED = {"webhook": "connector-webhook", "regence": "payer-regence", "lni": "payer-lni"}
#: What would lead to a real installation.
REAL = ("MIB_CONFIG", "MIB_DATABASE_URL", "MIB_DATABASE_URL_FILE", "MIB_DATA_DIR", "MIB_SECRET_KEY")
MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that is ready to be served."""

    settings: Settings
    key: str


def refuse_what_is_real(environ: Mapping[str, str], **options: object) -> None:
    """Raises ``StartError`` where a setting or an option would lead to a real installation."""
    given = [f"--{name}" for name, value in options.items() if value not in (None, 1)]
    given += [name for name in REAL if environ.get(name)]
    if given:
        raise StartError(
            f"sandbox: {', '.join(given)} belongs to a real installation; a sandbox has settings "
            "and a database of its own. Leave it out"
        )


def missing_plugins() -> StartError | None:
    """What to install first, if anything."""
    names = {point.name for point in entry_points(group="massage_ins_bridge")}
    missing = [package for name, package in NEEDED.items() if name not in names]
    if not missing:
        return None
    packages = " ".join(f"massage-ins-bridge-{package}" for package in missing)
    return StartError(f"sandbox: plugins are not installed; pip install {packages}")


def prepare(folder: Path, send_to: str, port: int) -> Sandbox:
    """Settings, database and clients in an empty folder. Raises ``StartError``."""
    if any(folder.iterdir()):
        raise StartError(f"sandbox: {folder} is not empty; a sandbox begins anew each time")
    file = folder / "massage-ins-bridge.toml"
    file.write_text(tomlkit.dumps(_settings(folder, send_to, port)), encoding="utf-8")
    settings = load_settings(file, environ={})
    installation = build_installation(settings, SystemClock())
    try:
        with installation.write() as record:
            for person in PEOPLE:
                known = {"name": person.name, "email": person.email, "birth_date": "1980-02-03"}
                more = {"intake_received": person.intake, "acknowledged_on": "2026-11-02"}
                patient = add_client(record, {**known, **more}).id
                for kind, fact in person.on_file(record.today):
                    add_fact(record, patient, kind, fact)
            entered_by_hand(record, installation.accounts[ACCOUNT])
            # nobody has booked yet: nothing is to be decided again
            record.session.execute(update(WakeupRow).values(done_at=record.now))
        key = add_key(installation.store, DEFAULT_CLINIC, "sandbox", datetime.now(UTC))
    finally:
        installation.close()
    return Sandbox(settings, key)


def _settings(folder: Path, send_to: str, port: int) -> dict[str, Any]:
    since = [{"status": "in", "from": "2015-01-01"}]
    account = {
        "name": ACCOUNT,
        "connector": "webhook",
        "enforcement": "enforce",
        "base_url": send_to,
        "api_key": BRIDGE_SECRET,
        "webhook_secret": PLATFORM_SECRET,
        "rate_limit": 10_000,
        "refuse_after_minutes": 0,  # whoever tries it out need not wait
        "refuse_in_office_hours": False,
        "services": {
            "massage": {"service": "medical-massage", "self_pay": False},
            "relaxation": {"service": "relaxation-massage", "self_pay": True},
        },
        "options": {"strict": True, "test": True},
    }
    return {
        "host": "127.0.0.1",
        "port": port,
        "data_dir": str(folder / "data"),
        "clinic": {
            "name": "SANDBOX: no real clinic, invented clients",
            "timezone": "America/Los_Angeles",
            "prior_approval": "payer",
            "network": {"regence": since, "lni": since},
        },
        "accounts": [account],
    }


def words(made: Sandbox, send_to: str, sink: str | None) -> Iterator[str]:
    """What whoever starts it is told, line by line."""
    here = f"http://127.0.0.1:{made.settings.port}"
    yield "SANDBOX. Every client is invented, and all of it is gone when you press Ctrl-C."
    yield ""
    yield f"send bookings to    {here}/webhooks/{ACCOUNT}"
    yield f"sign them with      {PLATFORM_SECRET}"
    yield f"decisions go to     {send_to}"
    yield f"they are signed by  {BRIDGE_SECRET}"
    if sink:
        yield f"and are shown here, and by `curl {sink}`; --send-to URL sends them to you"
    yield f"key for /v1         {made.key}"
    yield "services            massage (billed to insurance), relaxation (self-pay)"
    yield ""
    yield "Book massage two weeks ahead for"
    for person in PEOPLE:
        yield f"  {person.name:<13} {person.email:<20} {person.outcome:<6} {person.why}"
    for who, outcome, why in OTHERS:
        yield f"  {who:<35} {outcome:<6} {why}"
    yield ""
    yield "What to send: massage-ins-bridge schema webhook.booking"
    yield "What comes:   massage-ins-bridge schema webhook.decision"


@contextmanager
def catching(port: int, tell: Callable[[str], None]) -> Iterator[str]:
    """A place for decisions, for whoever has no receiver yet: it takes each, tells of it, and gives
    all of them as JSON. The address. Raises ``StartError``."""
    taken: list[Any] = []

    class Catcher(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            message = json.loads(body)
            taken.append({"webhook-id": self.headers.get("webhook-id"), **message})
            del taken[:-MOST_KEPT]
            tell(f"decision: {json.dumps(message, ensure_ascii=False)}")
            self._answer(204, b"")

        def do_GET(self) -> None:
            self._answer(200, json.dumps(taken, ensure_ascii=False, indent=2).encode() + b"\n")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if status != 204:
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Catcher)
    except OSError as error:
        raise StartError(
            f"sandbox: 127.0.0.1:{port} cannot be used ({error.strerror}); choose another --port, "
            "the one after it being that of the decisions, or say --send-to"
        ) from None
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/decisions"
    finally:
        server.shutdown()
        server.server_close()
