"""``user``: who signs in at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from .serve import Config

if TYPE_CHECKING:
    from ..desk.installation import Installation
    from ..desk.roles import Person
    from ..store.record import Record
    from ..store.user_models import UserRow

app = typer.Typer(help="Who signs in at the desk's pages.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="The e-mail address that they sign in with.")]


class RoleName(StrEnum):
    """What somebody may do."""

    OWNER = "owner"
    FRONT_DESK = "front-desk"
    THERAPIST = "therapist"
    READ_ONLY = "read-only"


@contextmanager
def _opened(config: object) -> Iterator[Installation]:
    """The installation of the settings; what is wrong ends the command with one line."""
    from pathlib import Path

    from sqlalchemy.exc import SQLAlchemyError

    from ..desk.clock import SystemClock
    from ..desk.errors import DeskError
    from ..desk.installation import desk_beside
    from ..domain.reading import UnusableInputError
    from ..settings import StartError, load_settings
    from ..store.database import database_trouble

    try:
        settings = load_settings(config if isinstance(config, Path) else None)
        with desk_beside(settings, SystemClock()) as installation:
            yield installation
    except (StartError, DeskError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except UnusableInputError as error:
        for problem in error.problems:
            typer.echo(f"{problem.path}: {problem.message}", err=True)
        raise typer.Exit(2) from None
    except SQLAlchemyError as error:
        typer.echo(str(database_trouble(error, "database", sqlite=True)), err=True)
        raise typer.Exit(2) from None


@app.command("add")
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="Their name, as it is shown.")],
    role: Annotated[RoleName, typer.Option(help="What they may do.")] = RoleName.FRONT_DESK,
    practitioner: Annotated[
        str | None, typer.Option(help="For a therapist: their key among the practitioners.")
    ] = None,
    config: Config = None,
) -> None:
    """Let somebody in, and print the link by which they choose a password."""
    from ..desk.people import address_of, let_in, must_be_practitioner

    sent = {"name": name, "email": email, "role": role.value}
    if practitioner is not None:
        sent["practitioner"] = practitioner
    with _opened(config) as installation, installation.write() as record:
        must_be_practitioner(installation, practitioner)
        typer.echo(address_of(installation, let_in(record, _by(record), sent).token))


@app.command("invite")
def invite_again(email: Email, config: Config = None) -> None:
    """Print a new link by which somebody chooses a password; it works once, for a week."""
    from ..desk.people import address_of, give_link

    with _opened(config) as installation, installation.write() as record:
        made = give_link(record, _by(record), _user(record, email).id)
        typer.echo(address_of(installation, made.token))


@app.command("list")
def list_(config: Config = None) -> None:
    """Who signs in, with their role."""
    from ..desk.users import shown

    with _opened(config) as installation, installation.read() as record:
        for row in record.users.all():
            user = shown(record, row)
            state = "removed" if user.removed_at else "signs in" if user.can_sign_in else "invited"
            typer.echo(f"{user.email}\t{user.name}\t{user.role}\t{state}")


@app.command("forget-app")
def forget_app(email: Email, config: Config = None) -> None:
    """Ask somebody for no code any more, who lost both their app and the codes that they kept."""
    from ..desk.acts import note
    from ..desk.people import forget

    with _opened(config) as installation, installation.write() as record:
        note(record, _by(record), forget(record, _user(record, email).id))
        typer.echo(f"{email} signs in with the password alone")


@app.command("remove")
def remove(email: Email, config: Config = None) -> None:
    """Shut somebody out, at once and everywhere."""
    from ..desk.acts import note
    from ..desk.people import shut_out

    with _opened(config) as installation, installation.write() as record:
        note(record, _by(record), shut_out(record, _user(record, email).id))
        typer.echo(f"{email} is shut out")


@app.command("change")
def change(
    email: Email,
    name: Annotated[str | None, typer.Option(help="What they are called now.")] = None,
    role: Annotated[RoleName | None, typer.Option(help="What they may do now.")] = None,
    practitioner: Annotated[
        str | None, typer.Option(help="For a therapist: their key among the practitioners.")
    ] = None,
    config: Config = None,
) -> None:
    """Change what somebody may do, or what they are called."""
    from ..desk.acts import note
    from ..desk.people import change as changed
    from ..desk.users import as_sent, shown

    said = {"name": name, "role": role.value if role else None, "practitioner": practitioner}
    with _opened(config) as installation, installation.write() as record:
        row = _user(record, email)
        sent = as_sent(shown(record, row)) | {k: v for k, v in said.items() if v is not None}
        done = changed(record, row.id, sent)
        note(record, _by(record), done)
        typer.echo(done.said)


def _by(record: Record) -> Person:
    """Who does it, as the audit calls them."""
    from ..desk.roles import Person

    return Person(record.clinic, "The command line", "owner")


def _user(record: Record, email: str) -> UserRow:
    """The user of an address. Raises ``NotFoundError``."""
    from ..desk.errors import NotFoundError

    row = record.users.by_email(email)
    if row is None:
        raise NotFoundError("user")
    return row
