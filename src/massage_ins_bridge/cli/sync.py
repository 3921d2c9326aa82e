"""``sync``: having the platforms of the accounts looked at now."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from .serve import Config

if TYPE_CHECKING:
    from ..desk.installation import Installation
    from ..settings import Settings

#: How often the progress of the service that does the work is looked at, in seconds.
WATCH_SECONDS = 1.0


def sync(
    account: Annotated[
        str | None, typer.Argument(help="The account; all of them where none is named.")
    ] = None,
    full: Annotated[
        bool,
        typer.Option("--full", help="All bookings to come, and those of 90 days back."),
    ] = False,
    entered_by_hand: Annotated[
        bool,
        typer.Option(
            "--entered-by-hand",
            help="The platform does not list its bookings; those that stand have been entered.",
        ),
    ] = False,
    config: Config = None,
) -> None:
    """Take in what changed on the platforms, or with --full all of their bookings. A service that
    runs on the same data does it; where none runs, it is done here."""
    from ..desk.errors import DeskError
    from ..settings import StartError, load_settings
    from ..web.door.logs import configure_logs

    configure_logs()
    try:
        settings = load_settings(config)
        names = [account] if account else [a.name for a in settings.accounts]
        if not names:
            raise StartError("accounts: there is none in the settings")
        with opened(settings) as (installation, served):
            for name in names:
                _begin(installation, name, full=full, by_hand=entered_by_hand)
            if not entered_by_hand:
                ended = [go_on(installation, n, served=served, full=full) for n in names]
                if not all(ended):
                    raise typer.Exit(1)
    except (StartError, DeskError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Installation, bool]]:
    """The installation, and whether a service works on the same file, which then does the work."""
    from ..desk.accounts import make_accounts
    from ..desk.clock import SystemClock
    from ..desk.installation import Installation, build_installation
    from ..hooks.configured import load_host
    from ..store.database import open_store
    from ..store.lock import is_served

    store = open_store(settings)
    served = store.file is not None and is_served(store.file)
    if served:
        host = load_host(settings)
        accounts = make_accounts(settings, host, {})
        made = Installation(settings, store, host, SystemClock(), accounts)
    else:
        store.close()
        made = build_installation(settings, SystemClock())
    try:
        yield made, served
    finally:
        made.close()


def _begin(installation: Installation, name: str, *, full: bool, by_hand: bool) -> None:
    from ..desk.sync import sync as begin

    with installation.write() as record:
        begin(installation, record, name, full=full, by_hand=by_hand)
    if by_hand:
        typer.echo(f"{name}: its bookings count as taken in")


def go_on(installation: Installation, name: str, *, served: bool, full: bool) -> bool:
    """Take in what is left, with its progress; a service that runs does it where one does. Whether
    the platform answered."""
    from ..desk.first_look import first_look

    if not full:
        return _catch_up(installation, name, served=served)
    if not served:
        first_look(installation, name, lambda: _tell(installation, name))
    while (complete := _tell(installation, name)) is False:
        time.sleep(WATCH_SECONDS)
    return complete is True


def _catch_up(installation: Installation, name: str, *, served: bool) -> bool:
    from ..desk.reconcile import reconcile

    if served:
        typer.echo(f"{name}: the service asks its platform within a minute")
        return True
    error = reconcile(installation, name)
    if error is None:
        typer.echo(f"{name}: done")
        return True
    said = "What changed there is taken in once it answers as it should: sync again"
    typer.echo(f"{name}: not done: {error.message}. {said}", err=True)
    return False


def _tell(installation: Installation, name: str) -> bool | None:
    """Say how far the look is; whether it is complete. ``None``: the platform does not answer; a
    service goes on with it."""
    from ..desk.first_look import account_of, progress

    with installation.read() as record:
        found = progress(record, account_of(installation, name))
    typer.echo(f"{name}: {found.words}")
    return None if found.waits else found.done_at is not None
