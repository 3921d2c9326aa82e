"""``calendar``: calendars that the clinic gives out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .desk import desk
from .serve import Config

if TYPE_CHECKING:
    from ..desk.calendars import CalendarAddress

app = typer.Typer(
    help="Calendars that the clinic gives out, each at an address of its own.",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(help="What people call the calendar, such as 'Mira'.")]


@app.command("add")
def add(
    name: Name,
    practitioner: Annotated[
        str | None,
        typer.Option(help="whose visits, by the key in the settings; else everybody's"),
    ] = None,
    deadlines: Annotated[
        bool, typer.Option("--deadlines", help="what the clinic owes by a day, and no visits")
    ] = False,
    config: Config = None,
) -> None:
    """Give out a calendar and print its address, this once. Whoever has the address reads it."""
    from ..desk.calendars import add_calendar

    kind = "deadlines" if deadlines else "visits"
    with desk(config) as (installation, record):
        data = {"name": name, "kind": kind, "practitioner": practitioner}
        _say(add_calendar(installation, record, data))


@app.command("list")
def list_(config: Config = None) -> None:
    """The calendars by name; their addresses are not kept."""
    from ..desk.calendars import list_calendars

    with desk(config) as (_, record):
        for one in list_calendars(record).calendars:
            of = one.practitioner or ("everybody" if one.kind == "visits" else "the clinic")
            made = one.rotated_at or one.created_at
            typer.echo(f"{one.name}\t{one.kind} of {of}\taddress of {made:%Y-%m-%d}")


@app.command("rotate")
def rotate(name: Name, config: Config = None) -> None:
    """Print another address for a calendar; the former one leads nowhere from now on."""
    from ..desk.calendars import rotate_calendar

    with desk(config) as (installation, record):
        _say(rotate_calendar(installation, record, name))


@app.command("remove")
def remove(name: Name, config: Config = None) -> None:
    """Take a calendar back: its address leads nowhere from now on."""
    from ..desk.calendars import remove_calendar

    with desk(config) as (_, record):
        remove_calendar(record, name)
        typer.echo(f"{name} is removed")


def _say(made: CalendarAddress) -> None:
    typer.echo(made.address)
