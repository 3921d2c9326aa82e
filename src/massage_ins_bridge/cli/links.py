"""``link``: links to clients' own pages."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .serve import Config

if TYPE_CHECKING:
    from ..desk.installation import Installation
    from ..desk.links import Link

app = typer.Typer(help="Links to clients' own pages.", no_args_is_help=True)


@contextmanager
def opened(config: Path | None) -> Iterator[Installation]:
    """The installation beside a running service; what is wrong ends the command with one line."""
    from ..desk.clock import SystemClock
    from ..desk.errors import DeskError
    from ..desk.installation import desk_beside
    from ..domain.reading import UnusableInputError
    from ..hooks.host import HostError
    from ..rulebook.book import RuleDataError
    from ..settings import StartError, load_settings

    try:
        with desk_beside(load_settings(config), SystemClock()) as installation:
            yield installation
    except (DeskError, HostError, RuleDataError, StartError, UnusableInputError) as error:
        problems = getattr(error, "problems", None) or [error]
        for problem in problems if isinstance(problems, list) else [error]:
            typer.echo(f"massage-ins-bridge: {problem}", err=True)
        raise typer.Exit(2) from None


@app.command("new")
def new(
    booking: Annotated[
        str | None, typer.Option(help="the id of a booking", show_default=False)
    ] = None,
    client: Annotated[
        str | None, typer.Option(help="the id of a client", show_default=False)
    ] = None,
    days: Annotated[int, typer.Option(help="for how long a client's link is good")] = 30,
    name: Annotated[
        str | None, typer.Option(help="who makes it; else your user name", show_default=False)
    ] = None,
    config: Config = None,
) -> None:
    """Make a link and print it, this once. A booking's is good until the day after the visit."""
    from ..desk.links import make_link

    given = {"booking": booking, "patient": client, "days": days}
    wanted = {key: value for key, value in given.items() if value is not None}
    wanted["name"] = (name or getpass.getuser()).strip()
    with opened(config) as installation, installation.write() as record:
        typer.echo(make_link(installation, record, wanted).url)


@app.command("list")
def list_(
    client: Annotated[str, typer.Argument(help="The id of a client.")], config: Config = None
) -> None:
    """The links to a client's pages, newest first; their addresses are not kept."""
    from ..desk.links import list_links

    with opened(config) as installation, installation.read() as record:
        for link in list_links(record, client):
            typer.echo(_line(link))


@app.command("revoke")
def revoke(
    link: Annotated[str, typer.Argument(help="The id of a link, from `link list`.")],
    config: Config = None,
) -> None:
    """Make a link open nothing, at once."""
    from ..desk.links import revoke_link

    with opened(config) as installation, installation.write() as record:
        revoke_link(record, link)
    typer.echo(f"{link} opens nothing any more")


def _line(link: Link) -> str:
    about = f"booking {link.booking}" if link.booking else "client"
    made = f"made {link.created_at:%Y-%m-%d} by {link.made_by or 'an e-mail'}"
    used = f"opened {link.used_at:%Y-%m-%d}" if link.used_at else "never opened"
    if link.revoked_at is not None:
        state = f"revoked {link.revoked_at:%Y-%m-%d}"
    else:
        state = "good" if link.good else "over"
    return f"{link.id}\t{about}\t{made}\t{used}\t{state}"
