"""``writes``: what was written to platforms, each try at it, and sending it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, cast, get_args
from zoneinfo import ZoneInfo

import typer

from .serve import Config

if TYPE_CHECKING:
    from ..desk.delivery_log import TryView, Written
    from ..desk.installation import Installation

app = typer.Typer(
    help="What was written to platforms, each try at it, and sending it again.",
    no_args_is_help=True,
)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
Since = Annotated[
    str | None,
    typer.Option(help="such as 90m, 6h, 2d, or 2026-12-08T10:00:00-08:00", show_default=False),
]


@app.command("list")
def list_(
    account: Annotated[str | None, typer.Argument(help="one account's alone")] = None,
    booking: Annotated[str | None, typer.Option(help="those of one booking, by its id")] = None,
    state: Annotated[
        str | None, typer.Option(help="waiting, queued, done, observed, superseded or failed")
    ] = None,
    since: Since = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="at most so many")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="print as JSON")] = False,
    config: Config = None,
) -> None:
    """The newest writes first, with the tries at those of platforms that are told."""
    from ..desk.delivery_log import LogWanted, State, read_log
    from ..desk.tags import to_json

    if state is not None and state not in get_args(State):
        raise typer.BadParameter(f"--state is one of {', '.join(get_args(State))}")
    with _desk(config) as installation, installation.read() as record:
        moment = _moment(since, record.now) if since else None
        asked = LogWanted(account, booking, cast(State, state), moment)
        found = read_log(record, asked, limit)
        if as_json:
            typer.echo(to_json(found).decode())
            return
        zone = ZoneInfo(installation.zone)
        for write in found.writes:
            typer.echo(_line(write, zone))
            for one in write.tries:
                typer.echo(f"    {_try(one, zone)}")
        if not found.writes:
            typer.echo("nothing was written")


@app.command()
def replay(
    write: Annotated[str | None, typer.Argument(metavar="[ID]", help="one write's id")] = None,
    account: Annotated[str | None, typer.Option(help="all of this account's, with --since")] = None,
    since: Since = None,
    config: Config = None,
) -> None:
    """Send one again, or all of an account since a time that still stand: under their own ids,
    signed anew. What a later decision took the place of is left out. The service sends within a
    minute."""
    from ..desk.delivery_log import replay as again
    from ..desk.delivery_log import replay_since

    if (write is None) == (account is None) or (account is None) != (since is None):
        raise typer.BadParameter("name one write's ID, or --account and --since")
    with _desk(config) as installation, installation.write() as record:
        if write is not None:
            found = again(installation, record, write)
        else:
            moment = _moment(cast(str, since), record.now)
            found = replay_since(installation, record, cast(str, account), moment)
    number = len(found.writes)
    noun = "write is" if number == 1 else "writes are"
    typer.echo(f"{number} {noun} sent again, within a minute where the service runs")


@contextmanager
def _desk(config: Config) -> Iterator[Installation]:
    from ..desk.clock import SystemClock
    from ..desk.errors import DeskError
    from ..desk.installation import desk_beside
    from ..settings import StartError, load_settings

    try:
        with desk_beside(load_settings(config), SystemClock()) as installation:
            yield installation
    except (StartError, DeskError) as error:
        typer.echo(f"massage-ins-bridge: {error}", err=True)
        raise typer.Exit(2) from None


def _moment(text: str, now: datetime) -> datetime:
    """A time, or how long ago it was."""
    if text[:-1].isdigit() and text[-1:] in _UNITS and len(text) < 6:
        return now - timedelta(**{_UNITS[text[-1]]: int(text[:-1])})
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise typer.BadParameter(
            "--since is how long ago (90m, 6h, 2d), or a time with its offset from UTC"
        )
    return found.astimezone(UTC)


def _line(write: Written, zone: ZoneInfo) -> str:
    reached = f", {write.reached}" if write.reached else ""
    said = f": {write.detail}" if write.detail else ""
    moment = write.wanted_at.astimezone(zone)
    return (
        f"{moment:%Y-%m-%d %H:%M:%S}  {write.id}  {write.account}  {write.ref}  {write.kind}  "
        f"{write.state}{reached}{said}"
    )


def _try(one: TryView, zone: ZoneInfo) -> str:
    at = f"{one.at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    if one.taken:
        return f"{at}  taken"
    then = f"; next at {one.next_at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if one.next_at else ""
    return f"{at}  not taken: {one.said}{then}"
