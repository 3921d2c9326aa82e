"""A client's course of care as a picture: papers as bars, visits as dots, from first to last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ..store.bookings import LIVE
from ..store.record import Record
from .client_file import ClientFile
from .left import Left

#: The picture's measures, in its own units.
WIDTH, LEFT_EDGE, RIGHT_EDGE, FIRST_BAR, BAR = 900, 110, 890, 24, 36
#: A picture shows no more than so many days, and so many visits.
MOST_DAYS, MOST_DOTS = 400, 40


@dataclass(frozen=True, slots=True)
class Bar:
    """A paper, from ``x`` on, ``width`` wide; ``y``: its top."""

    label: str
    words: str
    x: int
    width: int
    y: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A visit. ``kind``: ``done``, ``booked`` or ``held``."""

    x: int
    day: date
    kind: str
    labelled: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """``today``: where today lies, ``None`` outside of it; ``dots_y``: the line of the visits."""

    first: date
    last: date
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    today: int | None
    dots_y: int
    height: int


def timeline(record: Record, file: ClientFile, counted: tuple[Left, ...]) -> Timeline | None:
    """The picture; ``None`` where there is nothing to draw."""
    spans = list(_spans(file, counted))
    visits = _visits(record, file)
    days = [day for _, _, start, end in spans for day in (start, end)]
    days += [day for day, _ in visits]
    if not visits or len(days) < 2:
        return None
    first = max(min(days), record.today - timedelta(days=MOST_DAYS // 2))
    last = min(max(days), first + timedelta(days=MOST_DAYS))
    if last <= first:
        return None
    scale = _Scale(first, last)
    bars = tuple(
        Bar(
            label, words, scale.x(start), max(4, scale.x(end) - scale.x(start)), FIRST_BAR + n * BAR
        )
        for n, (label, words, start, end) in enumerate(spans[:4])
    )
    dots_y = FIRST_BAR + len(bars) * BAR + 20
    today = scale.x(record.today) if first <= record.today <= last else None
    dots = _dots(scale, [v for v in visits if first <= v[0] <= last][-MOST_DOTS:])
    return Timeline(first, last, bars, dots, today, dots_y, dots_y + 60)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    def x(self, day: date) -> int:
        part = (min(max(day, self.first), self.last) - self.first) / (self.last - self.first)
        return round(LEFT_EDGE + part * (RIGHT_EDGE - LEFT_EDGE))


def _bar(scale: _Scale, number: int, span: tuple[str, str, date, date]) -> Bar:
    label, words, start, end = span
    x = scale.x(start)
    return Bar(label, words, x, max(4, scale.x(end) - x), FIRST_BAR + number * BAR)


def _spans(file: ClientFile, counted: tuple[Left, ...]) -> list[tuple[str, str, date, date]]:
    found = []
    for rx, one in zip(
        file.facts["prescription"],
        (c for c in counted if c.what.startswith("Prescri")),
        strict=False,
    ):
        if rx.signed_on is not None and one.until is not None:
            words = f"{one.total} visits" if one.total else "no number of visits"
            found.append(("Prescription", words, rx.signed_on, one.until))
    for approval in file.facts["authorization"]:
        if approval.status == "approved" and approval.from_ and approval.to:
            words = f"{approval.number or 'no number'}: {approval.visits or '?'} visits"
            found.append(("Approval", words, approval.from_, approval.to))
    return found


def _visits(record: Record, file: ClientFile) -> list[tuple[date, str]]:
    found = [(f.visit.on, "done") for f in file.visits if f.visit.on is not None]
    done = {f.row.booking_id for f in file.visits}
    for held in file.bookings:
        row = held.row
        if row.platform_status in LIVE and row.id not in done:
            kind = "booked" if row.outcome == "allow" else "held"
            found.append((record.day(row.start_at), kind))
    return sorted(found)


def _dots(scale: _Scale, visits: list[tuple[date, str]]) -> tuple[Dot, ...]:
    """Labels that would lie upon each other are left out."""
    dots, last = [], -100
    for day, kind in visits:
        x = scale.x(day)
        labelled = x - last >= 56
        last = x if labelled else last
        dots.append(Dot(x, day, kind, labelled))
    return tuple(dots)
