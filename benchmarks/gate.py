"""A platform that asks before it books: how long fifty clients at once wait for their answers, in
quiet and beside a burst of bookings."""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import update

from massage_ins_bridge.desk.chart import add_client, add_fact
from massage_ins_bridge.desk.clock import SystemClock
from massage_ins_bridge.desk.installation import build_installation
from massage_ins_bridge.settings import load_settings
from massage_ins_bridge.store.keys import add_key
from massage_ins_bridge.store.task_models import WakeupRow
from massage_ins_bridge.testing.installation import ACCOUNT, BridgeProcess, Installation
from massage_ins_bridge.web.door.logs import configure_logs

from .burst import BOOKINGS, SETTLING, burst
from .deliveries import MEDICAL, NO_LAG
from .load import LoadError, Poster, Tally
from .rounds import Report, Spread, progress

ROUNDS, CLIENTS, QUESTIONS = 3, 50, 3
#: So long each client thinks between two questions, in seconds.
THINKS = 4.0
_PRESCRIBER = {
    "name": "Test Prescriber",
    "credential": "MD",
    "npi": "1234567893",
    "state": "WA",
}
GATE, CHECK = "/v1/gate", "/v1/check"


def run(rounds: int = ROUNDS) -> Report:
    """A fresh installation for each round."""
    found: dict[str, list[Waits]] = {"quiet": [], "burst": [], "check, burst": []}
    rates = []
    for number in range(rounds):
        progress(f"gate: round {number + 1} of {rounds}")
        with (
            tempfile.TemporaryDirectory(prefix="mib-bench-") as name,
            Installation(Path(name), options=NO_LAG) as installation,
        ):
            key = _known_clients(installation.config)
            service = installation.serve()
            url = service.wait_ready()
            installation.send_webhooks_to(url)
            time.sleep(SETTLING)
            port = urlsplit(url).port or 0
            found["quiet"].append(_asked(port, _requests(GATE, key, "a")))
            beside, rate = _beside(installation, service, port, _requests(GATE, key, "b"), 0)
            found["burst"].append(beside)
            rates.append(rate)
            checks = _requests(CHECK, key, "c")
            found["check, burst"].append(_beside(installation, service, port, checks, BOOKINGS)[0])
    return _report(found, rates)


@dataclass(frozen=True, slots=True)
class Waits:
    """How long the clients waited, in milliseconds."""

    p50: float
    p99: float


def _report(found: dict[str, list[Waits]], rates: list[float]) -> Report:
    report = Report(
        "gate",
        f"{CLIENTS} clients who ask the gate {QUESTIONS} times, with {THINKS:.0f} s to think in "
        f"between, each about a client with a coverage and a prescription on file; in quiet, and "
        f"while {BOOKINGS} bookings of others come in at once",
        "p99 below 200 ms beside the burst",
    )
    for name, waits in found.items():
        report.times[f"p50, {name}"] = (Spread.of([w.p50 for w in waits]), "ms")
        report.times[f"p99, {name}"] = (Spread.of([w.p99 for w in waits]), "ms")
    report.times["bookings of the burst, confirmed"] = (Spread.of(rates), "a second")
    pairs = zip(found["burst"], found["quiet"], found["check, burst"], strict=True)
    ratios = [(burst.p99 / quiet.p99, burst.p99 / check.p99) for burst, quiet, check in pairs]
    report.ratios["p99 beside the burst to that in quiet"] = Spread.of([r for r, _ in ratios])
    report.ratios["p99 to that of /v1/check, both beside it"] = Spread.of([r for _, r in ratios])
    return report


def _known_clients(config: Path) -> str:
    """As many clients as there are questions, with all that their decision takes; an API key."""
    configure_logs(logging.WARNING)
    made = build_installation(load_settings(config, environ={}), SystemClock())
    try:
        with made.write() as record:
            for number in range(CLIENTS * QUESTIONS):
                who = add_client(record, {**_client(number), "intake_received": True})
                for kind, fact in _facts(record.today.isoformat()):
                    add_fact(record, who.id, kind, fact)
            record.session.execute(update(WakeupRow).values(done_at=record.now))
        return add_key(made.store, "default", "benchmark", datetime.now(UTC))
    finally:
        made.close()


def _client(number: int) -> dict[str, str]:
    """Names that do not sound alike: each of those would be compared."""
    syllables = ("ba", "do", "fi", "gu", "ke", "lo", "mi", "nu", "pa", "re", "so", "ti")
    a, b, c = number % 12, number // 12 % 12, number // 144
    name = f"{syllables[a]}{syllables[b]}n {syllables[b]}{syllables[c]}{syllables[a]}r".title()
    return {"name": name, "email": f"known{number:04}@patients.example"}


def _facts(today: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield (
        "coverage",
        {"payer": "regence", "plan": "Regence Innova", "member_id": "ZZZ1", "position": "primary"}
        | {"funding": "fully_insured", "staff_confirmed": True},
    )
    yield (
        "prescription",
        {"id": "rx1", "signed_on": today, "received_on": today, "signed": True, "visits": 12}
        | {"staff_confirmed": True, "diagnoses": ["M54.50"]}
        | {"duration": {"count": 12, "unit": "week"}, "frequency": {"times": 1, "per": "week"}}
        | {"prescriber": _PRESCRIBER, "purpose": "rehabilitation"},
    )


def _requests(path: str, key: str, stem: str) -> list[bytes]:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
    made = []
    for number in range(CLIENTS * QUESTIONS):
        at = (start + timedelta(hours=number % 9)).isoformat()
        if path == GATE:
            asked: dict[str, Any] = {
                "account": ACCOUNT,
                "key": f"{stem}{number}",
                "start": at,
                "service": str(MEDICAL),
                "client": _client(number),
                "form": {"payer": "Regence BlueShield"},
            }
        else:
            today = start.date().isoformat()
            facts = {f"{kind}s": [fact] for kind, fact in _facts(today)}
            asked = {"booking": {"start": at}, "visits": [], "upcoming": [], **facts}
        body = json.dumps(asked).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


class Client(Poster):
    """One who thinks before each question, the first one too."""

    def __init__(self, requests: Iterator[bytes], tally: Tally, first: float) -> None:
        super().__init__(requests, tally)
        self._pause, self._asks = first, False

    def data_received(self, data: bytes) -> None:
        self._asks = False
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Who has no question any more is sent away after a while."""
        if self._asks:
            super().connection_lost(exc)

    def _next(self) -> None:
        asyncio.get_running_loop().call_later(self._pause, self._ask)
        self._pause = THINKS

    def _ask(self) -> None:
        self._asks = True
        super()._next()


async def _ask(port: int, requests: list[bytes]) -> Tally:
    loop = asyncio.get_running_loop()
    tally, waiting = Tally(len(requests), loop.create_future()), iter(requests)
    for number in range(CLIENTS):
        made = partial(Client, waiting, tally, THINKS * number / CLIENTS)
        _, one = await loop.create_connection(made, "127.0.0.1", port)
        one.begin()
    await tally.done
    return tally


def _asked(port: int, requests: list[bytes]) -> Waits:
    tally = asyncio.run(_ask(port, requests))
    if set(tally.statuses) != {200}:
        raise LoadError(f"answers were {dict(tally.statuses)}")
    took = sorted(tally.took)
    return Waits(took[len(took) // 2] * 1e3, took[int(len(took) * 0.99)] * 1e3)


def _beside(
    installation: Installation, service: BridgeProcess, port: int, requests: list[bytes], first: int
) -> tuple[Waits, float]:
    """The same while a burst comes in; the burst's own rate."""
    took: list[float] = []
    other = threading.Thread(target=lambda: took.append(burst(installation, service, first)))
    other.start()
    waits = _asked(port, requests)
    other.join()
    return waits, BOOKINGS / took[0]
