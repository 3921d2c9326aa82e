"""Counting visits: which number a booking is, in which episode, and what it uses up.

Source: contract rulings on counting, episodes and standing bookings; LAW-02 for the gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from ..domain.days import local_day
from ..domain.facts import Booking, Coverage, Upcoming, Visit
from ..domain.payer import Payer, PayerIndex

MASSAGE = "massage"
HERE = (None, "this-clinic")
_DAY = itemgetter(0)  # of an entry


class Entry(NamedTuple):
    """One massage that counts: its day, who is billed (payer key) and for which claim, on which
    prescription (by its id) and of which episode (by the clinic's label)."""

    day: date
    payer: str | None
    here: bool
    claim_number: str | None
    done: bool
    prescription: str | None = None
    episode: str | None = None


class Episode(NamedTuple):
    """The visits that lead up to a booking: its number among them and the episode's first day."""

    number: int
    first: date
    entries: tuple[Entry, ...]


Values = tuple[date, str | None, bool, str | None, bool, str | None, str | None]
#: ``Entry`` and ``Episode`` made of a tuple of their values, in half the time.
_entry: Callable[[Values], Entry]
_entry = partial(tuple.__new__, Entry)
_episode: Callable[[tuple[int, date, tuple[Entry, ...]]], Episode]
_episode = partial(tuple.__new__, Episode)


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
    for v in visits:
        if not is_massage(v.modality):
            continue
        day = v.on
        if day is None:
            return None
        if day <= day_of_service:
            here, payer = v.provider in HERE, payers.key_of(v.payer)
            found.append(
                _entry((day, payer, here, v.claim_number, True, v.prescription, v.episode))
            )
    return tuple(found)


def booked_before(
    upcoming: tuple[Upcoming, ...] | None, start: datetime, zone_name: str, payers: PayerIndex
) -> tuple[Entry, ...] | None:
    """Every massage that is booked, stands and starts no later than ``start``.

    ``None`` where the list, or the start of one of its massages, is unknown; else as above.
    """
    massages = _massages(upcoming)
    if massages is None:
        return None
    return tuple([_booked(u, s, zone_name, payers) for u, s in massages if s <= start])


def booked_after(
    upcoming: tuple[Upcoming, ...] | None, start: datetime, zone_name: str, payers: PayerIndex
) -> tuple[Entry, ...] | None:
    """Every massage that is booked, stands and starts later than ``start``, in order of days; else
    as above."""
    massages = _massages(upcoming)
    if massages is None:
        return None
    found = [_booked(u, s, zone_name, payers) for u, s in massages if s > start]
    return tuple(sorted(found, key=_DAY))


def _massages(upcoming: tuple[Upcoming, ...] | None) -> list[tuple[Upcoming, datetime]] | None:
    if upcoming is None:
        return None
    found: list[tuple[Upcoming, datetime]] = []
    for u in upcoming:
        if is_massage(u.modality):
            if u.start is None:
                return None
            found.append((u, u.start))
    return found


def _booked(u: Upcoming, start: datetime, zone_name: str, payers: PayerIndex) -> Entry:
    day, here, payer = local_day(start, zone_name), u.provider in HERE, payers.key_of(u.payer)
    return _entry((day, payer, here, u.claim_number, False, u.prescription, u.episode))


def together(
    completed: tuple[Entry, ...] | None, booked: tuple[Entry, ...] | None
) -> tuple[Entry, ...] | None:
    """Completed and booked massages in order of days; ``None`` where either is unknown."""
    if completed is None or booked is None:
        return None
    return tuple(sorted(completed + booked, key=_DAY))  # of one day what is done stays first


def is_massage(modality: str | None) -> bool:
    """Whether care of that modality counts as a massage; what nobody named does."""
    return modality is None or modality == MASSAGE or modality.casefold() == MASSAGE


def of_episode(entries: Iterable[Entry], label: str | None) -> Sequence[Entry]:
    """The visits that are not of another episode: those whose label, where they and the booking
    both bear one, is the booking's."""
    if label is None:
        return tuple(entries)
    own = _plain(label)
    return tuple([e for e in entries if e.episode is None or _plain(e.episode) == own])


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())


def by_days(entries: Sequence[Entry], day_of_service: date, gap: int) -> Episode:
    """The episode by the rule of days: it ends when more than ``gap`` days pass between visits."""
    first, number = day_of_service, 1
    earliest = first.toordinal() - gap
    for entry in reversed(entries):
        ordinal = entry.day.toordinal()
        if ordinal < earliest:
            break
        first, number = entry.day, number + 1
        earliest = ordinal - gap
    return _episode((number, first, tuple(entries[len(entries) + 1 - number :])))


def by_claim(entries: Iterable[Entry], day_of_service: date) -> Episode:
    """The episode of a payer that counts by claim: no number of days ends it."""
    chain = tuple(entries)
    first = chain[0].day if chain else day_of_service
    return Episode(len(chain) + 1, first, chain)


def own_episode(
    booking: Booking,
    entries: tuple[Entry, ...] | None,
    payer: Payer | None,
    coverage: Coverage | None,
    day: date,
    gap: int,
) -> Episode | None:
    """The episode as a payer counts it, up to the booking on ``day``: by its claim, or by days with
    no more than ``gap`` between two visits. ``None`` where nothing can be counted."""
    if entries is None or payer is None:
        return None
    key = payer.key
    number = coverage.claim.number if coverage and coverage.claim else None
    if payer.episode == "claim":
        return by_claim([e for e in entries if e.payer == key and same_claim(e, number)], day)
    ours = [
        e
        for e in entries
        if e.payer == key
        and (e.here or payer.counts_all_clinics)
        and (number is None or same_claim(e, number))
    ]
    return by_days(of_episode(ours, booking.episode), day, gap)


def same_claim(entry: Entry, number: str | None) -> bool:
    """Whether a visit belongs to the claim of that number: yes, unless it names another."""
    return entry.claim_number is None or number is None or entry.claim_number == number
