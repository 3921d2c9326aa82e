"""What was unsealed for the page that staff looks at, remembered until it is looked at again.

A sealed value never changes: whatever is changed is sealed anew, to other bytes. So the bytes (or
the id, of a decision) are the key, and nothing that is remembered can be out of date.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

from ..domain.answers import COST_RANK
from ..store import overview as rows
from ..store.bookings import Details
from ..store.models import TaskRow, WordRow
from ..store.record import Record
from ..store.words import Said

T = TypeVar("T")
#: Several pages of bookings, with all that is shown of each.
MOST = 12_000
_SHOWN = ("message", "remedy", "due", "rule")


@dataclass(frozen=True, slots=True)
class Reason:
    """What an outcome rests on: what is wrong, what to do, by when, and the rule that says so."""

    message: str
    remedy: str
    due: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Why:
    """What a decision rests on: the requirements that cost the most, else what is owed."""

    decision: str
    reasons: tuple[Reason, ...]
    route: str | None


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
        found = rows.sealed_clients(record, wanted)

        def name(sealed: bytes) -> str:
            return str(record.clients.opened(sealed).get("name") or "(no name)")

        return {key: self.once(box, partial(name, box)) for key, box in found.items()}

    def decisions(self, record: Record, booking_ids: Sequence[str]) -> dict[str, Why]:
        """By booking, what its last decision rests on."""
        last = rows.last_decisions(record, booking_ids)
        with self._lock:
            known = {key: self._kept[key] for key in last.values() if key in self._kept}
        missing = [key for key in last.values() if key not in known]
        for key, sealed in rows.sealed_decisions(record, missing).items():
            known[key] = self.once(key, partial(_why, record, key, sealed))
        return {booking: cast(Why, known[key]) for booking, key in last.items()}

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
    reasons = tuple(Reason(**{key: r[key] for key in _SHOWN}) for r in picked)
    return Why(decision_id, reasons, decision.get("route"))
