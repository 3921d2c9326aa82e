"""``CaldavConnector``: the host's protocol, spoken with a CalDAV server."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime

from massage_ins_bridge.api.connectors import (
    Access,
    AccountConfig,
    Advice,
    BadPayloadError,
    BadSignatureError,
    CalendarEntry,
    Capability,
    Delivery,
    Gone,
    Hint,
    HoldStyle,
    Page,
    PlatformBooking,
    PlatformClient,
    PlatformHost,
    WriteResult,
)

from . import examine
from .blocks import Blocks
from .calendars import Calendars, Known
from .lists import Lists
from .objects import Reader, read_ref
from .options import read_options
from .sync import Sync
from .wire import Wire
from .writes import CONFIRM, HOLD, REOPEN, Writer, refusal

SAYS_NOTHING = "a calendar sends no deliveries; it is looked at every few minutes"


class CaldavConnector:
    """Calendars on any server that speaks CalDAV (RFC 4791): Nextcloud, iCloud, Fastmail,
    Radicale, Xandikos and others.

    A booking is an event. TENTATIVE is on hold, CONFIRMED (or no state) stands, CANCELLED is over.
    """

    name = "caldav"
    platform_name = "The calendar"
    choose_as = "A calendar on a server: Nextcloud, iCloud, Fastmail and others (CalDAV)"
    capabilities: frozenset[Capability] = frozenset(
        {
            *("fetch", "changes", "upcoming", "hold", "confirm", "reject", "cancel", "reopen"),
            *("put", "remove", "examine", "access", "hosts"),
        }
    )
    hold_style: HoldStyle = "tentative"
    default_base_url = ""
    settings = examine.SETTINGS

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None:
        options = read_options(account)
        if account.api_key.strip():
            pair = f"{options.username}:{account.api_key.strip()}".encode()
            signed_in = base64.b64encode(pair).decode("ascii")
            client = client.with_headers({"authorization": f"Basic {signed_in}"})
        self._account, self._options = account, options
        self._wire = Wire(client, account.base_url)
        self._calendars = Calendars(self._wire, account.base_url, options)
        self._lists = Lists(self._wire, self._calendars, Sync(self._wire), self._reader)
        self._writer = Writer(self._wire, self._lists)
        self._blocks = Blocks(self._wire, self._calendars, options)

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        """No delivery is a calendar's."""
        raise BadSignatureError(SAYS_NOTHING)

    def parse(self, raw: bytes) -> list[Hint]:
        """No delivery is a calendar's."""
        raise BadPayloadError(SAYS_NOTHING)

    def fetch(self, ref: str) -> PlatformBooking | Gone:
        """The booking now."""
        return self._lists.fetch(read_ref(ref))

    def changes(self, cursor: str | None, now: datetime) -> Page:
        """What changed in the calendars since their sync tokens; everything where these are not
        known any more, and once in four weeks."""
        with self._calendars.refound():
            return self._lists.changes(cursor, now)

    def upcoming(self, cursor: str | None, now: datetime) -> Page:
        """What stands and begins after now, span by span of each calendar."""
        with self._calendars.refound():
            return self._lists.upcoming(cursor, now)

    def hold(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Mark an event as tentative."""
        return self._writer.change(read_ref(ref), HOLD, idem_key)

    def confirm(self, ref: str, idem_key: str) -> WriteResult:
        """Confirm a tentative event."""
        return self._writer.change(read_ref(ref), CONFIRM, idem_key)

    def reject(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Cancel a tentative event; one that somebody confirmed meanwhile stays."""
        return self._writer.change(read_ref(ref), refusal(("pending",), reason), idem_key)

    def cancel(self, ref: str, reason: str, idem_key: str) -> WriteResult:
        """Cancel an event."""
        change = refusal(("accepted", "pending"), reason)
        return self._writer.change(read_ref(ref), change, idem_key)

    def reopen(self, ref: str, idem_key: str) -> WriteResult:
        """Confirm what the bridge cancelled, where its time is free."""
        return self._writer.change(read_ref(ref), REOPEN, idem_key)

    def put(self, entry: CalendarEntry) -> str:
        """Write a busy time."""
        return self._blocks.put(entry)

    def remove(self, uid: str) -> None:
        """Take a busy time out."""
        self._blocks.remove(uid)

    def examine(self, url: str | None) -> list[Advice]:
        """What is amiss with the calendars that the settings name."""
        self._calendars.forget()
        return list(examine.examine(self._account, self._options, self._calendars.known()))

    def access(self) -> Access:
        """Whose calendars the password opens, and what it may not change there."""
        self._calendars.forget()
        return examine.access(self._options, self._calendars.known())

    def hosts(self) -> list[PlatformHost]:
        """The calendars, each of which stands for somebody who gives visits."""
        self._calendars.forget()
        return examine.hosts(self._calendars.found())

    def _reader(self, known: Known) -> Reader:
        return Reader(self._account, self._options, known.own)
