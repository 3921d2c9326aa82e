"""Moving what belongs to one client to another, so that every step can be taken back.

Nothing is thrown away: what would stand in a chart twice is set aside until an undo.
What was moved is returned as plain JSON values, for the receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from . import references
from .bookings import LIVE, Details
from .clients import Alias, Contact
from .models import BookingRow, FactRow, PatientRow, VisitRow
from .people import Given
from .record import Record
from .task_models import TaskRow

Moved = dict[str, Any]


def move_bookings(record: Record, rows: Sequence[BookingRow], taker: str) -> Moved:
    """Give bookings to another client, with the visits that they were and the tasks about them."""
    ids = [row.id for row in rows]
    last = max((row.arrival for row in record.bookings.of_client(taker)), default=0)
    bookings = []
    for number, row in enumerate(sorted(rows, key=lambda row: (row.created_at, row.arrival)), 1):
        bookings.append([row.id, row.arrival])
        row.patient_id, row.arrival, row.updated_at = taker, last + number, record.now
        if row.outcome == "block" and row.platform_status in LIVE:
            row.outcome = None  # refused on another person's papers
    visits = record.session.scalars(select(VisitRow).where(VisitRow.booking_id.in_(ids))).all()
    tasks = record.session.scalars(select(TaskRow).where(TaskRow.booking_id.in_(ids))).all()
    moved = {"bookings": bookings, "visits": _give(visits, taker), "tasks": _give(tasks, taker)}
    record.session.flush()
    return moved


def merge(record: Record, keep: PatientRow, gone: PatientRow) -> Moved:
    """Make two clients one: ``keep`` gets all that ``gone`` has, who is found no more."""
    bookings = record.bookings.of_client(gone.id)
    learned = [_on_file(record, gone), *record.clients.aliases(gone)]
    for row in bookings:
        given = Given.of(record.bookings.details(row))
        learned.append(given.alias(row.id, settled=True))
    moved = move_bookings(record, bookings, keep.id)
    tasks = record.session.scalars(select(TaskRow).where(TaskRow.patient_id == gone.id)).all()
    moved["tasks"] += _give(tasks, keep.id)
    visits, twice = _move_visits(record, keep, gone, moved["visits"])
    moved["visits"] += visits
    facts, papers = _move_facts(record, keep, gone)
    moved |= facts
    moved["named"] = references.rename(record, bookings, papers)
    moved["aside"] += twice
    record.reservations.hand_over(gone.id, keep.id)
    moved["identities"] = record.clients.identities.hand_over(gone.id, keep.id)
    moved |= _settle_doubts(record, keep, gone)
    moved["filled"] = _fill_in(record, keep, gone)
    gone.merged_into, gone.updated_at = keep.id, record.now
    record.clients.index(gone)
    before = record.clients.aliases(keep)
    record.clients.learn(keep, *(alias for alias in learned if alias.name or alias.key))
    after = record.clients.aliases(keep)
    moved["learned"] = [asdict(alias) for alias in after if alias not in before]
    moved["forgotten"] = [asdict(alias) for alias in before if alias not in after]
    return moved


def part(record: Record, keep: PatientRow, gone: PatientRow, moved: Moved) -> None:
    """Make two clients of one again: everything goes back to where it was."""
    learned = [Alias(**item) for item in moved["learned"]]
    forgotten = [Alias(**item) for item in moved["forgotten"]]
    kept = [alias for alias in record.clients.aliases(keep) if alias not in learned]
    gone.merged_into, gone.updated_at = None, record.now
    record.clients.identities.give_back(moved["identities"], gone.id)
    record.clients.put_aliases(keep, (*forgotten, *kept))
    record.clients.index(gone)
    _empty_again(record, keep, moved.get("filled", {}))
    give_back(record, moved, gone.id)
    for kind in (FactRow, VisitRow):
        for row in _rows(record, kind, (*moved["facts"], *moved["visits"])):
            row.patient_id = gone.id
        for row in _rows(record, kind, moved["aside"]):
            row.patient_id, row.removed_at = gone.id, None
    for row in _rows(record, FactRow, moved.get("outdone", ())):
        row.removed_at = None
    for fact_id, position in moved["positions"].items():
        for row in _rows(record, FactRow, [fact_id]):
            record.facts.replace(row, {**record.facts.data(row), "position": position})
    for doubt_id in moved["turned"]:
        record.doubts.turn(doubt_id, gone.id)
    record.doubts.reopen(moved["doubts"])
    references.take_up(record, moved.get("named", {}))
    references.keep_own(record, record.bookings.of_client(gone.id))


def _fill_in(record: Record, keep: PatientRow, gone: PatientRow) -> Moved:
    """What is on file of ``gone`` alone is on file of ``keep`` as well; what was taken over."""
    facts, reach = record.clients.facts(keep), asdict(record.clients.contact(keep))
    theirs = asdict(record.clients.contact(gone))
    more = {k: v for k, v in record.clients.facts(gone).items() if _empty(facts.get(k), v)}
    ways = {k: v for k, v in theirs.items() if _empty(reach.get(k), v)}
    if more or ways:
        record.clients.update(keep, {**facts, **more}, Contact(**{**reach, **ways}))
    return {"facts": more, "contact": ways}


def _empty(mine: Any, theirs: Any) -> bool:
    return mine in (None, "") and theirs not in (None, "")


def _empty_again(record: Record, keep: PatientRow, filled: Moved) -> None:
    """Take that back, but for what was changed since."""
    facts, reach = record.clients.facts(keep), asdict(record.clients.contact(keep))
    more, ways = filled.get("facts", {}), filled.get("contact", {})
    if more or ways:
        kept = {k: v for k, v in facts.items() if k not in more or v != more[k]}
        left = {k: None if k in ways and v == ways[k] else v for k, v in reach.items()}
        record.clients.update(keep, kept, Contact(**left))


def move_hearsay(record: Record, giver: str, taker: str, details: Details) -> Moved:
    """Give away the coverage that a booking's form named, as long as it is the client's word alone
    and no other booking of theirs names that payer."""
    others = (record.bookings.details(row) for row in record.bookings.of_client(giver))
    if not details.payer or any(other.payer == details.payer for other in others):
        return {"facts": [], "aside": []}
    there = {record.facts.data(r).get("payer") for r in record.facts.list(taker, "coverage")}
    found = [
        row
        for row in record.facts.list(giver, "coverage")
        if record.facts.data(row).get("payer") == details.payer
        and record.facts.data(row).get("staff_confirmed") is not True
    ]
    if details.payer not in there:
        return {"facts": _give(found, taker), "aside": []}
    for row in found:
        row.removed_at = record.now
    return {"facts": [], "aside": [row.id for row in found]}


def give_back_hearsay(record: Record, moved: Moved, owner: str) -> None:
    """Give back the coverage that went with a booking."""
    _give(_rows(record, FactRow, moved["facts"]), owner)
    for row in _rows(record, FactRow, moved["aside"]):
        row.removed_at = None


def plain(alias: Alias) -> dict[str, Any]:
    """An alias as JSON values."""
    return asdict(alias)


def give_back(record: Record, moved: Moved, owner: str) -> None:
    """Give bookings, their visits and tasks back to whom they belonged."""
    for booking_id, arrival in moved["bookings"]:
        row = record.session.get_one(BookingRow, booking_id)
        row.patient_id, row.arrival, row.updated_at = owner, arrival, record.now
        if row.outcome == "block" and row.platform_status in LIVE:
            row.outcome = None
    ids = [booking_id for booking_id, _ in moved["bookings"]]
    for kind, given in ((VisitRow, moved["visits"]), (TaskRow, moved["tasks"])):
        _give(_rows(record, kind, given), owner)
        since = select(kind).where(kind.booking_id.in_(ids))  # what became of them meanwhile, too
        _give(record.session.scalars(since), owner)
    record.session.flush()


def _on_file(record: Record, row: PatientRow) -> Alias:
    contact = record.clients.contact(row)
    name = record.clients.facts(row).get("name")
    return Alias(name, contact.email, contact.phone, settled=True)


def _move_visits(
    record: Record, keep: PatientRow, gone: PatientRow, moved: list[str]
) -> tuple[list[str], list[str]]:
    """The visits that staff wrote down: those given, and those set aside. The same one in both
    charts was written down twice."""
    there = [record.visits.data(row) for row in record.visits.list(keep.id)]
    aside, given = [], []
    for row in record.visits.list(gone.id):
        if row.id in moved:
            continue
        if row.booking_id is None and record.visits.data(row) in there:
            row.removed_at = record.now
            aside.append(row.id)
        else:
            given.append(row)
    return _give(given, keep.id), aside


def _move_facts(record: Record, keep: PatientRow, gone: PatientRow) -> tuple[Moved, dict[str, str]]:
    """What became of the facts, and by the ids of prescriptions that are set aside those by which
    the same are known."""
    there = record.facts.list(keep.id, "prescription")
    papers: dict[str, str] = {}
    known = [(row.kind, record.facts.data(row)) for row in record.facts.list(keep.id)]
    payers = {data.get("payer") for kind, data in known if kind == "coverage"}
    primary = any(data.get("position") == "primary" for _, data in known)
    given: list[FactRow] = []
    aside: list[str] = []
    positions: dict[str, str] = {}
    for row in record.facts.list(gone.id):
        data = record.facts.data(row)
        hearsay = row.kind == "coverage" and data.get("staff_confirmed") is not True
        if (row.kind, data) in known or (hearsay and data.get("payer") in payers):
            row.removed_at = record.now
            aside.append(row.id)
            same = next((one for one in there if record.facts.data(one) == data), None)
            papers |= {row.id: same.id} if same else {}
            continue
        if hearsay and primary and data.get("position") == "primary":
            positions[row.id] = "primary"
            record.facts.replace(row, {**data, "position": "secondary"})
        given.append(row)
    outdone = _outdone(record, keep, given)
    moved = {"facts": _give(given, keep.id), "aside": aside, "positions": positions} | outdone
    return moved, papers


def _outdone(record: Record, keep: PatientRow, given: list[FactRow]) -> Moved:
    """Set aside what the one who stays only said of a payer of whom the other's papers are
    confirmed."""
    data = [record.facts.data(row) for row in given if row.kind == "coverage"]
    sure = {d.get("payer") for d in data if d.get("staff_confirmed") is True}
    found = []
    for row in record.facts.list(keep.id, "coverage"):
        said = record.facts.data(row)
        if said.get("staff_confirmed") is not True and said.get("payer") in sure:
            row.removed_at = record.now
            found.append(row.id)
    return {"outdone": found}


def _settle_doubts(record: Record, keep: PatientRow, gone: PatientRow) -> Moved:
    """The two are the same; whoever may be one of them may be the other."""
    doubts = record.doubts
    between = [row for row in doubts.of(gone.id) if row.candidate_id == keep.id]
    between += [row for row in doubts.of(keep.id) if row.candidate_id == gone.id]
    settled = doubts.settle(between, "same") + doubts.settle(doubts.of(gone.id), "other")
    turned = []
    for row in doubts.naming(gone.id):
        if row.patient_id == keep.id:
            continue
        if doubts.turn(row.id, keep.id):
            turned.append(row.id)
        else:
            settled += doubts.settle([row], "same")
    return {"doubts": settled, "turned": turned}


def _give(rows: Iterable[Any], taker: str) -> list[str]:
    given = []
    for row in rows:
        row.patient_id = taker
        given.append(row.id)
    return given


def _rows(record: Record, kind: type[Any], ids: Iterable[str]) -> list[Any]:
    return list(record.session.scalars(select(kind).where(kind.id.in_(list(ids)))))
