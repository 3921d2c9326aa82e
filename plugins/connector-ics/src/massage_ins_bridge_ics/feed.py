"""The feed as it is now: asked for anew only where it may have changed, read only where it did."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from massage_ins_bridge.api.calendars import CalendarError, CalendarRead, Memory, read_calendar
from massage_ins_bridge.api.connectors import (
    PlatformClient,
    PlatformError,
    PlatformRefusedError,
    PlatformResponse,
)

from .options import Options

#: Larger than ten thousand appointments.
MOST_BYTES = 16 * 1024 * 1024
#: How far back and ahead appointments are read.
BEFORE, AHEAD = timedelta(days=95), timedelta(days=400)
_EXPECTED = frozenset({304, 401, 403, 404, 410})
_LINK_IS_OVER = (
    "the link to the calendar leads nowhere any more ({0}); make a new one on the platform and put "
    "it in the account's api_key"
)
_REFUSED = (
    "the platform does not show the calendar under this link ({0}); look whether sharing it was "
    "switched off, or make a new link and put it in the account's api_key"
)
_NOT_MODIFIED_FIRST = "the platform says that nothing changed, and was not asked that"


@dataclass(slots=True)
class _Kept:
    """The last answer, and with what the server is asked whether it is another one by now."""

    body: bytes
    asking: dict[str, str]


class Feed:
    """One calendar behind a link. Thread-safe."""

    def __init__(self, client: PlatformClient, options: Options) -> None:
        self._client = client
        self._options = options
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._memory = Memory()
        self._read: tuple[_Kept, datetime, CalendarRead] | None = None

    def look(self, now: datetime, *, again: bool = True) -> CalendarRead:
        """What the feed holds around ``now``; the very same object as long as it is the same and
        the day is. Without ``again`` the last answer serves, if there is one: pages of one list are
        one look. Raises ``PlatformError``, also where the answer is no whole calendar."""
        with self._lock:
            if again or self._kept is None:
                self._kept = self._asked(self._kept)
            return self._understood(self._kept, now)

    def _understood(self, kept: _Kept, now: datetime) -> CalendarRead:
        local = now.astimezone(self._options.zone)
        day = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if self._read is not None and self._read[0] is kept and self._read[1] == day:
            return self._read[2]
        try:
            read = read_calendar(
                kept.body,
                zone=self._options.zone,
                window=(day - BEFORE, day + AHEAD),
                floating_is_local=self._options.floating_is_local,
                memory=self._memory,
            )
        except CalendarError as error:
            self._kept = None  # it is asked for whole the next time
            raise PlatformError(f"the calendar cannot be read: {error}", True) from None
        self._read = (kept, day, read)
        return read

    def _asked(self, kept: _Kept | None) -> _Kept:
        """The feed as it is now; the same where nothing changed."""
        answer = self._client.send(
            "GET",
            self._options.address,
            headers={"accept": "text/calendar, */*;q=0.1", **(kept.asking if kept else {})},
            expects=_EXPECTED,
            most=MOST_BYTES,
        )
        if answer.status == 304:
            if kept is None:
                raise PlatformError(_NOT_MODIFIED_FIRST)
            return kept
        _good(answer)
        if kept is not None and kept.body == answer.body:
            kept.asking = _asking(answer)
            return kept
        return _Kept(answer.body, _asking(answer))


def _good(answer: PlatformResponse) -> None:
    if answer.status in (404, 410):
        raise PlatformRefusedError(_LINK_IS_OVER.format(answer.status), True, answer.status)
    if answer.status in (401, 403):
        raise PlatformRefusedError(_REFUSED.format(answer.status), True, answer.status)
    if answer.is_web_page:
        raise PlatformError(
            "the link leads to a web page and not to a calendar; is it the link for calendar "
            "programs, and can it be opened without signing in?",
            True,
        )


def _asking(answer: PlatformResponse) -> dict[str, str]:
    """With what the server is asked whether anything changed (RFC 9110, 13.1)."""
    headers = {"if-none-match": "etag", "if-modified-since": "last-modified"}
    said = {ask: answer.headers.get(name, "") for ask, name in headers.items()}
    return {ask: value for ask, value in said.items() if value and value.isascii()}
