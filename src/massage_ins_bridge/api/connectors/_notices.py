"""What a platform is told that acts by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ...domain.told import Told

#: What is asked of a platform that is told: to ``confirm`` a booking that waits (or lift its hold),
#: to ``hold`` it, to ``reject`` one that waits, to ``cancel`` one that was accepted.
NoticeAction = Literal["confirm", "hold", "reject", "cancel"]


@dataclass(frozen=True, slots=True)
class Remedy(metaclass=Told):
    """One thing that a booking lacks: ``requirement`` is its key as in a decision, ``staff`` what
    staff can do about it, ``client`` what the client is told, ``due`` the last day in time. None of
    them names a diagnosis, a claim or a member id."""

    requirement: str
    staff: str
    client: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Notice(metaclass=Told):
    """A decision, for a platform that acts by itself.

    ``ref`` is the booking, ``outcome`` what holds of it from now on and ``action`` what the
    platform is asked to do. ``client`` and ``staff`` are the words for each, without health facts;
    ``remedies`` what is missing. ``revision`` grows with each move of the booking. ``at``: of two
    notices of a booking the later one counts. ``refused_at``: when a refusal that is prepared is
    carried out, unless something cures it or somebody stops it; until then it is held."""

    ref: str
    outcome: Literal["allow", "hold", "block"]
    action: NoticeAction
    client: str
    staff: str
    revision: int
    at: datetime
    remedies: tuple[Remedy, ...] = ()
    refused_at: datetime | None = None
