"""Counting visits: which number a booking is, in which episode, and what it uses up.

Source: ``contract`` rulings on counting, episodes and standing bookings; LAW-02 for the gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from ..domain.days import local_day
from ..domain.facts import Upcoming, Visit
from ..domain.payer import PayerIndex

MASSAGE = "massage"
HERE = "this-clinic"


class Entry(NamedTuple):
    """One massage that counts: its day, who is billed (payer key) and for which claim."""

    day: date
    payer: str | None
    here: bool
    claim_number: str | None
    done: bool


class Episode(NamedTuple):
    """The visits that lead up to a booking: its number among them and the episode's first day."""

    number: int
    first: date
    entries: tuple[Entry, ...]


def completed_before(
    visits: tuple[Visit, ...] | None, day_of_service: date, payers: PayerIndex
) -> tuple[Entry, ...] | None:
    """Every massage completed up to the date of service.

    ``None`` where the list, or the day of one of its massages, is unknown: then nothing can be
    counted. A missing modality or provider is read as a massage of this clinic, the reading
    that frees nothing.
    """
    if visits is None:
        return None
    found: list[Entry] = []
    for visit in visits:
        if not _is_massage(visit.modality):
            continue
        if visit.on is None:
            return None
        if visit.on <= day_of_service:
            found.append(_entry(visit.on, visit, payers, done=True))
    return tuple(found)


def booked_before(
    upcoming: tuple[Upcoming, ...] | None, start: datetime, zone_name: str, payers: PayerIndex
) -> tuple[Entry, ...] | None:
    """Every massage booked and standing that starts no later than ``start``; as above."""
    if upcoming is None:
        return None
    found: list[Entry] = []
    for other in upcoming:
        if not _is_massage(other.modality):
            continue
        if other.start is None:
            return None
        if other.start <= start:
            found.append(_entry(local_day(other.start, zone_name), other, payers, done=False))
    return tuple(found)


def together(
    completed: tuple[Entry, ...] | None, booked: tuple[Entry, ...] | None
) -> tuple[Entry, ...] | None:
    """Both, in order of days; ``None`` where either is unknown."""
    if completed is None or booked is None:
        return None
    return tuple(sorted(completed + booked, key=_by_day))


def _by_day(entry: Entry) -> tuple[date, bool]:
    return entry.day, not entry.done


def _is_massage(modality: str | None) -> bool:
    return modality in (None, MASSAGE) or modality.casefold() == MASSAGE


def _entry(day: date, source: Visit | Upcoming, payers: PayerIndex, *, done: bool) -> Entry:
    here = source.provider in (None, HERE)
    return Entry(day, payers.key_of(source.payer), here, source.claim_number, done)


def by_days(entries: Sequence[Entry], day_of_service: date, gap: int) -> Episode:
    """The episode by the rule of days: it ends when more than ``gap`` days pass between visits."""
    reach = timedelta(days=gap)
    first = day_of_service
    chain: list[Entry] = []
    for entry in reversed(entries):
        if first - entry.day > reach:
            break
        chain.append(entry)
        first = entry.day
    chain.reverse()
    return Episode(len(chain) + 1, first, tuple(chain))


def by_claim(entries: Iterable[Entry], day_of_service: date) -> Episode:
    """The claim is the episode: no number of days resets it."""
    chain = tuple(entries)
    first = chain[0].day if chain else day_of_service
    return Episode(len(chain) + 1, first, chain)


def same_claim(entry: Entry, number: str | None) -> bool:
    """A visit belongs to the claim unless it names another one."""
    return entry.claim_number is None or number is None or entry.claim_number == number
