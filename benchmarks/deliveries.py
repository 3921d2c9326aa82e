"""Signed webhooks as Cal.com sends them, each of a booking of its own."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

MEDICAL, RELAXATION = 30412, 30413
_HOST = {"id": 5, "name": "Example Massage", "email": "desk@clinic.example", "username": "clinic"}


def body(uid: str, number: int, now: datetime, service: int = RELAXATION) -> bytes:
    """A requested booking of a synthetic client, ``number`` minutes apart from the others."""
    start = datetime(now.year + 1, 3, 1, 17, tzinfo=UTC) + timedelta(hours=number)
    name, email = f"Client {number:05}", f"client{number:05}@patients.example"
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


def signature(secret: str, raw: bytes) -> str:
    """What the platform puts into ``X-Cal-Signature-256``."""
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def request(path: str, secret: str, raw: bytes) -> bytes:
    """The whole request as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(raw)}\r\n"
        f"X-Cal-Signature-256: {signature(secret, raw)}\r\n"
        "X-Cal-Webhook-Version: 2021-10-20\r\n\r\n"
    )
    return head.encode() + raw


def iso(moment: datetime) -> str:
    """A moment as Cal.com writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


#: The simulated platform shows a booking at once: how long a copy of its data lags behind is its
#: affair, and a second look would be most of what is measured.
NO_LAG = ("--unlike", "replica")
