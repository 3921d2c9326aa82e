"""``backup`` and ``restore``: all data of an installation as one file."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .serve import Config

if TYPE_CHECKING:
    from ..store.archive import Manifest

#: Only what takes longer than this tells how far it has come.
QUIET_SECONDS = 2.0
File = Annotated[Path, typer.Argument(help="The backup's file.", show_default=False)]


def backup(
    file: File,
    config: Config = None,
    with_key: Annotated[
        bool,
        typer.Option("--with-key", help="Put the sealing key into it too: it then opens all."),
    ] = False,
) -> None:
    """Write all data to FILE, while the service runs or not. An older backup there is replaced."""
    from ..settings import StartError, load_settings
    from ..store.backup import make_backup

    before = signal.signal(signal.SIGTERM, _end)  # nothing half made stays behind
    try:
        made = make_backup(load_settings(config), file, with_key=with_key, tell=Progress())
    except StartError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    finally:
        signal.signal(signal.SIGTERM, before)
    typer.echo(f"{file}: {_what(made)}; read back and found whole")
    if with_key:
        typer.echo(
            "warning: the key is in it: whoever has this file can read all of it; keep it as you "
            "keep the key",
            err=True,
        )
    else:
        typer.echo("The sealing key is not in it: keep a copy of that apart (see `mib doctor`).")


def restore(
    file: File,
    config: Config = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the data that are there; they are kept aside.")
    ] = False,
) -> None:
    """Make the data those of the backup FILE. The service must not be running."""
    from ..settings import StartError, load_settings
    from ..store.restore import restore_backup

    try:
        done = restore_backup(load_settings(config), file, force=force, tell=Progress())
    except StartError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"restored {_what(done.manifest)}")
    if done.aside:
        typer.echo(f"What was there before is kept: {done.aside}")
    if done.key_file:
        typer.echo(f"The sealing key was put in its place: {done.key_file}")
    typer.echo(
        "The record of durable runs is not part of a backup. The next start makes it anew and "
        "begins again what has no receipt; `serve` also brings the tables to this release's shape."
    )


def _end(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def _what(made: Manifest) -> str:
    told = ", ".join(f"{made.rows.get(name, 0):,} {name}" for name in ("patients", "bookings"))
    return f"{made.database} of {made.made_at}, revision {made.revision}, {told}"


class Progress:
    """Says on standard error, every other second, how far it has come."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, what: str, done: int, whole: int) -> None:
        now = time.monotonic()
        if now - self._said < QUIET_SECONDS:
            return
        self._said = now
        share = f" {min(100, 100 * done // whole)} %" if whole else ""
        size = f" ({done / 1e6:,.0f} MB)" if done else ""
        typer.echo(f"{what}:{share}{size}", err=True)
