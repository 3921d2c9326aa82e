"""``serve``: HTTP service, worker and schedules, in one process or in several."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from ..settings import Settings

#: Threads that wait for the database get their turn sooner than Python's 5 ms, so that webhooks
#: are answered quickly while decisions are being made.
SWITCH_SECONDS = 0.0005
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        readable=False,  # we say it ourselves, in one line
        help="Settings file (default: massage-ins-bridge.toml, if there).",
    ),
]


def serve(
    config: Config = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes; more than one needs PostgreSQL.")
    ] = 1,
    sandbox: Annotated[
        bool,
        typer.Option(
            "--sandbox",
            help="For whoever integrates a platform: invented clients, known secrets, and a "
            "database of its own that is gone at the end.",
        ),
    ] = False,
    send_to: Annotated[
        str | None,
        typer.Option(help="With --sandbox: where decisions are sent.", show_default=False),
    ] = None,
) -> None:
    """Receive webhooks, decide bookings and write the outcomes back, until stopped."""
    from ..settings import StartError, load_settings, settings_file
    from ..settings.load import DEFAULT_FILE

    if send_to is not None and not sandbox:
        raise typer.BadParameter("--send-to goes with --sandbox; an account has its base_url")
    try:
        if sandbox:
            from .sandbox import run_sandbox

            run_sandbox(config=config, host=host, port=port, workers=workers, send_to=send_to)
            return
        settings = load_settings(config, overrides={"host": host, "port": port})
        found = settings_file(config)
        run(settings, found, workers, changes=found or config or Path(DEFAULT_FILE))
    except StartError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def run(
    settings: Settings,
    file: Path | None = None,
    workers: int = 1,
    at_end: Callable[[], object] = lambda: None,
    changes: Path | None = None,
    listening: socket.socket | None = None,
) -> None:
    """Serve until a signal asks to stop. ``file`` is that of the settings, ``changes`` the one that
    the desk's pages change; ``at_end`` is called before the process ends, ``listening`` is used in
    place of a socket of its own. Raises ``StartError`` before serving."""
    if workers > 1:
        _run_several(settings, file, workers)
    from ..web.app import create_app
    from ..web.door.logs import configure_logs
    from .begin_again import BeginAgain, inherited
    from .start_warnings import start_warnings

    configure_logs()
    sys.setswitchinterval(SWITCH_SECONDS)
    listening = listening or inherited() or listen(settings.host, settings.port)
    settings = listening_on(settings, listening)
    try:
        app = create_app(settings, file=changes)
    except BaseException:
        listening.close()
        raise
    for warning in start_warnings(settings, file, app.state.worker.installation.host):
        typer.echo(f"warning: {warning.subject}: {warning.message}", err=True)
    server = _server(app, settings, listening)
    again = BeginAgain(listening, server)
    app.state.started = again.started
    if changes is not None:
        app.state.service.start_again = again.ask
    with contextlib.suppress(SystemExit):  # as uvicorn leaves where the application did not start
        server.run(sockets=[listening])
    if app.state.trouble is not None:
        typer.echo(str(app.state.trouble), err=True)
    at_end()
    if again.wanted:
        again.go()
    _leave(0 if server.started else 2)


def _run_several(settings: Settings, file: Path | None, workers: int) -> None:
    """As ``run``. What is wrong with the installation is told once, by this first process."""
    from ..desk.clock import SystemClock
    from ..desk.installation import build_installation
    from ..web.door.logs import configure_logs
    from .start_warnings import start_warnings
    from .workers import APP, refuse_unfit, run_workers

    configure_logs()
    refuse_unfit(settings, workers)
    listening = listen(settings.host, settings.port)
    try:
        installation = build_installation(settings, SystemClock())
    except BaseException:
        listening.close()
        raise
    for warning in start_warnings(settings, file, installation.host):
        typer.echo(f"warning: {warning.subject}: {warning.message}", err=True)
    installation.close()
    if file is not None:
        os.environ["MIB_CONFIG"] = str(file.resolve())
    settings = listening_on(settings, listening)
    # they read the settings anew, and are to name the address that this command listens on
    os.environ |= {"MIB_HOST": settings.host, "MIB_PORT": str(settings.port)}
    _leave(run_workers(server_config(APP, factory=True), settings, listening, workers))


def _server(app: FastAPI, settings: Settings, listening: socket.socket) -> uvicorn.Server:
    """A server that says where it listens once it does. Why it could not start is told by us."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            app.state.started()
            announce(app, settings, listening.getsockname()[1])

    quiet_libraries(app)
    return Server(server_config(app))


def server_config(app: Any, *, factory: bool = False) -> uvicorn.Config:
    """How an application is served."""
    import uvicorn

    from ..web.door.connections import BoundedProtocol, connections_at_most

    BoundedProtocol.most = connections_at_most()
    return uvicorn.Config(
        app,
        factory=factory,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def quiet_libraries(app: FastAPI) -> None:
    """Why the application could not start is told by us, in one line."""
    logging.getLogger("uvicorn.error").addFilter(lambda _: app.state.trouble is None)
    logging.getLogger("dbos").addFilter(lambda record: "failed to launch" not in str(record.msg))


def announce(app: FastAPI, settings: Settings, port: int) -> None:
    """Say where it listens, and the address that lets a browser in."""
    from ..web.door.local import is_demonstration

    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(f"massage-ins-bridge listens on http://{shown}:{port}", err=True)
    if settings.staff_page != "local" or is_demonstration(settings):
        return

    def tell() -> None:
        name, what = _how_to_come_in(app, settings)
        typer.echo(f"{what}: http://{name}:{port}{app.state.staff_door.address}", err=True)

    app.state.staff_door.on_used = tell
    tell()


def _how_to_come_in(app: FastAPI, settings: Settings) -> tuple[str, str]:
    """By which name of this machine, and what for. A database that does not answer at this moment
    ends neither the service nor a browser's sign-in: then what is usual is said."""
    from sqlalchemy.exc import SQLAlchemyError

    name, what = "127.0.0.1", "the desk's pages, for one more browser on this machine"
    with contextlib.suppress(SQLAlchemyError):
        name = "localhost" if _passkeys_here(app, settings) else name
        what = "set up the desk, in a browser on this machine" if _is_new(app) else what
    return name, what


def _passkeys_here(app: FastAPI, settings: Settings) -> bool:
    """Whether somebody signs in by a passkey, which is bound to the name of this machine."""
    if settings.public_url:
        return False
    with app.state.worker.installation.read() as record:
        return bool(record.users.any_passkeys())


def _is_new(app: FastAPI) -> bool:
    """Whether the pages begin with setting up."""
    from ..desk.set_up import nothing_yet

    installation = app.state.worker.installation
    with installation.read() as record:
        return app.state.service.file is not None and nothing_yet(installation, record)


def listening_on(settings: Settings, listening: socket.socket) -> Settings:
    """The settings with the port that the system chose, where it was to choose one."""
    return settings.model_copy(update={"port": listening.getsockname()[1]})


_WRITE_HOST = (
    "write 127.0.0.1 to be reached from this machine alone, or 0.0.0.0 to be reached from "
    "everywhere"
)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; ``StartError`` names the setting where that cannot be."""
    from ..settings import StartError

    if not host.strip():  # the system would take it for every address
        raise StartError(f"host: is empty; {_WRITE_HOST}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # the protocol is named so that asyncio turns small answers loose at once
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(1024)
    except (OSError, OverflowError, UnicodeError) as error:
        made.close()
        raise StartError(_why_not(host, port, error)) from None
    return made


def _why_not(host: str, port: int, error: Exception) -> str:
    code = getattr(error, "errno", None)
    reason = getattr(error, "strerror", None) or str(error)
    if isinstance(error, (socket.gaierror, UnicodeError)) or code == errno.EADDRNOTAVAIL:
        return f"host: {host!r} is no address of this machine ({reason}); {_WRITE_HOST}"
    if code == errno.EACCES:
        cure = "ports below 1024 need special rights: choose a higher one with --port"
    else:
        cure = "stop what uses it, or choose another with --port"
    return f"port: {host}:{port} cannot be used ({reason}); {cure}"


def _leave(code: int) -> None:
    """End at once: a durable run that is waiting must not keep the process; it goes on at the
    next start."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
