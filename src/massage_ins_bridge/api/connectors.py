"""What a connector may import beside ``massage_ins_bridge.api``: the shapes it speaks in and the
one outgoing HTTP client.

A connector is a class with ``name``, ``capabilities`` and the methods of the roles that it plays:
``Receiving`` always, ``Bookings``, ``Writing``, ``Calendar`` and ``Examining`` as far as its
platform can. It
never stores, never retries, never logs facts of a person. What its platform cannot do it does not
declare; the host then makes a staff task of it. Everything that it answers is checked field by
field before it counts.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from ..domain.reading import Problem, UnusableInputError
from ..http import (
    PlatformBusyError,
    PlatformClient,
    PlatformError,
    PlatformGoneError,
    PlatformRefusedError,
    Timeouts,
)

__all__ = [
    "AccountConfig",
    "Advice",
    "BadPayloadError",
    "BadSignatureError",
    "BookingStatus",
    "Bookings",
    "Calendar",
    "CalendarEntry",
    "Capability",
    "Connector",
    "Delivery",
    "Examining",
    "Gone",
    "Hint",
    "HintKind",
    "HoldStyle",
    "Page",
    "PlatformBooking",
    "PlatformBusyError",
    "PlatformClient",
    "PlatformError",
    "PlatformGoneError",
    "PlatformPerson",
    "PlatformRefusedError",
    "Problem",
    "Reached",
    "Receiving",
    "ServiceMeaning",
    "StaleDeliveryError",
    "Timeouts",
    "UnusableInputError",
    "WriteResult",
    "Writing",
    "signature_matches",
]

#: What a connector's platform can really do; each is the name of the method that does it.
#: Anything that is not declared becomes a staff task.
Capability = Literal[
    "fetch",
    "changes",
    "upcoming",
    "hold",
    "confirm",
    "reject",
    "cancel",
    "reopen",
    "put",
    "remove",
    "examine",
]
#: How the platform shows a hold. ``pending``: a booking waits for confirmation, and one that was
#: accepted cannot be put back. ``tag``, ``tentative``: any booking can be marked. ``none``: staff
#: holds it.
HoldStyle = Literal["pending", "tag", "tentative", "none"]
#: How a write was reached. ``native``: the platform has this very state. ``tag``, ``tentative``:
#: the booking is marked. ``manual``: nothing was written, staff acts. ``unsupported``: the platform
#: cannot do it. ``already``: the platform was in that state.
Reached = Literal["native", "tag", "tentative", "manual", "unsupported", "already"]
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


def signature_matches(given: str, expected: str) -> bool:
    """Whether two signatures are equal, in constant time. ``given`` may hold anything that a
    header can hold: ``hmac.compare_digest`` alone raises for text outside of ASCII."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


@dataclass(frozen=True, slots=True)
class ServiceMeaning:
    """What one of the platform's services means here."""

    service: str
    self_pay: bool


@dataclass(frozen=True, slots=True)
class AccountConfig:
    """One clinic's connection to a platform, as the connector needs it.

    ``form_fields`` maps what the clinic's booking form asks (the platform's field names) to
    facts: ``payer``, ``plan``, ``member_id``, ``group_number``, ``claim_number``,
    ``date_of_injury``, ``birth_date``. ``hosts`` are those whom the clinic names, by the
    platform's own names of them; none means the account's own user.
    """

    name: str
    base_url: str
    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    services: Mapping[str, ServiceMeaning] = field(default_factory=dict)
    form_fields: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified delivery. ``key`` is equal for a repeat of the same delivery and for nothing
    else; ``signed_at`` is the signed sending time, where the scheme has one."""

    key: str
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """What a delivery says happened. A hint is not the truth: the platform's state is.

    ``sent_at`` is when the platform sent it, by the platform's clock; it orders deliveries among
    themselves and is never compared with anything else. ``booking`` carries the booking where the
    payload holds all of it; where it is ``None`` the host fetches. ``previous_ref`` is the booking
    that a reschedule replaces.
    """

    booking_ref: str
    kind: HintKind
    sent_at: datetime | None = None
    booking: PlatformBooking | None = None
    previous_ref: str | None = None


@dataclass(frozen=True, slots=True)
class PlatformPerson:
    """The client as the platform knows them. ``ref`` is the platform's own id, if it has one."""

    ref: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class PlatformBooking:
    """A booking in the platform's state.

    ``version`` comes from the platform's own row (a time of its last change, an ETag, a number as
    text) and is opaque: two are equal or not, and no more. A delivery that was not read from the
    row has none. ``answers`` are form answers by fact name (see ``AccountConfig.form_fields``):
    the client's word, unconfirmed. ``recurring`` tells that the ref may stand for a whole series.

    ``service_ref`` and ``host_refs`` say whose booking it is: the platform's own names of the
    service and of those who give it, whoever is first named first. ``own``: whether the user that
    the account's key belongs to is among them; ``None`` where the platform does not tell.
    ``asks_confirmation``: whether bookings of the service wait for somebody to accept them;
    ``None`` where that is not known.
    """

    ref: str
    status: BookingStatus
    start: datetime
    end: datetime | None
    service_ref: str | None
    person: PlatformPerson
    version: str | None = None
    host_refs: tuple[str, ...] = ()
    own: bool | None = None
    asks_confirmation: bool | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    recurring: bool = False
    previous_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The platform no longer knows the booking."""

    ref: str


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a list of bookings. ``gone`` are refs that the platform says it no longer has,
    ``unreadable`` those of bookings that could not be understood: staff looks at them. ``cursor``
    is where to go on: opaque to the host, which keeps it and hands it back. ``more``: there is
    another page now."""

    items: tuple[PlatformBooking, ...]
    gone: tuple[str, ...] = ()
    cursor: str | None = None
    more: bool = False
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteResult:
    """How a write was reached; ``detail`` is for staff, in plain words, without health facts."""

    reached: Reached
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """An entry for a calendar: no health facts. ``uid`` is ours and stays, ``sequence`` grows with
    each change, ``status`` is iCalendar's."""

    uid: str
    start: datetime
    end: datetime
    title: str
    status: Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Advice:
    """Something in the clinic's settings on the platform that is amiss (``bad``) or that one should
    know (``note``); the message says what, and where on the platform to mend it."""

    level: Literal["note", "bad"]
    message: str


class Receiving(Protocol):
    """Taking deliveries. Neither method does I/O."""

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        """Check the signature over the raw bytes in constant time (header names in lower case);
        ``signature_matches`` compares. ``url`` is the address that the platform was given.

        Raises ``BadSignatureError``, ``StaleDeliveryError`` or ``BadPayloadError``.
        """

    def parse(self, raw: bytes) -> list[Hint]:
        """What a verified delivery says; ``BadPayloadError`` for a shape that the platform does
        not send. An empty list: nothing that concerns a booking."""


class Bookings(Protocol):
    """Reading the platform's bookings. Each method raises ``PlatformError``."""

    def fetch(self, ref: str) -> PlatformBooking | Gone:
        """The booking of that ref in the platform's state now."""

    def changes(self, cursor: str | None, now: datetime) -> Page:
        """Bookings that changed since ``cursor`` (``None``: in the last two days), for what missed
        deliveries would have said. A booking may come twice and must not be left out."""

    def upcoming(self, cursor: str | None, now: datetime) -> Page:
        """The bookings that start after ``now``, page by page; ``None`` begins. When an account is
        connected, ``now`` lies 90 days back, for the visits of that time; a platform that no longer
        shows those leaves them out."""


class Writing(Protocol):
    """Changing a booking on the platform. Each method raises ``PlatformError``.

    ``reason`` texts go to the client through the platform and never carry a health fact;
    ``idem_key`` is the same for every try of one write."""

    def hold(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Mark the booking as held, in the way that ``hold_style`` declares."""

    def confirm(self, ref: str, idem_key: str) -> WriteResult:
        """Accept a booking that waits for confirmation."""

    def reject(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Refuse a booking that waits for confirmation. One that was accepted meanwhile stays: it
        was ``already`` decided, by somebody else."""

    def cancel(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Cancel a booking that was accepted; this one occurrence, never a series."""

    def reopen(self, ref: str, idem_key: str) -> WriteResult:
        """Accept a booking that was refused, where its time is still free; it was, and the client
        hears of it. ``PlatformRefusedError`` where it is not."""


class Calendar(Protocol):
    """Keeping entries in a calendar. Each method raises ``PlatformError``."""

    def put(self, entry: CalendarEntry) -> str:
        """Make or change the entry; its version afterwards."""

    def remove(self, uid: str) -> None:
        """Take the entry out; one that is not there is no error."""


class Examining(Protocol):
    """Looking at the clinic's settings on the platform; the method raises ``PlatformError``."""

    def examine(self, url: str | None) -> list[Advice]:
        """What is amiss there: services whose bookings arrive unconfirmed, deliveries that are
        not sent. ``url`` is the address that deliveries should go to, where it is known."""


class Connector(Receiving, Protocol):
    """What every connector class is: its names, its making, and the role ``Receiving``. The other
    roles are played as far as ``capabilities`` says.

    A class may name ``made_up_emails``: patterns such as ``*@sms.acme.example`` of addresses that
    the platform makes up for who gave none. Many people may share one, so nobody is known by it.

    A class may say ``tells_client = True``: its platform tells the client of a refusal, with its
    reason. Where it does not, staff is asked to.

    The constructor may raise ``ValueError`` with the name of the setting that it cannot use."""

    name: str
    capabilities: frozenset[Capability]
    hold_style: HoldStyle
    default_base_url: str

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None: ...
