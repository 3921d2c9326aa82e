"""One FastAPI application: webhooks as a plain route, ``/v1``, health, the staff page."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import __version__
from ..hooks.host import Host
from ..settings import Settings, StartError
from ..store.database import database_trouble, ping, real_write, try_file
from ..workflows.clock import Clock, DemoClock, SystemClock
from ..workflows.faults import describe
from ..workflows.runner import RUNS_FILE
from ..workflows.service import Service, build_service
from ..workflows.worker import Worker
from . import acknowledgements, bookings, demo, patients, problems, staff
from .access import Entrance, StaffDoor
from .kept_files import KeptFiles
from .probes import SECONDS, Prober
from .webhooks import receive as receive_delivery

_HEADERS = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            b"img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


def create_app(
    settings: Settings,
    host: Host | None = None,
    clock: Clock | None = None,
    connectors: dict[str, type] | None = None,
) -> FastAPI:
    """The application over one installation. Everything that can be wrong with settings, database
    or plugins is found here, before the first request: raises ``StartError``.

    ``host`` and ``connectors`` stand in for the installed plugins in tests.
    """
    clock = clock or (DemoClock() if settings.demo_clock else SystemClock())
    worker = Worker(_service(settings, clock, host, connectors))

    @contextlib.asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[None]:
        try:
            await run_in_threadpool(worker.start)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told in one line
            running.state.trouble = _trouble(worker, error)
            raise running.state.trouble from None
        try:
            yield
        finally:
            await run_in_threadpool(worker.stop)

    app = FastAPI(
        title="massage-ins-bridge",
        version=__version__,
        description="Bookings held against insurance rules. Facts have the shapes of the check "
        "request; errors are problem documents (RFC 9457).",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.state.worker, app.state.settings, app.state.trouble = worker, settings, None
    app.state.staff_door = StaffDoor(worker.service.store.vault)
    problems.install(app)
    if settings.staff_page == "local":
        app.add_middleware(Entrance, door=app.state.staff_door)
    app.add_middleware(Guard)
    app.router.routes.append(Route("/webhooks/{account}", receive_delivery, methods=["POST"]))
    app.include_router(patients.router)
    app.include_router(acknowledgements.router)
    app.include_router(bookings.router)
    app.include_router(staff.router)
    if settings.demo_clock:
        app.include_router(demo.router)
    app.mount("/static", KeptFiles(staff.HERE / "static"), name="static")
    _health(app, worker)
    return app


def _trouble(worker: Worker, error: Exception) -> StartError:
    if isinstance(error, SQLAlchemyError):
        return database_trouble(error, "durable runs", sqlite=worker.service.store.sqlite)
    return StartError(f"durable runs: they cannot be started ({describe(error)})")


def _service(
    settings: Settings, clock: Clock, host: Host | None, connectors: dict[str, type] | None
) -> Service:
    """The service, once it is known that the durable runs' file can be used too."""
    service = build_service(settings, clock, host, connectors)
    file = service.store.file
    if file is not None:
        try:
            try_file(file.with_name(RUNS_FILE))
        except StartError:
            service.close()
            raise
    return service


class Guard:
    """Adds the headers that keep browsers from doing more than they should, and refuses addresses
    with a character that no id and no search can hold."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((n, v) for n, v in _HEADERS if n not in known),
                ]
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif "\0" in scope["path"]:
            await problems.problem(404, "There is nothing at this address.")(
                scope, receive, guarded
            )
        elif b"%00" in scope["query_string"]:
            detail = "A parameter holds a character that cannot be there (%00)."
            await problems.problem(422, detail)(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)


def _health(app: FastAPI, worker: Worker) -> None:
    prober, engine = Prober(), worker.service.store.engine

    @app.get("/healthz", tags=["health"])
    async def healthz() -> JSONResponse:
        """Whether the process lives and its database answers."""
        return _report({}, good=await prober.good(partial(ping, engine, SECONDS)))

    @app.get("/readyz", tags=["health"])
    async def readyz() -> JSONResponse:
        """Whether the service takes up work: database, disk, durable runs, plugins."""
        failed = [p.name for p in worker.service.host.plugins if p.failure and not p.disabled]
        answers = await prober.good(partial(ping, engine, SECONDS))
        writes = answers and await prober.good(partial(real_write, engine))
        return _report({"failed_plugins": failed}, good=writes and worker.ready)


def _report(more: dict[str, Any], *, good: bool) -> JSONResponse:
    return JSONResponse({"status": "ok" if good else "not ready", **more}, 200 if good else 503)
