"""The roles that a connector plays, each a protocol, and what every connector is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from ...http import PlatformClient
from ._connecting import Access, Advice, PlatformHost, PlatformService, Registration
from ._notices import Notice
from ._shapes import (
    AccountConfig,
    CalendarEntry,
    Capability,
    Delivery,
    Gone,
    Hint,
    HoldStyle,
    Page,
    PlatformBooking,
    WriteResult,
)


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


class Telling(Protocol):
    """Telling a platform that acts by itself. A connector that declares ``tell`` needs no
    ``confirm``, ``reject`` and ``cancel``: each is a notice."""

    def tell(self, notice: Notice, idem_key: str, now: datetime) -> WriteResult:
        """Tell the platform. That it took the notice is enough; it may come again with the same
        ``idem_key``. Raises ``PlatformError``."""


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


class Connecting(Protocol):
    """Helping a clinic to connect an account. Each method raises ``PlatformError``."""

    def access(self) -> Access:
        """Whose key it is, and what it does not open. ``PlatformRefusedError`` for one that opens
        nothing."""

    def services(self) -> list[PlatformService]:
        """The services that this key sees, whether or not the settings name them."""

    def hosts(self) -> list[PlatformHost]:
        """Those who give them, as far as this key sees."""

    def register(self, url: str) -> Registration:
        """Have deliveries sent to this address, signed with the account's secret. What leads there
        already is mended, and nothing is made twice; what leads elsewhere stays as it is."""


class Connector(Receiving, Protocol):
    """What every connector class is: its names, its making, and the role ``Receiving``. The other
    roles are played as far as ``capabilities`` says.

    A class may name ``made_up_emails``: patterns such as ``*@sms.acme.example`` of addresses that
    the platform makes up for who gave none. Many people may share one, so nobody is known by it.

    A class may say what its platform is called, in a sentence: ``platform_name = "Acme"``. Without
    it pages speak of "the platform".

    A class may say what it is for, where a clinic chooses: ``choose_as = "Acme, hosted or your
    own"``; and which ``events`` its deliveries have to tell of, a tuple of the names that the
    platform's page shows.

    A class may say ``tells_client = True``: its platform tells the client of a refusal, with its
    reason. Where it does not, staff is asked to.

    A class may name its ``settings``, a tuple of ``Setting`` in the order in which people are
    asked. Where it does not, they are asked for the address, the key and the deliveries' secret.

    A class may name ``retries``: after each failed ``tell``, how many seconds until the next one;
    after the last the notice is staff's. Without it the host's own pauses are kept.

    A class may name ``schemas``: by name, the JSON Schemas of what its platform sends and is sent,
    for whoever writes that side (``massage-ins-bridge schema``).

    The constructor may raise ``ValueError`` with the name of the setting that it cannot use. It is
    not the place to ask a platform: after ten seconds it is given up, and the start fails."""

    name: str
    capabilities: frozenset[Capability]
    hold_style: HoldStyle
    default_base_url: str

    def __init__(self, account: AccountConfig, client: PlatformClient) -> None: ...
