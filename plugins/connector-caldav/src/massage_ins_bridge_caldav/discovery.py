"""Finding an account's calendars: from the address that the clinic gives, over the well-known one
(RFC 6764), the principal (RFC 5397) and its calendar home (RFC 4791, 6.2.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

from massage_ins_bridge.api.connectors import PlatformBusyError, PlatformError

from .dns_names import server_named_for
from .multistatus import CALDAV, DAV, Response
from .wire import CTAG, TOKEN, Wire

WELL_KNOWN = "/.well-known/caldav"
_TYPE, _NAME = f"{DAV}resourcetype", f"{DAV}displayname"
_PRINCIPAL, _HOME = f"{DAV}current-user-principal", f"{CALDAV}calendar-home-set"
_ADDRESSES = f"{CALDAV}calendar-user-address-set"
_KINDS = f"{CALDAV}supported-calendar-component-set"
_REPORTS, _RIGHTS = f"{DAV}supported-report-set", f"{DAV}current-user-privilege-set"
_CALENDAR = (_TYPE, _NAME, _KINDS, _REPORTS, _RIGHTS, TOKEN, CTAG)
_WRITES = frozenset(f"{DAV}{right}" for right in ("all", "write", "write-content"))
#: What a server says that does not serve at an address.
_NOT_HERE = (400, 404, 405, 410, 501)


@dataclass(frozen=True, slots=True)
class CalendarPlace:
    """A calendar on the server: its address with a slash at the end; ``key``, the last part of
    that, by which settings name it; the name that people see; whether it lists its changes
    (``syncs``), and whether the account may write (``None``: not said)."""

    url: str
    key: str
    name: str
    syncs: bool
    writable: bool | None
    token: str = ""
    ctag: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The calendars, and the addresses at which the account's own user is known, in lower case."""

    calendars: tuple[CalendarPlace, ...]
    own_addresses: frozenset[str] = frozenset()


def discover(wire: Wire, base_url: str) -> Found:
    """All calendars of the account that hold events. Raises ``PlatformError``."""
    try:
        begin, calendar = _principal(wire, base_url)
    except PlatformError as error:
        raise _pointed(error, base_url) from None
    if calendar is not None:
        return Found((calendar,))
    at, answer = wire.propfind(begin, (_HOME, _ADDRESSES), 0)
    homes = [urljoin(at, href) for one in answer.responses for href in _hrefs(one, _HOME)]
    own = {_mail(href) for one in answer.responses for href in _hrefs(one, _ADDRESSES)}
    found = [calendar for home in dict.fromkeys(homes) for calendar in _in_home(wire, home)]
    if not found:
        raise PlatformError(
            f"{urlsplit(base_url).hostname} shows no calendar to this account; make one there, or "
            "write the address of the calendar itself as base_url",
            True,
        )
    return Found(tuple(found), frozenset(own - {""}))


def _principal(wire: Wire, base_url: str) -> tuple[str, CalendarPlace | None]:
    """The address of the account's principal, or the calendar that the address itself is."""
    first = [base_url, urljoin(base_url, WELL_KNOWN), urljoin(base_url, "/")]
    if urlsplit(base_url).path in ("", "/"):
        first = [first[1], first[2]]
    for url in dict.fromkeys(first):
        try:
            at, answer = wire.propfind(url, (*_CALENDAR, _PRINCIPAL), 0)
        except PlatformError as error:
            if error.status not in _NOT_HERE:
                raise
            continue
        for one in answer.responses:
            if calendar := _calendar(at, one):
                return at, calendar
            if href := next(iter(_hrefs(one, _PRINCIPAL)), ""):
                return urljoin(at, href), None
    raise PlatformError(
        f"{urlsplit(base_url).hostname} does not answer as a CalDAV server does; check base_url",
        True,
    )


def _pointed(error: PlatformError, base_url: str) -> PlatformError:
    """What went wrong, and the server that the domain's DNS names, where it was not found there."""
    if isinstance(error, PlatformBusyError):
        return error  # it was not asked yet
    refused = (error.status or 0) >= 400 and error.status not in _NOT_HERE
    named = None if refused else server_named_for(base_url)
    if named is None:
        return error
    return PlatformError(
        f"{error.message}; by the DNS of {urlsplit(base_url).hostname} its calendars are at "
        f"{named}. If that is the clinic's server, write it as base_url",
        error.permanent,
    )


def _in_home(wire: Wire, home: str) -> Iterator[CalendarPlace]:
    at, answer = wire.propfind(home, _CALENDAR, 1)
    return (calendar for one in answer.responses if (calendar := _calendar(at, one)) is not None)


def _calendar(base: str, one: Response) -> CalendarPlace | None:
    """The calendar that a response is about; ``None`` where it is about something else."""
    kind = one.found.get(_TYPE)
    if kind is None or f"{CALDAV}calendar" not in kind.names():
        return None
    if not _holds_events(one):
        return None
    url = urljoin(base, one.href)
    url = url if url.endswith("/") else f"{url}/"
    return CalendarPlace(
        url=url,
        key=key_of(url),
        name=" ".join(one.text(_NAME).split())[:100],
        syncs=_syncs(one),
        writable=_writable(one),
        token=one.text(TOKEN),
        ctag=one.text(CTAG),
    )


def key_of(url: str) -> str:
    """The last part of an address, in the one form in which refs carry it."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return quote(unquote(last), safe="~@!$&'()*+,;=")


def _holds_events(one: Response) -> bool:
    kinds = one.found.get(_KINDS)
    names = [kind.called.upper() for kind in kinds.inside] if kinds is not None else []
    return not names or "VEVENT" in names


def _syncs(one: Response) -> bool:
    """Whether it lists its changes: it says so, or has a token all the same."""
    reports = one.found.get(_REPORTS)
    said = reports is not None and any(
        f"{DAV}sync-collection" in report.names()
        for supported in reports.inside
        for report in supported.inside
    )
    return bool(one.text(TOKEN)) and (said or reports is None)


def _writable(one: Response) -> bool | None:
    rights = one.found.get(_RIGHTS)
    if rights is None:
        return None
    return any(right.names() & _WRITES for right in rights.inside)


def _hrefs(one: Response, prop: str) -> list[str]:
    found = one.found.get(prop)
    if found is None:
        return []
    return [text for href in found.all(f"{DAV}href") if (text := href.text.strip())]


def _mail(href: str) -> str:
    scheme, _, address = href.partition(":")
    return unquote(address).strip().lower() if scheme.lower() == "mailto" else ""
