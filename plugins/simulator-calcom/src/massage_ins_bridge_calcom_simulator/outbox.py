"""Webhooks on their way: filled, stamped and signed, sent by a few workers."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from .journal import Clock, Journal, iso
from .ways import Ways

TRIGGERS = (
    "BOOKING_CREATED",
    "BOOKING_REQUESTED",
    "BOOKING_RESCHEDULED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
    "BOOKING_NO_SHOW_UPDATED",
)
#: What a webhook says; ``None``: it is not sent after all.
Payload = Callable[[], Mapping[str, Any] | None]


@dataclass(slots=True)
class Target:
    """Where webhooks go, and which the owner has ticked. ``retry_for``: seconds to go on trying;
    0 tries once, as Cal.com does (packages/features/webhooks/lib/sendPayload.ts hands a refusal
    back, packages/features/webhooks/lib/service/WebhookService.ts logs it, and nobody asks
    again)."""

    url: str | None
    secret: str | None
    retry_for: float = 0.0
    triggers: tuple[str, ...] = TRIGGERS
    active: bool = True
    template: str | None = None
    id: str = "webhook-1"


@dataclass(slots=True)
class Message:
    """One delivery: once filled, equal bytes and signature at every attempt. ``tried`` is set
    after the first."""

    number: int
    trigger: str
    uid: str
    fill: Callable[[], bytes | None]
    target: Target
    body: bytes | None = None
    filled: bool = False
    tried: asyncio.Event = field(default_factory=asyncio.Event)

    def ready(self) -> bytes | None:
        """The bytes, filled at the first call."""
        if not self.filled:
            self.body, self.filled = self.fill(), True
        return self.body


class Outbox:
    """Messages in order, to the first target and to the ``others``; ``pending`` counts those
    neither delivered nor given up. While it is ``holding``, new ones stay in ``held`` until they
    are released."""

    def __init__(self, target: Target, journal: Journal, clock: Clock, ways: Ways) -> None:
        self.target = target
        self.others: list[Target] = []
        self.sent: list[Message] = []
        self.held: list[Message] = []
        self.holding = False
        self.pending = self.delivered = self.failed = 0
        self._journal, self._clock, self._ways = journal, clock, ways
        self._queue: asyncio.Queue[Message] = asyncio.Queue()

    def send(self, trigger: str, uid: str, payload: Payload) -> Message | None:
        """Queue a webhook in the platform's envelope, for each target whose owner has ticked its
        trigger; what is queued for the first of them is returned."""
        queued = [
            self._send(trigger, uid, self._filling(trigger, payload), target)
            for target in self.targets()
            if trigger == "PING" or trigger in target.triggers
        ]
        return queued[0] if queued else None

    def targets(self) -> list[Target]:
        """All webhooks that have an address, and the first."""
        return [self.target, *self.others]

    def send_raw(self, trigger: str, uid: str, body: bytes) -> None:
        """Queue these very bytes."""
        self._send(trigger, uid, lambda: body, self.target)

    def repeat(self, message: Message) -> None:
        """Queue a message, perhaps once more."""
        self.pending += 1
        self._queue.put_nowait(message)

    def release(self, trigger: str | None = None, uid: str | None = None) -> list[Message]:
        """Let go those that are held, of one trigger, of one booking, or all."""
        free = [m for m in self.held if trigger in (None, m.trigger) and uid in (None, m.uid)]
        self.held = [m for m in self.held if m not in free]
        for message in free:
            self.repeat(message)
        return free

    async def work(self) -> None:
        """One worker; runs until it is cancelled."""
        follow = "no-redirect" not in self._ways
        async with httpx.AsyncClient(timeout=15, trust_env=False, follow_redirects=follow) as http:
            while True:
                message = await self._queue.get()
                try:
                    ok = await self._deliver(http, message)
                finally:
                    message.tried.set()
                    self.pending -= 1
                self.delivered, self.failed = self.delivered + ok, self.failed + (not ok)

    def _filling(self, trigger: str, payload: Payload) -> Callable[[], bytes | None]:
        """A webhook that is queued is stamped now and filled later, any other the other way round
        (see the ways ``queued`` and ``stamped-late``)."""
        now = iso(self._clock.now())
        if trigger == "BOOKING_REQUESTED" and "queued" in self._ways:
            return lambda: _body(trigger, now, payload())
        said = payload()
        if "stamped-late" in self._ways:
            return lambda: _body(trigger, iso(self._clock.now()), said)
        return lambda: _body(trigger, now, said)

    def _send(
        self, trigger: str, uid: str, fill: Callable[[], bytes | None], target: Target
    ) -> Message:
        message = Message(len(self.sent) + 1, trigger, uid, fill, target)
        self.sent.append(message)
        if self.holding:
            self.held.append(message)
            message.tried.set()  # whoever waits for it waits for the network, not for us
        else:
            self.repeat(message)
        return message

    async def _deliver(self, http: httpx.AsyncClient, message: Message) -> bool:
        body = message.ready()
        if body is None:
            return False
        attempt, pause, began = 0, 0.1, time.monotonic()
        while True:
            attempt += 1
            result = await self._attempt(http, body, message.target)
            message.tried.set()
            self._journal.write(
                "webhook",
                delivery=message.number,
                trigger=message.trigger,
                uid=message.uid,
                attempt=attempt,
                result=result,
            )
            if isinstance(result, int) and 200 <= result < 300:
                return True
            refused = isinstance(result, int) and result < 500 and result not in (408, 429)
            if refused or time.monotonic() - began + pause > message.target.retry_for:
                return False
            await asyncio.sleep(pause)
            pause = min(2.0, pause * 2)

    async def _attempt(self, http: httpx.AsyncClient, body: bytes, target: Target) -> int | str:
        if not target.url or not target.active:
            return "no target"
        headers = {
            "Content-Type": "application/json",
            "X-Cal-Signature-256": signature(body, target.secret),
            "X-Cal-Webhook-Version": "2021-10-20",
        }
        try:
            answer = await http.post(target.url, content=body, headers=headers)
        except httpx.HTTPError as error:
            return type(error).__name__
        return answer.status_code


def signature(body: bytes, secret: str | None) -> str:
    """What the platform writes into the header, also without a secret:
    ``createWebhookSignature`` in packages/features/webhooks/lib/sendPayload.ts."""
    if not secret:
        return "no-secret-provided"
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _body(trigger: str, created_at: str, said: Mapping[str, Any] | None) -> bytes | None:
    if said is None:
        return None
    return json.dumps({"triggerEvent": trigger, "createdAt": created_at, "payload": said}).encode()
