"""How many visits of a plan's limit are used in the plan year of a visit, and how many booked.

Source: contract rulings on time (visit limits belong to a plan year) and on the benefit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple, TypeVar

from ..api import Case, Coverage, Upcoming, Visit, is_massage, local_day

Care = TypeVar("Care", Visit, Upcoming)


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
    done = _done(case, coverage, year, after)
    if done is not None and said:
        done += coverage.visits_used or 0
    return Usage(done, _booked(case, coverage, year), said)


def first_day(day: date, start: str | None) -> date:
    """The first day of the plan year that a day lies in; without its start, of the calendar's."""
    if start is None:
        return date(day.year, 1, 1)
    month, number = map(int, start.split("-"))
    begun = date(day.year, month, number)
    return begun if begun <= day else date(day.year - 1, month, number)


def _done(case: Case, coverage: Coverage, year: date, after: date) -> int | None:
    if case.visits is None:
        return None
    count = 0
    for visit in _that_count(case, coverage, case.visits):
        if visit.on is None:
            return None
        count += year <= visit.on <= case.date_of_service and visit.on > after
    return count


def _booked(case: Case, coverage: Coverage, year: date) -> int | None:
    if case.upcoming is None:
        return None
    count = 0
    for other in _that_count(case, coverage, case.upcoming):
        if other.start is None:
            return None
        if other.start <= case.booking.start:
            count += local_day(other.start, case.zone) >= year
    return count


def _that_count(case: Case, coverage: Coverage, care: Iterable[Care]) -> Iterator[Care]:
    """Massage, and what shares its limit, billed to the payer by whichever clinic."""
    if case.payer is None:
        return
    shared = {word.casefold() for word in coverage.limit_shared_with or ()}
    for item in care:
        if case.payers.key_of(item.payer) == case.payer.key and (
            is_massage(item.modality) or (item.modality or "").casefold() in shared
        ):
            yield item
