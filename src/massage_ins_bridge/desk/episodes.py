"""Courses of treatment: what the clinic calls them, and the visits of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..store.record import Record
from .client_file import ClientFile


@dataclass(frozen=True, slots=True)
class CourseOfVisits:
    """One by its label: its first and last day, how many ``visits`` took place, and how many are
    ``booked``."""

    label: str
    first: date
    last: date
    visits: int
    booked: int


def episodes(record: Record, file: ClientFile) -> tuple[CourseOfVisits, ...]:
    """Those that a visit or a standing booking bears the label of, the latest first. Labels are one
    as the rules compare them: however they are spaced, and in capitals or not."""
    seen = {filed.row.booking_id for filed in file.visits}
    done = [(f.visit.episode, f.visit.on, True) for f in file.visits]
    booked = [
        (held.details.episode, record.day(held.row.start_at), False)
        for held in file.bookings
        if held.row.id not in seen and held.stands(record.now)
    ]
    found: dict[str, list[tuple[str, date, bool]]] = {}
    for label, day, took_place in (*done, *booked):
        if label and day is not None:
            key = " ".join(label.casefold().split())
            found.setdefault(key, []).append((label, day, took_place))
    made = (_one(entries) for entries in found.values())
    return tuple(sorted(made, key=lambda one: one.last, reverse=True))


def _one(entries: list[tuple[str, date, bool]]) -> CourseOfVisits:
    days = [day for _, day, _ in entries]
    took_place = sum(done for _, _, done in entries)
    return CourseOfVisits(
        entries[-1][0], min(days), max(days), took_place, len(entries) - took_place
    )
