"""``CalcomConnector``: the host's protocol, spoken with Cal.com."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from massage_ins_bridge.api.connectors import (
    Access,
    AccountConfig,
    Advice,
    Capability,
    Delivery,
    Gone,
    Hint,
    HoldStyle,
    Page,
    PlatformBooking,
    PlatformClient,
    PlatformError,
    PlatformGoneError,
    PlatformHost,
    PlatformService,
    Registration,
    WriteResult,
)

from . import bookings, connecting, deliveries, examine, lists, values
from .there import There
from .writes import Change, Writer, path_of

NO_SERIES = (
    "The booking is part of a series, and Cal.com would {verb} the whole series with it. "
    "Please {verb} this one in Cal.com."
)
#: What the client reads where nobody gave a reason: a host cannot cancel without one.
NO_REASON = "Please call us."
#: What the client reads where they cancelled at the moment of a confirmation.
STAYS_CANCELLED = "This booking was cancelled before it was confirmed, and stays cancelled."
#: How often a write begins anew because somebody else was quicker.
TURNS = 3


class CalcomConnector:
    """Cal.com, hosted or self-hosted, through its API v2 and signed webhooks.

    Cal.com takes no idempotency keys. Each single try at a change reads the booking first, so that
    a retry never changes it twice, nor one that was called off meanwhile; see ``writes``.
    """

    name = "calcom"
    platform_name = "Cal.com"
    choose_as = "Cal.com, hosted or your own"
    events = tuple(name.capitalize() for name in examine.WANTED.values())
    capabilities: frozenset[Capability] = frozenset(
        (
            *("fetch", "changes", "upcoming", "confirm", "reject", "cancel", "examine"),
            *("access", "services", "hosts", "register"),
        )
    )
    #: A pending booking is held by its own state; an accepted one cannot be put back.
    hold_style: HoldStyle = "pending"
    default_base_url = "https://api.cal.com"
    settings = connecting.SETTINGS
    #: ``packages/lib/contructEmailFromPhoneNumber.ts``; older releases had one address for all.
    made_up_emails = ("*@sms.cal.com", "booked-with-sms@cal.com")
    #: Cal.com mails its own words, and the reason, when a booking is declined or cancelled.
    tells_client = True

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None:
        self._account = account
        self._client = client.with_headers(
            {
                "authorization": f"Bearer {account.api_key.strip()}",
                "cal-api-version": bookings.API_VERSION,
            }
        )
        self._there = There(self._client)
        self._reader = bookings.Reader(account.form_fields, account.services, self._there)
        self._writer = Writer(self._client, self._booking)

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        """Check the signature; the key names trigger, booking and time of the delivery."""
        deliveries.check_signature(headers, raw, self._account.webhook_secret)
        return deliveries.delivery(raw)

    def parse(self, raw: bytes) -> list[Hint]:
        """What a delivery says; nothing for events that change no booking."""
        return deliveries.hints(raw, self._account.form_fields)

    def fetch(self, ref: str) -> PlatformBooking | Gone:
        """The booking now."""
        try:
            return self._booking(ref)
        except PlatformGoneError:
            return Gone(ref)

    def changes(self, cursor: str | None, now: datetime) -> Page:
        """Bookings that changed, in the order of their changes. The cursor is where the next look
        begins: by the platform's clock, some minutes before the newest change seen."""
        found = lists.changed(self._client, cursor, now)
        read = self._readable(found)
        return Page(read.bookings, cursor=found.cursor, more=found.more, unreadable=read.unreadable)

    def upcoming(self, cursor: str | None, now: datetime) -> Page:
        """Bookings that stand and begin after now, in the order of their beginnings."""
        found = lists.starting(self._client, cursor, now)
        read = self._readable(found)
        standing = tuple(b for b in read.bookings if b.status in lists.STANDING)
        return Page(standing, cursor=found.cursor, more=found.more, unreadable=read.unreadable)

    def _readable(self, found: lists.Rows) -> lists.Readable:
        """What a page holds. Where Cal.com refuses to say whose key it is, that is no booking's
        fault: the list could not be read."""
        if any(values.mapping(row).get("hosts") for row in found.rows):
            self._there.own_id()
        return lists.readable(found.rows, self._reader.read)

    def examine(self, url: str | None) -> list[Advice]:
        """What is amiss in the event types and webhooks of the key's user."""
        return list(examine.examine(self._account, self._client, self._there, url))

    def access(self) -> Access:
        """The key's user, and the lists that it may not see."""
        return connecting.access(self._client, self._there)

    def services(self) -> list[PlatformService]:
        """Event types, their own and their teams'."""
        return connecting.services(self._there)

    def hosts(self) -> list[PlatformHost]:
        """The key's user, and the members of their teams."""
        return connecting.hosts(self._there)

    def register(self, url: str) -> Registration:
        """The webhook, made or mended."""
        return connecting.register(self._account, self._client, url)

    def confirm(self, ref: str, idem_key: str) -> WriteResult:
        """Accept a pending booking; one that was called off meanwhile needs it no more."""
        for _ in range(TURNS):
            booking = self._booking(ref)
            if booking.status in ("accepted", "no-show"):
                return WriteResult("already")
            if booking.status != "pending":
                return WriteResult("already", f"The booking is {booking.status} in Cal.com by now.")
            if booking.recurring:
                return WriteResult("manual", NO_SERIES.format(verb="confirm"))
            change = Change("confirm", "pending", "accepted")
            if done := self._writer.change(ref, change, idem_key):
                return self._unless_called_off(ref, done, idem_key)
        raise _restless(ref)

    def reject(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Decline a pending booking; one that a person accepted meanwhile stays."""
        for _ in range(TURNS):
            booking = self._booking(ref)
            if booking.status in ("rejected", "cancelled"):
                return WriteResult("already")
            if booking.status == "accepted":
                return WriteResult("already", "It was accepted in Cal.com meanwhile.")
            if booking.status != "pending":
                return WriteResult("manual", "The client is marked as absent in Cal.com by now.")
            if booking.recurring:
                return WriteResult("manual", NO_SERIES.format(verb="decline"))
            change = Change("decline", "pending", "rejected", {"reason": reason})
            if done := self._writer.change(ref, change, idem_key):
                return done
        raise _restless(ref)

    def cancel(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Cancel this booking, of a series only this occurrence."""
        for _ in range(TURNS):
            data = self._data(ref)
            if isinstance(data, list):
                return WriteResult("manual", NO_SERIES.format(verb="cancel"))
            status = self._read(ref, data).status
            if status in ("cancelled", "rejected"):
                return WriteResult("already")
            said = {"cancellationReason": reason.strip() or NO_REASON}
            change = Change("cancel", status, "cancelled", said)
            if done := self._writer.change(ref, change, idem_key):
                return done
        raise _restless(ref)

    def _unless_called_off(self, ref: str, done: WriteResult, idem_key: str) -> WriteResult:
        """Cal.com confirms also what was cancelled a moment ago, and the row remembers by whom: the
        cancellation stands."""
        if done.reached != "native":
            return done
        data = values.mapping(self._data(ref))
        if not values.text(data.get("cancelledByEmail")):
            return done
        said = {"cancellationReason": STAYS_CANCELLED}
        self._writer.change(ref, Change("cancel", "accepted", "cancelled", said), idem_key)
        return WriteResult("already", "The booking was cancelled in Cal.com at the same moment.")

    def _data(self, ref: str) -> Any:
        """What the API says of a booking. What it reads from lags, so that it may not know one yet:
        the host asks again."""
        data = values.mapping(self._client.get(path_of(ref)))
        if "data" not in data:
            raise PlatformError("Cal.com answered without data", True)
        return data["data"]

    def _booking(self, ref: str) -> PlatformBooking:
        return self._read(ref, self._data(ref))

    def _read(self, ref: str, data: Any) -> PlatformBooking:
        found = self._reader.read(data)
        if found.ref != ref:
            raise PlatformError("Cal.com answered about another booking than asked")
        return found


def _restless(ref: str) -> PlatformError:
    return PlatformError(f"Cal.com: booking {ref} changes all the time; it is tried again later")
