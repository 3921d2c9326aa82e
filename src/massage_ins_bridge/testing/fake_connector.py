"""Connectors that speak to a ``FakePlatform``, which they reach by the account's option
``platform``, and the deliveries that such a platform sends: JSON, signed as most platforms sign.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any, get_args

from ..api.connectors import (
    Access,
    AccountConfig,
    BadPayloadError,
    BadSignatureError,
    BookingStatus,
    CalendarEntry,
    Capability,
    Delivery,
    Gone,
    Hint,
    HintKind,
    HoldStyle,
    Notice,
    Page,
    PlatformBooking,
    PlatformClient,
    PlatformError,
    PlatformHost,
    PlatformPerson,
    PlatformService,
    Registration,
    WriteResult,
    signature_matches,
)
from .bookings import NOW, SECRET, booking
from .platform import PLATFORMS

SIGNATURE = "x-fake-signature"
_SEATED = "one of several seats"


class FakeConnector:
    """Speaks with the ``FakePlatform`` of its account: bookings wait for confirmation there."""

    name = "fake"
    capabilities: frozenset[Capability] = frozenset(
        (
            *("fetch", "changes", "upcoming", "confirm", "reject", "cancel"),
            *("access", "services", "hosts", "register"),
        )
    )
    hold_style: HoldStyle = "pending"
    default_base_url = "https://platform.example"
    made_up_emails = ("*@sms.platform.example", "booked-by-phone@platform.example")

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None:
        name = account.options.get("platform")
        if name not in PLATFORMS:
            raise ValueError("options.platform: names no fake platform of this process")
        self.platform = PLATFORMS[name]
        self._secret = account.webhook_secret

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        """The signature is the HMAC of the body; the key is the body's digest."""
        given = headers.get(SIGNATURE, "")
        if not self._secret or not signature_matches(given, _digest(raw, self._secret)):
            raise BadSignatureError(f"the header {SIGNATURE} does not fit the body")
        return Delivery(hashlib.sha256(raw).hexdigest())

    def parse(self, raw: bytes) -> list[Hint]:
        """One hint; the kind ``crash`` is a connector that breaks."""
        try:
            data = json.loads(raw)
            if data["kind"] == "crash":
                raise RuntimeError("the connector is broken")
            return [_read_hint(data, careless=self.platform.careless)]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise BadPayloadError("this is not what the fake platform sends") from None

    def fetch(self, ref: str) -> PlatformBooking | Gone:
        """The booking as it is."""
        self.platform.call("fetch")
        found = self.platform.bookings.get(ref)
        return Gone(ref) if found is None else self._sound(found)

    def changes(self, cursor: str | None, now: datetime) -> Page:
        """The cursor is the number of the last change that was listed."""
        self.platform.call("changes")
        return self._sound_page(self.platform.changed_since(int(cursor or 0)))

    def upcoming(self, cursor: str | None, now: datetime) -> Page:
        """The cursor is the start and ref of the last booking that was listed."""
        self.platform.call("upcoming")
        start, _, ref = (cursor or "").partition(" ")
        place = (datetime.fromisoformat(start), ref) if cursor else (now, "\U0010ffff")
        return self._sound_page(self.platform.starting_after(place))

    def confirm(self, ref: str, idem_key: str) -> WriteResult:
        """See ``FakePlatform.change``, as for ``reject`` and ``cancel``."""
        return self.platform.change("confirm", ref, "", idem_key)

    def reject(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        return self.platform.change("reject", ref, reason, idem_key)

    def cancel(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        return self.platform.change("cancel", ref, reason, idem_key)

    def access(self) -> Access:
        """The platform's name is the owner's."""
        self.platform.call("access")
        return Access(f"the owner of {self.platform.name or 'it'}")

    def services(self) -> list[PlatformService]:
        """What stands there."""
        self.platform.call("services")
        return list(self.platform.services)

    def hosts(self) -> list[PlatformHost]:
        """Those who stand there."""
        self.platform.call("hosts")
        return list(self.platform.hosts)

    def register(self, url: str) -> Registration:
        """One secret for each address."""
        self.platform.call("register")
        known = self.platform.registered.get(url)
        self.platform.registered[url] = self._secret
        if known is None:
            return Registration("made")
        return Registration("already" if known == self._secret else "changed")

    def _sound(self, found: PlatformBooking) -> PlatformBooking:
        if found.ref in self.platform.seated:
            raise PlatformError(f"the fake platform: {found.ref} is {_SEATED}", True)
        if not self.platform.careless:
            if found.status not in get_args(BookingStatus):
                raise PlatformError("the fake platform: a state that is not known", True)
            if found.start.tzinfo is None:
                raise PlatformError("the fake platform: a time without a zone", True)
        return found

    def _sound_page(self, page: Page) -> Page:
        seated = [item.ref for item in page.items if item.ref in self.platform.seated]
        items = tuple(self._sound(item) for item in page.items if item.ref not in seated)
        reasons = dict.fromkeys(seated, _SEATED)
        return replace(page, items=items, unreadable=tuple(seated), reasons=reasons)


class FakeCalendar(FakeConnector):
    """The same for a platform that puts bookings back to pending and keeps a calendar."""

    name = "fake-calendar"
    capabilities = FakeConnector.capabilities | {"hold", "put", "remove"}
    hold_style: HoldStyle = "tentative"

    def hold(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Put the booking back to pending."""
        self.platform.call("hold")
        with self.platform.lock:
            if self.platform.known(ref).status == "pending":
                return WriteResult("already")
            self.platform.put(ref, status="pending")
        return WriteResult("tentative")

    def put(self, entry: CalendarEntry) -> str:
        """Keep the entry; its version is its sequence."""
        self.platform.call("put")
        self.platform.entries[entry.uid] = entry
        return str(entry.sequence)

    def remove(self, uid: str) -> None:
        """Forget the entry."""
        self.platform.call("remove")
        self.platform.entries.pop(uid, None)


class FakeTelling(FakeConnector):
    """The same for a platform that cannot be read, is told, and acts by itself."""

    name = "fake-telling"
    capabilities: frozenset[Capability] = frozenset({"tell"})
    retries = (5.0, 300.0, 1800.0)

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None:
        super().__init__(account, client)
        self.hold_style = account.options.get("hold_style", "pending")

    def tell(self, notice: Notice, idem_key: str, now: datetime) -> WriteResult:
        """Take it."""
        self.platform.call("tell")
        self.platform.told.append((notice, idem_key))
        marked = notice.action == "hold" and self.hold_style == "tag"
        return WriteResult("tag" if marked else "native")


def delivery(
    ref: str,
    kind: str = "requested",
    *,
    thin: bool = False,
    sent_at: datetime | None = NOW,
    previous: str | None = None,
    **values: Any,
) -> bytes:
    """The body of a delivery. It holds the booking that ``booking(ref, **values)`` makes, without
    a version, unless it is ``thin``."""
    told = None if thin else asdict(booking(ref, **{**values, "version": None}))
    sent = sent_at.isoformat() if sent_at else None
    data = {"ref": ref, "kind": kind, "sent_at": sent, "previous": previous, "booking": told}
    return json.dumps(data, default=lambda moment: moment.isoformat()).encode()


def signed(raw: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers with which the fake platform sends a body."""
    return {SIGNATURE: _digest(raw, secret)}


def _digest(raw: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def _read_hint(data: Any, *, careless: bool) -> Hint:
    if data["kind"] not in get_args(HintKind) or not isinstance(data["ref"], str):
        raise ValueError
    told, found = data.get("booking"), None
    if told is not None and (careless or told["status"] in get_args(BookingStatus)):
        times = {key: _moment(told[key], careless=careless) for key in ("start", "end")}
        known = {**told, **times, "person": PlatformPerson(**told["person"])}
        found = PlatformBooking(**known)
    sent_at = _moment(data.get("sent_at"), careless=careless)
    return Hint(data["ref"], data["kind"], sent_at, found, data.get("previous"))


def _moment(text: str | None, *, careless: bool) -> datetime | None:
    found = None if text is None else datetime.fromisoformat(text)
    if found is None or (careless and found.tzinfo is None):
        return found
    if found.tzinfo is None:
        raise ValueError
    return found.astimezone(UTC)
