"""``/demo/clock``: for demonstrations (``demo_clock = true``), and from this machine alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from ..domain.reading import read
from ..workflows.clock import DemoClock
from ..workflows.service import Service
from .access import is_local, service_of
from .bodies import json_body
from .problems import ProblemError

router = APIRouter(prefix="/demo", include_in_schema=False)
Bridge = Annotated[Service, Depends(service_of)]
Body = Annotated[Any, Depends(json_body)]


@dataclass(frozen=True, slots=True)
class _Moment:
    now: datetime


def _clock(request: Request, service: Bridge) -> DemoClock:
    if not is_local(request) or not isinstance(service.clock, DemoClock):
        raise ProblemError(403, "The clock can be moved from this machine only.")
    return service.clock


Moved = Annotated[DemoClock, Depends(_clock)]


@router.get("/clock")
def get_clock(clock: Moved) -> dict[str, str]:
    return {"now": clock.now().isoformat()}


def _said_as_json(request: Request) -> None:
    """Another site's page can send text unasked, but JSON only after asking; that is refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ProblemError(415, "The time must be sent as application/json.")


@router.post("/clock", dependencies=[Depends(_said_as_json)])
def set_clock(clock: Moved, data: Body) -> dict[str, str]:
    """``{"now": time}``: the clock runs on from there, and deadlines are looked at at once."""
    clock.set(read(_Moment, data).now)
    return {"now": clock.now().isoformat()}
