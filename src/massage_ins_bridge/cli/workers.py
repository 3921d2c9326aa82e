"""``serve --workers N``: several processes on one socket and one PostgreSQL database.

Uvicorn's own supervisor starts them, and starts anew the one that dies. Each makes itself a name,
so that the others carry on what a dead one had begun.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ..settings import Settings

APP = "massage_ins_bridge.cli.workers:worker_app"


def refuse_unfit(settings: Settings, workers: int) -> None:
    """Raises ``StartError`` where several processes cannot share an installation."""
    from ..settings import StartError

    if settings.database_url is None or settings.database_url.get_secret_value()[:6] == "sqlite":
        raise StartError(
            f"workers: SQLite serves one process, not {workers}; leave --workers out, or set "
            "database_url to a PostgreSQL database"
        )
    if settings.worker_name is not None:
        raise StartError(
            f"worker_name: {workers} processes cannot share one name; leave it out, and each "
            "makes one itself"
        )
    if settings.staff_page == "local":
        raise StartError(
            'staff_page: "local" lets a browser into one process; with several set '
            'staff_page = "sign-in" (see `massage-ins-bridge user add`), or "off"'
        )


def run_workers(
    config: uvicorn.Config, settings: Settings, listening: socket.socket, workers: int
) -> int:
    """Serve until a signal asks to stop; the exit code. 2: a process could not be started."""
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.supervisors import Multiprocess

    config.workers = workers
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    port = listening.getsockname()[1]
    typer.echo(f"massage-ins-bridge listens on http://{shown}:{port} ({workers} workers)", err=True)
    supervisor = Multiprocess(config, sockets=[listening])
    supervisor.run()
    failed = any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes)
    return 2 if failed else 0


def worker_app() -> ASGIApp:
    """The application of one worker, from the settings that the first process read too."""
    from uvicorn.config import STARTUP_FAILURE

    from ..settings import StartError, load_settings
    from ..web.app import create_app
    from ..web.door.connections import BoundedProtocol, connections_at_most
    from ..web.door.logs import configure_logs
    from .serve import SWITCH_SECONDS, quiet_libraries

    configure_logs()
    end_with_parent()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        app = create_app(load_settings())
    except StartError as error:
        typer.echo(str(error), err=True)
        sys.exit(STARTUP_FAILURE)
    quiet_libraries(app)
    BoundedProtocol.most = connections_at_most()
    return _Worker(app)


def end_with_parent() -> None:
    """Have this process stop once the one that started it is dead: it would keep the port, and the
    next start would be refused."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="mib-parent", daemon=True).start()


class _Worker:
    """Tells in one line why it cannot start, and ends at once when it has stopped: a run that
    waits for a platform must not keep the process."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.failed":
                typer.echo(str(self._app.state.trouble), err=True)
            elif message["type"] == "lifespan.shutdown.complete":
                sys.stderr.flush()
                os._exit(0)

        await self._app(scope, receive, told if scope["type"] == "lifespan" else send)
