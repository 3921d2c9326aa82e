"""How many visits of a plan's limit are used in the plan year of a visit, and how many booked.

Source: contract rulings on time (visit limits belong to a plan year) and on the benefit.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ..api import Case, Coverage, is_massage, local_day


class Usage(NamedTuple):
    """Of one plan year: visits ``done``, and ``booked`` before this one. ``said``: what the plan
    said counts among those done. ``None`` where a list is missing."""

    done: int | None
    booked: int | None
    said: bool


def usage(case: Case, coverage: Coverage) -> Usage:
    """What is used of the limit on the day of service, by the plan's own count and ours."""
    start = coverage.plan_year_start
    year = first_day(case.date_of_service, start)
    told_on = coverage.visits_used_on or case.today
    said = coverage.visits_used is not None and first_day(told_on, start) == year
    after = told_on if said else date.min
    counts = _Counted(case, coverage)
    done = _done(case, counts, year, after)
    if done is not None and said:
        done += coverage.visits_used or 0
    return Usage(done, _booked(case, counts, year), said)


def first_day(day: date, start: str | None) -> date:
    """The first day of the plan year that a day lies in; without its start, of the calendar's."""
    if start is None:
        return date(day.year, 1, 1)
    month, number = map(int, start.split("-"))
    begun = date(day.year, month, number)
    return begun if begun <= day else date(day.year - 1, month, number)


def _done(case: Case, counts: _Counted, year: date, after: date) -> int | None:
    if case.visits is None:
        return None
    count = 0
    for visit in case.visits:
        if not counts(visit.payer, visit.modality):
            continue
        if visit.on is None:
            return None
        count += year <= visit.on <= case.date_of_service and visit.on > after
    return count


def _booked(case: Case, counts: _Counted, year: date) -> int | None:
    if case.upcoming is None:
        return None
    count = 0
    for other in case.upcoming:
        if not counts(other.payer, other.modality):
            continue
        if other.start is None:
            return None
        if other.start <= case.booking.start:
            count += local_day(other.start, case.zone) >= year
    return count


class _Counted:
    """Which visits count: massage, and what shares its limit, billed to the payer by whichever
    clinic."""

    __slots__ = ("_key", "_key_of", "_shared")

    def __init__(self, case: Case, coverage: Coverage) -> None:
        self._key = case.payer.key if case.payer is not None else None
        self._key_of = case.payers.key_of
        self._shared = {word.casefold() for word in coverage.limit_shared_with or ()}

    def __call__(self, payer: str | None, modality: str | None) -> bool:
        if self._key is None or self._key_of(payer) != self._key:
            return False
        return is_massage(modality) or (modality or "").casefold() in self._shared
