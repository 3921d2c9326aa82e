"""For tests: a simulator in a thread of this process, and a place where its webhooks arrive."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import httpx

from .command import address, arguments, listen, server

START_SECONDS = WEBHOOK_SECONDS = 10.0
PERSON = {"name": "Ada Test", "email": "ada@example.com", "phone": "+12065550100"}
#: Of the bookings in the API, unless a call says otherwise.
API_VERSION = "2024-08-13"
SLOT = {"event_type": 30412, "start": "2026-12-08T10:00:00-08:00"}


class Simulator:
    """A simulated Cal.com that serves while the ``with`` lasts; it takes the arguments of
    ``calcom-simulator``. ``http`` speaks to ``url``."""

    def __init__(self, *options: str) -> None:
        given = arguments(list(options))
        self._server = server(given)
        self._key = {"authorization": f"Bearer {given.api_key}", "cal-api-version": API_VERSION}
        self._listener = listen()
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True
        )
        self.url = address(self._listener)
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=30)

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the simulator is not up after {START_SECONDS:g} s")
            time.sleep(0.005)
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.close()
        self._server.should_exit = True
        self._thread.join(START_SECONDS)
        self._listener.close()

    def control(self, method: str, path: str, **body: Any) -> Any:
        """What a control under ``/_standin/`` answers; it must not refuse."""
        answer = self.http.request(method, f"/_standin/{path}", json=body or None)
        answer.raise_for_status()
        return answer.json()

    def api(self, method: str, path: str, **body: Any) -> httpx.Response:
        """What the API answers to a call with its key."""
        return self.http.request(method, f"/v2/{path}", headers=self._key, json=body or None)

    def look(self, path: str, version: str = API_VERSION, **query: str) -> httpx.Response:
        """What the API shows of that version to its key."""
        headers = {**self._key, "cal-api-version": version}
        return self.http.get(f"/v2/{path}", params=query, headers=headers)

    def settle(self) -> None:
        """Wait until no webhook is on its way."""
        wait_until(lambda: self.control("GET", "webhooks")["pending"] == 0)

    def book(self, **fields: Any) -> str:
        """The uid of a new booking (of a series: of its first occurrence)."""
        made = self.control("POST", "bookings", **{**PERSON, **SLOT, **fields})
        return str((made[0] if isinstance(made, list) else made)["uid"])

    def catch_up(self) -> None:
        """What the API reads from has caught up with every change so far."""
        self.control("POST", "replica")

    def booking(self, uid: str) -> dict[str, Any]:
        """One booking as the API shows it."""
        found: list[dict[str, Any]] = self.control("GET", "bookings")
        return next(booking for booking in found if booking["uid"] == uid)

    def journal(self, **wanted: str) -> list[dict[str, Any]]:
        """The journal's entries whose fields have the wanted values."""
        found: list[dict[str, Any]] = self.http.get("/_standin/journal", params=wanted).json()
        return found

    def changes(self, uid: str) -> list[tuple[str, str, str]]:
        """Each change of a booking: from which state, to which, by whom."""
        found = self.journal(kind="change", uid=uid)
        return [(entry["from"], entry["to"], entry["by"]) for entry in found]

    def calls(self, uid: str, action: str) -> list[dict[str, Any]]:
        """The API calls about one booking."""
        return self.journal(kind="call", uid=uid, action=action)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A webhook as it came in; names of headers are in lower case."""

    raw: bytes
    headers: dict[str, str]

    def speaks_of(self, trigger: str, uid: str) -> bool:
        """Whether it is this event of this booking."""
        body = json.loads(self.raw)
        ref = body["payload"].get("uid") or body["payload"].get("bookingUid")
        return bool((body["triggerEvent"], ref) == (trigger, uid))


def wait_until(there: Callable[[], object], seconds: float = WEBHOOK_SECONDS) -> None:
    """Wait until something is there. Raises ``TimeoutError``."""
    deadline = time.monotonic() + seconds
    while not there():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not there after {seconds:g} s")
        time.sleep(0.02)


class Mailbox(ThreadingHTTPServer):
    """Takes a simulator's webhooks while the ``with`` lasts. The first answers are those in
    ``refusals``, the others are 202; an address with more behind it is redirected here.
    ``on_arrival`` is called before each answer."""

    daemon_threads = True

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.url = f"http://127.0.0.1:{self.server_port}/webhooks/front-desk"
        self.arrived: list[Arrived] = []
        self.refusals: list[int] = []
        self.on_arrival: Callable[[], object] = lambda: None
        self._simulator = simulator

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        self._simulator.control("POST", "settings", webhook_url=self.url)
        return self

    def __exit__(self, *_error: object) -> None:
        self._simulator.control("POST", "settings", webhook_url="")
        self.shutdown()
        self.server_close()

    def wait_for(self, trigger: str, uid: str) -> Arrived:
        """The first webhook about this event of this booking."""
        found: list[Arrived] = []

        def there() -> bool:
            found.extend(one for one in list(self.arrived) if one.speaks_of(trigger, uid))
            return bool(found)

        try:
            wait_until(there)
        except TimeoutError:
            raise TimeoutError(f"no {trigger} for {uid}") from None
        return found[0]


class _Door(BaseHTTPRequestHandler):
    server: Mailbox

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        if not self.server.url.endswith(self.path):
            self.send_response(307)
            self.send_header("location", self.server.url)
            self.end_headers()
            return
        self.server.on_arrival()
        refusals = self.server.refusals
        self.send_response(refusals.pop() if refusals else 202)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.arrived.append(Arrived(raw, headers))
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""
