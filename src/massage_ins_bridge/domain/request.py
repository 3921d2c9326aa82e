"""The check request: JSON in, chart out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from .clinic import DEFAULT_ZONE, Clinic, NetworkSpan
from .days import local_day, zone
from .declared import NO_WORDS, Vocabulary
from .facts import (
    Authorization,
    Booking,
    Chart,
    Coverage,
    Patient,
    Prescription,
    ProgressReport,
    Upcoming,
    Visit,
)
from .reading import Problem, UnusableInputError, read

#: The oldest age at which somebody may still need a guardian.
OLDEST_MINOR = 25
#: So many keys a message names; a file may hold thousands.
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Request:
    """A chart as it is sent. ``as_of`` may be left out, which means now."""

    booking: Booking
    as_of: datetime | None = None
    clinic: Clinic | None = None
    patient: Patient | None = None
    coverages: tuple[Coverage, ...] | None = None
    prescriptions: tuple[Prescription, ...] | None = None
    authorizations: tuple[Authorization, ...] | None = None
    visits: tuple[Visit, ...] | None = None
    upcoming: tuple[Upcoming, ...] | None = None
    progress_reports: tuple[ProgressReport, ...] | None = None


def read_request(
    data: Any, now: datetime, clinic: Clinic | None = None, words: Vocabulary = NO_WORDS
) -> Chart:
    """A check request as a chart.

    ``now`` is taken for a missing ``as_of``, ``clinic`` for a missing clinic; ``words`` are those
    that the host's plugins declare. Raises ``UnusableInputError`` with every problem found.
    """
    request = read(Request, data, words=words)
    chart = Chart(
        **{f.name: getattr(request, f.name) for f in fields(Request) if f.name != "as_of"},
        as_of=request.as_of or now,
    )
    if chart.clinic is None and clinic is not None:
        chart = replace(chart, clinic=clinic)
    problems = list(impossible(chart))
    if problems:
        raise UnusableInputError(problems)
    return chart


def impossible(chart: Chart) -> Iterator[Problem]:
    """Facts that cannot be true together, each with the field to mend."""
    if chart.clinic is not None:
        yield from impossible_clinic(chart.clinic)
    booking = chart.booking
    if booking.end is not None and booking.end <= booking.start:
        yield Problem("booking.end", "is not after booking.start")
    born = chart.patient.birth_date if chart.patient else None
    if born is not None and born > today_of(chart):
        yield Problem("patient.birth_date", "lies in the future; check the year")
    for index, coverage in enumerate(chart.coverages or ()):
        yield from impossible_coverage(coverage, f"coverages[{index}]")
    for index, item in enumerate(chart.authorizations or ()):
        yield from impossible_authorization(item, f"authorizations[{index}]")


def today_of(chart: Chart) -> date:
    """The clinic's day on which the chart is looked at."""
    name = chart.clinic.timezone if chart.clinic else None
    return local_day(chart.as_of, name if name and zone_exists(name) else DEFAULT_ZONE)


def _no_key_of(key: str, keys: list[str]) -> str:
    more = f" and {len(keys) - _MOST_NAMED:,} more" if len(keys) > _MOST_NAMED else ""
    known = f"known are {', '.join(keys[:_MOST_NAMED])}{more}" if keys else "none is listed"
    return f"{key!r} is no key of clinic.practitioners; {known}"


def zone_exists(name: str) -> bool:
    try:
        zone(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def impossible_authorization(item: Authorization, path: str) -> Iterator[Problem]:
    yield from _ordered(item.from_, item.to, f"{path}.to", "ends before it begins")


def impossible_coverage(coverage: Coverage, path: str) -> Iterator[Problem]:
    yield from _ordered(coverage.from_, coverage.to, f"{path}.to", "ends before it begins")
    claim = coverage.claim
    if claim is not None:
        yield from _ordered(
            claim.date_of_injury,
            claim.closed_on,
            f"{path}.claim.closed_on",
            "a claim cannot close before the injury",
        )


def impossible_clinic(clinic: Clinic) -> Iterator[Problem]:
    """A time zone that does not exist, network spans that end before they begin or name a
    practitioner who is not listed, two practitioners of one key, and ages that cannot be."""
    if clinic.timezone is not None and not zone_exists(clinic.timezone):
        yield Problem(
            "clinic.timezone",
            f"{clinic.timezone!r} is no known time zone; use a name such as {DEFAULT_ZONE}",
        )
    keys = [person.key for person in clinic.practitioners or ()]
    for name, spans in (clinic.network or {}).items():
        for index, span in enumerate(spans):
            path = f"clinic.network.{name}[{index}].to"
            yield from _ordered(span.from_, span.to, path, "ends before it begins")
            yield from _unlisted(span, keys, f"clinic.network.{name}[{index}].practitioners")
    if clinic.adult_age is not None and not 1 <= clinic.adult_age <= OLDEST_MINOR:
        said = f"must be an age from 1 to {OLDEST_MINOR}; leave it out for the law's own"
        yield Problem("clinic.adult_age", said)
    known = set[str]()
    for index, key in enumerate(keys):
        if key in known:
            path = f"clinic.practitioners[{index}].key"
            yield Problem(
                path, f"{key!r} is given twice; give each practitioner a key of their own"
            )
        known.add(key)


def _unlisted(span: NetworkSpan, keys: list[str], path: str) -> Iterator[Problem]:
    for index, key in enumerate(span.practitioners or ()):
        if key not in keys:
            yield Problem(f"{path}[{index}]", _no_key_of(key, keys))


def _ordered(first: date | None, last: date | None, path: str, message: str) -> Iterator[Problem]:
    if first is not None and last is not None and last < first:
        yield Problem(path, f"{message}: {last} lies before {first}")
