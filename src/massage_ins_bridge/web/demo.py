"""``/demo/clock``: for demonstrations (``demo_clock = true``), and from this machine alone.

Another site's page can send text unasked, but JSON only after asking, and that is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from ..desk.clock import DemoClock
from ..domain.reading import read
from .door.access import is_local
from .door.given import Body, Here
from .door.problems import ProblemError

router = APIRouter(prefix="/demo", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Moment:
    now: datetime


def _clock(request: Request, installation: Here) -> DemoClock:
    if not is_local(request) or not isinstance(installation.clock, DemoClock):
        raise ProblemError(403, "The clock can be moved from this machine only.")
    return installation.clock


Moved = Annotated[DemoClock, Depends(_clock)]


@router.get("/clock")
def get_clock(clock: Moved) -> dict[str, str]:
    return {"now": clock.now().isoformat()}


@router.post("/clock")
def set_clock(clock: Moved, data: Body) -> dict[str, str]:
    """``{"now": time}``: the clock runs on from there, and deadlines are looked at at once."""
    clock.set(read(_Moment, data).now)
    return {"now": clock.now().isoformat()}
