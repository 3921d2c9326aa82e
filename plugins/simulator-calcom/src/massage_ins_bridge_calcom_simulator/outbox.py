"""Webhooks on their way: signed once, sent by a few workers, again while the target is down."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from .journal import Journal


@dataclass(slots=True)
class Target:
    """Where webhooks go. ``retry_for``: seconds to go on trying; 0 tries once, as Cal.com does
    (packages/features/webhooks/lib/sendPayload.ts hands a refusal back, and nobody asks again)."""

    url: str | None
    secret: str | None
    retry_for: float = 3600.0


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery: equal bytes and signature at every attempt."""

    number: int
    trigger: str
    uid: str
    body: bytes
    since: float = field(default_factory=time.monotonic)


class Outbox:
    """Messages in order; ``pending`` counts those neither delivered nor given up."""

    def __init__(self, target: Target, journal: Journal) -> None:
        self.target = target
        self.sent: list[Message] = []
        self.pending = self.delivered = self.failed = 0
        self._journal = journal
        self._queue: asyncio.Queue[Message] = asyncio.Queue()

    def send(self, trigger: str, created_at: str, payload: dict[str, Any]) -> None:
        """Queue a webhook in the platform's envelope."""
        body = {"triggerEvent": trigger, "createdAt": created_at, "payload": payload}
        uid = str(payload.get("uid") or payload.get("bookingUid") or "")
        self.send_raw(trigger, uid, json.dumps(body).encode())

    def send_raw(self, trigger: str, uid: str, body: bytes) -> None:
        """Queue these very bytes."""
        message = Message(len(self.sent) + 1, trigger, uid, body)
        self.sent.append(message)
        self.repeat(message)

    def repeat(self, message: Message) -> None:
        """Queue a message, perhaps once more."""
        self.pending += 1
        self._queue.put_nowait(message)

    async def work(self) -> None:
        """One worker; runs until it is cancelled."""
        async with httpx.AsyncClient(timeout=15, trust_env=False) as http:
            while True:
                message = await self._queue.get()
                try:
                    ok = await self._deliver(http, message)
                finally:
                    self.pending -= 1
                self.delivered, self.failed = self.delivered + ok, self.failed + (not ok)

    async def _deliver(self, http: httpx.AsyncClient, message: Message) -> bool:
        attempt, pause, began = 0, 0.1, time.monotonic()
        while True:
            attempt += 1
            result = await self._attempt(http, message)
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
            if refused or time.monotonic() - began + pause > self.target.retry_for:
                return False
            await asyncio.sleep(pause)
            pause = min(2.0, pause * 2)

    async def _attempt(self, http: httpx.AsyncClient, message: Message) -> int | str:
        if not self.target.url:
            return "no target"
        headers = {
            "Content-Type": "application/json",
            "X-Cal-Signature-256": self.signature(message.body),
            "X-Cal-Webhook-Version": "2021-10-20",
        }
        try:
            answer = await http.post(self.target.url, content=message.body, headers=headers)
        except httpx.HTTPError as error:
            return type(error).__name__
        return answer.status_code

    def signature(self, body: bytes) -> str:
        """What the platform writes into the header, also without a secret:
        ``createWebhookSignature`` in packages/features/webhooks/lib/sendPayload.ts."""
        if not self.target.secret:
            return "no-secret-provided"
        return hmac.new(self.target.secret.encode(), body, hashlib.sha256).hexdigest()
