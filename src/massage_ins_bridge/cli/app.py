"""All commands but ``check``, which is only listed here (see ``main``)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .. import __version__
from .guard import guarded

app = typer.Typer(
    name="massage-ins-bridge",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Keeps a massage clinic's booking page honest about insurance.",
)
Config = Annotated[
    Path | None, typer.Option("--config", help="settings file", show_default=False, readable=False)
]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"massage-ins-bridge {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="show the version")
    ] = False,
) -> None:
    del version


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def check(context: typer.Context) -> None:
    """What-if: decide a booking from a request FILE (- = standard input) without storing."""
    from .check import run

    raise typer.Exit(run(context.args))


@app.command()
def plugins(
    as_json: Annotated[bool, typer.Option("--json", help="print as JSON")] = False,
    config: Config = None,
) -> None:
    """Installed plugins, their versions, payers or capabilities, and how they are."""
    from .plugins import show

    guarded(show, as_json=as_json, config=config)


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="end after the stories; exit 1 where one went wrong")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="the bridge's port; 0 takes a free one")
    ] = 0,
    speed: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            help="2 is twice as fast as usual; --once alone does not pause at all",
            show_default=False,
        ),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="keep the temporary folder")] = False,
) -> None:
    """Show all of it live: a simulated booking platform, and invented clients who book, are held,
    confirmed and refused. Serves the staff page until Ctrl-C (exit 0; 130 with --once)."""
    from .demo import demo as run

    guarded(run, once=once, port=port, speed=speed, keep=keep)


@app.command()
def enforce(
    account: Annotated[str, typer.Argument(help="the account's name in the settings")],
    preview: Annotated[
        bool, typer.Option("--preview", help="show what would be written, and write nothing")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="let through all bookings that stand")
    ] = False,
    booking: Annotated[
        list[str] | None,
        typer.Option("--booking", help="let one booking through, by its id; may be repeated"),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="who says so", show_default="the user's")
    ] = None,
    config: Config = None,
) -> None:
    """What enforcing writes to bookings that stood before. New bookings are enforced at once; to
    these nothing is written until you let it through. Without an option it only shows."""
    from .enforce import run

    if preview and (everything or booking):
        raise typer.BadParameter("--preview writes nothing; leave --all and --booking out")
    guarded(
        run,
        account=account,
        all_=everything,
        bookings=tuple(booking or ()),
        name=name,
        config=config,
    )


def _add_groups() -> None:
    from .backup import backup, restore
    from .bookings import app as bookings
    from .clinic import app as clinic
    from .db import app as db
    from .doctor import doctor
    from .keys import app as keys
    from .rules import app as rules
    from .serve import serve
    from .sync import sync

    app.command()(doctor)
    app.command()(serve)
    app.command()(sync)
    app.command()(backup)
    app.command()(restore)
    app.add_typer(rules, name="rules")
    app.add_typer(clinic, name="clinic")
    app.add_typer(bookings, name="booking")
    app.add_typer(keys, name="key")
    app.add_typer(db, name="db")


_add_groups()
