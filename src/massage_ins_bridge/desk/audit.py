"""Who saw and did what. The owner sees all of it; everybody else their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.reading import read
from ..identity.letters import plain
from ..store.record import Record
from ..store.user_models import ActRow
from .find_clients import find_clients
from .odd_characters import refuse_odd_characters
from .opened import Opened
from .roles import Person

#: How many lines a page shows.
PAGE = 100
#: How many acts are read at once, and how many are looked through for words at most.
AT_ONCE, MOST_SEARCHED = 200, 20_000
_SAW = {"saw-client": "Saw the chart."}


@dataclass(frozen=True, slots=True)
class AuditLine:
    at: datetime
    who: str
    said: str
    client: str
    patient_id: str | None
    undone_by: str | None


@dataclass(frozen=True, slots=True)
class Audit:
    """``client``: whose chart it is about, where one was chosen; ``more``: there are older ones."""

    lines: tuple[AuditLine, ...]
    client: str
    more: bool
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts are wanted: of ``who`` (a user's id), about ``patient`` (an id) or the clients of
    a ``name``, of a ``day`` by the clinic's zone, in whose line all ``words`` stand; ``number`` of
    the page, the first is 0."""

    who: str = ""
    patient: str = ""
    name: str = ""
    day: date | None = None
    words: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """What a program looks for: ``words`` that stand in a line, and as the list takes them a
    ``user``, a ``patient`` (both ids), a ``day``, and the ``page``, of which the first is 0. With
    ``name`` it is about clients of that name."""

    words: str | None = None
    name: str | None = None
    user: str | None = None
    patient: str | None = None
    day: date | None = None
    page: int | None = None


def read_search(data: Any) -> Wanted:
    """What a program looks for. Raises ``UnusableInputError``."""
    refuse_odd_characters(data, one_line=True)
    sent = read(AuditSearch, data)
    user, patient, name = sent.user or "", sent.patient or "", sent.name or ""
    number = min(sent.page or 0, MOST_SEARCHED)
    return Wanted(user, patient, name, sent.day, sent.words or "", number)


def audit(record: Record, opened: Opened, person: Person, wanted: Wanted) -> Audit:
    """Acts, the latest first."""
    everything = person.may("audit")
    users = record.users.all() if everything else []
    people = tuple((row.id, record.users.person(row).name) for row in users)
    whose = _whose(record, opened, person, wanted)
    if whose is None:
        return Audit((), "", more=False, people=people)
    first, search = wanted.number * PAGE, plain(wanted.words).split()
    lines = list[AuditLine]()
    for line in _read(record, opened, _rows(record, person, wanted, whose, 0 if search else first)):
        if not search or _has(line, search):
            lines.append(line)
        if len(lines) > PAGE + (first if search else 0):
            break
    shown = lines[first:] if search else lines
    names = opened.names(record, {wanted.patient or None})
    client = "" if person.own_only else names.get(wanted.patient, "")
    return Audit(tuple(shown[:PAGE]), client, len(shown) > PAGE, people)


def _whose(
    record: Record, opened: Opened, person: Person, wanted: Wanted
) -> tuple[str, ...] | None:
    """The clients whom it is about, nobody where it is about anything; ``None`` where it can be
    about nothing, as nobody is called so."""
    if wanted.patient:
        return tuple(record.clients.one_person(wanted.patient))
    if not wanted.name.strip():
        return ()
    found = find_clients(record, opened, person, wanted.name).clients
    return tuple(one for client in found for one in record.clients.one_person(client.id)) or None


def _rows(
    record: Record, person: Person, wanted: Wanted, whose: tuple[str, ...], offset: int
) -> Iterator[list[ActRow]]:
    """The acts from one on, the latest first, as far back as is searched; some at a time."""
    user = (wanted.who or None) if person.may("audit") else person.user_id
    between = _moments(wanted.day, record.zone) if wanted.day is not None else None
    for begin in range(offset, offset + MOST_SEARCHED, AT_ONCE):
        found = record.acts.listed(
            user_id=user, patient_ids=whose, between=between, limit=AT_ONCE, offset=begin
        )
        yield found
        if len(found) < AT_ONCE:
            return


def _read(record: Record, opened: Opened, found: Iterator[list[ActRow]]) -> Iterator[AuditLine]:
    for rows in found:
        names = opened.names(record, {row.patient_id for row in rows})
        for row in rows:
            act = record.acts.act(row)
            said = act.said or _SAW.get(row.kind, row.kind)
            client = names.get(row.patient_id or "", "")
            yield AuditLine(row.at, act.who, said, client, row.patient_id, act.undone_by)


def _has(line: AuditLine, search: list[str]) -> bool:
    """Whether all words stand in a line, wherever."""
    text = plain(f"{line.who} {line.said} {line.client}")
    return all(word in text for word in search)


def _moments(day: date, zone: str) -> tuple[datetime, datetime]:
    """When a day begins, and the next one does."""
    first, next_ = (
        datetime.combine(one, time(), ZoneInfo(zone)).astimezone(UTC)
        for one in (day, day + timedelta(days=1))
    )
    return first, next_
