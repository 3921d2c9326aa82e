"""Whether a booking came to be refused by new facts, or by nothing that anybody did: time passed,
or the rules that decide are newer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ..domain.answers import Decision
from ..domain.days import local_day
from ..store.record import Record
from .client_file import ClientFile, Held
from .daily import DAY
from .forewarn import decided_at
from .installation import Installation
from .pause import FACTS, Occasion
from .staff_words import in_force
from .tasks import TaskKind

#: Causes of a decision that are nobody's doing.
CLOCKS = frozenset({"deadline", "override-ended", DAY})


@dataclass(frozen=True, slots=True)
class Before:
    """How a booking stood before it was decided again."""

    outcome: str | None
    decided_at: datetime | None
    next_due: date | None


def occasion_of(
    installation: Installation,
    record: Record,
    file: ClientFile,
    held: Held,
    before: Before,
    decision: Decision,
    cause: str,
) -> Occasion:
    """Of a booking that is blocked now, by ``decision``. A clock did it where the same facts would
    not have blocked it when it was decided last: so it does not matter what gave the occasion to
    look again. Rules that are newer than those of the last decision are as a clock: nobody who made
    the booking, or keeps the chart, did anything."""
    if in_force(held.words, record.now).ordered:
        return FACTS
    if before.outcome == "block":
        by_clock = any(w.by_clock and w.kind == "block" for w in held.writes)
    elif before.outcome is None or before.decided_at is None:
        by_clock = False
    elif cause in CLOCKS or _rules_are_others(record, held, decision):
        by_clock = True
    else:
        then = decided_at(installation, record, file, held, before.decided_at)
        by_clock = then is None or then.outcome != "block"
    return Occasion(by_clock, by_clock and _warned(record, held, before.next_due))


def _rules_are_others(record: Record, held: Held, decision: Decision) -> bool:
    """Whether a plugin that was asked the last time, too, has other rules by now."""
    if held.last is None:
        return False
    used = record.decisions.data(held.last).get("ruleset", {})
    return any(used.get(name, version) != version for name, version in decision.ruleset.items())


def _warned(record: Record, held: Held, due: date | None) -> bool:
    """Whether staff was told, on a day before this one, that this deadline would refuse it."""
    return held.row.warned_due == due and any(
        task.kind == TaskKind.REFUSED_TOMORROW
        and local_day(task.created_at, record.zone) < record.today
        for task in record.tasks.of_bookings([held.row.id]).get(held.row.id, [])
    )
