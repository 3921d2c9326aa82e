"""What changed in one calendar: by its sync token (RFC 6578), or by its objects' entity tags where
a server has no tokens. Only what a server says of one address, 404, is a deletion: neither a list
that lacks it, nor an answer to something else."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from massage_ins_bridge.api.connectors import PlatformError

from .discovery import CalendarPlace, key_of
from .multistatus import MultiStatus, Response
from .wire import CTAG, DATA, ETAG, TOKEN, StaleTokenError, Wire, path_of

#: How many objects are asked for at once.
AT_ONCE = 100
_TOKEN, _TAGS = "t", "e"


@dataclass(slots=True)
class Changed:
    """What changed since a place: objects by address, addresses that are gone and those that the
    account is not shown, the place now, and whether more is to be asked for at once."""

    objects: dict[str, bytes] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    place: str = ""
    more: bool = False


class Sync:
    """Reads calendars through the wire. What their objects' tags were is kept in memory for those
    without tokens: after a start such a calendar is looked at whole."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._lock = threading.Lock()
        self._tags: dict[str, dict[str, str]] = {}
        #: Calendars whose servers do not send data along.
        self._bare: set[str] = set()

    def place(self, calendar: CalendarPlace) -> str:
        """Where a calendar is now, before it is listed. Raises ``PlatformError``."""
        if calendar.syncs:
            one = self._itself(calendar, (TOKEN,))
            if token := one.text(TOKEN):
                return _TOKEN + token
        return self._tags_place(calendar, self._list(calendar))

    def changes(self, calendar: CalendarPlace, place: str) -> Changed:
        """Raises ``StaleTokenError`` where the place is not known any more, and
        ``PlatformError``."""
        if place.startswith(_TOKEN):
            return self._by_token(calendar, place.removeprefix(_TOKEN))
        return self._by_tags(calendar, place)

    def objects(self, calendar: CalendarPlace, names: Iterable[str]) -> Changed:
        """The objects of these addresses, and which of them are gone."""
        found = Changed()
        wanted = list(names)
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            answer = self._wire.multiget(calendar.url, part)
            for one in answer.responses:
                if not _take(found, calendar, one):
                    found.unread.append(one.href)
            _check_all_told(part, answer.responses)
        return found

    def _by_token(self, calendar: CalendarPlace, token: str) -> Changed:
        answer = self._sync(calendar, token)
        found, without = Changed(place=_TOKEN + answer.sync_token), []
        if not answer.sync_token:
            raise PlatformError("the server lists changes without a sync token", True)
        for one in answer.responses:
            if _is(calendar, one.href):
                found.more |= one.status == 507
            elif not _take(found, calendar, one):
                without.append(one.href)
        if without:
            self._bare.add(calendar.url)
            more = self.objects(calendar, without)
            found.objects |= more.objects
            found.gone += more.gone
            found.unread += more.unread
        found.more &= found.place != _TOKEN + token
        return found

    def _sync(self, calendar: CalendarPlace, token: str) -> MultiStatus:
        """With the data at once; where that fails for good, perhaps since it is too much, without
        them."""
        if calendar.url not in self._bare:
            try:
                return self._wire.sync(calendar.url, token, (ETAG, DATA))
            except StaleTokenError:
                raise
            except PlatformError as error:
                if not error.permanent or error.status in (401, 403):
                    raise
        return self._wire.sync(calendar.url, token, (ETAG,))

    def _by_tags(self, calendar: CalendarPlace, place: str) -> Changed:
        mark, _, ctag = place.removeprefix(_TAGS).partition(" ")
        with self._lock:
            before = self._tags.get(f"{calendar.url} {mark}")
        if before is None:
            raise StaleTokenError("what the calendar held is not known any more", True)
        if ctag and self._itself(calendar, (CTAG,)).text(CTAG) == ctag:
            return Changed(place=place)
        now = self._list(calendar)
        news = [href for href, tag in now.tags.items() if not tag or before.get(href) != tag]
        missing = [href for href in before if href not in now.tags]
        found = self.objects(calendar, [*news, *missing])
        # What could not be told stays as it was, so that it is asked for again.
        found.place = self._tags_place(calendar, now)
        return found

    def _tags_place(self, calendar: CalendarPlace, now: _Listed) -> str:
        said = "".join(f"{href}\0{tag}\0" for href, tag in sorted(now.tags.items()))
        mark = hashlib.sha256(said.encode()).hexdigest()[:24]
        with self._lock:
            kept = [key for key in self._tags if key.startswith(f"{calendar.url} ")]
            for key in kept[:-2]:
                del self._tags[key]
            self._tags[f"{calendar.url} {mark}"] = dict(now.tags)
        return f"{_TAGS}{mark} {now.ctag}"

    def _list(self, calendar: CalendarPlace) -> _Listed:
        ctag = self._itself(calendar, (CTAG,)).text(CTAG)
        _, answer = self._wire.propfind(calendar.url, (ETAG,), 1)
        tags = {
            one.href: one.text(ETAG)
            for one in answer.responses
            if ETAG in one.found and not _is(calendar, one.href)
        }
        return _Listed(tags, ctag)

    def _itself(self, calendar: CalendarPlace, props: Iterable[str]) -> Response:
        _, answer = self._wire.propfind(calendar.url, props, 0)
        for one in answer.responses:
            if _is(calendar, one.href):
                return one
        raise PlatformError("the server answers about another calendar than asked", True)


@dataclass(frozen=True, slots=True)
class _Listed:
    tags: Mapping[str, str]
    ctag: str


def _take(found: Changed, calendar: CalendarPlace, one: Response) -> bool:
    """Take what is said of an object; whether that was enough. Raises ``PlatformError`` for what
    may pass."""
    if one.status in (404, 410):
        found.gone.append(one.href)
        return True
    if one.status >= 500:
        raise PlatformError(f"the server answers {one.status} about one of its objects")
    if DATA in one.found:
        found.objects[one.href] = one.found[DATA].text.encode()
        return True
    return _is(calendar, one.href)


def _check_all_told(asked: list[str], told: Iterable[Response]) -> None:
    """An object that a server keeps quiet about is asked for again at the next look: none may be
    left out."""
    said = {key_of(one.href) for one in told}
    if any(key_of(href) not in said for href in asked):
        raise PlatformError("the server leaves out objects that it was asked for")


def _is(calendar: CalendarPlace, href: str) -> bool:
    """Whether an address is the calendar itself."""
    return path_of(urljoin(calendar.url, href)).rstrip("/") == path_of(calendar.url).rstrip("/")
