"""What was unsealed for the page that staff looks at, remembered until it is looked at again.

A sealed value never changes: whatever is changed is sealed anew, to other bytes. So the bytes (or
the id, of a decision) are the key, and nothing that is remembered can be out of date.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar, cast

from ..domain.answers import COST_RANK, Terms
from ..domain.source import as_source
from ..store import overview as rows
from ..store.bookings import Details
from ..store.models import WordRow
from ..store.record import Record
from ..store.task_models import TaskRow
from ..store.words import Said
from .say import NO_NAME

T = TypeVar("T")
#: Several pages of bookings, with all that is shown of each.
MOST = 12_000
_SHOWN = ("key", "message", "remedy", "due", "rule")


@dataclass(frozen=True, slots=True)
class Reason:
    """What an outcome rests on: the requirement's ``key``, what is wrong, what to do, by when, the
    rule that says so, and where it was read."""

    key: str
    message: str
    remedy: str
    due: str | None
    rule: str
    source: str = ""

    @property
    def due_day(self) -> date | None:
        return date.fromisoformat(self.due) if self.due else None


@dataclass(frozen=True, slots=True)
class Why:
    """What a decision rests on: the requirements that cost the most, else what is owed. ``cost``:
    what they cost. ``visit``: its number among those that count; ``terms``: on which self-pay is
    offered, ``None`` where it is not."""

    decision: str
    reasons: tuple[Reason, ...]
    route: str | None
    cost: str = "none"
    owed: str = ""
    visit: int | None = None
    terms: Terms | None = None


class Opened:
    """Safe to use from several threads. Its keys are unlike over clinics, as sealed values are."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Any, Any] = OrderedDict()

    def details(self, record: Record, sealed: bytes) -> Details:
        """What is personal in a booking."""
        return self.once(sealed, lambda: record.bookings.opened(sealed))

    def message(self, record: Record, row: TaskRow) -> str:
        """A task's text."""
        return self.once(row.message_sealed, lambda: record.tasks.message(row))

    def word(self, record: Record, row: WordRow) -> Said:
        """Who of staff said something, and why."""
        return self.once(row.said_sealed, lambda: record.words.said(row))

    def names(self, record: Record, patient_ids: Collection[str | None]) -> dict[str, str]:
        """By id, the names of clients."""
        wanted = [patient_id for patient_id in patient_ids if patient_id is not None]
        return self._names(record, rows.sealed_clients(record, wanted))

    def all_names(self, record: Record) -> dict[str, str]:
        """By id, the names of all clients who were not merged into another."""
        return self._names(record, rows.all_sealed_clients(record))

    def _names(self, record: Record, found: Mapping[str, bytes]) -> dict[str, str]:
        def name(sealed: bytes) -> str:
            return str(record.clients.opened(sealed).get("name") or NO_NAME)

        return {key: self.once(box, partial(name, box)) for key, box in found.items()}

    def decisions(self, record: Record, booking_ids: Sequence[str]) -> dict[str, Why]:
        """By booking, what its last decision rests on."""
        last = rows.last_decisions(record, booking_ids)
        known = self.whys(record, list(last.values()))
        return {booking: known[key] for booking, key in last.items()}

    def whys(self, record: Record, decision_ids: Sequence[str]) -> dict[str, Why]:
        """By decision, what it rests on."""
        with self._lock:
            known = {key: cast(Why, self._kept[key]) for key in decision_ids if key in self._kept}
        missing = [key for key in decision_ids if key not in known]
        for key, sealed in rows.sealed_decisions(record, missing).items():
            known[key] = self.once(key, partial(_why, record, key, sealed))
        return known

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What ``make`` makes of everything that is in the key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key])
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


#: It stands beside nearly every decision, and is no reason why a booking stands as it does.
TO_READ_AGAIN = "core.rules-review"


def _why(record: Record, decision_id: str, sealed: bytes) -> Why:
    decision = record.decisions.opened(sealed)
    found = [r for r in decision.get("requirements", []) if r["key"] != TO_READ_AGAIN]
    rank = max((COST_RANK[r["effect"]] for r in found), default=0)
    if rank > 0:
        picked = [r for r in found if COST_RANK[r["effect"]] == rank]
    else:
        picked = [r for r in found if r["status"] == "due"]
    picked.sort(key=lambda r: r["due"] or "9999")  # the one cause first; else in order of keys
    owed = [r["message"] for r in found if r["status"] == "due"]
    return Why(
        decision_id,
        tuple(map(_reason, picked)),
        decision.get("route"),
        cost=next((r["effect"] for r in picked), "none"),
        owed=owed[0] if owed else "",
        visit=decision.get("visit_number"),
        terms=decision.get("self_pay_terms"),
    )


def _reason(found: dict[str, Any]) -> Reason:
    said = as_source(found.get("source", ""))
    read_on = f", read on {said['read_on']}" if said["read_on"] else ""
    shown = {key: found[key] for key in _SHOWN}
    return Reason(**shown, source=f"{said['title']}{read_on}")
