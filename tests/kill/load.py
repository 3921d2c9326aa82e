"""The load: clients who book, cancel and move on the platform, and deliveries posted directly."""

import json
import random
import secrets
import threading
import time
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any

from benchmarks import deliveries
from benchmarks.deliveries import MEDICAL, RELAXATION

from massage_ins_bridge.testing.installation import ACCOUNT
from massage_ins_bridge.testing.processes import call

from .fleet import INSTANT, Fleet


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to book, and how it ends: the platform's state, by whose hand, our outcome."""

    name: str
    service: int
    days: int
    status: str
    by: str
    outcome: str


#: How the bookings are called that the platform does not know.
DIRECT = "direct"
#: Webhooks that wait for a service: clients who book at that moment would only make it late.
MOST_PENDING = 60
#: No prescription is on file for anybody here: two days ahead that blocks, a month ahead it holds.
KINDS = (
    Kind("self-pay", RELAXATION, 30, "accepted", "api", "allow"),
    Kind("too late", MEDICAL, 2, "rejected", "api", "block"),
    Kind("too late and accepted at once", INSTANT.id, 2, "accepted", "attendee", "block"),
    Kind("in time", MEDICAL, 30, "pending", "attendee", "hold"),
    Kind("self-pay, cancels", RELAXATION, 31, "cancelled", "attendee", "allow"),
    Kind("self-pay, moves", RELAXATION, 32, "accepted", "api", "allow"),
)


@dataclass(frozen=True, slots=True)
class Answered:
    """A delivery that was answered with 202."""

    ref: str
    delivery: str


@dataclass(slots=True)
class Load:
    """Threads that go on until ``stop``; what they did stands in ``booked`` and ``answered``."""

    fleet: Fleet
    booked: dict[str, Kind] = field(default_factory=dict)
    answered: list[Answered] = field(default_factory=list)
    unanswered: int = 0
    wrong: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """One thread of clients, two that post deliveries."""
        for act in (self._book, self._post, self._post):
            thread = threading.Thread(target=self._guarded, args=(act,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let what is under way end; a delivery is posted until it is answered."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _guarded(self, act: Callable[[random.Random], None]) -> None:
        chance = random.Random(secrets.randbits(64))
        try:
            while not self._stop.is_set():
                act(chance)
        except Exception as error:  # noqa: BLE001 - told where the test looks
            self.wrong.append(f"the load failed: {error!r}")

    def _book(self, chance: random.Random) -> None:
        self.fleet.installation.send_webhooks_to(self.fleet.address(chance))
        if self.fleet.platform("webhooks")["pending"] > MOST_PENDING:
            time.sleep(0.5)
            return
        kind = chance.choice(KINDS)
        number = len(self.booked)
        start = datetime.now(UTC) + timedelta(days=kind.days, minutes=number)
        who = {"name": f"Client {number:05}", "email": f"client{number:05}@patients.example"}
        booking = {"event_type": kind.service, "start": start.isoformat(), **who}
        uid = str(self.fleet.platform("bookings", booking)["uid"])
        self.booked[uid] = kind
        time.sleep(chance.uniform(0.1, 0.5))
        if kind.name.endswith("cancels"):
            self.fleet.platform(f"bookings/{uid}/cancel", {"reason": "ill"})
        elif kind.name.endswith("moves"):
            later = {"start": (start + timedelta(hours=1)).isoformat()}
            moved = self.fleet.platform(f"bookings/{uid}/reschedule", later)
            self.booked[uid] = Kind("moved away", kind.service, 0, "cancelled", "attendee", "allow")
            self.booked[str(moved["uid"])] = kind

    def _post(self, chance: random.Random) -> None:
        """A delivery of a booking that only this delivery speaks of."""
        ref = f"{DIRECT}{secrets.token_hex(8)}"
        raw = deliveries.body(ref, chance.randrange(100_000, 999_999), datetime.now(UTC))
        first = self._until_answered(raw, chance)
        self.answered.append(Answered(ref, str(first["delivery"])))
        if chance.random() < 0.2:
            again = self._until_answered(raw, chance)
            if again != {"delivery": first["delivery"], "duplicate": True}:
                self.wrong.append(f"a repeat was answered with {again}, not {first}")
        time.sleep(chance.uniform(0.1, 0.5))

    def _until_answered(self, raw: bytes, chance: random.Random) -> dict[str, Any]:
        """Post it, each time to any of the services, until one answers."""
        secret = self.fleet.installation.secret
        headers = {"x-cal-signature-256": deliveries.signature(secret, raw)}
        while True:
            webhook = f"{self.fleet.address(chance)}/webhooks/{ACCOUNT}"
            try:
                found: dict[str, Any] = call(webhook, raw, headers)
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    self.wrong.append(f"a delivery was answered with {error.code}")
                    raise
            except (OSError, HTTPException, json.JSONDecodeError):
                pass  # dead, dying while it answers, or not yet up
            else:
                return found
            self.unanswered += 1
            time.sleep(0.05)
