"""``connect``: leads a clinic through one account, step by step."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from . import asking
from .exits import guarded
from .serve import Config

#: How often it is looked whether a delivery came, in seconds.
WATCH_SECONDS = 1.0
#: For how many seconds it is waited where nobody says.
USUAL_WAIT = 600.0
Text = str | None
Pairs = list[str] | None
_SET = "NAME=VALUE of what the connector asks; may be repeated, as all of this kind"
_FROM_FILE = "NAME=FILE: the same, read from a file (-: standard input)"
_SERVICE = "ID=NAME, ID=NAME:self-pay, or ID=- to leave it alone"
_HOST = "ID=KEY of one of the clinic's practitioners, or ID=-"
_QUESTION = "ID=FACT that a question of the booking form tells, or ID=-"


def connect(  # noqa: PLR0913 - every question is an option
    name: Annotated[
        str | None, typer.Argument(help="the account's name; asked for where it is left out")
    ] = None,
    *,
    connector: Annotated[Text, typer.Option("--connector", help="which connector")] = None,
    set_: Annotated[Pairs, typer.Option("--set", help=_SET)] = None,
    secret: Annotated[Pairs, typer.Option("--secret", help=_FROM_FILE)] = None,
    service: Annotated[Pairs, typer.Option("--service", help=_SERVICE)] = None,
    host: Annotated[Pairs, typer.Option("--host", help=_HOST)] = None,
    question: Annotated[Pairs, typer.Option("--question", help=_QUESTION)] = None,
    enforcement: Annotated[
        Text, typer.Option("--enforcement", help="observe (usual) or enforce")
    ] = None,
    public_url: Annotated[
        Text, typer.Option("--public-url", help="address that the platform reaches")
    ] = None,
    take_in: Annotated[
        bool, typer.Option("--take-in/--no-take-in", help="take in the bookings to come")
    ] = True,
    wait: Annotated[
        float | None,
        typer.Option("--wait", min=0, help="seconds to wait for the first delivery"),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="ask nothing; what is not given is as suggested")
    ] = False,
    config: Config = None,
) -> None:
    """Connect an account to its booking platform: its settings, whose key it is, the webhook, what
    each service and host means here, and the bookings to come. It can be left and run again: what
    is known is kept, and nothing is done twice. With --yes services and hosts that are not given
    stay as they are; new ones are left alone."""
    guarded(
        run,
        name=name,
        asked=given(
            {"--connector": connector, "--enforcement": enforcement, "--public-url": public_url},
            pairs={"--set": set_, "--service": service, "--host": host, "--question": question},
            secrets=secret,
        ),
        yes=yes,
        take_in=take_in,
        wait=wait,
        config=config,
    )


def run(
    *,
    name: str | None,
    asked: Callable[[], dict[str, str]],
    yes: bool,
    take_in: bool,
    wait: float | None,
    config: Path | None,
) -> int:
    """All steps. 1: the platform refuses, or does not answer; 2: what was given cannot be used."""
    from ..api.connectors import PlatformError
    from ..desk import connecting
    from ..desk.errors import DeskError
    from ..hooks.configured import load_host
    from ..settings.edit import SettingsFile
    from ..settings.load import DEFAULT_FILE, settings_file
    from ..web.door.logs import configure_logs
    from .connect_steps import Steps

    configure_logs(logging.WARNING)
    path = settings_file(config) or config or Path(DEFAULT_FILE)
    try:
        asker = asking.Asker(asked(), yes=yes)
        file = SettingsFile(path)
        steps = Steps(file, load_host(file.settings()), asker)
        steps.begin(name)
        steps.check()
        steps.map()
        steps.register()
        if take_in:
            _take_in(path, steps.name)
        waited = steps.hears and _wait(path, steps.name, _patience(asker, wait))
        steps.tell_what_is_next(waited=waited)
    except PlatformError as error:
        typer.echo(f"massage-ins-bridge: {connecting.refused(error)}", err=True)
        return 1
    except DeskError as error:
        typer.echo(f"massage-ins-bridge: {error}", err=True)
        return 2
    return 0


def given(
    single: Mapping[str, str | None],
    pairs: Mapping[str, Sequence[str] | None],
    secrets: Sequence[str] | None,
) -> Callable[[], dict[str, str]]:
    """Reads what the options answer, by option. Raises ``ConflictError``."""

    def read() -> dict[str, str]:
        found = {option: value for option, value in single.items() if value is not None}
        for option, values in pairs.items():
            found |= asking.pairs(option, values or ())
        return found | asking.from_files("--secret", secrets or ())

    return read


def _take_in(path: Path, name: str) -> None:
    """Upcoming bookings, with progress, where no service does it."""
    from ..desk.first_look import progress
    from ..settings import load_settings
    from .sync import go_on, opened

    with opened(load_settings(path)) as (installation, served):
        if served:
            with installation.read() as record:
                found = progress(record, installation.accounts[name])
            again = "; start the service again, so that it knows the account as it is now"
            typer.echo(f"{name}: {found.words}{'' if found.done_at else again}")
        elif installation.accounts[name].can("upcoming"):
            if not go_on(installation, name, served=False, full=True):
                raise typer.Exit(1)
        else:
            typer.echo(
                f"{name}: the platform lists no bookings to come; enter those that stand, and say "
                f"so: massage-ins-bridge sync {name} --entered-by-hand"
            )


def _patience(asker: asking.Asker, wait: float | None) -> float:
    if wait is not None:
        return wait
    agreed = asker.agreed("Wait for the first delivery?", suggested=not asker.yes)
    return USUAL_WAIT if agreed else 0.0


def _wait(path: Path, name: str, seconds: float) -> bool:
    """Wait until a delivery came; whether one did. It can be left (Ctrl-C) and done again."""
    came = _newest(path, name)
    if came is not None:
        typer.echo(f"Deliveries come; the newest at {came:%Y-%m-%d %H:%M} UTC.")
        return True
    if seconds <= 0:
        return False
    typer.echo(
        f"Waiting for the first delivery ({seconds:g} seconds; Ctrl-C leaves). Start the service, "
        "and book a visit there, or press its test button."
    )
    deadline = time.monotonic() + seconds
    try:
        while (came := _newest(path, name)) is None and time.monotonic() < deadline:
            time.sleep(WATCH_SECONDS)
    except KeyboardInterrupt:
        came = None
    said = "The first delivery came." if came else "None came so far; run this again to wait."
    typer.echo(said)
    return came is not None


def _newest(path: Path, name: str) -> datetime | None:
    from ..desk import connecting
    from ..settings import DEFAULT_CLINIC, load_settings
    from ..store.database import open_store
    from ..store.migrate import current
    from ..store.record import Record

    store = open_store(load_settings(path))
    try:
        with store.engine.connect() as connection:
            if current(connection) is None:
                return None
        with store.read() as session:
            record = Record(session, store.vault, DEFAULT_CLINIC, datetime.now(UTC), "UTC")
            return connecting.newest_delivery(record, name)
    finally:
        store.close()
