"""One client on one page: what is left and until when, what will stop a visit, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..store.lists import TasksWanted, tasks
from ..store.record import Record
from ..store.user_models import ActRow
from . import chart, views
from .client_file import load_client
from .day_rows import Row, day_rows
from .episodes import CourseOfVisits, episodes
from .installation import Installation
from .left import Left, left
from .notes import NOTE, Note, list_notes, shortened
from .opened import Opened
from .own import own_client
from .roles import Person
from .timeline import Timeline, timeline
from .worksheet import approves

#: How many visits and how much history a page shows before "Show all".
MOST_VISITS, MOST_HISTORY, MOST_TASKS = 20, 30, 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody did: when, who, in which words; ``id``: by which it is undone, where
    that can be."""

    at: datetime
    who: str
    said: str
    id: str
    undo: str
    undone_by: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class ClientPage:
    """``stops``: the row of the next booking that cannot stand as it is. ``visits``: bookings and
    visits, the latest first; ``more_visits``: how many are not shown. ``facts``: by kind. ``notes``
    and those of the history are for whoever may see papers."""

    id: str
    client: Mapping[str, Any]
    doubtful: bool
    since: datetime
    stops: Row | None
    left: tuple[Left, ...]
    timeline: Timeline | None
    facts: Mapping[str, Sequence[chart.Fact]]
    rows: tuple[Row, ...]
    more_visits: int
    own_visits: tuple[chart.Fact, ...]
    tasks: tuple[views.Task, ...]
    episodes: tuple[CourseOfVisits, ...]
    notes: tuple[Note, ...]
    history: tuple[Entry, ...]


def client_page(
    installation: Installation, record: Record, opened: Opened, person: Person, patient_id: str
) -> ClientPage:
    """Everything on a client. Raises ``NotFoundError``; of others' clients, for a therapist."""
    row = own_client(record, person, patient_id)
    file = load_client(record, patient_id)
    assert file is not None, "the client is there"
    found = sorted((held.row for held in file.bookings), key=lambda b: b.start_at, reverse=True)
    shown = [b for b in found if b.platform_status != "replaced"]
    rows = day_rows(installation, record, opened, person, shown[:MOST_VISITS])
    facts = {name: chart.list_facts(record, patient_id, kind) for name, kind in chart.LISTS.items()}
    counted = left(installation, record, file)
    coming = [one for one in reversed(rows) if one.needs and one.start >= record.now]
    people, reads = record.clients.one_person(patient_id), person.may("papers")
    done = record.acts.of_clients(people, looks=False, limit=MOST_HISTORY)
    return ClientPage(
        id=patient_id,
        client=views.client(record, row),
        doubtful=row.doubtful,
        since=row.created_at,
        stops=coming[0] if coming else None,
        left=counted,
        timeline=timeline(record, file, counted),
        facts=facts,
        rows=rows,
        more_visits=max(0, len(shown) - MOST_VISITS),
        own_visits=_latest_first(v for v in facts["visits"] if v.booking is None),
        tasks=tuple(
            views.task(record, one)
            for one in tasks(record, TasksWanted(patient=patient_id), None, MOST_TASKS)
        ),
        episodes=episodes(record, file),
        notes=list_notes(record, patient_id).notes if reads else (),
        history=tuple(entry(record, act) for act in done if reads or act.kind != NOTE),
    )


def payers_asked(installation: Installation, record: Record, shown: ClientPage) -> dict[str, str]:
    """The payers on file that approve visits, by key with their names."""
    names = (fact.data.get("payer") or "" for fact in shown.facts["coverages"])
    found = (installation.host.payers.find(name) for name in names)
    return {
        one.payer.key: one.payer.name
        for one in found
        if one is not None and approves(record, one.payer)
    }


def entry(record: Record, row: ActRow) -> Entry:
    """An act in a history; of a note its beginning."""
    act = record.acts.act(row)
    said = shortened(act.said) if row.kind == NOTE else act.said
    return Entry(row.at, act.who, said, row.id, act.undo, act.undone_by, row.kind)


def age_on(born: date | None, day: date) -> int | None:
    """How old somebody is on a day."""
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _latest_first(visits: Iterable[chart.Fact]) -> tuple[chart.Fact, ...]:
    """By day; those of no known day last."""
    return tuple(sorted(visits, key=lambda visit: str(visit.data.get("on") or ""), reverse=True))
