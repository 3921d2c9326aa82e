"""Real CalDAV servers on loopback for the time of a test or a measurement, and what a calendar's
user does there. The servers (``radicale``, ``xandikos``) must be installed; they are no part of
this distribution."""

from __future__ import annotations

import base64
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from .bookings import START
from .processes import Process, ending, kept_port

USER, PASSWORD = "clinic", "app-password-of-a-test"
Kind = Literal["radicale", "xandikos"]
_SIGNED_IN = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_HOMES = {"radicale": f"/{USER}/", "xandikos": f"/{USER}/calendars/"}
_EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//A calendar//EN
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20261120T080000Z
DTSTART:{start:%Y%m%dT%H%M%SZ}
DTEND:{end:%Y%m%dT%H%M%SZ}
SUMMARY:{title}
DESCRIPTION:{description}
{more}END:VEVENT
END:VCALENDAR
"""
ADA = r"Client: Ada Test\nEmail: ada@example.com\nInsurance: Regence"


def event(
    uid: str,
    *,
    title: str = "Medical massage",
    description: str = ADA,
    more: str = "",
    days: float = 0,
) -> bytes:
    """An event of an hour as a calendar's program writes it, so many ``days`` after
    ``bookings.START``; ``more`` are further lines of it, each with its end."""
    start = START + timedelta(days=days)
    end = start + timedelta(hours=1)
    text = _EVENT.format(
        uid=uid, start=start, end=end, title=title, description=description, more=more
    )
    return text.replace("\n", "\r\n").encode()


@dataclass(frozen=True, slots=True)
class CalendarServer:
    """A calendar server. Refs are paths below ``home``, such as ``mira/a1.ics``."""

    process: Process
    url: str
    home: str

    def make(self, name: str) -> str:
        """Make a calendar; its name."""
        self.call("MKCALENDAR", f"{name}/")
        return name

    def put(self, calendar: str, uid: str, body: bytes | None = None) -> str:
        """Store an event, by default ``event(uid)``; its ref."""
        ref = f"{calendar}/{uid}.ics"
        self.call("PUT", ref, event(uid) if body is None else body)
        return ref

    def get(self, ref: str) -> str:
        """An event as it is stored."""
        return self.call("GET", ref).decode()

    def delete(self, ref: str) -> None:
        """Take an event out."""
        self.call("DELETE", ref)

    def call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """What the user's program asks; raises ``OSError`` for an error."""
        kind = {} if body is None else {"content-type": "text/calendar; charset=utf-8"}
        headers = {"authorization": _SIGNED_IN, **kind}
        request = urllib.request.Request(  # noqa: S310 - our own process
            f"{self.url}{self.home}{path}", body, headers, method=method
        )
        with _OPENER.open(request, timeout=30) as answer:
            found: bytes = answer.read()
        return found


@contextmanager
def calendar_server(kind: Kind, folder: Path) -> Iterator[CalendarServer]:
    """A server with its files in the folder. Radicale asks for ``USER`` and ``PASSWORD`` (file
    ``users``), Xandikos for nothing. Raises ``ProcessError``."""
    with kept_port() as port:
        command = _radicale(folder, port) if kind == "radicale" else _xandikos(folder, port)
        process = Process.start(folder, kind, *command)
        with ending(process):
            process.wait_until(lambda: _listens(port))
            yield CalendarServer(process, f"http://127.0.0.1:{port}", _HOMES[kind])


def _radicale(folder: Path, port: int) -> list[str]:
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    options = {
        "server-hosts": f"127.0.0.1:{port}",
        "storage-filesystem-folder": str(folder / "files"),
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": str(folder / "users"),
        "auth-htpasswd-encryption": "plain",
        "auth-delay": "0.01",
        "web-type": "none",
        "logging-level": "warning",
    }
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    return ["radicale", "--config", "", *given]


def _xandikos(folder: Path, port: int) -> list[str]:
    place = ["-d", str(folder / "files"), "-l", "127.0.0.1", "-p", str(port)]
    return ["xandikos", "serve", *place, "--current-user-principal", f"/{USER}/", "--defaults"]


def _listens(port: int) -> bool:
    with socket.socket() as made:
        return made.connect_ex(("127.0.0.1", port)) == 0
