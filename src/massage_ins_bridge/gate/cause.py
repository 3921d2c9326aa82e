"""Of all that keeps a booking from standing the one cause that is named first.

Source: contract part 4: block before hold, then the earlier ``due``, then the order of the keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..domain.answers import COST_RANK, Outcome, Requirement
from .settle import requirement_order


def by_weight(item: Requirement) -> tuple[object, ...]:
    """Sorts requirements as they are told, the one cause first."""
    return (-COST_RANK[item.effect], item.due or date.max, requirement_order(item))


def the_cause(items: Iterable[Requirement], outcome: Outcome) -> Requirement | None:
    """The one cause of a hold or a block. Nothing is the cause of an allowance."""
    return min((r for r in items if r.effect == outcome), key=by_weight, default=None)
