"""One FastAPI application with a door for each who comes: platforms, programs with a key, staff."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from .. import __version__
from ..desk.clock import Clock, DemoClock, SystemClock
from ..desk.installation import Installation, build_installation
from ..domain.describe import describe
from ..engine.worker import Worker
from ..hooks.host import Host
from ..settings import Settings, StartError
from ..store.database import database_trouble, try_file
from . import demo, health, metrics
from .door import problems
from .door.access import Entrance, StaffDoor
from .door.guard import Guard
from .door.kept_files import KeptFiles
from .door.webhooks import PATH, Webhooks
from .staff import page
from .staff.shown import Shown
from .v1.routes import add_routes

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
) -> FastAPI:
    """The application over one installation. Everything that can be wrong with settings, database
    or plugins is found here, before the first request: raises ``StartError``.

    Tests give ``host`` and ``connectors`` in place of the installed plugins. What goes wrong while
    the application starts is ``app.state.trouble``, in one line.
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
    app.state.shown = Shown()
    problems.install(app)
    if settings.staff_page == "local":
        app.add_middleware(Entrance, door=app.state.staff_door)
    app.add_middleware(Guard)
    app.deliveries = Webhooks(worker)
    app.router.routes.append(Route(f"{PATH}{{account}}", app.deliveries, methods=["POST"]))
    add_routes(app, worker.installation.host.words)
    app.include_router(page.router)
    app.include_router(health.router(worker))
    app.include_router(metrics.router(worker))
    if settings.demo_clock:
        app.include_router(demo.router)
    app.mount("/static", KeptFiles(page.HERE / "static"), name="static")
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
        return database_trouble(error, "durable runs", sqlite=sqlite)
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
