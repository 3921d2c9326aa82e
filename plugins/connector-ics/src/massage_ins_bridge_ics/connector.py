"""``IcsConnector``: the host's protocol, spoken with a calendar feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from massage_ins_bridge.api.connectors import (
    Access,
    AccountConfig,
    Advice,
    BadPayloadError,
    BadSignatureError,
    Capability,
    Delivery,
    Hint,
    HoldStyle,
    Page,
    PlatformClient,
    PlatformHost,
    PlatformService,
)

from .appointments import CALENDAR, Reader
from .examine import advice, services_in
from .feed import Feed
from .lists import Lists
from .options import SETTINGS, read_options

SAYS_NOTHING = "a calendar feed sends no deliveries; it is asked every few minutes"


class IcsConnector:
    """A read-only calendar feed (RFC 5545 behind a link).

    It shows appointments and takes nothing: what a decision asks for, staff does on the platform.
    What the feed lacks is judged by the host alone (``Shown``), since a feed may be cut short,
    shows only some weeks, and forgets.
    """

    name = "ics"
    platform_name = "The calendar feed"
    choose_as = "A calendar feed, which is read and never written (ICS)"
    capabilities: frozenset[Capability] = frozenset(
        {"changes", "upcoming", "examine", "access", "services", "hosts"}
    )
    hold_style: HoldStyle = "none"
    #: Each feed has an address of its own, which is its key; this one is asked for nothing.
    default_base_url = "https://calendar-feed.invalid"
    settings = SETTINGS

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None:
        options = read_options(account)
        self._account, self._options = account, options
        try:
            client = client.at(options.origin)
        except ValueError as error:
            said = str(error).removeprefix("base_url ")
            raise ValueError(f"api_key: the link {said}") from None
        self._feed = Feed(client, options)
        self._reader = Reader(account, options)
        self._lists = Lists(self._feed, self._reader)

    def verify(self, headers: Mapping[str, str], raw: bytes, url: str, now: datetime) -> Delivery:
        """No delivery is a feed's."""
        raise BadSignatureError(SAYS_NOTHING)

    def parse(self, raw: bytes) -> list[Hint]:
        """No delivery is a feed's."""
        raise BadPayloadError(SAYS_NOTHING)

    def changes(self, cursor: str | None, now: datetime) -> Page:
        """Appointments that are new or otherwise; those of which a feed can say nothing sure are
        among the unreadable ones."""
        return self._lists.changes(cursor, now)

    def upcoming(self, cursor: str | None, now: datetime) -> Page:
        """Appointments that stand and begin after now."""
        return self._lists.upcoming(cursor, now)

    def examine(self, url: str | None) -> list[Advice]:
        """What of the feed, or of how it is read, the clinic should know."""
        now = datetime.now(UTC)
        return list(advice(self._feed.look(now), self._reader, now))

    def access(self) -> Access:
        """What the link shows."""
        now = datetime.now(UTC)
        read = self._feed.look(now)
        number = sum(one.start > now for one in read.occurrences)
        lacks = tuple(a.message for a in advice(read, self._reader, now) if a.level == "bad")
        return Access(f"a calendar with {number} appointments to come", lacks)

    def services(self) -> list[PlatformService]:
        """Those that its titles name."""
        return services_in(self._feed.look(datetime.now(UTC)), self._reader)

    def hosts(self) -> list[PlatformHost]:
        """The calendar itself: a feed does not tell whose it is."""
        return [PlatformHost(CALENDAR, "whoever this calendar is of", own=True)]
