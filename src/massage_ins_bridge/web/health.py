"""``/healthz``, ``/readyz``: how the service is. Both answer while the database does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal, get_args, get_origin, get_type_hints

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from ..desk import health
from ..desk.clock_check import look_at_clock
from ..desk.first_look import all_progress
from ..desk.installation import Installation
from ..desk.trouble import all_trouble
from ..engine.worker import Worker
from ..store.database import GONE, ping, real_write
from .door.probes import SECONDS, Prober

_SILENT = f"the database does not answer within {SECONDS:g} seconds"
_Looked = tuple[list[str], list[str], list[str]]
_READ_ONLY = "the database cannot be written: is the disk full, or its file locked?"


@dataclass(frozen=True, slots=True)
class Life:
    """That the process lives, and whether its database answers."""

    status: Literal["ok"]
    database: Literal["answers", "does not answer"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the work is done: ``reasons`` why it is not, ``remarks`` on what others have to mend,
    and the accounts that only observe until all their bookings are known (``taking_in``)."""

    status: Literal["ok", "not ready"]
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    taking_in: tuple[str, ...]


def _gives(kind: type, *codes: int) -> dict[str, Any]:
    """What a route answers, for the OpenAPI document."""
    hints = get_type_hints(kind)
    schema = {
        "type": "object",
        "description": " ".join((kind.__doc__ or "").replace("``", "`").split()),
        "properties": {name: _schema(hint) for name, hint in hints.items()},
        "required": list(hints),
    }
    content = {"application/json": {"schema": schema}}
    said = {200: "It does.", 503: "It does not."}
    found = {code: {"description": said[code], "content": content} for code in codes}
    return {"response_class": Response, "responses": found}


def _schema(hint: Any) -> dict[str, Any]:
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    return {"type": "array", "items": {"type": "string"}}


def router(worker: Worker) -> APIRouter:
    """The routes over one running service."""
    made = APIRouter(tags=["health"])
    installation, prober = worker.installation, Prober()
    store, engine = installation.store, installation.store.engine

    @made.get("/healthz", **_gives(Life, 200))
    async def healthz() -> JSONResponse:
        """Whether the process lives: 200 as long as it does. ``database`` says whether that
        answers; starting the process anew would not help it."""
        answers = not store.file_gone and await prober.good(partial(ping, engine, SECONDS))
        return JSONResponse(asdict(Life("ok", "answers" if answers else "does not answer")))

    @made.get("/readyz", **_gives(Readiness, 200, 503))
    async def readyz() -> JSONResponse:
        """Whether the work is done: 503 with ``reasons`` in plain words where something waits for
        too long or cannot be done. ``remarks`` is what others have to mend: plugins, platforms.
        ``taking_in`` names the accounts that only observe until all their bookings are known."""
        reasons: list[str] = []
        taking_in: list[str] = []
        silent: _Looked = ([_SILENT], [], [])
        remarks = list(_plugins(installation))
        if store.file_gone:
            reasons.append(f"database: {store.file} {GONE}")
        elif not await prober.good(partial(ping, engine, SECONDS)):
            reasons.append(_SILENT)
        elif not await prober.good(partial(real_write, engine)):
            reasons.append(_READ_ONLY)
        else:
            reasons, waiting, taking_in = await prober.asked(partial(_look, worker), silent)
            remarks += waiting
        status: Literal["ok", "not ready"] = "not ready" if reasons else "ok"
        found = Readiness(status, tuple(reasons), tuple(remarks), tuple(taking_in))
        return JSONResponse(asdict(found), 503 if reasons else 200)

    return made


def _look(worker: Worker) -> _Looked:
    """Reasons, remarks, and accounts not yet taken in, which only the database knows."""
    with worker.installation.read() as record:
        undone = health.undone(record)
        now, clock = record.now, look_at_clock(worker.installation, record)
        amiss = list(all_trouble(record, worker.installation.accounts))
        looks = [p for p in all_progress(worker.installation, record) if p.done_at is None]
    trouble = worker.trouble
    reasons = [trouble] if trouble else []
    if clock.wrong:
        reasons.append(f"clock: {clock.wrong}; nothing passes or is written until it is set right")
    remarks = [f"account {p.account}: {p.words}" for p in looks]
    remarks += [f"account {t.account}: {t.words(now)}" for t in amiss]
    if clock.unsure:
        remarks.append(f"clock: {clock.unsure}")
    remarks += health.remarks(undone, now)
    return [*reasons, *health.overdue(undone, now)], remarks, [p.account for p in looks]


def _plugins(installation: Installation) -> Iterator[str]:
    for plugin in installation.host.plugins:
        if (plugin.failure or plugin.amiss) and not plugin.disabled:
            yield f"the plugin {plugin.name} does not work and holds bookings; see `mib doctor`"
