"""What a clinic should know of its feed, and of how it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from massage_ins_bridge.api.calendars import CalendarRead, Occurrence
from massage_ins_bridge.api.connectors import Advice, PlatformService

from .appointments import Reader
from .titles import APPOINTMENT

_HALF = 2


def advice(read: CalendarRead, reader: Reader, now: datetime) -> Iterator[Advice]:
    """What is amiss, or good to know."""
    coming = [one for one in read.occurrences if one.start > now and reader.is_appointment(one)]
    if not coming:
        yield Advice("note", "The calendar shows no appointment to come.")
        return
    yield from _readable(read, coming)
    yield from _names(coming, reader)
    last = max(one.start for one in coming).astimezone(reader.options.zone)
    yield Advice(
        "note",
        f"The calendar shows {len(coming)} appointments, up to {last:%d %B %Y}. What lies further "
        "ahead is looked at when it is shown.",
    )


def _readable(read: CalendarRead, coming: list[Occurrence]) -> Iterator[Advice]:
    doubts = Counter(one.doubt for one in coming if one.doubt)
    for doubt, number in doubts.most_common(3):
        yield Advice("bad", f"{number} of {len(coming)} appointments are in doubt: {doubt}.")
    if read.problems:
        yield Advice(
            "bad",
            f"{len(read.problems)} entries of the calendar cannot be read, such as one where "
            f"{read.problems[0].text}.",
        )
    if any("does not say in which time zone" in (doubt or "") for doubt in doubts):
        yield Advice(
            "note",
            "Compare some times with the platform's own page. Where they are the clinic's, write "
            "floating_is_local = true under the account's options.",
        )


def _names(coming: list[Occurrence], reader: Reader) -> Iterator[Advice]:
    unnamed = sum(reader.said(one).client is None for one in coming)
    if unnamed * _HALF > len(coming):
        yield Advice(
            "bad",
            f"The titles of {unnamed} of {len(coming)} appointments name nobody, so that staff is "
            "asked of each whose it is. If the platform can show full names, switch that on, and "
            'write how its titles look, such as title = "{client} - {service}", under the '
            "account's options.",
        )


def services_in(read: CalendarRead, reader: Reader) -> list[PlatformService]:
    """The services that titles name, the commonest first, and what those are of that name none."""
    appointments = [one for one in read.occurrences if reader.is_appointment(one)]
    found = Counter(reader.said(one).service for one in appointments)
    minutes: dict[str, int] = {}
    for one in appointments:
        length = int((one.end - one.start).total_seconds() // 60)
        minutes.setdefault(reader.said(one).service, length)
    names = dict.fromkeys([*(name for name, _ in found.most_common()), APPOINTMENT])
    return [
        PlatformService(name, name, minutes.get(name) or None, asks_confirmation=False)
        for name in names
    ]
