"""A CalDAV server in memory whose ways can be turned: what servers leave out, cut short or forget.

It is a handler of ``httpx.MockTransport``, and speaks as much of RFC 4791 and RFC 6578 as a client
of one calendar, ``mira``, asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.sax.saxutils import escape

import httpx

#: The address below which the calendar lies.
HOME = "/dav/clinic/"
_SPACES = (
    'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"'
)
Answering = Callable[[httpx.Request], httpx.Response | None]


@dataclass
class UnpleasantCaldav:
    """The server, a pleasant one until it is told otherwise."""

    #: Whether it has sync tokens, and sends events along with a list of changes.
    syncs: bool = True
    sends_data: bool = True
    #: Whether a calendar has a tag that changes with it.
    ctags: bool = True
    #: How many changes it tells in one answer.
    at_once: int = 1000
    #: Whether a list of changes names what was deleted.
    tells_deletions: bool = True
    #: What its sync tokens begin with, and the number of the oldest that it still knows.
    sync_prefix: str = "t"
    oldest: int = 0
    #: Events by name, and the names of all that were changed, in order.
    objects: dict[str, bytes] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    #: What may answer in its place; ``None`` leaves the request to the server.
    before: Answering = lambda _request: None
    #: What was asked: the method, or the kind of a report.
    asked: list[str] = field(default_factory=list)

    def put(self, name: str, body: bytes) -> None:
        """Store an event as a calendar's user does."""
        self.objects[name] = body
        self.changes.append(name)

    def delete(self, name: str) -> None:
        """Take an event out as a calendar's user does."""
        del self.objects[name]
        self.changes.append(name)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        body = request.content.decode()
        kind = re.search(r"<[DC]:(propfind|sync-collection|calendar-\w+) ", body)
        self.asked.append(kind[1] if kind else request.method)
        if (answer := self.before(request)) is not None:
            return answer
        path = unquote(request.url.path)
        if request.method in ("GET", "PUT", "DELETE"):
            return self.answer_object(request, path.rpartition("/")[2])
        if request.method == "PROPFIND":
            return self._propfind(path, request.headers["depth"])
        if "sync-collection" in body:
            return self._sync(re.search("<D:sync-token>(.*)</D:sync-token>", body)[1])  # type: ignore[index]
        wanted = re.findall("<D:href>(.*?)</D:href>", body)
        names = [unquote(one).rpartition("/")[2] for one in wanted] or list(self.objects)
        if "calendar-query" in body:
            names = [n for n in names if self.begins_in(n, body)]
        return multistatus("".join(self._one(name, data=True) for name in names))

    def begins_in(self, name: str, body: str) -> bool:
        """Whether an event begins within the time range that a query's body names."""
        start, end = re.search('start="(.*?)" end="(.*?)"', body).groups()  # type: ignore[union-attr]
        begins = re.search(rb"DTSTART:(\S+)", self.objects[name])
        return begins is None or start <= begins[1].decode() < end

    def answer_object(self, request: httpx.Request, name: str) -> httpx.Response:
        """Answer a request about one event, whose entity tag a change must name."""
        there = self.objects.get(name)
        given = request.headers.get("if-match")
        if request.method == "GET":
            if there is None:
                return httpx.Response(404, text="not here")
            return httpx.Response(200, content=there, headers={"etag": tag(there)})
        if (given is not None) != (there is not None) or (there and given != tag(there)):
            return httpx.Response(412)
        if request.method == "PUT":
            self.put(name, request.content)
        else:
            self.delete(name)
        return httpx.Response(204)

    def _propfind(self, path: str, depth: str) -> httpx.Response:
        calendar = f"{HOME}mira/"
        itself = "<resourcetype><collection/><C:calendar/></resourcetype>"
        number = len(self.changes)
        token = f"<sync-token>{self.sync_prefix}{number}</sync-token>" if self.syncs else ""
        ctag = f"<S:getctag>c{number}</S:getctag>" if self.ctags else ""
        found = response(calendar, f"{itself}{token}{ctag}")
        if path == calendar:
            inside = "".join(self._one(n, data=False) for n in self.objects) if depth == "1" else ""
            return multistatus(found + inside)
        if path == HOME and depth == "1":
            return multistatus(response(HOME, "<resourcetype><collection/></resourcetype>") + found)
        if path == HOME:
            return multistatus(
                response(HOME, f"<C:calendar-home-set><href>{HOME}</href></C:calendar-home-set>")
            )
        principal = f"<current-user-principal><href>{HOME}</href></current-user-principal>"
        return multistatus(response(path, principal)) if path == "/" else httpx.Response(404)

    def _sync(self, token: str) -> httpx.Response:
        number = int(token.removeprefix(self.sync_prefix) or 0)
        if number < self.oldest:
            return httpx.Response(403, text='<error xmlns="DAV:"><valid-sync-token/></error>')
        upto = min(len(self.changes), number + self.at_once)
        names = dict.fromkeys(self.changes[number:upto])
        told = [n for n in names if n in self.objects or self.tells_deletions]
        cut = upto < len(self.changes)
        more = f"<response><href>{HOME}mira/</href>{_said(507)}</response>" if cut else ""
        items = "".join(self._one(name, data=self.sends_data) for name in told)
        return multistatus(f"{items}{more}<sync-token>{self.sync_prefix}{upto}</sync-token>")

    def _one(self, name: str, *, data: bool) -> str:
        href = f"{HOME}mira/{name}"
        there = self.objects.get(name)
        if there is None:
            return f"<response><href>{href}</href>{_said(404)}</response>"
        text = f"<C:calendar-data>{escape(there.decode())}</C:calendar-data>" if data else ""
        return response(href, f"<getetag>{escape(tag(there))}</getetag>{text}")


def _said(number: int) -> str:
    return f"<status>HTTP/1.1 {number} So</status>"


def tag(body: bytes) -> str:
    """The entity tag of an event."""
    return f'"{hash(body) & 0xFFFFFFFF:x}"'


def response(href: str, props: str) -> str:
    """What an answer says of one address: its properties, as XML."""
    found = f"<propstat><prop>{props}</prop>{_said(200)}</propstat>"
    return f"<response><href>{href}</href>{found}</response>"


def multistatus(inside: str) -> httpx.Response:
    """An answer about several addresses."""
    text = f'<?xml version="1.0"?><multistatus {_SPACES}>{inside}</multistatus>'
    return httpx.Response(207, text=text, headers={"content-type": "application/xml"})
