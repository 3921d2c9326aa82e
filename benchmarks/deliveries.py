"""Signed webhooks as Cal.com sends them, each of a booking of its own."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

MEDICAL, RELAXATION = 30412, 30413
_HOST = {"id": 5, "name": "Example Massage", "email": "desk@clinic.example", "username": "clinic"}


def body(uid: str, number: int, now: datetime, service: int = RELAXATION) -> bytes:
    """A requested booking of a synthetic client, ``number`` hours apart from the others."""
    start, (name, email) = start_of(number, now), client_of(number)
    responses = {
        "name": {"label": "your_name", "value": name, "isHidden": False},
        "email": {"label": "email_address", "value": email, "isHidden": False},
        "location": {"label": "location", "value": "Example Massage", "isHidden": False},
    }
    payload: dict[str, Any] = {
        "bookingId": number,
        "uid": uid,
        "type": "massage",
        "title": f"massage between Example Massage and {name}",
        "description": "",
        "additionalNotes": "",
        "customInputs": {},
        "startTime": iso(start),
        "endTime": iso(start + timedelta(hours=1)),
        "organizer": {**_HOST, "timeZone": "America/Los_Angeles", "utcOffset": -480},
        "attendees": [{"email": email, "name": name, "timeZone": "America/Los_Angeles"}],
        "responses": responses,
        "userFieldsResponses": {},
        "location": "Example Massage, Seattle",
        "requiresConfirmation": True,
        "eventTypeId": service,
        "eventTitle": "massage",
        "seatsPerTimeSlot": None,
        "price": 0,
        "currency": "usd",
        "length": 60,
        "status": "PENDING",
        "metadata": {},
    }
    envelope = {"triggerEvent": "BOOKING_REQUESTED", "createdAt": iso(now), "payload": payload}
    return json.dumps(envelope).encode()


def booking(uid: str, number: int, now: datetime, service: int = RELAXATION) -> bytes:
    """The request by which the simulated platform comes to have the booking of ``body``."""
    name, email = client_of(number)
    start = start_of(number, now)
    wish = {
        "uid": uid,
        "event_type": service,
        "start": start.isoformat(),
        "name": name,
        "email": email,
    }
    return posted("/_standin/bookings", json.dumps(wish).encode())


def start_of(number: int, now: datetime) -> datetime:
    """When that booking begins."""
    return datetime(now.year + 1, 3, 1, 17, tzinfo=UTC) + timedelta(hours=number)


def client_of(number: int) -> tuple[str, str]:
    """Name and address of whose booking it is."""
    return f"Client {number:05}", f"client{number:05}@patients.example"


def signature(secret: str, raw: bytes) -> str:
    """What the platform puts into ``X-Cal-Signature-256``."""
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def request(path: str, secret: str, raw: bytes) -> bytes:
    """The whole request as it goes over the wire."""
    signed = {"X-Cal-Signature-256": signature(secret, raw), "X-Cal-Webhook-Version": "2021-10-20"}
    return posted(path, raw, signed)


def posted(path: str, raw: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A request with a body of JSON."""
    head = {"Host": "127.0.0.1", "Content-Type": "application/json", **(headers or {})}
    lines = (f"{k}: {v}" for k, v in {**head, "Content-Length": len(raw)}.items())
    return "\r\n".join((f"POST {path} HTTP/1.1", *lines, "", "")).encode() + raw


def iso(moment: datetime) -> str:
    """A moment as Cal.com writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


#: The simulated platform shows a booking at once: how long a copy of its data lags behind is its
#: affair, and a second look would be most of what is measured.
NO_LAG = ("--unlike", "replica")
