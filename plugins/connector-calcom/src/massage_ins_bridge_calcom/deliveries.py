"""Cal.com's webhooks: who sent them, which delivery it is, and what they say."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from massage_ins_bridge.api.connectors import (
    BadPayloadError,
    BadSignatureError,
    BookingStatus,
    Delivery,
    Hint,
    HintKind,
    PlatformBooking,
    signature_matches,
)

from . import values

SIGNATURE = "x-cal-signature-256"
NO_SHOW = "BOOKING_NO_SHOW_UPDATED"
#: Each trigger with the state in which it leaves the booking. A rescheduled booking's payload
#: always says ACCEPTED, whatever it is, so that one is fetched. The state is the trigger's, not the
#: row's: a webhook may be sent before the row is written (BOOKING_CANCELLED:
#: packages/features/bookings/lib/handleCancelBooking.ts) or long after (BOOKING_REQUESTED is
#: queued: packages/features/webhooks/lib/service/WebhookTaskConsumer.ts).
BOOKINGS: Mapping[str, tuple[HintKind, BookingStatus | None]] = {
    "BOOKING_CREATED": ("created", "accepted"),
    "BOOKING_REQUESTED": ("requested", "pending"),
    "BOOKING_RESCHEDULED": ("rescheduled", None),
    "BOOKING_CANCELLED": ("cancelled", "cancelled"),
    "BOOKING_REJECTED": ("rejected", "rejected"),
}
#: Known, and nothing to us: none of them changes whether a booking stands.
IGNORED = frozenset(
    {
        "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
        "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
        "BOOKING_PAID",
        "BOOKING_PAYMENT_INITIATED",
        "DELEGATION_CREDENTIAL_ERROR",
        "FORM_SUBMITTED",
        "FORM_SUBMITTED_NO_EVENT",
        "INSTANT_MEETING",
        "MEETING_ENDED",
        "MEETING_STARTED",
        "OOO_CREATED",
        "RECORDING_READY",
        "RECORDING_TRANSCRIPTION_GENERATED",
        "ROUTING_FORM_FALLBACK_HIT",
        "WRONG_ASSIGNMENT_REPORT",
    }
)
_TEMPLATE = (
    "; the webhook in Cal.com probably has a custom payload template: remove it there, "
    "so that Cal.com sends its own JSON"
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The part that every webhook has; ``sent`` and ``ref`` only bookings' always have."""

    trigger: str
    sent: datetime | None
    ref: str | None
    payload: Mapping[str, Any]


def check_signature(headers: Mapping[str, str], raw: bytes, secret: str) -> None:
    """``BadSignatureError`` unless the body is signed with our secret."""
    if not secret:
        raise BadSignatureError("this account has no webhook_secret, so nothing can be verified")
    given = headers.get(SIGNATURE, "").strip()
    if not given:
        raise BadSignatureError(f"the header {SIGNATURE} is missing")
    if given == "no-secret-provided":
        raise BadSignatureError("the webhook in Cal.com has no secret; enter one there")
    good = hmac.digest(secret.encode(), raw, "sha256").hex()
    if not signature_matches(given, good):
        raise BadSignatureError("the signature does not fit the body and our secret")


@lru_cache(maxsize=8)  # one delivery is verified and parsed in a row
def read_envelope(raw: bytes) -> Envelope:
    """The envelope; ``BadPayloadError`` for anything that Cal.com itself does not write."""
    try:
        body = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise BadPayloadError(f"the body is not JSON{_TEMPLATE}") from None
    trigger = values.mapping(body).get("triggerEvent")
    if not isinstance(trigger, str) or not trigger:
        raise BadPayloadError(f"the body has no triggerEvent{_TEMPLATE}")
    payload = values.mapping(body.get("payload"))
    ref = values.uid(payload.get("bookingUid" if trigger == NO_SHOW else "uid"))
    envelope = Envelope(trigger, values.moment(body.get("createdAt")), ref, payload)
    if trigger in BOOKINGS or trigger == NO_SHOW:
        if "payload" not in body:
            raise BadPayloadError(f"{trigger} has no payload{_TEMPLATE}")
        if ref is None:
            name = "bookingUid" if trigger == NO_SHOW else "uid"
            raise BadPayloadError(f"{trigger}: payload.{name} is missing or odd{_TEMPLATE}")
        if envelope.sent is None:
            raise BadPayloadError(f"{trigger}: createdAt is missing or no time{_TEMPLATE}")
    elif trigger != "PING" and trigger not in IGNORED:
        raise BadPayloadError(
            f"the trigger {trigger[:60]!a} is not known; "
            "choose only booking events for this webhook in Cal.com"
        )
    return envelope


def delivery(raw: bytes) -> Delivery:
    """A key equal for repeats of one delivery. Cal.com signs no sending time of its own: an old
    delivery is a hint like any other."""
    envelope = read_envelope(raw)
    if envelope.ref is None or envelope.sent is None:
        return Delivery(f"calcom-{hashlib.sha256(raw).hexdigest()}")
    parts = json.dumps([envelope.trigger, envelope.ref, envelope.sent.isoformat()])
    return Delivery(f"calcom-{hashlib.sha256(parts.encode()).hexdigest()}")


def hints(raw: bytes, form_fields: Mapping[str, str]) -> list[Hint]:
    """What a verified delivery says."""
    envelope = read_envelope(raw)
    if envelope.trigger == "PING":
        return [Hint("", "ping", envelope.sent)]
    if envelope.ref is None or envelope.trigger in IGNORED:
        return []
    if envelope.trigger == NO_SHOW:
        return [Hint(envelope.ref, _presence(envelope), envelope.sent)]
    kind, status = BOOKINGS[envelope.trigger]
    previous = values.uid(envelope.payload.get("rescheduleUid"))
    if previous == envelope.ref or kind in ("cancelled", "rejected"):
        previous = None
    return [
        Hint(
            booking_ref=envelope.ref,
            kind="rescheduled" if previous else kind,
            sent_at=envelope.sent,
            booking=_booking(envelope.ref, envelope, status, previous, form_fields),
            previous_ref=previous,
        )
    ]


def _presence(envelope: Envelope) -> HintKind:
    """``no-show`` where everyone it names is marked absent: perhaps a guest, for it names those
    alone whose mark was changed (packages/features/handleMarkNoShow.ts). Else the mark was taken
    back. Either way the host looks how the booking stands now."""
    marks = [one.get("noShow") for one in values.objects(envelope.payload.get("attendees"))]
    return "no-show" if marks and all(mark is True for mark in marks) else "created"


def _booking(
    ref: str,
    envelope: Envelope,
    status: BookingStatus | None,
    previous: str | None,
    form_fields: Mapping[str, str],
) -> PlatformBooking | None:
    """The booking, where the payload holds all of it and agrees with its trigger."""
    payload = envelope.payload
    said, responses = payload.get("status"), payload.get("responses")
    start = values.moment(payload.get("startTime"))
    service = values.text(payload.get("eventTypeId"))
    attendees = values.objects(payload.get("attendees"))
    if status is None or not isinstance(said, str) or said.lower() != status:
        return None
    if start is None or service is None or not attendees or not isinstance(responses, dict):
        return None
    if payload.get("recurringEvent") or payload.get("seatsPerTimeSlot"):
        return None
    return PlatformBooking(
        ref=ref,
        status=status,
        start=start,
        end=values.moment(payload.get("endTime")),
        service_ref=service,
        person=values.person(attendees, responses),
        host_refs=values.hosts([payload.get("organizer")]),
        answers=values.answers(responses, form_fields),
        previous_ref=previous,
    )
