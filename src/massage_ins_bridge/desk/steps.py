"""The table: what an outcome asks for, by how the booking stands on the platform and who accepted
it.

What a person accepted is never ended here, nor what nobody knows the acceptor of: a task with a
button asks for it. A person may order it (``ordered``), by that button or by an override.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: ``confirm``; ``keep`` pending, which is the hold; ``hold`` an accepted one, by a mark or by
#: staff; ``note`` that it is on hold, and no more; ``refuse``: decline or cancel; ``ask`` staff to
#: refuse it.
Step = Literal["confirm", "keep", "hold", "note", "refuse", "ask"]


@dataclass(frozen=True, slots=True)
class Place:
    """How a live booking stands: ``status`` is the platform's, ``accepted_by`` as in
    ``BookingRow``; ``cancel_accepted`` is the account's setting."""

    status: str
    accepted_by: str | None = None
    ordered: bool = False
    cancel_accepted: bool = False


def step_for(outcome: str | None, place: Place) -> Step | None:
    """What is to be done; nothing where the booking may simply stand, or is not decided."""
    pending = place.status == "pending"
    match outcome:
        case "allow":
            return "confirm" if pending else None
        case "hold":
            if pending:
                return "keep"
            return "note" if place.accepted_by == "person" else "hold"
        case "block":
            if pending or place.ordered:
                return "refuse"
            by_itself = place.accepted_by in ("platform", "bridge")
            return "refuse" if by_itself and place.cancel_accepted else "ask"
    return None
