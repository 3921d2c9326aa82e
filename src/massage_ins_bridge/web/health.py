"""``/healthz``, ``/readyz``: how the service is. Both answer while the database does not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from ..desk import health
from ..desk.clock_check import look_at_clock
from ..desk.first_look import all_progress
from ..desk.installation import Installation
from ..engine.worker import Worker
from ..store.database import ping, real_write
from .door.probes import SECONDS, Prober

_SILENT = f"the database does not answer within {SECONDS:g} seconds"
_Looked = tuple[list[str], list[str], list[str]]
_READ_ONLY = "the database cannot be written: is the disk full, or its file locked?"


def router(worker: Worker) -> APIRouter:
    """The routes over one running service."""
    made = APIRouter(tags=["health"])
    installation, prober = worker.installation, Prober()
    engine = installation.store.engine

    @made.get("/healthz")
    async def healthz() -> JSONResponse:
        """Whether the process lives: 200 as long as it does. ``database`` says whether that
        answers; starting the process anew would not help it."""
        answers = await prober.good(partial(ping, engine, SECONDS))
        said = "answers" if answers else "does not answer"
        return JSONResponse({"status": "ok", "database": said})

    @made.get("/readyz")
    async def readyz() -> JSONResponse:
        """Whether the work is done: 503 with ``reasons`` in plain words where something waits for
        too long or cannot be done. ``remarks`` is what others have to mend: plugins, platforms.
        ``taking_in`` names the accounts that only observe until all their bookings are known."""
        reasons: list[str] = []
        taking_in: list[str] = []
        silent: _Looked = ([_SILENT], [], [])
        remarks = list(_plugins(installation))
        if not await prober.good(partial(ping, engine, SECONDS)):
            reasons.append(_SILENT)
        elif not await prober.good(partial(real_write, engine)):
            reasons.append(_READ_ONLY)
        else:
            reasons, waiting, taking_in = await prober.asked(partial(_look, worker), silent)
            remarks += waiting
        body: dict[str, Any] = {
            "status": "not ready" if reasons else "ok",
            "reasons": reasons,
            "remarks": remarks,
            "taking_in": taking_in,
        }
        return JSONResponse(body, 503 if reasons else 200)

    return made


def _look(worker: Worker) -> _Looked:
    """Reasons, remarks, and accounts not yet taken in, which only the database knows."""
    with worker.installation.read() as record:
        undone = health.undone(record)
        now, clock = record.now, look_at_clock(worker.installation, record)
        looks = [p for p in all_progress(worker.installation, record) if p.done_at is None]
    trouble = worker.trouble
    reasons = [trouble] if trouble else []
    if clock.wrong:
        reasons.append(f"clock: {clock.wrong}; nothing passes or is written until it is set right")
    remarks = [f"account {p.account}: {p.words}" for p in looks]
    if clock.unsure:
        remarks.append(f"clock: {clock.unsure}")
    remarks += health.remarks(undone, now)
    return [*reasons, *health.overdue(undone, now)], remarks, [p.account for p in looks]


def _plugins(installation: Installation) -> Iterator[str]:
    for plugin in installation.host.plugins:
        if plugin.failure and not plugin.disabled:
            yield f"the plugin {plugin.name} does not work and holds bookings; see `mib doctor`"
