"""The shapes in which a connector and the host speak with each other."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from ...domain.clinic import DEFAULT_ZONE
from ...domain.told import Told

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
    "tell",
    "examine",
    "access",
    "services",
    "hosts",
    "register",
]
#: How the platform shows a hold. ``pending``: a booking waits for confirmation, and one that was
#: accepted cannot be put back. ``tag``: any booking can be marked, and stays as it was.
#: ``tentative``: one that was accepted can be put back to ``pending``. ``none``: staff holds it.
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
class ServiceMeaning(metaclass=Told):
    """What one of the platform's services means here."""

    service: str
    self_pay: bool


@dataclass(frozen=True, slots=True)
class AccountConfig(metaclass=Told):
    """One clinic's connection to a platform, as the connector needs it.

    ``form_fields`` maps what the clinic's booking form asks (the platform's field names) to
    facts: ``payer``, ``plan``, ``member_id``, ``group_number``, ``claim_number``,
    ``date_of_injury``, ``birth_date``. ``hosts`` are those whom the clinic names, by the
    platform's own names of them; none means the account's own user. ``timezone`` is the clinic's,
    by its name.
    """

    name: str
    base_url: str
    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    services: Mapping[str, ServiceMeaning] = field(default_factory=dict)
    form_fields: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    timezone: str = DEFAULT_ZONE


@dataclass(frozen=True, slots=True)
class Delivery(metaclass=Told):
    """A verified delivery. ``key`` is equal for a repeat of the same delivery and for nothing
    else; ``signed_at`` is the signed sending time, where the scheme has one."""

    key: str
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hint(metaclass=Told):
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
class PlatformPerson(metaclass=Told):
    """The client as the platform knows them. ``ref`` is the platform's own id, if it has one."""

    ref: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class PlatformBooking(metaclass=Told):
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
class Gone(metaclass=Told):
    """The platform no longer knows the booking."""

    ref: str


@dataclass(frozen=True, slots=True)
class Shown(metaclass=Told):
    """All that a platform shows which has no list of changes: the ``refs`` of every booking that it
    shows with a beginning from ``begin`` to ``end``, and of any others. One on record in that time
    that is not among them is missing. Of refs that are in ``unsure``, or go on from one in it with
    ``#``, nothing follows. A booking is taken as gone only after it was missing for some while, and
    not where much is missing at once."""

    refs: frozenset[str]
    begin: datetime
    end: datetime
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page(metaclass=Told):
    """A piece of a list of bookings. ``gone`` are refs that the platform says it no longer has,
    ``unreadable`` those of bookings that could not be understood: staff looks at them. ``cursor``
    is where to go on: opaque to the host, which keeps it and hands it back. ``more``: there is
    another page now.

    What is not listed is not gone by that; the host can be told where to look. ``whole`` are refs
    of which ``items`` has every booking that there is: others on record by that ref, or by one
    that goes on with ``#``, are read by themselves. ``whole_since``: this page ends a list of all
    bookings to come that was begun at that time; those on record that were not seen since are read
    by themselves.

    ``reasons``: by ref, why a booking could not be understood, in words for staff (``its time zone
    is not known``), without a health fact.

    ``shown``: of a platform that cannot be asked for one booking, what its list shows in all; at
    the last page."""

    items: tuple[PlatformBooking, ...]
    gone: tuple[str, ...] = ()
    cursor: str | None = None
    more: bool = False
    unreadable: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    whole_since: datetime | None = None
    shown: Shown | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WriteResult(metaclass=Told):
    """How a write was reached; ``detail`` is for staff, in plain words, without health facts."""

    reached: Reached
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CalendarEntry(metaclass=Told):
    """An entry for a calendar: no health facts. ``uid`` is ours and stays, ``sequence`` grows with
    each change, ``status`` is iCalendar's. ``host_ref``: whose time it is, by the platform's own
    name of them, where that is known."""

    uid: str
    start: datetime
    end: datetime
    title: str
    status: Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]
    sequence: int = 0
    host_ref: str | None = None
