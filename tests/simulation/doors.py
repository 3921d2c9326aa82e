"""Four accounts of a clinic on platforms of different kinds; what each can do is all it can do.

The fake platform stands behind all of them; how its deliveries and entries look, and how they are
read, is each connector's own as far as it is installed.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from massage_ins_bridge.api.connectors import (
    Capability,
    Delivery,
    Hint,
    HoldStyle,
    PlatformBooking,
    WriteResult,
)
from massage_ins_bridge.testing.bookings import SECRET
from massage_ins_bridge.testing.fake_connector import FakeConnector, delivery, signed
from massage_ins_bridge.testing.platform import LIVE, Change
from massage_ins_bridge_calcom import deliveries as calcom

FIELDS = {"insurance": "payer"}
_TRIGGERS = {
    "requested": "BOOKING_REQUESTED",
    "created": "BOOKING_CREATED",
    "rescheduled": "BOOKING_RESCHEDULED",
    "cancelled": "BOOKING_CANCELLED",
    "rejected": "BOOKING_REJECTED",
}


class FullApi(FakeConnector):
    """Deliveries are Cal.com's, signed and read as Cal.com's are; whatever they say is read from
    the platform."""

    name = "full-api"

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        calcom.check_signature(headers, raw, self._secret)
        return calcom.delivery(raw)

    def parse(self, raw: bytes) -> list[Hint]:
        return calcom.hints(raw, FIELDS)


class DeliveriesOnly(FakeConnector):
    """A platform that tells, and can be told; it shows nothing and lists nothing."""

    name = "deliveries-only"
    capabilities: frozenset[Capability] = frozenset({"confirm", "reject", "cancel"})


class EtagCalendar(FakeConnector):
    """A calendar that is looked at: an entry stands until it is marked as tentative."""

    name = "etag-calendar"
    capabilities: frozenset[Capability] = frozenset(
        {"fetch", "changes", "upcoming", "hold", "confirm", "cancel"}
    )
    hold_style: HoldStyle = "tentative"

    def hold(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        return self._move(ref, "pending", idem_key)

    def confirm(self, ref: str, idem_key: str) -> WriteResult:
        return self._move(ref, "accepted", idem_key)

    def _move(self, ref: str, to: Any, idem_key: str) -> WriteResult:
        self.platform.call("hold" if to == "pending" else "confirm")
        known = self.platform.known(ref)
        if known.status == to or known.status not in LIVE:
            return WriteResult("already", f"The entry is {known.status}.")
        self.platform.journal.append(Change(ref, known.status, to, idem_key))
        self.platform.put(ref, status=to)
        return WriteResult("tentative" if to == "pending" else "native")


class Feed(FakeConnector):
    """A feed that is read, and no more."""

    name = "feed"
    capabilities: frozenset[Capability] = frozenset({"changes", "upcoming"})
    hold_style: HoldStyle = "none"


CONNECTORS = {made.name: made for made in (FullApi, DeliveriesOnly, EtagCalendar, Feed)}
#: Accounts, by the connector that serves each; those that send deliveries; those that lose some.
ACCOUNTS = {"calcom": FullApi, "door": DeliveriesOnly, "calendar": EtagCalendar, "feed": Feed}
TELL, LOSE = ("calcom", "door"), ("calcom",)


def told_by(account: str, found: PlatformBooking, kind: str, now: datetime) -> bytes:
    """The body of a delivery that says what happened to a booking."""
    if account == "calcom":
        return _as_calcom(found, kind, now)
    told = ("status", "start", "end", "service_ref", "person", "asks_confirmation", "answers")
    about: dict[str, Any] = {name: getattr(found, name) for name in told}
    return delivery(found.ref, kind, sent_at=now, **{**about, "answers": dict(found.answers)})


def headers_of(account: str, raw: bytes) -> dict[str, str]:
    """How the platform signs it."""
    if account == "calcom":
        return {"x-cal-signature-256": hmac.digest(SECRET.encode(), raw, "sha256").hex()}
    return signed(raw)


def _as_calcom(found: PlatformBooking, kind: str, now: datetime) -> bytes:
    said = {name: {"label": name, "value": "Regence"} for name in FIELDS}
    payload = {
        "uid": found.ref,
        "startTime": _iso(found.start),
        "endTime": _iso(found.end or found.start),
        "attendees": [{"name": found.person.name, "email": found.person.email}],
        "responses": {"name": {"value": found.person.name}, **said},
        "eventTypeId": int(found.service_ref or 0),
        "status": found.status.upper(),
    }
    envelope = {"triggerEvent": _TRIGGERS[kind], "createdAt": _iso(now)}
    return json.dumps({**envelope, "payload": payload}).encode()


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
