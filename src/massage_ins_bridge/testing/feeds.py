"""A calendar feed as booking platforms publish it, on a real HTTP server: unpleasant by default.

What it does, and who does it:

- It shows some weeks only, and not what lies further ahead: TherapyAppointment 60 days
  (support.therapyappointment.com, article 438), OpenChair 30 days back and 12 months ahead
  (openchairpro.com/help/calendar-export).
- It hides names (``names``): Sessions Health offers full names, first names, initials and its own
  ids (support.sessionshealth.com, article 215); TherapyAppointment writes "Appointment", Outlook
  "Busy".
- Titles are "client - service" (Booker: help.pr-43.booker-app.com/calendar-sync).
- What was called off lingers for a while, or is not there at once
  (janeapp.co.uk, "Helping patients with calendar subscriptions").
- DTSTAMP is written anew at each request, as Google and Exchange do (RFC 5545, 3.8.7.2, for METHOD
  PUBLISH: when the instance of the object was made), and events come in no order.
- Lines are folded at 75 octets, within letters of several bytes as well (RFC 5545, 3.1).
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, Self

from .bookings import NOW

Names = Literal["full", "first", "initials", "id", "hidden"]
#: What may be amiss with an answer, by the name under which ``FeedServer.faults`` has it.
FAULTS = frozenset(
    [
        *("html", "empty", "no events", "cut", "binary", "other length", "endless", "drip"),
        *("to a private address", "in circles", "hang up", "slow down", "slow down soon"),
        *("401", "403", "404", "410", "500", "503"),
    ]
)
_PAGE = b"<!DOCTYPE html>\n<html><body><h1>Please sign in</h1></body></html>\n"
_KEY = "3f9a0c5e7d"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment on the platform; ``extra`` are lines of its VEVENT beside the usual ones."""

    uid: str
    start: datetime
    minutes: int = 60
    client: str = "Ada Test"
    service: str = "Massage"
    status: str | None = "CONFIRMED"
    sequence: int = 0
    extra: tuple[str, ...] = ()


@dataclass(slots=True)
class FeedServer:
    """The server. ``tags``: whether it answers conditional requests; ``days``: how far back and
    ahead it shows; ``faults``: what is amiss with the next answers, first things first; ``clock``:
    the platform's."""

    names: Names = "full"
    days: tuple[int, int] = (30, 60)
    tags: bool = True
    head: tuple[str, ...] = ("X-WR-TIMEZONE:America/Los_Angeles",)
    clock: Callable[[], datetime] = lambda: NOW
    appointments: dict[str, Appointment] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    #: Of each request, the status of its answer and how many bytes of a body were sent.
    answers: list[tuple[int, int]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - no secret
    _number: int = 0

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None, "it was started"
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The secret link."""
        assert self._server is not None, "it was started"
        return f"http://127.0.0.1:{self._server.server_address[1]}/ical/{_KEY}.ics"

    def book(self, start: datetime | None = None, **what: object) -> str:
        """A new appointment, each a day later unless told when; its UID."""
        self._number += 1
        uid = f"{self._number}-{_KEY}@platform.example"
        when = start or NOW + timedelta(days=1 + self._number % 50, hours=self._number // 50)
        self.appointments[uid] = replace(Appointment(uid, when), **what)  # type: ignore[arg-type]
        return uid

    def change(self, uid: str, **what: object) -> None:
        """Change an appointment."""
        was = self.appointments[uid]
        what.setdefault("sequence", was.sequence + 1)
        self.appointments[uid] = replace(was, **what)  # type: ignore[arg-type]

    def body(self) -> bytes:
        """The calendar as it would be answered now."""
        now = self.clock()
        begin, end = (now + timedelta(days=d) for d in (-self.days[0], self.days[1]))
        shown = [a for a in self.appointments.values() if begin <= a.start <= end]
        self._chance.shuffle(shown)
        stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Platform//EN", *self.head]
        for one in shown:
            lines += self._event(one, stamp)
        return b"".join(map(_folded, [*lines, "END:VCALENDAR"]))

    def _event(self, one: Appointment, stamp: str) -> list[str]:
        title = f"{self._named(one)} - {one.service}" if self.names != "hidden" else "Busy"
        end = one.start + timedelta(minutes=one.minutes)
        return [
            *("BEGIN:VEVENT", f"UID:{one.uid}", f"DTSTAMP:{stamp}", f"LAST-MODIFIED:{stamp}"),
            *(f"DTSTART:{_utc(one.start)}", f"DTEND:{_utc(end)}", f"SEQUENCE:{one.sequence}"),
            f"SUMMARY:{title}".replace(",", "\\,"),
            *([f"STATUS:{one.status}"] if one.status else []),
            *one.extra,
            "END:VEVENT",
        ]

    def _named(self, one: Appointment) -> str:
        words = one.client.split()
        shown = {
            "full": one.client,
            "first": words[0],
            "initials": "".join(f"{word[0]}." for word in words),
            "id": f"#{int(sha256(one.client.encode()).hexdigest()[:8], 16)}",
        }
        return shown[self.names]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> bytes:
    """A line folded at 75 octets, wherever that is."""
    raw, pieces = line.encode(), []
    while len(raw) > 75:
        pieces.append(raw[:75])
        raw = b" " + raw[75:]
    return b"\r\n".join([*pieces, raw]) + b"\r\n"


def _handler(feed: FeedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def log_message(self, *_: object) -> None:
            """Nothing is written down."""

        def do_GET(self) -> None:
            fault = feed.faults.pop(0) if feed.faults else ""
            if not self.path.startswith(f"/ical/{_KEY}"):
                fault = "404"
            with contextlib.suppress(OSError):  # the client had enough of it
                _answer(self, feed, fault)

    return Handler


def _answer(to: BaseHTTPRequestHandler, feed: FeedServer, fault: str) -> None:
    if fault.isdigit():
        _send(to, feed, int(fault), _PAGE, {"content-type": "text/html"})
    elif fault.startswith("slow down"):
        after = {"retry-after": "1"} if fault == "slow down soon" else {}
        _send(to, feed, 429, b"", after)
    elif fault == "to a private address":
        _send(to, feed, 302, b"", {"location": "https://10.255.255.1/latest/meta-data"})
    elif fault == "in circles":
        feed.faults.insert(0, fault)
        _send(to, feed, 302, b"", {"location": to.path})
    elif fault == "hang up":
        feed.answers.append((0, 0))
        to.close_connection = True
    elif fault in ("endless", "drip"):
        _without_end(to, feed, 0.05 if fault == "drip" else 0.0)
    else:
        _calendar(to, feed, fault)


def _calendar(to: BaseHTTPRequestHandler, feed: FeedServer, fault: str) -> None:
    body = feed.body()
    tag = f'"{sha256(repr(sorted(feed.appointments.items())).encode()).hexdigest()[:16]}"'
    if feed.tags and not fault and to.headers.get("if-none-match") == tag:
        _send(to, feed, 304, b"", {"etag": tag})
        return
    spoilt = {
        "html": _PAGE,
        "empty": b"",
        "no events": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
        "cut": body[: len(body) * 2 // 3],
        "binary": bytes(range(256)) * 50,
    }
    headers = {"content-type": "text/calendar; charset=utf-8"}
    if feed.tags and not fault:
        headers["etag"] = tag
    if fault == "other length":
        headers["content-length"] = str(len(body) * 2)
    _send(to, feed, 200, spoilt.get(fault, body), headers)


def _send(
    to: BaseHTTPRequestHandler,
    feed: FeedServer,
    status: int,
    body: bytes,
    headers: dict[str, str],
) -> None:
    feed.answers.append((status, len(body)))
    to.send_response(status)
    for name, value in {"content-length": str(len(body)), **headers}.items():
        to.send_header(name, value)
    to.end_headers()
    to.wfile.write(body)


def _without_end(to: BaseHTTPRequestHandler, feed: FeedServer, pause: float) -> None:
    """A calendar that goes on and on, at once or letter by letter, until the client hangs up."""
    feed.answers.append((200, 0))
    to.send_response(200)
    to.send_header("content-type", "text/calendar")
    to.end_headers()
    piece = b"X" if pause else b"X-FILL:" + b"0" * 65_000 + b"\r\n"
    to.wfile.write(b"BEGIN:VCALENDAR\r\n")
    for _ in range(100_000):
        to.wfile.write(piece)
        to.wfile.flush()
        time.sleep(pause)
