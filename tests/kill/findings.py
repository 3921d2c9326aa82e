"""What is left when all is quiet: the services' database and the platform's journal."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from massage_ins_bridge.desk.platform_state import CALLED_OFF
from massage_ins_bridge.store.look_rows import LookRow
from massage_ins_bridge.store.models import BookingRow, DecisionRow, DeliveryRow, WriteRow
from massage_ins_bridge.store.task_models import WakeupRow

from .fleet import Fleet
from .load import DIRECT, Answered, Kind, Load

WRITING = ("confirm", "decline", "cancel")


def engine_of(target: Fleet) -> Engine:
    """The services' own database, opened beside them."""
    data = target.installation.folder / "data" / "bridge.sqlite3"
    return create_engine(target.database_url or f"sqlite:///{data}")


#: At what only a delivery told of it is looked for hours; and whether one comes back that was told
#: to be called off, and that the platform did not show at that moment, after minutes.
_SOON = (
    LookRow.ref.not_like(f"{DIRECT}%"),
    ~(LookRow.absent & LookRow.event.in_(CALLED_OFF)),
)


def unsettled(engine: Engine) -> dict[str, int]:
    """How much there is still to do, by kind."""
    left = {
        "deliveries": select(func.count(DeliveryRow.id)).where(DeliveryRow.done_at.is_(None)),
        "writes": select(func.count(WriteRow.id)).where(WriteRow.state == "queued"),
        "wakeups": select(func.count(WakeupRow.id)).where(WakeupRow.done_at.is_(None)),
        "looks": select(func.count(LookRow.id)).where(*_SOON),
    }
    with Session(engine) as session:
        return {name: session.scalar(query) or 0 for name, query in left.items()}


def looks_left(engine: Engine) -> list[str]:
    """What is still to be read again, and why: for whoever reads that it was not quiet."""
    with Session(engine) as session:
        rows = session.scalars(select(LookRow).where(*_SOON)).all()
        known = {row.ref: row.platform_status for row in session.scalars(select(BookingRow))}
    return [
        f"{row.ref} told {row.event}, known {known.get(row.ref)}, {row.tries} tries, "
        f"absent {row.absent}, from {row.created_at:%H:%M:%S} due {row.due_at:%H:%M:%S}"
        for row in rows
    ]


@dataclass(slots=True)
class Findings:
    """Everything that is wrong, in words; empty is good. ``figures`` are for the reader."""

    wrong: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)

    def expect(self, good: bool, words: str) -> None:
        if not good:
            self.wrong.append(words)


def look(target: Fleet, load: Load) -> Findings:
    """The whole truth after the storm."""
    found = Findings(wrong=list(load.wrong))
    engine = engine_of(target)
    with Session(engine) as session:
        _deliveries(session, load.answered, found)
        _bookings(session, load.booked, found)
        _decisions_and_writes(session, load.booked, found)
        found.figures["deliveries"] = session.scalar(select(func.count(DeliveryRow.id))) or 0
    engine.dispose()
    _journal(target.platform("journal"), load.booked, found)
    found.figures |= {
        "answered with 202": len(load.answered),
        "posts without an answer": load.unanswered,
        "booked on the platform": len(load.booked),
        "lives": target.lives,
    }
    return found


def _deliveries(session: Session, answered: list[Answered], found: Findings) -> None:
    """Each delivery answered with 202 is on record, dealt with, and was decided once."""
    stored = {row.id: row for row in session.scalars(select(DeliveryRow))}
    of_booking = DecisionRow.booking_id == BookingRow.id
    decided = Counter(session.scalars(select(BookingRow.ref).join(DecisionRow, of_booking)))
    for one in answered:
        row = stored.get(one.delivery)
        found.expect(row is not None, f"delivery {one.delivery} is lost")
        result = row and row.result
        found.expect(result == "decided", f"delivery {one.delivery} ended as {result}")
        found.expect(decided[one.ref] == 1, f"{one.ref} was decided {decided[one.ref]} times")
    found.expect(len({one.delivery for one in answered}) == len(answered), "one id was given twice")
    undone = [row.id for row in stored.values() if row.done_at is None]
    found.expect(not undone, f"stored and never dealt with: {undone}")


def _bookings(session: Session, booked: dict[str, Kind], found: Findings) -> None:
    """Every booking of the platform is known, was read, and has the outcome that it must have."""
    rows = {row.ref: row for row in session.scalars(select(BookingRow))}
    for uid, kind in booked.items():
        row = rows.get(uid)
        found.expect(row is not None, f"booking {uid} ({kind.name}) is lost")
        found.expect(row is None or not row.to_read, f"booking {uid} ({kind.name}) is to be read")
        if row is None or (kind.by == "attendee" and kind.status == "cancelled"):
            continue  # it may have been cancelled before it could be decided
        ours, expected = (row.outcome, row.platform_status), (kind.outcome, kind.status)
        found.expect(ours == expected, f"booking {uid} ({kind.name}) is {ours} in our books")


def _decisions_and_writes(session: Session, booked: dict[str, Kind], found: Findings) -> None:
    """Decisions are numbered without a gap; no write waits, and none failed, but where the client
    cancelled between our look at the platform and our word to it."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for booking, number in session.execute(select(DecisionRow.booking_id, DecisionRow.number)):
        numbers[booking].append(number)
    for booking, known in numbers.items():
        whole = sorted(known) == list(range(1, len(known) + 1))
        found.expect(whole, f"decisions of {booking}: {known}")
    states = Counter(session.scalars(select(WriteRow.state)))
    found.expect(not states["queued"], f"writes: {dict(states)}")
    refused = select(BookingRow.ref).join(WriteRow, WriteRow.subject == BookingRow.id)
    for ref in session.scalars(refused.where(WriteRow.state == "failed")):
        kind = booked.get(ref)
        theirs = kind is not None and (kind.status, kind.by) == ("cancelled", "attendee")
        found.expect(theirs, f"a write to {ref} failed")
    found.figures["decisions"] = sum(map(len, numbers.values()))
    found.figures["writes done"] = states["done"]


def _journal(entries: list[dict[str, Any]], booked: dict[str, Kind], found: Findings) -> None:
    """On the platform: each booking ended as it must, and nothing of ours changed it twice."""
    changes: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    calls = {e["seq"]: e for e in entries if e["kind"] == "call" and e["action"] in WRITING}
    done: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        if entry["kind"] == "change":
            changes[entry["uid"]].append(entry)
        elif entry["kind"] == "answer" and entry["call"] in calls and entry["status"] < 300:
            done[calls[entry["call"]]["uid"], entry["action"]] += 1
    for uid, kind in booked.items():
        ours = [c["to"] for c in changes[uid] if c["by"] == "api"]
        found.expect(len(ours) <= 1, f"booking {uid} ({kind.name}) was changed by us: {ours}")
        to, by = (changes[uid][-1][key] for key in ("to", "by"))
        right = (to, by) == (kind.status, kind.by)
        found.expect(right, f"booking {uid} ({kind.name}) ended {to} by {by}")
    twice = {f"{uid} {action}": n for (uid, action), n in done.items() if n > 1}
    found.expect(not twice, f"done twice on the platform: {twice}")
    found.figures["writing calls"] = len(calls)
    ours_all = [c for one in changes.values() for c in one if c["by"] == "api"]
    found.figures["writing calls that took effect"] = len(ours_all)
