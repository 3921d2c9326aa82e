"""A calendar's own definition of a time zone (VTIMEZONE), where it is one that can be trusted to
end: written once or every year, as those of all calendar programs are."""

from __future__ import annotations

import io
import re
from datetime import tzinfo

from dateutil.tz import tzical

from .lines import lines_of
from .model import EventError

_YEARLY = re.compile(
    r"(?:FREQ=YEARLY|INTERVAL=1|COUNT=\d{1,3}|BY(?:HOUR|MINUTE|SECOND)=\d{1,2}|WKST=[A-Z]{2}|BYMONTH=(?:[1-9]|1[0-2])|BYDAY=-?[1-5][A-Z]{2}"
    r"|BYMONTHDAY=(?:[1-9]|1\d|2[0-8])(?:,(?:[1-9]|1\d|2[0-8])){0,7}|UNTIL=\d{8}(?:T\d{6}Z?)?)"
)
_SECTION = re.compile(
    rb"^BEGIN:(STANDARD|DAYLIGHT)[ \t]*\n(.*?)^END:(?:STANDARD|DAYLIGHT)[ \t]*$",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
#: More changes of the clock than any zone has had.
MOST_SECTIONS = 300
_TZID = frozenset({"TZID"})
_WANTED = frozenset({"DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"})


def name_of(part: bytes) -> str:
    """Its TZID; empty without one."""
    try:
        return next((line.value.strip() for line in lines_of(part, _TZID)), "")
    except EventError:
        return ""


def defined(part: bytes) -> tzinfo | None:
    """The zone as the calendar defines it; ``None`` where that cannot be used."""
    sections = part.count(b"\nBEGIN:") + 1
    if sections > MOST_SECTIONS:
        return None
    try:
        text = ["BEGIN:VTIMEZONE", "TZID:own"]
        for found in _SECTION.finditer(part):
            text += _section(found[1].decode().upper(), found[2])
        text.append("END:VTIMEZONE")
        zone: tzinfo | None = tzical(io.StringIO("\n".join(text))).get("own")
    except (EventError, ValueError, OverflowError):
        return None
    return zone


def _section(name: str, part: bytes) -> list[str]:
    text = [f"BEGIN:{name}"]
    for line in lines_of(part, _WANTED):
        value = line.value.strip().upper()
        if line.name == "RRULE":
            rule = value.split(";")
            if not all(_YEARLY.fullmatch(piece) for piece in rule) or "FREQ=YEARLY" not in rule:
                raise EventError("its rule is not one of every year")
            if "COUNT=" in value and "UNTIL=" in value:
                raise EventError("its rule has two ends")
        elif line.name in ("DTSTART", "RDATE"):
            value = value.replace("Z", "")
            if line.name == "DTSTART" and len(value) == 8:
                value += "T000000"
        text.append(f"{line.name}:{value}")
    return [*text, f"END:{name}"]
