"""What the account has on Cal.com, as far as bookings do not say it: whose key it is, and what its
event types ask. It is asked seldom: these things hardly change."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from massage_ins_bridge.api.connectors import PlatformClient, PlatformError, PlatformGoneError

from . import values

#: Event types have a version of their own.
TYPES_VERSION = "2024-06-14"
#: For how many seconds an event type's policy is remembered.
REMEMBERED = 600.0


class There:
    """Asks with the account's own client."""

    def __init__(self, client: PlatformClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock = client, clock
        self._types = client.with_headers({"cal-api-version": TYPES_VERSION})
        self._own: str | None = None
        self._asks: dict[str, tuple[float, bool | None]] = {}

    def own_id(self) -> str:
        """The id of the user that the key belongs to. Raises ``PlatformError``."""
        if self._own is None:
            self._own = values.text(self.me().get("id"))
        if self._own is None:
            raise PlatformError("Cal.com does not say whose key this is")
        return self._own

    def me(self) -> Mapping[str, Any]:
        """The user that the key belongs to. Raises ``PlatformError``."""
        return values.mapping(values.mapping(self._client.get("/v2/me")).get("data"))

    def event_types(self) -> list[Mapping[str, Any]]:
        """The event types of the key's user. Raises ``PlatformError``."""
        return self.listed("/v2/event-types")

    def listed(self, path: str) -> list[Mapping[str, Any]]:
        """A list that is answered to the version of event types, or to none. Where there is no such
        list it is empty. Raises ``PlatformError``."""
        try:
            answer = self._types.get(path)
        except PlatformGoneError:
            return []
        return list(values.objects(values.mapping(answer).get("data")))

    def event_type(self, ref: str) -> Mapping[str, Any] | None:
        """An event type, or ``None`` where there is none of that id for this key. Raises
        ``PlatformError``."""
        if not (ref.isascii() and ref.isdigit()):
            return None
        try:
            answer = self._types.get(f"/v2/event-types/{ref}")
        except PlatformGoneError:
            return None
        return values.mapping(values.mapping(answer).get("data"))

    def asks_confirmation(self, ref: str | None) -> bool | None:
        """Whether bookings of an event type wait to be accepted; ``None`` where that depends, or
        is not known. It is only a help, so that it never fails."""
        if ref is None:
            return None
        now = self._clock()
        until, known = self._asks.get(ref, (now, None))
        if now < until:
            return known
        try:
            known = asks(self.event_type(ref) or {})
        except PlatformError:
            known = None
        self._asks[ref] = (now + REMEMBERED, known)
        return known


def asks(event_type: Mapping[str, Any]) -> bool | None:
    """What an event type's policy says: always, never, or else ``None`` (with a threshold only
    bookings of the next hours wait):
    apps/api/v2/src/platform/event-types/event-types_2024_06_14/transformers/internal-to-api/
    requires-confirmation.ts."""
    policy = values.mapping(event_type.get("confirmationPolicy"))
    if policy.get("disabled") is True:
        return False
    return True if policy.get("type") == "always" else None
