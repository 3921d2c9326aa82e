"""A calendar feed of 10,000 appointments: taken in at first, asked for again without a change, with
a stamp written anew, and with ten changes; against the calendar library's bare parse of the same
body. No network is between: the connector is handed the bodies."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, cast

from icalendar import Calendar

from massage_ins_bridge.api.connectors import AccountConfig, Page, PlatformClient, PlatformResponse

from .rounds import Report, clocked, compare, in_turn

EVENTS, CHANGED = 10_000, 10
NOW = datetime(2026, 12, 1, 17, tzinfo=UTC)
GOAL = (
    "10 changed: at most 1/30 of the bare parse; the same body: at most 1/300; first look: at most "
    "1.3; memory: at most 1"
)
_HEAD = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Platform//EN\r\nCALSCALE:GREGORIAN\r\n"
    "X-WR-TIMEZONE:America/Los_Angeles\r\nBEGIN:VTIMEZONE\r\nTZID:America/Los_Angeles\r\n"
    "BEGIN:DAYLIGHT\r\nTZOFFSETFROM:-0800\r\nTZOFFSETTO:-0700\r\nTZNAME:PDT\r\n"
    "DTSTART:20070311T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\nEND:DAYLIGHT\r\n"
    "BEGIN:STANDARD\r\nTZOFFSETFROM:-0700\r\nTZOFFSETTO:-0800\r\nTZNAME:PST\r\n"
    "DTSTART:20071104T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\nEND:STANDARD\r\n"
    "END:VTIMEZONE\r\n"
)
_EVENT = (
    "BEGIN:VEVENT\r\nUID:{n}-3f9a0c5e7d@platform.example\r\nDTSTAMP:{stamp}\r\n"
    "DTSTART;TZID=America/Los_Angeles:{day:%Y%m%d}T{hour:02}0000\r\n"
    "DTEND;TZID=America/Los_Angeles:{day:%Y%m%d}T{hour:02}4500\r\nSEQUENCE:{seq}\r\n"
    "SUMMARY:Ada{n} Test - Massage {seq}\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n"
    "LAST-MODIFIED:{stamp}\r\nLOCATION:Example Massage\\, 1 Main Street\\, Seattle\r\n"
    "DESCRIPTION:Booked online. Please arrive five minutes early and bring your pap\r\n ers.\r\n"
    "END:VEVENT\r\n"
)


def calendar(changed: int = 0, stamp: str = "20261101T000000Z", events: int = EVENTS) -> bytes:
    """A feed; so many events to come are otherwise than they were."""
    days = [NOW.date() + timedelta(days=n % 180 - 60) for n in range(180)]
    parts = [
        _EVENT.format(
            n=n,
            stamp=stamp,
            day=days[n % 180],
            hour=8 + n // 180 % 10,
            seq=int(100 <= n < 100 + changed),
        )
        for n in range(events)
    ]
    return (_HEAD + "".join(parts) + "END:VCALENDAR\r\n").encode()


class _Handed:
    """In the place of the outgoing client: the next answer is the body at hand."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def at(self, _origin: str) -> _Handed:
        return self

    def send(self, *_given: Any, **_more: Any) -> PlatformResponse:
        return PlatformResponse(200, {"content-type": "text/calendar"}, self.body)


class Reader:
    """A connector on bodies that are handed to it, and the host's cursor."""

    def __init__(self, body: bytes) -> None:
        from massage_ins_bridge_ics.connector import IcsConnector

        self.client = _Handed(body)
        account = AccountConfig(
            "desk",
            "https://feed.example",
            "https://feed.example/a.ics",
            "",
            options={"title": "{client} - {service}"},
        )
        self.connector = IcsConnector(account, cast(PlatformClient, self.client))
        self.cursor: str | None = None

    def look(self, body: bytes) -> int:
        """Take in what changed, to the last page; how many bookings that were."""
        self.client.body = body
        found = 0
        while True:
            page: Page = self.connector.changes(self.cursor, NOW)
            found += len(page.items)
            self.cursor = page.cursor
            if not page.more:
                return found


def run(rounds: int = 5) -> Report:
    """All of it."""
    report = Report("feeds", "a feed of 10,000 appointments against its parse", GOAL)
    plain, other = calendar(), calendar(CHANGED)
    stamped = calendar(stamp="20261102T000000Z")
    kept = Reader(plain)
    assert kept.look(plain) > EVENTS / 2
    bodies = cycle((other, plain))
    stamps = cycle((stamped, plain))

    def ten() -> None:
        assert kept.look(next(bodies)) == CHANGED

    acts = {
        "bare parse": lambda: Calendar.from_ical(plain),
        "first look": lambda: Reader(plain).look(plain),
        "10 changed": ten,
        "the same body": lambda: kept.look(bytes(bytearray(kept.client.body))),
        "new stamps alone": lambda: kept.look(next(stamps)),
    }
    times = dict.fromkeys(acts, 1) | {"the same body": 20, "10 changed": 2, "new stamps alone": 2}
    found = in_turn(acts, rounds, times, "feeds")
    for name in list(acts)[1:]:
        compare(report, name, found, name, "bare parse")
    clocked(report, found, "ms", 1000)
    memory = {name: _peak(name) for name in ("bare", "ours")}
    report.notes.append(
        f"{len(plain) / 1e6:.1f} MB; memory above the body's: library {memory['bare']:.0f} MB, "
        f"first look {memory['ours']:.0f} MB ({memory['ours'] / memory['bare']:.2f})"
    )
    return report


def _peak(which: str) -> float:
    """The most memory that a process of its own needs beyond what it had with the body, in MB."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.feeds", which],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def _measure(which: str) -> float:
    body = calendar()
    reader = Reader(body)
    Calendar.from_ical(calendar(events=10))
    Reader(calendar(events=10)).look(calendar(events=10))
    before = _highest()
    kept = Calendar.from_ical(body) if which == "bare" else reader.look(body)
    assert kept
    return (_highest() - before) / 1024


def _highest() -> int:
    """The most memory that this process has had so far, in KiB; ``ru_maxrss`` would be that of the
    process which started it, where that was larger."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    print(_measure(sys.argv[1]))
