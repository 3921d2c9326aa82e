"""A look at what changed in a calendar of 5,000 events on Radicale, against ``vdirsyncer sync``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from massage_ins_bridge.api.connectors import (
    AccountConfig,
    PlatformClient,
    ServiceMeaning,
    Timeouts,
)
from massage_ins_bridge.testing.calendar_servers import (
    PASSWORD,
    USER,
    CalendarServer,
    calendar_server,
    event,
)
from massage_ins_bridge_caldav.connector import CaldavConnector

from .relay import Count, relay
from .rounds import Found, Report, Spread, clocked, compare, progress, timed

ROUNDS, EVENTS, CHANGED = 7, 5_000, 10
CALENDAR = "bench"
VDIRSYNCER = Path(sys.executable).with_name("vdirsyncer")
START = "vdirsyncer, its start alone"
_CONFIG = """[general]
status_path = "{folder}/status"

[pair bench]
a = "server"
b = "files"
collections = ["{calendar}"]

[storage server]
type = "caldav"
url = "{url}"
username = "{user}"
password = "{password}"

[storage files]
type = "filesystem"
path = "{folder}/mirror"
fileext = ".ics"
"""


@dataclass(slots=True)
class Bridge:
    """Our look, as the service takes it every few minutes."""

    connector: CaldavConnector
    cursor: str | None = None
    seen: int = 0

    def look(self) -> None:
        """What changed since the last one."""
        self.seen, more = 0, True
        while more:
            page = self.connector.changes(self.cursor, datetime.now(UTC))
            self.cursor, more = page.cursor, page.more
            self.seen += len(page.items)


@dataclass(slots=True)
class Counted:
    """By contender, requests and bytes down of each look."""

    requests: dict[str, list[float]] = field(default_factory=dict)
    down: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, passed: Count) -> None:
        """One look's."""
        self.requests.setdefault(name, []).append(passed.requests)
        self.down.setdefault(name, []).append(passed.down)


def run(rounds: int = ROUNDS, events: int = EVENTS) -> Report:
    """Both look in turn, at nothing new and at ten changed events."""
    report = Report(
        "caldav",
        f"a look at {events:,} events on Radicale: nothing new, and {CHANGED} changed",
        "1 request and under 2 KB down; at most 2 requests; at most 1/3 of vdirsyncer's time",
    )
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with calendar_server("radicale", place) as server, relayed(server) as (url, passed):
            progress(f"storing {events:,} events")
            fill(server, place, events)
            measure(report, place, server, url, passed, rounds)
    return report


@contextmanager
def relayed(server: CalendarServer) -> Iterator[tuple[str, Count]]:
    """The server's address behind a relay, and what passes there."""
    port = urlsplit(server.url).port
    assert port is not None
    with relay(port) as (near, passed):
        yield f"http://127.0.0.1:{near}", passed


def fill(server: CalendarServer, folder: Path, events: int) -> None:
    """A whole calendar at once, in the files that Radicale keeps it in."""
    server.make(CALENDAR)
    files = folder / "files" / "collection-root" / USER / CALENDAR
    for number in range(events):
        body = event(f"e{number}", days=number % 400)
        (files / f"e{number}.ics").write_bytes(body)


def measure(
    report: Report, folder: Path, server: CalendarServer, url: str, passed: Count, rounds: int
) -> None:
    """Rounds of both, and what passed meanwhile."""
    account = AccountConfig(
        name="bench",
        base_url=url,
        api_key=PASSWORD,
        webhook_secret="",
        services={"Medical massage": ServiceMeaning("medical-massage", self_pay=False)},
        options={"username": USER, "calendars": [CALENDAR]},
    )
    patient = Timeouts(read=300, total=600)  # the server reads its files for the first time
    with PlatformClient(url, per_minute=100_000, timeout=patient) as client:
        bridge = Bridge(CaldavConnector(account, client))
        passed.clear()
        first = timed(bridge.look, 1)
        report.times["bridge, first look"] = (Spread.of([first.clock]), "s")
        report.times["bridge, first look, requests"] = (Spread.of([float(passed.requests)]), "")
        contenders: dict[str, Callable[[], None]] = {"bridge": bridge.look}
        if VDIRSYNCER.exists():
            contenders["vdirsyncer"] = vdirsyncer(folder, url)
        else:
            report.notes.append("vdirsyncer is not installed: nothing to compare with")
        found, counted = take_turns(contenders, server, passed, rounds)
        assert bridge.seen == CHANGED, "a change was not seen"
    if VDIRSYNCER.exists():
        for what in ("nothing new", "changed"):
            compare(report, what, found, f"bridge, {what}", f"vdirsyncer, {what}")
            without_start(report, what, found)
    clocked(report, found, "ms", 1e3)
    for name in counted.requests:
        report.times[f"{name}, requests"] = (Spread.of(counted.requests[name]), "")
        report.times[f"{name}, down"] = (Spread.of(counted.down[name]), "bytes")


def take_turns(
    contenders: dict[str, Callable[[], None]], server: CalendarServer, passed: Count, rounds: int
) -> tuple[Found, Counted]:
    """Each contender looks at nothing new, then at what changed since."""
    found: Found = {}
    counted, numbers = Counted(), count()
    for _ in range(rounds):
        for who, look in contenders.items():
            look()  # at what the other one's turn has changed
            if who == "vdirsyncer":
                found.setdefault(START, []).append(timed(start, 1))
            for what, changed in (("nothing new", 0), ("changed", CHANGED)):
                change(server, next(numbers), changed)
                passed.clear()
                found.setdefault(f"{who}, {what}", []).append(timed(look, 1))
                counted.add(f"{who}, {what}", passed)
    return found, counted


def start() -> None:
    """The other program's start alone: the bridge runs already."""
    subprocess.run([str(VDIRSYNCER), "--version"], check=True, capture_output=True)


def without_start(report: Report, what: str, found: Found) -> None:
    """The same ratio, with the other program's start taken off."""
    rounds = zip(found[f"bridge, {what}"], found[f"vdirsyncer, {what}"], found[START], strict=True)
    ratios = [ours.clock / (theirs.clock - begun.clock) for ours, theirs, begun in rounds]
    report.ratios[f"{what}, its start taken off"] = Spread.of(ratios)


def change(server: CalendarServer, number: int, changed: int) -> None:
    """Some events get another text."""
    for one in range(changed):
        uid = f"e{(number * 97 + one) % 1000}"
        server.put(CALENDAR, uid, event(uid, title=f"Medical massage ({number})"))


def vdirsyncer(folder: Path, url: str) -> Callable[[], None]:
    """Its ``sync``, after a first one."""
    config = folder / "vdirsyncer.conf"
    words = {"folder": folder, "calendar": CALENDAR, "url": f"{url}/{USER}/"}
    text = _CONFIG.format(**words, user=USER, password=PASSWORD)
    config.write_text(text, encoding="utf-8")

    def run(*command: str) -> None:
        subprocess.run(
            [str(VDIRSYNCER), "-c", str(config), *command],
            input=b"y\n" * 9,
            check=True,
            capture_output=True,
        )

    run("discover")
    run("sync")
    return lambda: run("sync")
