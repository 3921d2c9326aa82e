"""What a connector may import beside ``massage_ins_bridge.api``: the shapes it speaks in and the
one outgoing HTTP client.

A connector is a class with ``name``, ``capabilities`` and the methods of ``Connector``. It never
stores, never retries, never logs facts of a person. What its platform cannot do it does not
declare; the host then makes a staff task of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from ..domain.reading import Problem, UnusableInputError
from ..http import (
    PlatformClient,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
    Timeouts,
)

__all__ = [
    "AccountConfig",
    "BadPayloadError",
    "BadSignatureError",
    "BookingStatus",
    "Capability",
    "Connector",
    "Delivery",
    "Effect",
    "Gone",
    "Hint",
    "HintKind",
    "Outcome",
    "PlatformBooking",
    "PlatformClient",
    "PlatformError",
    "PlatformGoneError",
    "PlatformPerson",
    "PlatformRefusedError",
    "Problem",
    "Service",
    "StaleDeliveryError",
    "Timeouts",
    "UnusableInputError",
]

#: What a connector's platform can really do; anything else becomes a staff task.
Capability = Literal["fetch", "hold", "confirm", "reject", "cancel", "block", "changes"]
#: How an effect was reached on the platform. ``native``: the platform has this very state.
#: ``manual``: nothing was written, staff acts. ``already``: the platform was in that state.
Effect = Literal["native", "tag", "tentative", "manual", "unsupported", "already"]
BookingStatus = Literal["pending", "accepted", "cancelled", "rejected", "no-show", "completed"]
HintKind = Literal[
    "created", "requested", "rescheduled", "cancelled", "rejected", "no-show", "completed", "ping"
]


class BadSignatureError(Exception):
    """The delivery is not signed, or not with our secret. Answered with 401."""


class StaleDeliveryError(Exception):
    """The scheme signs the sending time and it lies too far from now. Answered with 401."""


class BadPayloadError(Exception):
    """The body is not what this platform sends; the text says what was expected. Answered 400."""


@dataclass(frozen=True, slots=True)
class Service:
    """What one of the platform's services means here."""

    service: str
    self_pay: bool


@dataclass(frozen=True, slots=True)
class AccountConfig:
    """One clinic's connection to a platform, as the connector needs it.

    ``form_fields`` maps what the clinic's booking form asks (the platform's field names) to
    facts: ``payer``, ``plan``, ``member_id``, ``group_number``, ``claim_number``,
    ``date_of_injury``.
    """

    name: str
    base_url: str
    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    services: Mapping[str, Service] = field(default_factory=dict)
    form_fields: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified delivery. ``key`` is equal for a repeat of the same delivery and for nothing
    else; ``signed_at`` is the signed sending time, where the scheme has one."""

    key: str
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """What a delivery says happened. A hint is not the truth: the platform's state is.

    ``booking`` carries the booking where the payload holds all of it; where it is ``None`` the
    host fetches. ``previous_ref`` is the booking that a reschedule replaces.
    """

    booking_ref: str
    kind: HintKind
    version: datetime | None = None
    booking: PlatformBooking | None = None
    previous_ref: str | None = None


@dataclass(frozen=True, slots=True)
class PlatformPerson:
    """The client as the platform knows her. ``ref`` is the platform's own id, if it has one."""

    ref: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class PlatformBooking:
    """A booking in the platform's state. ``version`` orders states of one booking.

    ``answers`` are form answers by fact name (see ``AccountConfig.form_fields``): the patient's
    word, unconfirmed. ``recurring`` tells that the ref may stand for a whole series.
    """

    ref: str
    status: BookingStatus
    start: datetime
    end: datetime | None
    service_ref: str | None
    person: PlatformPerson
    version: datetime | None = None
    practitioner_ref: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    recurring: bool = False
    previous_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The platform no longer knows the booking."""

    ref: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an effect was reached; ``detail`` is for staff, in plain words, without health facts."""

    effect: Effect
    detail: str = ""


class Connector(Protocol):
    """The methods that the host calls. A connector whose ``verify`` refuses every body that its
    ``parse`` would may say so with ``verify_reads_all = True``; others are parsed at the door too.
    ``reason`` texts go to the client through the platform and
    never carry a health fact; ``idem_key`` is the same for every retry of one effect."""

    name: str
    capabilities: frozenset[Capability]

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None: ...

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        """Check the signature over the raw bytes in constant time (header names in lower case).

        Raises ``BadSignatureError``, ``StaleDeliveryError`` or ``BadPayloadError``.
        """

    def parse(self, raw: bytes) -> list[Hint]:
        """What a verified delivery says; ``BadPayloadError`` for an unknown shape."""

    def fetch(self, ref: str) -> PlatformBooking | Gone:
        """The booking's state on the platform now. Raises ``PlatformError``."""

    def hold(self, ref: str, reason: str, idem_key: str) -> Outcome: ...

    def confirm(self, ref: str, idem_key: str) -> Outcome: ...

    def reject(self, ref: str, reason: str, idem_key: str) -> Outcome:
        """Refuse a booking that is still pending."""

    def cancel(self, ref: str, reason: str, idem_key: str) -> Outcome:
        """Cancel a booking that was accepted; this one occurrence, never a series."""

    def changes(self, since: datetime) -> list[PlatformBooking]:
        """Bookings changed since then, for reconciling missed deliveries."""
