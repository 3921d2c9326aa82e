"""``db``: the database's shape."""

from __future__ import annotations

import typer

from .serve import Config

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The database."""


@app.command("upgrade")
def upgrade_(config: Config = None) -> None:
    """Bring the database to the shape that this release needs."""
    from ..settings import StartError, load_settings
    from ..store.database import open_store
    from ..store.migrate import upgrade

    try:
        store = open_store(load_settings(config))
        before, after = upgrade(store)
    except StartError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"already at {after}" if before == after else f"{before or 'empty'} -> {after}")
    store.close()
