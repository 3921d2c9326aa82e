"""One FastAPI application with a door for each who comes: platforms, programs with a key, staff."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from anyio import CapacityLimiter
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from .. import __version__
from ..desk.calendar_feed import Feeds
from ..desk.clock import Clock, DemoClock, SystemClock
from ..desk.gate_queue import GateQueue
from ..desk.installation import Installation, build_installation
from ..desk.opened import Opened
from ..desk.rulefile.drafts import Looks
from ..domain.describe import describe
from ..engine.worker import Worker
from ..hooks.host import Host
from ..settings import Settings, StartError
from ..store.database import database_trouble, try_file
from . import calendars, demo, health, metrics
from .client import page as client
from .client.lockout import Lockout
from .door import problems
from .door.access import Entrance, StaffDoor
from .door.guard import Guard
from .door.kept_files import KeptFiles
from .door.service import HASHED_AT_ONCE, OwnProcess
from .door.uploads import AT_ONCE
from .door.webhooks import PATH, Webhooks
from .staff.home import STATIC
from .staff.looks import lost, not_let_in
from .staff.pages import ROUTERS
from .v1.routes import add_routes
from .v1.shown import Shown

_ABOUT = (
    "Bookings held against insurance rules. Facts have the shapes of the check request; errors are "
    "problem documents (RFC 9457)."
)


class _Application(FastAPI):
    """Deliveries come in by a door of their own; all the rest goes the usual way."""

    deliveries: Webhooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if Webhooks.takes(scope):
            await self.deliveries(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(
    settings: Settings,
    host: Host | None = None,
    clock: Clock | None = None,
    connectors: dict[str, type] | None = None,
    file: Path | None = None,
) -> FastAPI:
    """The application over one installation. Everything that can be wrong with settings, database
    or plugins is found here, before the first request: raises ``StartError``.

    ``file``: where the settings are written, for the pages that change them. Tests give ``host``
    and ``connectors`` in place of the installed plugins. What goes wrong while the application
    starts is ``app.state.trouble``, in one line.
    """
    clock = clock or (DemoClock() if settings.demo_clock else SystemClock())
    worker = Worker(_installation(settings, clock, host, connectors))
    app = _Application(
        title="massage-ins-bridge",
        version=__version__,
        description=_ABOUT,
        lifespan=_lifespan(worker),
        docs_url=None,
        redoc_url=None,
    )
    app.state.worker, app.state.settings, app.state.trouble = worker, settings, None
    app.state.staff_door = StaffDoor(worker.installation.store.vault)
    app.state.service = OwnProcess(file, connectors or {})
    app.state.shown, app.state.opened, app.state.rule_looks = Shown(), Opened(), Looks()
    app.state.lockout, app.state.uploads = Lockout(), asyncio.Semaphore(AT_ONCE)
    app.state.hashing = CapacityLimiter(HASHED_AT_ONCE)
    problems.install(app, lost)
    if settings.staff_page == "local":
        app.add_middleware(Entrance, door=app.state.staff_door, refuse=not_let_in)
    app.add_middleware(Guard)
    app.deliveries = Webhooks(worker)
    app.router.routes.append(Route(f"{PATH}{{account}}", app.deliveries, methods=["POST"]))
    add_routes(app, worker.installation.host.words)
    for pages in (*ROUTERS, client.router):
        app.include_router(pages)
    app.include_router(health.router(worker))
    app.include_router(metrics.router(worker))
    app.state.gate = GateQueue(worker.installation)
    app.include_router(calendars.router(Feeds(worker.installation)))
    if settings.demo_clock:
        app.include_router(demo.router)
    app.mount("/static", KeptFiles(STATIC, client.HERE / "static"), name="static")
    return app


def _lifespan(
    worker: Worker,
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
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

    return lifespan


def _trouble(worker: Worker, error: Exception) -> StartError:
    if isinstance(error, StartError):
        return error
    if isinstance(error, SQLAlchemyError):
        sqlite = worker.installation.store.sqlite
        return database_trouble(error, "durable runs", sqlite=sqlite, made_anew=sqlite)
    return StartError(f"durable runs: they cannot be started ({describe(error)})")


def _installation(
    settings: Settings, clock: Clock, host: Host | None, connectors: dict[str, type] | None
) -> Installation:
    """The installation, once it is known that the durable runs' file can be used too."""
    made = build_installation(settings, clock, host, connectors)
    if made.runs_file is not None:
        try:
            try_file(made.runs_file)
        except StartError:
            made.close()
            raise
    return made
