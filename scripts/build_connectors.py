"""Write docs/connectors/index.md: what each installed connector can do, and what it asks.

Run it after a change to a connector's capabilities or settings; with ``--check`` it writes nothing
and says by its exit code (1) whether the page is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from written_page import keep

from massage_ins_bridge.api.connectors import Capability, Setting
from massage_ins_bridge.hooks.connector_class import settings_of
from massage_ins_bridge.hooks.host import Host

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "connectors"
HEAD = "<!-- Written by scripts/build_connectors.py from what connectors say; edit there. -->\n"
#: By the connector's name, what people call its platform. Others are called by their own name.
CALLED = {
    "calcom": "Cal.com",
    "caldav": "CalDAV",
    "ics": "iCalendar feeds",
    "webhook": "Webhook door",
}
#: In the order in which a clinic meets them.
CAPABILITIES: Mapping[str, str] = {
    "access": "says whose key it is",
    "services": "lists what can be booked",
    "hosts": "lists with whom",
    "register": "makes the webhook",
    "examine": "`doctor` reads its settings",
    "upcoming": "lists the bookings to come",
    "changes": "lists what has changed",
    "fetch": "shows one booking",
    "hold": "marks a booking as held",
    "confirm": "confirms",
    "reject": "refuses",
    "cancel": "cancels",
    "tell": "is told each decision, and acts by itself",
    "reopen": "brings back what was refused",
    "put": "keeps entries in a calendar",
    "remove": "takes them out",
}
#: What a platform that is told does by itself.
BY_NOTICE = ("hold", "confirm", "reject", "cancel")
HOLDS = {
    "pending": "it waits for confirmation",
    "tag": "it is marked",
    "tentative": "it is tentative",
    "none": "a task for staff",
}


def found() -> dict[str, type[Any]]:
    """The connectors of the installed plugins, by name."""
    classes: Iterator[Any] = (m for many in Host.load().connectors.values() for m in many)
    return {made.name: made for made in sorted(classes, key=lambda made: str(made.name))}


def page(connectors: Mapping[str, type[Any]]) -> str:
    """The page as it should be. Ends with a word on what nobody explains."""
    if CAPABILITIES.keys() != set(get_args(Capability)):
        odd = sorted(CAPABILITIES.keys() ^ set(get_args(Capability)))
        sys.exit(f"capabilities: {', '.join(odd)} stands in the code or in this script alone")
    return HEAD + "\n".join(_lines(connectors)) + "\n"


def _lines(connectors: Mapping[str, type[Any]]) -> Iterator[str]:
    yield "# Booking platforms and calendars\n"
    yield (
        "Each account is served by a connector. `massage-ins-bridge connect` leads through it; the "
        "pages say which settings matter on the platform's side. "
        "[Write a connector](write-one.md) builds one.\n"
    )
    yield "## What each can do\n"
    yield (
        "What a platform cannot do becomes a task for staff: the bridge never pretends. A dash is "
        "such a thing.\n"
    )
    names = [f"[{CALLED.get(name, name)}]({name}.md)" for name in connectors]
    yield f"| | {' | '.join(names)} |"
    yield f"|---|{'---|' * len(names)}"
    holds = [HOLDS[made.hold_style] for made in connectors.values()]
    yield f"| on hold | {' | '.join(holds)} |"
    for name, words in CAPABILITIES.items():
        marks = [_mark(name, made) for made in connectors.values()]
        yield f"| {words} (`{name}`) | {' | '.join(marks)} |"
    tells = ["yes" if getattr(m, "tells_client", False) else "-" for m in connectors.values()]
    yield f"| tells the client of a refusal | {' | '.join(tells)} |\n"
    yield "## What each asks\n"
    yield (
        "As `connect` asks it, and where it stands under `[[accounts]]`. Secrets stand in files of "
        "their own (`api_key_file`, `webhook_secret_file`).\n"
    )
    for name, made in connectors.items():
        yield f'### {CALLED.get(name, name)}: `connector = "{name}"`\n'
        yield "| setting | what | |"
        yield "|---|---|---|"
        yield from map(_row, settings_of(made))
        yield ""


def _mark(name: str, made: type[Any]) -> str:
    if name in made.capabilities:
        return "yes"
    return "when told" if name in BY_NOTICE and "tell" in made.capabilities else "-"


def _row(setting: Setting) -> str:
    more = []
    if setting.default:
        more.append(f"usual: `{setting.default}`")
    if setting.choices:
        more.append(f"one of {', '.join(f'`{choice}`' for choice in setting.choices)}")
    if not setting.required:
        more.append("may be left out")
    if setting.secret:
        more.append("a secret")
    what = f"{setting.label} ({setting.help})" if setting.help else setting.label
    notes = "; ".join(more) or "-"
    return f"| `{setting.name}` | {what.replace('|', '/')} | {notes} |"


if __name__ == "__main__":
    sys.exit(keep(__doc__, "build_connectors.py", lambda: {FOLDER / "index.md": page(found())}))
