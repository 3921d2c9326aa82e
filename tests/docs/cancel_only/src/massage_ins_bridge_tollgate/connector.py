"""The host's protocol, spoken with Tollgate, which sends whole bookings and can only cancel."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    BadPayloadError,
    BadSignatureError,
    BookingStatus,
    Capability,
    Delivery,
    Hint,
    HoldStyle,
    PlatformBooking,
    PlatformClient,
    PlatformPerson,
    Setting,
    WriteResult,
    signature_matches,
)

STATES: Mapping[str, BookingStatus] = {"booked": "accepted", "off": "cancelled"}


class TollgateConnector:
    """Every booking stands at once; nothing can be held there."""

    name = "tollgate"
    capabilities: frozenset[Capability] = frozenset({"cancel"})
    hold_style: HoldStyle = "none"
    default_base_url = "https://api.tollgate.example"
    settings = (
        Setting("api_key", "API key", secret=True),
        Setting("webhook_secret", "Secret of the webhook", secret=True),
    )

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None:
        self._secret = account.webhook_secret
        self._fields = account.form_fields
        self._client = client.with_headers({"authorization": f"Bearer {account.api_key}"})

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        good = hmac.digest(self._secret.encode(), raw, "sha256").hex()
        if not self._secret or not signature_matches(headers.get("x-signature", ""), good):
            raise BadSignatureError("X-Signature does not fit the body and our secret")
        return Delivery(_told(raw)["delivery"])

    def parse(self, raw: bytes) -> list[Hint]:
        booking = self._read(_told(raw)["booking"])
        return [
            Hint(
                booking.ref,
                "created" if booking.status == "accepted" else "cancelled",
                booking=booking,
            )
        ]

    def cancel(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        path, headers = f"/bookings/{quote(ref, safe='')}/cancel", {"idempotency-key": idem_key}
        self._client.post(path, {"reason": reason}, idempotent=True, headers=headers)
        return WriteResult("native")

    def _read(self, data: Any) -> PlatformBooking:
        try:
            answers = {self._fields[k]: v for k, v in data["answers"].items() if k in self._fields}
            booking = PlatformBooking(
                ref=data["id"],
                status=STATES[data["state"]],
                start=datetime.fromisoformat(data["starts"]),
                end=datetime.fromisoformat(data["ends"]),
                service_ref=data["service"],
                person=PlatformPerson(**data["client"]),
                host_refs=(data["staff"],),
                asks_confirmation=False,
                answers=answers,
            )
        except (LookupError, TypeError, ValueError, AttributeError):
            raise BadPayloadError("this is no booking of Tollgate") from None
        if booking.start.tzinfo is None:
            raise BadPayloadError("its time has no zone")
        return booking


def _told(raw: bytes) -> Any:
    try:
        told = json.loads(raw)
        if isinstance(told["delivery"], str) and isinstance(told["booking"], dict):
            return told
    except (ValueError, LookupError, TypeError, RecursionError):
        pass
    raise BadPayloadError("this is not what Tollgate sends") from None
