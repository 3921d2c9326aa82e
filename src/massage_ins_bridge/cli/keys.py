"""``key``: keys of the HTTP API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from .serve import Config

if TYPE_CHECKING:
    from ..store.database import Store

app = typer.Typer(help="Keys of the HTTP API.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="What the key is for, such as 'front-desk'.")]


@contextmanager
def opened(config: object) -> Iterator[Store]:
    """The store of the settings, migrated; what is wrong ends the command with one line."""
    from pathlib import Path

    from sqlalchemy.exc import SQLAlchemyError

    from ..settings import StartError, load_settings
    from ..store.database import database_trouble, open_store
    from ..store.keys import KeyNameError
    from ..store.migrate import upgrade

    store = None
    try:
        store = open_store(load_settings(config if isinstance(config, Path) else None))
        upgrade(store)
        yield store
    except (StartError, KeyNameError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except SQLAlchemyError as error:
        sqlite = store is not None and store.sqlite
        typer.echo(str(database_trouble(error, "database", sqlite=sqlite)), err=True)
        raise typer.Exit(2) from None
    finally:
        if store is not None:
            store.close()


@app.command("add")
def add(name: Name, config: Config = None) -> None:
    """Make a key and print it, this once."""
    from ..settings import DEFAULT_CLINIC
    from ..store.keys import add_key

    with opened(config) as store:
        typer.echo(add_key(store, DEFAULT_CLINIC, name, datetime.now(UTC)))


@app.command("list")
def list_(config: Config = None) -> None:
    """The keys by name; the keys themselves are not kept."""
    from ..settings import DEFAULT_CLINIC
    from ..store.keys import list_keys

    with opened(config) as store:
        for row in list_keys(store, DEFAULT_CLINIC):
            state = f"revoked {row.revoked_at:%Y-%m-%d}" if row.revoked_at else "good"
            typer.echo(f"{row.name}\tmade {row.created_at:%Y-%m-%d}\t{state}")


@app.command("revoke")
def revoke(name: Name, config: Config = None) -> None:
    """Make a key useless at once."""
    from ..settings import DEFAULT_CLINIC
    from ..store.keys import revoke_key

    with opened(config) as store:
        revoke_key(store, DEFAULT_CLINIC, name, datetime.now(UTC))
        typer.echo(f"{name} is revoked")
