"""All commands but ``check``, which is only listed here (see ``main``)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from .. import __version__
from .exits import guarded

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


@app.command("check-plugin")
def check_plugin(
    plugin: Annotated[
        str,
        typer.Argument(help="its name where it is installed, its project's folder, or its file"),
    ],
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="name each thing that is asked")
    ] = False,
) -> None:
    """The conformance suite against one plugin: everything that is amiss, each with file, line,
    rule and cure. Exit code 1 where something is."""
    from .check_plugin import run

    guarded(run, plugin=plugin, verbose=verbose)


@app.command("new-plugin")
def new_plugin(
    name: Annotated[str, typer.Argument(help="small letters, digits and hyphens: far-hills")],
    kind: Annotated[Literal["payer", "connector"], typer.Option(help="what it is about")],
    title: Annotated[
        str | None, typer.Option(help="what people call it", show_default="asked")
    ] = None,
    about: Annotated[
        str | None, typer.Option(help="what it is, in a line", show_default="asked")
    ] = None,
    into: Annotated[Path, typer.Option(help="the folder to write it into")] = Path(),
    here: Annotated[
        bool, typer.Option("--here", help="as one of this repository, named wherever it must be")
    ] = False,
) -> None:
    """Write a complete plugin project, whose own tests pass. Nothing is downloaded."""
    from .new_plugin.command import run

    today = datetime.now().astimezone().date()
    options = {"title": title, "about": about, "into": into, "here": here, "today": today}
    guarded(run, name=name, kind=kind, **options)


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
    story: Annotated[
        list[Path] | None,
        typer.Option("--story", help="play the story of this file instead; may be repeated"),
    ] = None,
) -> None:
    """Show all of it live: a simulated booking platform, and invented clients who book, are held,
    confirmed and refused. Serves the desk's pages until Ctrl-C (exit 0; 130 with --once)."""
    from .demo import demo as run

    guarded(run, once=once, port=port, speed=speed, keep=keep, files=story or ())


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
    from .calendars import app as calendars
    from .charts import app as charts
    from .clinic import app as clinic
    from .connect import connect
    from .db import app as db
    from .doctor import doctor
    from .export import export
    from .keys import app as keys
    from .links import app as links
    from .mails import app as mails
    from .plugins import app as plugins
    from .rules import app as rules
    from .schema import schema
    from .serve import serve
    from .sync import sync
    from .users import app as users
    from .writes import app as writes

    app.command()(connect)
    app.command()(doctor)
    app.command()(serve)
    app.command()(sync)
    app.command()(schema)
    app.command()(export)
    app.command()(backup)
    app.command()(restore)
    app.add_typer(plugins, name="plugins")
    app.add_typer(rules, name="rules")
    app.add_typer(clinic, name="clinic")
    app.add_typer(bookings, name="booking")
    app.add_typer(calendars, name="calendar")
    app.add_typer(charts, name="charts")
    app.add_typer(keys, name="key")
    app.add_typer(writes, name="writes")
    app.add_typer(links, name="link")
    app.add_typer(mails, name="mail")
    app.add_typer(users, name="user")
    app.add_typer(db, name="db")


_add_groups()
