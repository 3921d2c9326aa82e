"""What is asked of a CalDAV server, and what comes back: PROPFIND, REPORT, GET, PUT and DELETE with
their bodies, each answer bounded and looked at before it is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urljoin, urlsplit
from xml.sax.saxutils import escape

from massage_ins_bridge.api.connectors import (
    PlatformClient,
    PlatformError,
    PlatformRefusedError,
    PlatformResponse,
)

from .multistatus import CALDAV, CS, DAV, MultiStatus, XmlError, names_in, read_multistatus

#: The most that is taken of one answer. Five thousand events take some 3 million bytes.
MOST_BYTES = 32 * 1024 * 1024
#: One object; the largest that servers take by default is smaller.
MOST_OBJECT = 4 * 1024 * 1024
ETAG, DATA = f"{DAV}getetag", f"{CALDAV}calendar-data"
TOKEN, CTAG = f"{DAV}sync-token", f"{CS}getctag"
#: Prefixes of the names in requests.
_PREFIXES = {DAV: "D", CALDAV: "C", CS: "S"}
_NAMESPACES = " ".join(f'xmlns:{p}="{name.strip()}"' for name, p in _PREFIXES.items())


class TooManyError(PlatformError):
    """The server will not answer at once for so much; less is to be asked for."""


class StaleTokenError(PlatformError):
    """The server does not know the sync token, or no longer."""


class ChangedError(PlatformError):
    """The object is another one by now (412)."""


@dataclass(frozen=True, slots=True)
class Got:
    """An object as it is stored, byte for byte, and its entity tag."""

    body: bytes
    etag: str


class Wire:
    """Speaks with the server that the account names. Each method raises ``PlatformError``;
    addresses are whole ones."""

    def __init__(self, client: PlatformClient, base_url: str) -> None:
        self._client = client
        self._home = self._name(base_url)

    @property
    def server_time(self) -> datetime | None:
        """What the server's clock said last."""
        return self._client.platform_time

    def propfind(self, url: str, props: Iterable[str], depth: int) -> tuple[str, MultiStatus]:
        """Properties of an address and, with ``depth`` 1, of what is in it; and the address that
        answered."""
        body = f"<D:propfind {_NAMESPACES}><D:prop>{_tags(props)}</D:prop></D:propfind>"
        return self._multistatus("PROPFIND", url, body, depth)

    def sync(self, url: str, token: str, props: Iterable[str]) -> MultiStatus:
        """What changed in a calendar since the token (RFC 6578). No limit is sent: several servers
        cut the answer without a word. Raises ``StaleTokenError``."""
        body = (
            f"<D:sync-collection {_NAMESPACES}><D:sync-token>{escape(token)}</D:sync-token>"
            f"<D:sync-level>1</D:sync-level><D:prop>{_tags(props)}</D:prop></D:sync-collection>"
        )
        return self._multistatus("REPORT", url, body, 0)[1]

    def multiget(self, url: str, hrefs: Iterable[str]) -> MultiStatus:
        """Objects of a calendar with their data (RFC 4791, 7.9)."""
        wanted = "".join(f"<D:href>{escape(path_of(href))}</D:href>" for href in hrefs)
        body = (
            f"<C:calendar-multiget {_NAMESPACES}><D:prop>{_tags((ETAG, DATA))}</D:prop>{wanted}"
            "</C:calendar-multiget>"
        )
        return self._multistatus("REPORT", url, body, 1)[1]

    def query(self, url: str, start: datetime, end: datetime, *, data: bool = True) -> MultiStatus:
        """Objects with an event between two moments (RFC 4791, 7.8). Raises ``TooManyError``."""
        span = f'<C:time-range start="{_utc(start)}" end="{_utc(end)}"/>'
        body = (
            f"<C:calendar-query {_NAMESPACES}>"
            f"<D:prop>{_tags((ETAG, DATA) if data else (ETAG,))}</D:prop>"
            '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">'
            f"{span}</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
        )
        return self._multistatus("REPORT", url, body, 1)[1]

    def get(self, url: str) -> Got | None:
        """An object; ``None`` where the server does not show it."""
        answer = self._send("GET", url, expects=(404, 410), most=MOST_OBJECT)[1]
        if answer.status in (404, 410):
            return None
        if not answer.body.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper() == b"BEGIN:VCALENDAR":
            raise PlatformError(f"{self._name(url)} {_not_calendar(answer)}", True)
        return Got(answer.body, strong(answer.headers.get("etag", "")))

    def put(
        self,
        url: str,
        body: bytes,
        etag: str | None,
        applied: Callable[[], PlatformResponse | None] | None = None,
    ) -> str:
        """Store an object in place of the one with that tag; ``None``: where none is. Its new tag,
        empty where the server keeps that to itself. Raises ``ChangedError``."""
        guard = {"if-match": etag} if etag is not None else {"if-none-match": "*"}
        headers = {"content-type": "text/calendar; charset=utf-8", **guard}
        _, answer = self._send(
            "PUT", url, body, headers=headers, expects=(412,), repeatable=False, applied=applied
        )
        if answer.status == 412:
            raise ChangedError("the event was changed meanwhile", status=412)
        return strong(answer.headers.get("etag", ""))

    def delete(self, url: str, etag: str) -> None:
        """Take out the object with that tag. Raises ``ChangedError``."""
        _, answer = self._send("DELETE", url, headers={"if-match": etag}, expects=(404, 410, 412))
        if answer.status == 412:
            raise ChangedError("the event was changed meanwhile", status=412)

    def _multistatus(self, method: str, url: str, body: str, depth: int) -> tuple[str, MultiStatus]:
        content = f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode()
        headers = {"content-type": "application/xml; charset=utf-8", "depth": str(depth)}
        at, answer = self._send(method, url, content, headers=headers, expects=(403, 409, 412, 507))
        if answer.status != 207:
            raise self._refusal(at, method, answer)
        try:
            return at, read_multistatus(answer.body)
        except XmlError as error:
            raise PlatformError(f"{self._name(at)} answered with what {error}", True) from None

    def _refusal(self, url: str, method: str, answer: PlatformResponse) -> PlatformError:
        named = names_in(answer.body)
        if f"{DAV}valid-sync-token" in named:
            return StaleTokenError("the server no longer knows its sync token", True, answer.status)
        if answer.status == 507 or f"{DAV}number-of-matches-within-limits" in named:
            return TooManyError("the server will not answer for so much at once", True, 507)
        if 200 <= answer.status < 300:
            return PlatformError(f"{self._name(url)} {_not_calendar(answer)}", True, answer.status)
        if answer.status == 403:
            return PlatformRefusedError(
                f"{self._name(url)} refuses the account the right to {method} (403); its password "
                "was taken back, or the calendar is shared with it no more",
                True,
                403,
            )
        return PlatformError(f"{self._name(url)}: {method} answered {answer.status}", True)

    def _send(  # noqa: PLR0913 - what a call can have
        self,
        method: str,
        url: str,
        content: bytes | None = None,
        *,
        headers: dict[str, str] | None = None,
        expects: tuple[int, ...] = (),
        most: int = MOST_BYTES,
        repeatable: bool = True,
        applied: Callable[[], PlatformResponse | None] | None = None,
    ) -> tuple[str, PlatformResponse]:
        """The answer, and the address that gave it."""
        answer = self._client.send(
            method,
            urljoin(url, path_of(url)),
            content,
            headers={"accept": "*/*", **(headers or {})},
            expects=(*expects, 401),
            repeatable=repeatable,
            applied=applied,
            most=most,
        )
        if answer.status == 401:
            raise self._unknown(answer.url)
        return answer.url or url, answer

    def _unknown(self, url: str) -> PlatformError:
        """Another server gets the account's password only where the clinic names it."""
        at = self._name(url)
        if at != self._home:
            return PlatformRefusedError(
                f"{self._home} leads to another server, {at}, which asks for a password; if that "
                f'is right, write allowed_hosts = ["{at}"]',
                True,
                401,
            )
        return PlatformRefusedError(
            f"{at} does not take the account's name and password (401); give it a new one "
            "(api_key), an app password where the server has those",
            True,
            401,
        )

    @staticmethod
    def _name(url: str) -> str:
        return urlsplit(url).hostname or "the server"


def path_of(url: str) -> str:
    """The path of an address, fit to be sent: what is escaped stays so."""
    return quote(urlsplit(url).path or "/", safe="/%~:@!$&'()*+,;=")


def strong(etag: str) -> str:
    """An entity tag that ``If-Match`` can carry; empty for a weak one, which never matches (RFC
    9110, 13.1.1). One server escapes the quotes in its answer to a PUT."""
    found = etag.strip()
    if found.startswith("%22"):
        found = found.replace("%22", '"')
    return "" if found.startswith("W/") or not found.isascii() else found


def _tags(names: Iterable[str]) -> str:
    return "".join(
        f"<{prefix}:{name.removeprefix(space)}/>"
        for name in names
        for space, prefix in _PREFIXES.items()
        if name.startswith(space)
    )


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _not_calendar(answer: PlatformResponse) -> str:
    """What came where a calendar belongs."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/html" or b"<html" in answer.body[:500].lower():
        return "answered with a web page where a calendar belongs; check base_url"
    return "answered with something else than a calendar; check base_url"
