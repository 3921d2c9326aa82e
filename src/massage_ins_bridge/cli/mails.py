"""``mail``: what e-mails say, and whether they leave."""

from __future__ import annotations

from typing import Annotated

import typer

from .links import opened
from .serve import Config

app = typer.Typer(help="E-mails: their words, and a trial of the server.", no_args_is_help=True)
Name = Annotated[
    str,
    typer.Argument(help="hold, waiting, reminder, cured, refused, terms, or digest (to staff)."),
]


@app.command("preview")
def preview(
    name: Name,
    booking: Annotated[
        str | None, typer.Option(help="the id of the booking to try it with", show_default=False)
    ] = None,
    language: Annotated[str, typer.Option(help="en or es")] = "en",
    config: Config = None,
) -> None:
    """Show how an e-mail would read. Nothing is sent, and its link opens nothing."""
    from ..desk.mail_texts import preview as look

    data = {"booking": booking} if booking else {}
    with opened(config) as installation, installation.read() as record:
        mail = look(installation, record, name, language, data)
    typer.echo(f"Subject: {mail.subject}\n\n{mail.body}", nl=False)


@app.command("test")
def trial(
    address: Annotated[str, typer.Argument(help="Where the trial is sent.")],
    config: Config = None,
) -> None:
    """Send a trial to an address, over the server of the settings."""
    from ..desk.mail_texts import sample
    from ..mail.client import MailError, send
    from ..mail.message import Letter, message
    from ..store.types import new_id

    with opened(config) as installation:
        settings = installation.settings.mail
        if settings is None:
            why = "massage-ins-bridge: mail: is not set up; add [mail] to the settings"
            typer.echo(why, err=True)
            raise typer.Exit(2)
        with installation.read() as record:
            mail, now = sample(installation, record), record.now
        letter = Letter(address, mail.subject, mail.body, new_id("try"))
        try:
            made = message(settings, letter, now)
        except ValueError:
            typer.echo(f"massage-ins-bridge: ADDRESS: {address!r} is no e-mail address", err=True)
            raise typer.Exit(2) from None
        try:
            send(settings, lambda: made)
        except MailError as error:
            typer.echo(f"massage-ins-bridge: not sent: {error}", err=True)
            raise typer.Exit(1) from None
    typer.echo(f"Sent to {address} over {settings.host}.")
